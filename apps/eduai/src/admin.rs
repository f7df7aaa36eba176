//! `eduai admin`: what the operator at the machine does about accounts and institutions, beside the running program or
//! without it. Passwords come by standard input, never as an argument: arguments stand in the list of processes.

use crate::program::{self, BuildError};
use crate::settings::{BadSetting, Settings};
use crate::{rooms, terminal};
use clap::{Args, Subcommand};
use eduai_db::sqlx;
use eduai_db::{Database, Institution, OpenError, institution};
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Clock, Entropy, Failure, InstitutionKind, PrivacyLevel, Role};
use eduai_module::{SystemClock, SystemEntropy};
use eduai_users::Users;
use eduai_users::accounts::model::User;
use eduai_users::accounts::{NewAccount, UserQuery};
use eduai_users::institutions::NewInstitution;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

/// What the operator may do.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an account, such as the first administrator's
    CreateUser {
        /// The address
        #[arg(long)]
        email: String,
        /// student, parent, teacher, school_admin or super_admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// The given name; otherwise what stands before the @
        #[arg(long)]
        given_name: Option<String>,
        /// The family name
        #[arg(long, default_value = "")]
        family_name: String,
        /// The password
        #[command(flatten)]
        secret: Secret,
        /// Where
        #[command(flatten)]
        place: Place,
    },
    /// Set another password for an account, and end its sessions
    ResetPassword {
        /// The address
        #[arg(long)]
        email: String,
        /// The password
        #[command(flatten)]
        secret: Secret,
        /// Where
        #[command(flatten)]
        place: Place,
    },
    /// List the accounts of an institution
    List {
        /// Where
        #[command(flatten)]
        place: Place,
    },
    /// Make an institution
    CreateInstitution {
        /// Its name
        #[arg(long)]
        name: String,
        /// k12, higher_ed or professional
        #[arg(long, default_value = "k12", value_parser = word::<InstitutionKind>)]
        kind: InstitutionKind,
        /// strict, standard or relaxed
        #[arg(long, default_value = "strict", value_parser = word::<PrivacyLevel>)]
        privacy: PrivacyLevel,
        /// Where it is: ISO 3166-1
        #[arg(long, default_value = "ES")]
        country: String,
        /// In which language it writes: en or es
        #[arg(long, default_value = "en")]
        locale: String,
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
    /// List the institutions
    Institutions {
        /// Where the database and the keys are kept
        #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
        data_dir: PathBuf,
    },
}

/// Where the account is.
#[derive(Debug, Args)]
pub struct Place {
    /// The institution, by id or name; otherwise the only one, or the one that lets visitors in
    #[arg(long)]
    institution: Option<String>,
    /// Where the database and the keys are kept
    #[arg(long, default_value = "eduai-data", env = "EDUAI_DATA_DIR")]
    data_dir: PathBuf,
}

/// Where the password comes from.
#[derive(Debug, Args)]
pub struct Secret {
    /// Read the password from standard input (its first line)
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The settings.
    #[error(transparent)]
    Settings(#[from] BadSetting),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A query.
    #[error("the database does not answer: {0}")]
    Query(#[from] sqlx::Error),
    /// The keys.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A rule.
    #[error("{0}")]
    Refused(String),
    /// Files and threads.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<eduai_users::Error> for AdminError {
    fn from(error: eduai_users::Error) -> Self {
        Self::Refused(Failure::from(error).detail)
    }
}

/// Does what the operator says.
pub fn run(command: AdminCommand) -> Result<(), AdminError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match command {
            AdminCommand::CreateUser { email, role, given_name, family_name, secret, place } => {
                let given_name = given_name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
                let new = NewAccount { email, role, given_name, family_name, locale: None, birth_date: None };
                let password = secret.read()?;
                let office = Office::open(place.data_dir).await?;
                let done = office.create_user(place.institution.as_deref(), &new, &password).await;
                office.close().await;
                terminal::say(&row(&done?));
            }
            AdminCommand::ResetPassword { email, secret, place } => {
                let password = secret.read()?;
                let office = Office::open(place.data_dir).await?;
                let done = office.reset(place.institution.as_deref(), &email, &password).await;
                office.close().await;
                terminal::say(&row(&done?));
            }
            AdminCommand::List { place } => {
                let office = Office::open(place.data_dir).await?;
                let listed = office.list(place.institution.as_deref()).await;
                office.close().await;
                listed?.iter().for_each(|user| terminal::say(&row(user)));
            }
            AdminCommand::CreateInstitution { name, kind, privacy, country, locale, data_dir } => {
                let office = Office::open(data_dir).await?;
                let new = NewInstitution { name, kind, privacy, country, locale };
                let nobody = Actor::system(InstitutionId::from_uuid(uuid::Uuid::nil()));
                let made = office.users.create_institution(&nobody, &new).await;
                office.close().await;
                let made = made?;
                terminal::say(&format!("{}\t{}", made.id, made.name));
            }
            AdminCommand::Institutions { data_dir } => {
                let office = Office::open(data_dir).await?;
                let all = office.institutions().await;
                office.close().await;
                all?.iter().for_each(|one| terminal::say(&format!("{}\t{}", one.id, one.name)));
            }
        }
        Ok(())
    })
}

