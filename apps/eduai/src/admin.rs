//! `eduai admin`: what the operator at the machine does about accounts and institutions, beside the running program or
//! without it. Passwords come by standard input, never as an argument: arguments stand in the list of processes.

use crate::installation::{Installation, OperatorError};
use crate::terminal;
use clap::{Args, Subcommand};
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, InstitutionKind, PrivacyLevel, Role};
use eduai_users::Users;
use eduai_users::accounts::model::User;
use eduai_users::accounts::{NewAccount, UserQuery};
use eduai_users::institutions::NewInstitution;
use std::io::Read as _;
use std::path::PathBuf;

/// What the operator may do.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Make an account, such as the first administrator's
    CreateUser {
        /// The address
        #[arg(long)]
        email: String,
        /// `student`, `parent`, `teacher`, `school_admin` or `super_admin`
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
        /// `k12`, `higher_ed` or `professional`
        #[arg(long, default_value = "k12", value_parser = word::<InstitutionKind>)]
        kind: InstitutionKind,
        /// `strict`, `standard` or `relaxed`
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

/// Does what the operator says.
pub async fn run(command: AdminCommand) -> Result<(), OperatorError> {
    let (password, data_dir) = match &command {
        AdminCommand::CreateUser { secret, place, .. } | AdminCommand::ResetPassword { secret, place, .. } => {
            (secret.read()?, place.data_dir.clone())
        }
        AdminCommand::List { place } => (String::new(), place.data_dir.clone()),
        AdminCommand::CreateInstitution { data_dir, .. } | AdminCommand::Institutions { data_dir } => {
            (String::new(), data_dir.clone())
        }
    };
    let installation = Installation::open(data_dir).await?;
    let done = perform(&installation, command, &password).await;
    installation.close().await;
    done?.iter().for_each(|line| terminal::say(line));
    Ok(())
}

/// What was done, a line for each thing.
async fn perform(
    installation: &Installation,
    command: AdminCommand,
    password: &str,
) -> Result<Vec<String>, OperatorError> {
    let users = installation.users().await?;
    match command {
        AdminCommand::CreateUser { email, role, given_name, family_name, place, .. } => {
            let given_name = given_name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
            let new = NewAccount { email, role, given_name, family_name, locale: None, birth_date: None };
            let system = installation.system(place.institution.as_deref()).await?;
            Ok(vec![row(&users.create_user_with_password(&system, &new, password).await?)])
        }
        AdminCommand::ResetPassword { email, place, .. } => {
            let system = installation.system(place.institution.as_deref()).await?;
            Ok(vec![row(&reset(&users, &system, &email, password).await?)])
        }
        AdminCommand::List { place } => {
            let system = installation.system(place.institution.as_deref()).await?;
            Ok(everybody(&users, &system).await?.iter().map(row).collect())
        }
        AdminCommand::CreateInstitution { name, kind, privacy, country, locale, .. } => {
            let nobody = Actor::system(InstitutionId::from_uuid(uuid::Uuid::nil()));
            let new = NewInstitution { name, kind, privacy, country, locale };
            let made = users.create_institution(&nobody, &new).await?;
            Ok(vec![format!("{}\t{}", made.id, made.name)])
        }
        AdminCommand::Institutions { .. } => {
            let all = installation.institutions().await?;
            Ok(all.iter().map(|one| format!("{}\t{}", one.id, one.name)).collect())
        }
    }
}

async fn reset(users: &Users, system: &Actor, email: &str, password: &str) -> Result<User, OperatorError> {
    let filter = UserQuery { text: Some(email.to_owned()), limit: 100, ..UserQuery::default() };
    let found = users.list_users(system, &filter).await?;
    let user = found.into_iter().find(|user| user.email.as_deref() == Some(&email.trim().to_lowercase()));
    let user = user.ok_or_else(|| OperatorError::Refused(format!("no account has the address {email}")))?;
    users.set_password(system, user.id, password).await?;
    Ok(user)
}

async fn everybody(users: &Users, system: &Actor) -> Result<Vec<User>, OperatorError> {
    let mut all: Vec<User> = Vec::new();
    loop {
        let after = all.last().map(|u| (u.family_name.clone(), u.given_name.clone(), UserId::uuid(u.id)));
        let filter = UserQuery { after, limit: 500, ..UserQuery::default() };
        let page = users.list_users(system, &filter).await?;
        let last = page.len() < 500;
        all.extend(page);
        if last {
            return Ok(all);
        }
    }
}

impl Secret {
    fn read(&self) -> Result<String, OperatorError> {
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
