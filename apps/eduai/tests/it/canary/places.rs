//! Where words can be: tables, dumps, backups, files, logs, the archive.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eduai::installation::Installation;
use eduai_db::sqlx;
use futures_util::TryStreamExt as _;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether a text in small letters holds this word, as it is or as a dump writes bytes.
pub fn holds(text: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    text.contains(&word) || text.contains(&hex(&word))
}

/// As PostgreSQL writes bytes.
fn hex(word: &str) -> String {
    word.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The program's database, as somebody whom no policy binds.
pub struct Database {
    installation: Option<Installation>,
    options: PgConnectOptions,
}

impl Database {
    pub async fn open(data: &Path) -> Self {
        let installation = Installation::open(data.to_owned()).await.unwrap();
        let options = installation.admin().unwrap();
        Self { installation: Some(installation), options }
    }

    pub async fn admin(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    pub async fn close(mut self) {
        self.installation.take().unwrap().close().await;
    }

    /// The tables in which any of these words stands, as text or as bytes, in any letters.
    pub async fn tables_with_any(&self, words: &[&str]) -> Vec<String> {
        let mut admin = self.admin().await;
        let mut found = Vec::new();
        for table in tables(&mut admin).await {
            for word in words {
                let sql = format!(
                    "select exists (select from {table} t where position($1 in lower(t::text)) > 0
                       or position($2 in lower(t::text)) > 0)"
                );
                let word = word.to_lowercase();
                let there: bool = sqlx::query_scalar(AssertSqlSafe(sql))
                    .bind(&word)
                    .bind(hex(&word))
                    .fetch_one(&mut admin)
                    .await
                    .unwrap();
                if there {
                    found.push(format!("{table}: {word}"));
                }
            }
        }
        found.dedup();
        found
            .into_iter()
            .map(|one| if words.len() == 1 { one.split(':').next().unwrap().to_owned() } else { one })
            .collect()
    }

    /// Every table as `COPY` writes it, which is what a plain dump holds, in small letters.
    pub async fn dump(&self) -> String {
        dump(&mut self.admin().await).await
    }

    /// What PostgreSQL's own tool writes, plain and in its own format, in small letters; none where there is no such tool
    /// for this server, which is said. The binaries that the program brings have none.
    #[expect(clippy::print_stderr, reason = "a test says what it could not look at")]
    pub fn dumps_of_postgresql(&self, folder: &Path) -> Vec<String> {
        let tool = std::env::var("PG_DUMP").unwrap_or_else(|_| "pg_dump".to_owned());
        let socket = self.options.get_socket().expect("the private cluster listens on a socket");
        let mut dumps = Vec::new();
        for format in ["plain", "custom"] {
            let file: PathBuf = folder.join(format!("dump.{format}"));
            let done = Command::new(&tool)
                .args(["--format", format, "--compress", "0", "--file"])
                .arg(&file)
                .arg("--host")
                .arg(socket)
                .args(["--port", &self.options.get_port().to_string(), "--username", self.options.get_username()])
                .arg(self.options.get_database().unwrap_or("eduai"))
                .output();
            let done = match done {
                Ok(done) => done,
                Err(error) => {
                    eprintln!("{tool} is not there ({error}): what it would write is not searched");
                    return dumps;
                }
            };
            let told = String::from_utf8_lossy(&done.stderr);
            if told.contains("server version mismatch") {
                eprintln!("{tool} is too old for this server: what it would write is not searched");
                return dumps;
            }
            assert!(done.status.success(), "{told}");
            dumps.push(String::from_utf8_lossy(&std::fs::read(&file).unwrap()).to_lowercase());
        }
        dumps
    }
}

async fn tables(admin: &mut PgConnection) -> Vec<String> {
    let sql = "select schemaname || '.' || tablename from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') order by 1";
    sqlx::query_scalar(sql).fetch_all(admin).await.unwrap()
}

async fn dump(admin: &mut PgConnection) -> String {
    let mut dump = String::new();
    for table in tables(admin).await {
        let mut copy = admin.copy_out_raw(&format!("copy {table} to stdout")).await.unwrap();
        while let Some(part) = copy.try_next().await.unwrap() {
            dump.push_str(&String::from_utf8_lossy(&part).to_lowercase());
        }
    }
    dump
}

fn eduai(arguments: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_eduai")).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Makes a backup, restores it elsewhere, and gives a dump of what came back.
pub async fn restored_backup(data: &Path, folder: &Path) -> String {
    let (file, second) = (folder.join("after.backup"), folder.join("second"));
    eduai(&["backup", "--no-verify", "--to", file.to_str().unwrap(), "--data-dir", data.to_str().unwrap()]);
    std::fs::create_dir_all(second.join("keys")).unwrap();
    std::fs::copy(data.join("keys/master.key"), second.join("keys/master.key")).unwrap();
    eduai(&["restore", "--from", file.to_str().unwrap(), "--data-dir", second.to_str().unwrap()]);
    let database = Database::open(&second).await;
    let dump = database.dump().await;
    database.close().await;
    dump
}

/// Every file below `folder` but PostgreSQL's own, whose space is given back in its own time.
fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() && !path.join("PG_VERSION").exists() && !path.ends_with("pg.socket") {
            below(&path, found);
        } else if kind.is_file() {
            found.push(path);
        }
    }
}

fn with_any(paths: &[PathBuf], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).to_lowercase();
        for word in words.iter().filter(|word| holds(&text, word)) {
            let line = text.lines().find(|line| holds(line, word)).unwrap_or_default();
            found.push(format!("{}: {word}: {}", path.display(), line.chars().take(300).collect::<String>()));
        }
    }
    found
}

/// The files of the data folder that hold any of these words.
pub fn files(data: &Path, words: &[&str]) -> Vec<String> {
    let mut paths = Vec::new();
    below(data, &mut paths);
    assert!(paths.iter().any(|path| path.ends_with("keys/master.key")), "these are its files: {paths:?}");
    with_any(&paths, words)
}

/// The lines of logs, the program's and the database's, that hold any of these words.
pub fn logs(data: &Path, words: &[&str]) -> Vec<String> {
    let logs = [data.join("test.log"), data.join("pg.log")];
    let length = std::fs::metadata(&logs[0]).unwrap().len();
    assert!(length > 10_000, "it logs everything: {length} bytes");
    with_any(&logs, words)
}

/// All files of an archive one after another, in small letters.
pub fn archive(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..zip.len() {
        let mut text = Vec::new();
        zip.by_index(index).unwrap().read_to_end(&mut text).unwrap();
        all += &String::from_utf8_lossy(&text).to_lowercase();
        if let Ok(value) = serde_json::from_slice(&text) {
            all += &contents(&value).to_lowercase();
        }
    }
    all
}

/// The files that were brought, which the archive gives in Base64.
fn contents(value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(contents).collect(),
        Value::Object(all) => {
            let own = all.get("content").and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
            let own = own.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            all.values().map(contents).fold(own, |all, one| all + &one)
        }
        _ => String::new(),
    }
}
