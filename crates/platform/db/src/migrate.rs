//! Migrations: each module has its own, numbered by itself, so that modules do not disturb one another.

use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};
use std::collections::{BTreeMap, HashMap};

/// The key of the lock that keeps two starting programs from migrating at once. Any constant will do.
const LOCK: i64 = 0x6564_7561_6900;

/// One module's migrations. Make it with [`crate::migrations!`].
#[derive(Debug)]
pub struct Migrations {
    /// The module's name, which is also its schema's name.
    pub module: &'static str,
    /// The files of its `migrations/` folder.
    pub migrator: Migrator,
}

/// The migrations of the calling crate: `pub static MIGRATIONS: Migrations = eduai_db::migrations!("mashup");`
///
/// They are the files `migrations/0001_what.sql`, `0002_….sql` beside its `Cargo.toml`, embedded at compile time. The
/// crate must depend on `sqlx` and have the `build.rs` that the README of `eduai-db` shows, or new files go unnoticed.
#[macro_export]
macro_rules! migrations {
    ($module:literal) => {
        $crate::Migrations { module: $module, migrator: $crate::sqlx::migrate!("./migrations") }
    };
}

/// Why the schema cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// A file was changed after it had been applied.
    #[error(
        "migration {version} of {module} was changed after it had been applied; put the change into a new migration"
    )]
    Changed {
        /// Whose.
        module: String,
        /// Which.
        version: i64,
    },
    /// The database has migrations that this program does not know.
    #[error("the database is newer than this program: it has migration {version} of {module}")]
    Newer {
        /// Whose.
        module: String,
        /// Which.
        version: i64,
    },
    /// A migration failed; nothing of it remains.
    #[error("migration {version} of {module} failed: {error}")]
    Failed {
        /// Whose.
        module: String,
        /// Which.
        version: i64,
        /// Why.
        error: sqlx::Error,
    },
    /// The database failed.
    #[error("the schema cannot be read: {0}")]
    Database(#[from] sqlx::Error),
}

type Applied = HashMap<(String, i64), Vec<u8>>;

/// Applies what is missing, in the order given, each migration in its own transaction. Returns how many were applied.
///
/// `owner` connects as the role that owns the schema. Several programs may do this at once: one works, the others wait.
pub async fn run(owner: &PgConnectOptions, modules: &[&Migrations]) -> Result<usize, MigrationError> {
    apply_missing(owner, modules, |_, _| true).await
}

/// As [`run`], but of each module only what is not newer than `through` says; of a module that it does not name,
/// nothing. For restoring what an older program has written.
pub async fn run_through(
    owner: &PgConnectOptions,
    modules: &[&Migrations],
    through: &BTreeMap<String, i64>,
) -> Result<usize, MigrationError> {
    for (module, version) in through {
        let known = modules.iter().find(|known| known.module == module);
        if known.is_none_or(|known| known.migrator.iter().all(|migration| migration.version < *version)) {
            return Err(MigrationError::Newer { module: module.clone(), version: *version });
        }
    }
    apply_missing(owner, modules, |module, version| through.get(module).is_some_and(|last| version <= *last)).await
}

async fn apply_missing(
    owner: &PgConnectOptions,
    modules: &[&Migrations],
    wanted: impl Fn(&str, i64) -> bool,
) -> Result<usize, MigrationError> {
    let mut connection = owner.connect().await?;
    if missing(&applied(&mut connection).await?, modules)?.is_empty() {
        connection.close().await?;
        return Ok(0);
    }
    sqlx::query("select pg_advisory_lock($1)").bind(LOCK).execute(&mut connection).await?;
    let mut todo = missing(&applied(&mut connection).await?, modules)?;
    todo.retain(|(module, migration)| wanted(module, migration.version));
    for (module, migration) in &todo {
        apply(&mut connection, module, migration).await.map_err(|error| MigrationError::Failed {
            module: (*module).to_owned(),
            version: migration.version,
            error,
        })?;
        tracing::info!(module, version = migration.version, "migration applied");
    }
    connection.close().await?;
    Ok(todo.len())
}

/// Each module with its newest migration that was applied, by name.
pub async fn newest(connection: &mut PgConnection) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query("select module, max(version) from platform.migration group by module order by module")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

async fn applied(connection: &mut PgConnection) -> Result<Applied, sqlx::Error> {
    let exists: bool =
        sqlx::query_scalar("select to_regclass('platform.migration') is not null").fetch_one(&mut *connection).await?;
    if !exists {
        return Ok(Applied::new());
    }
    let rows = sqlx::query("select module, version, checksum from platform.migration").fetch_all(connection).await?;
    rows.iter().map(|row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?))).collect()
}

fn missing<'a>(applied: &Applied, modules: &[&'a Migrations]) -> Result<Vec<(&'a str, &'a Migration)>, MigrationError> {
    let mut todo = Vec::new();
    for module in modules {
        for migration in module.migrator.iter() {
            match applied.get(&(module.module.to_owned(), migration.version)) {
                None => todo.push((module.module, migration)),
                Some(sum) if sum.as_slice() == &*migration.checksum => {}
                Some(_) => {
                    return Err(MigrationError::Changed {
                        module: module.module.to_owned(),
                        version: migration.version,
                    });
                }
            }
        }
        let newest = module.migrator.iter().map(|m| m.version).max().unwrap_or(0);
        if let Some((name, version)) = applied.keys().find(|(name, v)| name == module.module && *v > newest) {
            return Err(MigrationError::Newer { module: name.clone(), version: *version });
        }
    }
    Ok(todo)
}

async fn apply(connection: &mut PgConnection, module: &str, migration: &Migration) -> Result<(), sqlx::Error> {
    let mut tx = connection.begin().await?;
    // Row-level security binds the owner too: rows that a migration writes are written by the program itself.
    tx.execute("select set_config('app.role', 'system', true)").await?;
    tx.execute(AssertSqlSafe(migration.sql.as_str().to_owned())).await?;
    sqlx::query("insert into platform.migration (module, version, description, checksum) values ($1, $2, $3, $4)")
        .bind(module)
        .bind(migration.version)
        .bind(&*migration.description)
        .bind(&*migration.checksum)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
