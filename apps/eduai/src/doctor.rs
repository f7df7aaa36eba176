//! `eduai doctor`: looks at everything that the program needs, and says for each thing that is wrong what to do.

use crate::settings::Settings;
use crate::{Site, program, terminal};
use eduai_db::cluster::Binaries;
use eduai_telemetry::TraceSettings;
use eduai_users::oidc::Outbound;
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
        ("traces", traces()),
    ];
    if let Ok(settings) = settings {
        findings.push(("keys", keys(&settings)));
        findings.push(("mail", mail(&settings)));
        findings.push(("links", links(&settings)));
        findings.push(("single sign-on", single_sign_on(&settings)));
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

/// The collector of traces, where there is one, takes connections.
fn traces() -> Finding {
    let settings = TraceSettings::from_env();
    let settings = settings.map_err(|error| (error.to_string(), "Change or unset that variable.".to_owned()))?;
    let Some(settings) = settings else {
        return Ok("go nowhere; OTEL_EXPORTER_OTLP_ENDPOINT names a collector".to_owned());
    };
    match settings.try_to_connect() {
        Ok(()) => Ok(format!("go to {}", settings.shown())),
        Err(error) => Err((
            format!("{} is not reached: {error}", settings.shown()),
            format!("Start the collector, or correct or unset {}.", settings.named_by()),
        )),
    }
}

/// The master key can be read, and by nobody else.
fn keys(settings: &Settings) -> Finding {
    let path = settings.data_dir.join("keys/master.key");
    let given = ["EDUAI_MASTER_KEY", "EDUAI_MASTER_KEY_FILE", "EDUAI_MASTER_KEY_COMMAND"]
        .into_iter()
        .find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if given.is_none() && !path.exists() {
        return Ok(format!("the master key will be made at the first start: {}", path.display()));
    }
    let readable = tokio::runtime::Builder::new_current_thread().enable_all().build().map(|runtime| {
        runtime.block_on(program::master_keys(&settings.data_dir)).map(drop).map_err(|error| error.to_string())
    });
    if let Err(wrong) = readable.map_err(|error| error.to_string()).flatten() {
        let remedy = "Put the key back from where it is kept apart, or name it by EDUAI_MASTER_KEY_FILE.".to_owned();
        return Err((wrong, remedy));
    }
    match (given, others_may_read(&path)) {
        (Some(name), _) => Ok(format!("the master key comes from {name}")),
        (None, false) => Ok(format!("{} is readable by its owner alone; keep a copy apart", path.display())),
        (None, true) => {
            Err((format!("others may read {}", path.display()), format!("Run: chmod 600 {}", path.display())))
        }
    }
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

fn mail(settings: &Settings) -> Finding {
    match (settings.users(), &settings.smtp_url) {
        (Ok(_), Some(_)) => Ok("goes out by the server of EDUAI_SMTP_URL".to_owned()),
        (Ok(_), None) => Ok(format!("is put into {}", settings.data_dir.join("mail").display())),
        (Err(error), _) => Err((
            error.to_string(),
            "Write for instance: EDUAI_SMTP_URL=smtps://user:password@mail.school.example EDUAI_MAIL_FROM='School <school@school.example>'"
                .to_owned(),
        )),
    }
}

/// Links in messages lead where the program is reached, and cookies fit the way.
fn links(settings: &Settings) -> Finding {
    let url = settings.public_url();
    let secure = url.starts_with("https://");
    match (secure, settings.web.https) {
        (true, false) => Err((
            format!("{url} is reached by HTTPS, and cookies are not marked Secure"),
            "Set: EDUAI_HTTPS=true".to_owned(),
        )),
        (false, true) => Err((
            format!("cookies are for HTTPS only, and links begin with {url}"),
            "Set EDUAI_PUBLIC_URL to the address that people open, such as https://eduai.school.example".to_owned(),
        )),
        _ => Ok(format!("begin with {url}")),
    }
}

/// The certificates for providers of single sign-on can be read.
fn single_sign_on(settings: &Settings) -> Finding {
    let rules = settings.outbound.clone();
    let where_to = if rules.private { "public addresses and private networks" } else { "public addresses" };
    match Outbound::new(rules) {
        Ok(_) => Ok(format!("providers are reached at {where_to}")),
        Err(error) => Err((error.to_string(), "Name a PEM file: EDUAI_SSO_CA_FILE=/etc/ssl/school-ca.pem".to_owned())),
    }
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
        let mut settings = Settings::from_env(taken.local_addr().unwrap(), "data".into()).unwrap();
        assert!(single_sign_on(&settings).is_ok());
        settings.outbound.certificates = Some("/proc/nowhere".into());
        assert!(single_sign_on(&settings).unwrap_err().1.contains("EDUAI_SSO_CA_FILE"));
        assert!(web_app(Site::empty()).unwrap_err().1.contains("cargo xtask up"));
    }
}
