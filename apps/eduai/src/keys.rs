//! `eduai keys`: changing keys while the program runs.

use crate::installation::{Installation, OperatorError};
use crate::terminal;
use clap::Subcommand;
use std::path::PathBuf;

/// What may be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a new master key, new data keys and new signing keys, and encrypt anew what was encrypted with the old ones
    Rotate {
        /// Also forget the old master keys; backups made before can then not be restored with this folder's keys
        #[arg(long)]
        forget_old: bool,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
}

/// Does it.
pub async fn run(command: KeysCommand) -> Result<(), OperatorError> {
    let KeysCommand::Rotate { forget_old, data_dir } = command;
    let installation = Installation::open(data_dir).await?;
    let done = rotate(&installation, forget_old).await;
    installation.close().await;
    done
}

async fn rotate(installation: &Installation, forget_old: bool) -> Result<(), OperatorError> {
    let vault = &installation.vault;
    let rewrapped = vault.rotate_master().await?;
    let (data, signing) = (rewrapped.data, rewrapped.signing);
    terminal::say(&format!("master key: {data} data keys and {signing} signing keys are wrapped by the new one"));
    for institution in installation.institutions().await? {
        let keys = vault.rotate_data(institution.id).await?;
        terminal::say(&format!("{}: {keys} data keys have a successor", institution.name));
    }
    for purpose in ["access_token", "guest_cookie"] {
        vault.signing_keys(purpose).rotate().await?;
        terminal::say(&format!("{purpose}: the new key signs in two minutes; what the old one signed stays good"));
    }
    if forget_old {
        vault.forget_old_masters().await?;
        terminal::say("old master keys: forgotten");
    }
    terminal::say("What was encrypted with the old data keys is encrypted anew while the program runs.");
    Ok(())
}