/// The database and the people in it, as the operator has them.
pub struct Office {
    database: Database,
    /// The people.
    pub users: Users,
}

impl Office {
    /// Opens the database of a data folder: the running program's, or one that is started for as long as this lasts.
    pub async fn open(data_dir: PathBuf) -> Result<Self, AdminError> {
        std::fs::create_dir_all(&data_dir)?;
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
        let settings = Settings::from_env(listen, data_dir.canonicalize()?)?;
        let database = eduai_db::open(&settings.database, &rooms::migrations()).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let vault = program::open_vault(&settings, database.db(), &clock).await?;
        let told = settings.users().map_err(BuildError::from)?;
        let users = Users::open(database.db().clone(), vault, clock, entropy, told).await;
        Ok(Self { database, users })
    }

    async fn close(self) {
        drop(self.users);
        self.database.close().await;
    }

    async fn institutions(&self) -> Result<Vec<Institution>, AdminError> {
        let mut tx = self.database.db().begin_sign_in(&eduai_db::Claim::of("")).await?;
        let all = institution::visible(&mut tx).await?;
        tx.commit().await?;
        Ok(all)
    }

    /// The program, in the institution that was named.
    async fn system(&self, named: Option<&str>) -> Result<Actor, AdminError> {
        let all = self.institutions().await?;
        let fits = |one: &&Institution| match named {
            Some(name) => one.id.to_string() == name || one.name == name,
            None => all.len() == 1 || one.settings().is_ok_and(|settings| settings.visitors),
        };
        let found = all.iter().find(fits).map(|one| Actor::system(one.id));
        found.ok_or_else(|| {
            let known: Vec<String> = all.iter().map(|one| format!("{} ({})", one.name, one.id)).collect();
            AdminError::Refused(format!("name an institution with --institution; there are: {}", known.join(", ")))
        })
    }

    async fn create_user(&self, named: Option<&str>, new: &NewAccount, password: &str) -> Result<User, AdminError> {
        let system = self.system(named).await?;
        Ok(self.users.create_user_with_password(&system, new, password).await?)
    }

    async fn reset(&self, named: Option<&str>, email: &str, password: &str) -> Result<User, AdminError> {
        let system = self.system(named).await?;
        let filter = UserQuery { text: Some(email.to_owned()), limit: 100, ..UserQuery::default() };
        let found = self.users.list_users(&system, &filter).await?;
        let user = found.into_iter().find(|user| user.email.as_deref() == Some(&email.trim().to_lowercase()));
        let user = user.ok_or_else(|| AdminError::Refused(format!("no account has the address {email}")))?;
        self.users.set_password(&system, user.id, password).await?;
        Ok(user)
    }

    async fn list(&self, named: Option<&str>) -> Result<Vec<User>, AdminError> {
        let system = self.system(named).await?;
        let mut all: Vec<User> = Vec::new();
        loop {
            let after = all.last().map(|u| (u.family_name.clone(), u.given_name.clone(), UserId::uuid(u.id)));
            let filter = UserQuery { after, limit: 500, ..UserQuery::default() };
            let page = self.users.list_users(&system, &filter).await?;
            let last = page.len() < 500;
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }
}

impl Secret {
    fn read(&self) -> Result<String, AdminError> {
        debug_assert!(self.password_stdin, "the command line asks for it");
        let mut text = String::new();
        std::io::stdin().take(4_096).read_to_string(&mut text)?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }
}

fn row(user: &User) -> String {
    let email = user.email.as_deref().unwrap_or("-");
    let name = format!("{} {}", user.given_name, user.family_name);
    format!("{}\t{email}\t{}\t{}\t{}", user.id, user.role.as_str(), user.status.as_str(), name.trim())
}

fn role(text: &str) -> Result<Role, String> {
    let given = Role::parse(text).filter(|role| eduai_users::accounts::may_be_given(Role::System, *role));
    given.ok_or_else(|| "write student, parent, teacher, school_admin or super_admin".to_owned())
}

fn word<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::from(text)).map_err(|error| error.to_string())
}
