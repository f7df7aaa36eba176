//! The command line.

use crate::admin::{self, AdminCommand};
use crate::audit::{self, AuditCommand};
use crate::backup::{self, Backup, Restore};
use crate::genre::{self, GenreCommand};
use crate::installation::{self, OperatorError};
use crate::keys::{self, KeysCommand};
use crate::models::{self, Models};
use crate::music::{self, MusicCommand};
use crate::roles::{Roles, ServiceRole};
use crate::settings::Settings;
use crate::{Site, doctor, program, serve, terminal};
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A whole school on a laptop: music that is composed, explained and taught.
#[derive(Debug, Parser)]
#[command(name = "eduai", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the program and its database, and print the address
    Serve {
        /// Where to answer; port 0 takes a free one [default: 127.0.0.1:8080, or the role's own port]
        #[arg(long, env = "EDUAI_LISTEN")]
        listen: Option<SocketAddr>,
        /// Run only this part of the program
        #[arg(long, value_delimiter = ',', env = "EDUAI_ROLE")]
        role: Vec<ServiceRole>,
        /// What the operator sets about language models (docs/GATEWAY.md)
        #[arg(long, value_name = "GATEWAY.TOML", env = "EDUAI_GATEWAY_CONFIG")]
        config: Option<PathBuf>,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
    /// Look whether everything that the program needs is there, and say what to do about what is not
    Doctor {
        /// Where the program would answer
        #[arg(long, default_value = "127.0.0.1:8080", env = "EDUAI_LISTEN")]
        listen: SocketAddr,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
    /// Accounts and institutions, for the operator at this machine
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Keys, while the program runs
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// List the language models that are reachable
    Models(Models),
    /// Write the whole database into one encrypted file
    Backup(Backup),
    /// Make a database of a backup
    Restore(Restore),
    /// Print the OpenAPI document
    Openapi,
    /// Genres
    #[command(subcommand)]
    Genre(GenreCommand),
    /// Music, without a server
    #[command(subcommand)]
    Music(MusicCommand),
}

fn operate(work: impl Future<Output = Result<(), OperatorError>>) -> Result<(), String> {
    installation::block_on(work).map_err(|error| error.to_string())
}

/// Does what the command line says.
pub fn run(site: Site) -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve { listen, role, config, data_dir } => {
            let roles = Roles::of(&role);
            Settings::from_env(listen.unwrap_or_else(|| roles.usual_address()), data_dir)
                .map_err(|error| error.to_string())
                .and_then(|settings| {
                    settings.for_roles(roles).with_gateway(config.as_deref()).map_err(|error| error.to_string())
                })
                .and_then(|settings| serve::run(&settings, site).map_err(|error| error.to_string()))
        }
        Command::Doctor { listen, data_dir } => {
            return if doctor::run(listen, &data_dir, site) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        }
        Command::Admin(command) => operate(admin::run(command)),
        Command::Keys(command) => operate(keys::run(command)),
        Command::Audit(command) => operate(audit::run(command)),
        Command::Models(wish) => operate(models::run(wish)),
        Command::Backup(wish) => operate(backup::write(wish)),
        Command::Restore(wish) => operate(backup::read(wish)),
        Command::Genre(command) => genre::run(&command),
        Command::Music(command) => music::run(command),
        Command::Openapi => {
            program::openapi_text().map(|text| terminal::print(&text)).map_err(|error| error.to_string())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&format!("eduai: {error}"));
            ExitCode::FAILURE
        }
    }
}
