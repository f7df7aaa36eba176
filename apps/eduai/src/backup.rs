//! `eduai backup` and `eduai restore`.

use crate::installation::{Installation, OperatorError};
use crate::{program, rooms, terminal};
use clap::Args;
use eduai_backup::restore::Target;
use eduai_backup::{Manifest, restore};
use eduai_db::cluster::{Cluster, ClusterSettings};
use eduai_db::{MIGRATIONS, Migrations, OpenError, roles};
use eduai_vault::MasterKeys;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// What is backed up, and where to.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not be there yet
    #[arg(long)]
    to: PathBuf,
    /// Do not restore it into a scratch database to see that it is good
    #[arg(long)]
    no_verify: bool,
    /// Where the database and the keys are kept
    #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
    data_dir: PathBuf,
}

/// What is restored, and where to.
#[derive(Debug, Args)]
pub struct Restore {
    /// The file that eduai backup wrote
    #[arg(long)]
    from: PathBuf,
    /// A data folder without a database; the master key of the backup goes to keys/master.key in it first
    #[arg(long)]
    data_dir: PathBuf,
}

/// Writes a backup, and restores it into a database that is thrown away.
pub async fn write(wish: Backup) -> Result<(), OperatorError> {
    let installation = Installation::open(wish.data_dir).await?;
    let written = written(&installation, &wish.to, !wish.no_verify).await;
    installation.close().await;
    let manifest = written?;
    let size = std::fs::metadata(&wish.to)?.len();
    terminal::say(&format!("{}: {}, {size} bytes", wish.to.display(), told(&manifest)));
    if !wish.no_verify {
        terminal::say("It was restored into a scratch database, and every table is the same.");
    }
    terminal::say("Keep the master key (keys/master.key) apart from it: without that key nobody can read the backup.");
    Ok(())
}

async fn written(installation: &Installation, to: &Path, verify: bool) -> Result<Manifest, OperatorError> {
    let master = master(&installation.settings.data_dir).await?;
    let admin = installation.admin()?;
    // Written under another name, so that what has its name is whole.
    let draft = to.with_extension("unfinished");
    let file = File::options().write(true).create_new(true).open(&draft)?;
    let done = async {
        let mut out = BufWriter::new(file);
        let version = env!("CARGO_PKG_VERSION");
        let manifest = eduai_backup::write(&admin, &master, version, installation.clock.now(), &mut out).await?;
        out.flush()?;
        out.get_ref().sync_all()?;
        if verify {
            try_out(&draft, &master, installation.settings.database.pg_bin.clone()).await?;
        }
        if to.exists() {
            return Err(OperatorError::Refused(format!("{} is there already", to.display())));
        }
        std::fs::rename(&draft, to)?;
        Ok(manifest)
    };
    let done = done.await;
    if done.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    done
}

/// Restores `file` into a cluster of its own, which is then removed.
async fn try_out(file: &Path, master: &MasterKeys, pg_bin: Option<PathBuf>) -> Result<(), OperatorError> {
    let folder = std::env::temp_dir().join(format!("eduai-scratch-{}", std::process::id()));
    let tried = restore_into(&folder, pg_bin, true, file, master).await;
    let _ = std::fs::remove_dir_all(&folder);
    tried.map(drop)
}

/// Makes the database of a data folder of a backup.
pub async fn read(wish: Restore) -> Result<(), OperatorError> {
    let pg_bin = std::env::var_os("PG_BIN").filter(|value| !value.is_empty()).map(PathBuf::from);
    std::fs::create_dir_all(&wish.data_dir)?;
    let data_dir = wish.data_dir.canonicalize()?;
    if data_dir.join("pg").exists() {
        let detail = format!("{} has a database already; restore into another folder", data_dir.display());
        return Err(OperatorError::Refused(detail));
    }
    let master = master(&data_dir).await?;
    let manifest = restore_into(&data_dir, pg_bin, false, &wish.from, &master).await?;
    terminal::say(&format!("{}: {}", data_dir.display(), told(&manifest)));
    terminal::say("Whoever was erased after this backup was made is in it again: decide those erasures anew.");
    terminal::say(&format!("Start it with: eduai serve --data-dir {}", data_dir.display()));
    Ok(())
}

async fn restore_into(
    data_dir: &Path,
    pg_bin: Option<PathBuf>,
    throw_away: bool,
    file: &Path,
    master: &MasterKeys,
) -> Result<Manifest, OperatorError> {
    let settings = ClusterSettings { data_dir: data_dir.to_owned(), pg_bin, throw_away };
    let started = tokio::task::spawn_blocking(move || Cluster::start(&settings)).await;
    let cluster = started.map_err(std::io::Error::other)?.map_err(OpenError::from)?;
    let done = async {
        eduai_db::prepare(&cluster, roles::DATABASE).await?;
        let owner = cluster.options(roles::DATABASE, roles::OWNER);
        let admin = cluster.options(roles::DATABASE, roles::ADMIN);
        let modules: Vec<&Migrations> = std::iter::once(&MIGRATIONS).chain(rooms::migrations()).collect();
        let target = Target { owner: &owner, admin: &admin, modules: &modules };
        Ok(restore(target, master, BufReader::new(File::open(file)?)).await?)
    };
    let done = done.await;
    let _ = tokio::task::spawn_blocking(move || cluster.stop()).await;
    done
}

async fn master(data_dir: &Path) -> Result<MasterKeys, OperatorError> {
    Ok(program::master_keys(data_dir).await?)
}

fn told(manifest: &Manifest) -> String {
    format!("{} rows of {} tables, as of {}", manifest.rows(), manifest.tables.len(), manifest.made_at)
}
