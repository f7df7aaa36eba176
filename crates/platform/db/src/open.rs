//! From settings to a database that is ready: cluster, roles, schema, pool.

use crate::cluster::{Cluster, ClusterError, ClusterSettings, Keeper};
use crate::migrate::{self, MigrationError, Migrations};
use crate::{Db, MIGRATIONS, roles};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::path::PathBuf;

/// Where the database is.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program's data folder, in which the private cluster lives.
    pub data_dir: PathBuf,
    /// `PG_BIN`: the folder with PostgreSQL's programs, where one is named.
    pub pg_bin: Option<PathBuf>,
    /// `DATABASE_URL`: a database to use instead of a private cluster. Its role must own the database (or may create
    /// schemas in it); it runs the migrations.
    pub database_url: Option<String>,
    /// `DATABASE_RUNTIME_URL`: the same database as a role that owns nothing, for the work itself. Without it the
    /// program makes the role `eduai_app` (for which `DATABASE_URL`'s role needs CREATEROLE, unless the role exists and
    /// is granted to it) and takes it on in every connection.
    pub runtime_url: Option<String>,
    /// The most connections that this process opens: 2 to 90.
    pub max_connections: u32,
}

impl Settings {
    /// What the environment says, for the data folder given on the command line.
    pub fn from_env(data_dir: impl Into<PathBuf>) -> Self {
        let text = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            data_dir: data_dir.into(),
            pg_bin: text("PG_BIN").map(PathBuf::from),
            database_url: text("DATABASE_URL"),
            runtime_url: text("DATABASE_RUNTIME_URL"),
            max_connections: 20,
        }
    }
}

/// Why there is no database. Each is a sentence for the person at the terminal; none holds a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The private cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The schema.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// An address that is none.
    #[error("{name} is no PostgreSQL address (postgres://user:password@host:port/database)")]
    Address {
        /// The variable.
        name: &'static str,
    },
    /// No connection, or not the rights that are needed.
    #[error("the database cannot be used: {0}")]
    Database(#[from] sqlx::Error),
    /// A role that would bypass row-level security.
    #[error(
        "the role {role} of DATABASE_RUNTIME_URL may bypass row-level security or owns tables of EduAI; give it neither"
    )]
    TooMighty {
        /// The role.
        role: String,
    },
    /// The server is too old.
    #[error("the database server is PostgreSQL {version}; EduAI needs {} or newer", crate::cluster::OLDEST_MAJOR)]
    ServerTooOld {
        /// Its major version.
        version: i32,
    },
}

/// An open database, and the cluster under it when that is ours: it is then kept running.
#[derive(Debug)]
pub struct Database {
    db: Db,
    cluster: Option<Keeper>,
}

impl Database {
    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The private cluster, when there is one.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref().map(Keeper::cluster)
    }

    /// Closes the connections and stops the private cluster.
    pub async fn close(self) {
        self.db.close().await;
        if let Some(cluster) = self.cluster {
            cluster.close().await;
        }
    }
}

/// Opens the database: starts the private cluster (or connects to `DATABASE_URL`), makes the roles, applies this crate's
/// migrations and then `modules`' in their order, and opens the pool. When this returns, the database is ready.
pub async fn open(settings: &Settings, modules: &[&Migrations]) -> Result<Database, OpenError> {
    let (owner, runtime, cluster) = if let Some(url) = &settings.database_url {
        let (owner, runtime) = given(url, settings.runtime_url.as_deref()).await?;
        (owner, runtime, None)
    } else {
        let cluster = start_cluster(settings).await?;
        prepare(&cluster, roles::DATABASE).await?;
        let (owner, runtime) =
            (cluster.options(roles::DATABASE, roles::OWNER), cluster.options(roles::DATABASE, roles::RUNTIME));
        (owner, runtime, Some(cluster))
    };
    let all: Vec<&Migrations> = std::iter::once(&MIGRATIONS).chain(modules.iter().copied()).collect();
    migrate::run(&owner, &all).await?;
    let db = connect(runtime, settings.max_connections, cluster.is_none()).await?;
    Ok(Database { db, cluster: cluster.map(Keeper::keep) })
}

