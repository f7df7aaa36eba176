//! `eduai audit`: looking whether the audit log is as it was written, and taking checkpoints out of the database.

use crate::installation::{Installation, OperatorError};
use crate::terminal;
use clap::Subcommand;
use eduai_audit::{Checkpoint, Checkpoints, export, verify};
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

/// What may be done with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Find every entry that was edited, deleted, inserted, moved or cut off
    Verify {
        /// Checkpoints that eduai audit checkpoint wrote and that were kept elsewhere
        #[arg(long)]
        checkpoints: Option<PathBuf>,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
    /// Sign the end of every institution's log now, and write all checkpoints into a file, to be kept elsewhere
    Checkpoint {
        /// The file (JSON lines)
        #[arg(long)]
        to: PathBuf,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
    /// Write an institution's whole log into a file
    Export {
        /// The file (JSON lines)
        #[arg(long)]
        to: PathBuf,
        /// The institution, by id or name; otherwise the only one, or the one that lets visitors in
        #[arg(long)]
        institution: Option<String>,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
}

/// Does it.
pub async fn run(command: AuditCommand) -> Result<(), OperatorError> {
    match command {
        AuditCommand::Verify { checkpoints, data_dir } => {
            let kept = match checkpoints {
                Some(path) => export::read_checkpoints(BufReader::new(File::open(path)?))?,
                None => Vec::new(),
            };
            let installation = Installation::open(data_dir).await?;
            let verified = verify_all(&installation, &kept).await;
            installation.close().await;
            verified
        }
        AuditCommand::Checkpoint { to, data_dir } => {
            let installation = Installation::open(data_dir).await?;
            let written = checkpoint_all(&installation, &to).await;
            installation.close().await;
            terminal::say(&format!("{}: {} checkpoints. Keep it where the database is not.", to.display(), written?));
            Ok(())
        }
        AuditCommand::Export { to, institution, data_dir } => {
            let installation = Installation::open(data_dir).await?;
            let written = export_log(&installation, institution.as_deref(), &to).await;
            installation.close().await;
            terminal::say(&format!("{}: {} entries", to.display(), written?));
            Ok(())
        }
    }
}

async fn verify_all(installation: &Installation, kept: &[Checkpoint]) -> Result<(), OperatorError> {
    let keys = Checkpoints::new(&installation.vault);
    let mut sound = true;
    for institution in installation.institutions().await? {
        let mut tx = installation.database.db().begin(&eduai_kernel::Actor::system(institution.id)).await?;
        let report = verify(&mut tx, &keys, kept).await?;
        tx.rollback().await?;
        let (name, entries, signed) = (&institution.name, report.entries, report.signed_through);
        if report.faults.is_empty() {
            terminal::say(&format!("✓ {name}: {entries} entries are as they were written; signed up to {signed}"));
            continue;
        }
        sound = false;
        terminal::say(&format!("✗ {name}: {} faults in {entries} entries", report.faults.len()));
        for fault in &report.faults {
            let kind = serde_json::to_value(fault.kind).ok().and_then(|v| v.as_str().map(|s| s.replace('_', " ")));
            let which = if fault.number == fault.through {
                format!("entry {}", fault.number)
            } else {
                format!("entries {} to {}", fault.number, fault.through)
            };
            terminal::say(&format!("    {which}: {}", kind.unwrap_or_default()));
        }
    }
    if sound { Ok(()) } else { Err(OperatorError::Refused("the audit log was tampered with".to_owned())) }
}

async fn checkpoint_all(installation: &Installation, to: &PathBuf) -> Result<u64, OperatorError> {
    let keys = Checkpoints::new(&installation.vault);
    let mut file = File::create(to)?;
    let mut count = 0;
    for institution in installation.institutions().await? {
        let mut tx = installation.database.db().begin(&eduai_kernel::Actor::system(institution.id)).await?;
        keys.take(&mut tx, installation.clock.now()).await?;
        count += export::write_checkpoints(&mut tx, &mut file).await?;
        tx.commit().await?;
    }
    file.sync_all()?;
    Ok(count)
}

async fn export_log(installation: &Installation, named: Option<&str>, to: &PathBuf) -> Result<u64, OperatorError> {
    let system = installation.system(named).await?;
    let mut file = File::create(to)?;
    let mut tx = installation.database.db().begin(&system).await?;
    let count = export::write_entries(&mut tx, &mut file).await?;
    tx.rollback().await?;
    file.sync_all()?;
    Ok(count)
}
