//! `eduai doctor`: looks at everything that the program needs, and says for each thing that is wrong what to do.

use crate::settings::Settings;
use crate::{Site, terminal};
use eduai_db::cluster::Binaries;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

/// What was found about one thing: good, or what is wrong and the line that mends it.
type Finding = Result<String, (String, String)>;

/// Prints what was found; true when all is well.
pub fn run(listen: SocketAddr, data_dir: &Path, site: Site) -> bool {
    let mut well = true;
    for (name, finding) in examine(listen, data_dir, site) {
        match finding {
            Ok(good) => terminal::say(&format!("✓ {name}: {good}")),
            Err((wrong, remedy)) => {
                well = false;
                terminal::say(&format!("✗ {name}: {wrong}\n    {remedy}"));
            }
        }
    }
    terminal::say(if well { "All is well." } else { "Mend what is marked with ✗, then run eduai doctor again." });
    well
}

fn examine(listen: SocketAddr, data_dir: &Path, site: Site) -> Vec<(&'static str, Finding)> {
    let settings = Settings::from_env(listen, data_dir.to_owned());
    let read = settings.as_ref().map(|_| "every one can be read".to_owned());
    let mut findings = vec![
        ("settings", read.map_err(|error| (error.to_string(), "Change or unset that variable.".to_owned()))),
        ("data folder", data_folder(data_dir)),
        ("address", address(listen)),
        ("web app", web_app(site)),
    ];
    if let Ok(settings) = settings {
        findings.push(("database", database(&settings)));
    }
    findings
}

fn data_folder(folder: &Path) -> Finding {
    let probe = folder.join(".doctor");
    let tried = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&probe, b""))
        .and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Ok(format!("{} can be written", folder.display())),
        Err(error) => Err((
            format!("{} cannot be written: {error}", folder.display()),
            "Choose another folder: eduai serve --data-dir DIR".to_owned(),
        )),
    }
}

fn address(listen: SocketAddr) -> Finding {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(format!("{listen} is free")),
        Err(error) => Err((
            format!("{listen} cannot be listened to: {error}"),
            "Stop what runs there, or choose another address: eduai serve --listen 127.0.0.1:8081".to_owned(),
        )),
    }
}

fn web_app(site: Site) -> Finding {
    if site.has_web_app() {
        return Ok("is in the program".to_owned());
    }
    Err((
        "is not in the program; only the API answers".to_owned(),
        "In the source folder, run: cargo xtask up".to_owned(),
    ))
}

fn database(settings: &Settings) -> Finding {
    if settings.database.database_url.is_some() {
        return given_database(settings);
    }
    match Binaries::find(settings.database.pg_bin.as_deref(), &settings.data_dir) {
        Ok(found) => Ok(format!("PostgreSQL {} in {}", found.version, found.bin.display())),
        Err(error) => Err((
            error.to_string(),
            "In the source folder, run: cargo xtask up; or install PostgreSQL: sudo apt-get install postgresql; \
             or name its folder: PG_BIN=/usr/lib/postgresql/15/bin"
                .to_owned(),
        )),
    }
}

/// Connects to the database that `DATABASE_URL` names, and changes nothing in it.
fn given_database(settings: &Settings) -> Finding {
    let remedy = || "Correct DATABASE_URL, or unset it to have the program start a database of its own.".to_owned();
    let address = settings.database.database_url.as_deref().unwrap_or_default();
    let asked = tokio::runtime::Builder::new_current_thread().enable_all().build().map(|runtime| {
        runtime.block_on(async {
            let options = address.parse().map_err(|_| "is no PostgreSQL address".to_owned())?;
            let db = eduai_db::connect(options, 2, true).await.map_err(|error| error.to_string())?;
            db.ping().await.map_err(|error| error.to_string())
        })
    });
    match asked {
        Ok(Ok(latency)) => Ok(format!("DATABASE_URL answers in {:.1} ms", latency.as_secs_f64() * 1_000.0)),
        Ok(Err(wrong)) => Err((format!("DATABASE_URL: {wrong}"), remedy())),
        Err(error) => Err((error.to_string(), remedy())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_comes_with_what_to_do() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let (wrong, remedy) = address(taken.local_addr().unwrap()).unwrap_err();
        assert!(wrong.contains("cannot be listened to") && remedy.contains("--listen"));
        assert!(data_folder(Path::new("/proc/nowhere")).unwrap_err().1.contains("--data-dir"));
        assert!(web_app(Site::empty()).unwrap_err().1.contains("cargo xtask up"));
    }
}