/// A pool on a database that is migrated already.
pub async fn connect(runtime: PgConnectOptions, max_connections: u32, remote: bool) -> Result<Db, sqlx::Error> {
    let runtime = runtime
        .options([
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ])
        .log_statements(tracing::log::LevelFilter::Trace);
    let db = Db::new(runtime, max_connections.clamp(2, 90), remote);
    db.ping().await?;
    Ok(db)
}

async fn start_cluster(settings: &Settings) -> Result<Cluster, OpenError> {
    let settings =
        ClusterSettings { data_dir: settings.data_dir.clone(), pg_bin: settings.pg_bin.clone(), throw_away: false };
    let started = tokio::task::spawn_blocking(move || Cluster::start(&settings)).await;
    Ok(started.map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))??)
}

/// Makes the roles and `database` in a private cluster where they are missing.
pub async fn prepare(cluster: &Cluster, database: &str) -> Result<(), sqlx::Error> {
    let mut admin = match cluster.options(database, roles::ADMIN).connect().await {
        Ok(connection) => return connection.close().await,
        // 3D000: no such database.
        Err(error)
            if error.as_database_error().and_then(sqlx::error::DatabaseError::code).as_deref() == Some("3D000") =>
        {
            cluster.options("postgres", roles::ADMIN).connect().await?
        }
        Err(error) => return Err(error),
    };
    admin.execute(AssertSqlSafe(make_roles())).await?;
    admin.execute(AssertSqlSafe(format!("create database \"{database}\" owner {}", roles::OWNER))).await?;
    admin.close().await
}

fn make_roles() -> String {
    let role = |name: &str| {
        format!(
            "do $$ begin create role {name} login nosuperuser nobypassrls nocreatedb nocreaterole; \
             exception when duplicate_object or unique_violation then null; end $$;"
        )
    };
    format!("{}{}", role(roles::OWNER), role(roles::RUNTIME))
}

/// The owner's and the runtime's way into a database that someone else runs.
async fn given(url: &str, runtime_url: Option<&str>) -> Result<(PgConnectOptions, PgConnectOptions), OpenError> {
    let parse = |name, text: &str| text.parse::<PgConnectOptions>().map_err(|_| OpenError::Address { name });
    let owner = parse("DATABASE_URL", url)?;
    let mut connection = owner.connect().await?;
    let version: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int / 10000")
        .fetch_one(&mut connection)
        .await?;
    if version < crate::cluster::OLDEST_MAJOR as i32 {
        return Err(OpenError::ServerTooOld { version });
    }
    let (owner, runtime) = if let Some(text) = runtime_url {
        let runtime = parse("DATABASE_RUNTIME_URL", text)?;
        let role = refuse_mighty(&runtime).await?;
        // The first migration grants to the role of this name.
        (owner.options([("app.runtime_role", role)]), runtime)
    } else {
        ensure_runtime_role(&mut connection).await?;
        (owner.clone(), owner.options([("role", roles::RUNTIME)]))
    };
    connection.close().await?;
    Ok((owner, runtime))
}

async fn ensure_runtime_role(owner: &mut sqlx::postgres::PgConnection) -> Result<(), sqlx::Error> {
    let name = roles::RUNTIME;
    let sql = format!(
        "do $$ begin \
           if not exists (select from pg_roles where rolname = '{name}') then \
             create role {name} nologin nosuperuser nobypassrls; \
           end if; \
           if not pg_has_role(current_user, '{name}', 'member') then grant {name} to current_user; end if; \
         exception when duplicate_object or unique_violation then null; end $$"
    );
    owner.execute(AssertSqlSafe(sql)).await.map(drop)
}

/// The name of the role that `runtime` connects as, unless it may do more than it should.
async fn refuse_mighty(runtime: &PgConnectOptions) -> Result<String, OpenError> {
    let mut connection = runtime.connect().await?;
    let (role, mighty): (String, bool) = sqlx::query_as(
        "select rolname::text, rolsuper or rolbypassrls or exists (
            select from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relowner = r.oid and c.relkind in ('r', 'p') and n.nspname = 'platform')
         from pg_roles r where rolname = current_user",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    if mighty { Err(OpenError::TooMighty { role }) } else { Ok(role) }
}
