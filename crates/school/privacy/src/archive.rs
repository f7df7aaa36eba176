//! Everything that is kept of a person, in one archive: `data.json` with all of it, and a table of each place as CSV.

use crate::error::Error;
use crate::service::Privacy;
use eduai_audit::Entry;
use eduai_kernel::Actor;
use eduai_kernel::id::Uuid;
use eduai_module::Record;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const README: &str = "data.json: everything, by the place where it is kept.\n\
csv/: the same as tables, one file a place (UTF-8, RFC 4180).\n\n\
data.json: todo, según el lugar donde se guarda.\n\
csv/: lo mismo en tablas, un archivo por lugar (UTF-8, RFC 4180).\n";

impl Privacy {
    /// The archive of the actor's own request: what is kept of them now.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not theirs or has no archive; [`Error::ArchiveGone`] after 30 days.
    pub async fn archive(&self, actor: &Actor, request: Uuid) -> Result<Vec<u8>, Error> {
        let mut tx = self.begin(actor).await?;
        self.archived(&mut tx, actor, request).await?;
        tx.commit().await?;
        let mut tx = self.begin(&Actor::system(actor.institution)).await?;
        let mut records = Vec::new();
        for room in self.custodians() {
            records.extend(room.export(&mut tx, actor.user).await.map_err(Error::Room)?);
        }
        self.note(&mut tx, actor, Entry::done("privacy.exported").on("privacy_request", request)).await?;
        tx.commit().await?;
        let head = json!({ "user_id": actor.user, "institution_id": actor.institution, "made_at": self.now() });
        write(&head, &records).map_err(|error| Error::Archive(error.to_string()))
    }
}

/// The archive with these records.
fn write(head: &Value, records: &[Record]) -> Result<Vec<u8>, std::io::Error> {
    let mut places: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for record in records {
        places.entry(record.table).or_default().push(&record.value);
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut file = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).map_err(std::io::Error::other)?;
        zip.write_all(bytes)
    };
    file("README.txt", README.as_bytes())?;
    let all = json!({ "about": head, "data": places });
    file("data.json", &serde_json::to_vec_pretty(&all)?)?;
    for (place, rows) in &places {
        file(&format!("csv/{place}.csv"), &table(rows)?)?;
    }
    Ok(zip.finish().map_err(std::io::Error::other)?.into_inner())
}

/// Rows of JSON objects as a table, with a column for each member that any of them has. What is neither text, number nor
/// truth is written as JSON.
fn table(rows: &[&Value]) -> Result<Vec<u8>, std::io::Error> {
    let empty = Map::new();
    let objects: Vec<&Map<String, Value>> = rows.iter().map(|row| row.as_object().unwrap_or(&empty)).collect();
    let columns: BTreeSet<&String> = objects.iter().flat_map(|object| object.keys()).collect();
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(&columns)?;
    for object in objects {
        csv.write_record(columns.iter().map(|column| cell(object.get(*column))))?;
    }
    csv.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

/// A value as a cell. A text that a spreadsheet would take for a formula is written after an apostrophe (OWASP, CSV
/// injection): what somebody wrote must not compute on another's machine.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn an_archive_holds_everything_as_json_and_as_tables() {
        let record = |table, value| Record { table, value };
        let records = [
            record("a.b", json!({ "name": "Ana, \"la\" grande", "n": 1 })),
            record("c.d", json!({ "list": [1, 2] })),
            record("a.b", json!({ "name": "=1+1", "more": null })),
        ];
        let bytes = write(&json!({ "x": 1 }), &records).unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let all: Value = serde_json::from_str(&read("data.json")).unwrap();
        assert_eq!(all["data"]["a.b"][1]["name"], "=1+1", "JSON keeps what is kept");
        assert_eq!(read("csv/a.b.csv"), "more,n,name\n,1,\"Ana, \"\"la\"\" grande\"\n,,'=1+1\n");
        assert_eq!(read("csv/c.d.csv"), "list\n\"[1,2]\"\n");
        assert!(read("README.txt").contains("data.json"));
    }
}
