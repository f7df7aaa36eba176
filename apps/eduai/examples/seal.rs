//! Seals values as the program does, for measurements that need many rows at once: `seal DATA_DIR <values >sealed`.
//!
//! Each line is a table, a column, a row's id, the person's id and the value in hexadecimal digits, with spaces between;
//! each answer is the sealed value in hexadecimal digits. `DATABASE_URL` names the database of the running program.

use eduai::installation::{Installation, OperatorError, block_on};
use eduai_kernel::id::UserId;
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn};
use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};

/// The columns that a measurement fills.
const COLUMNS: [SealedColumn; 2] = [of_mashup("title"), of_mashup("shown")];

const fn of_mashup(column: &'static str) -> SealedColumn {
    SealedColumn { table: "mashup.mashup", column, row: "id", owner: ColumnOwner::Person("owner_id") }
}

fn main() -> Result<(), OperatorError> {
    let data_dir = std::env::args_os().nth(1);
    let data_dir = data_dir.ok_or_else(|| OperatorError::Refused("usage: seal DATA_DIR <values >sealed".to_owned()))?;
    block_on(seal(data_dir.into()))
}

async fn seal(data_dir: std::path::PathBuf) -> Result<(), OperatorError> {
    let installation = Installation::open(data_dir).await?;
    installation.vault.declare(&COLUMNS)?;
    let system = installation.system(None).await?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let wrong = || OperatorError::Refused(format!("not a table, a column, two ids and digits: {line:.80}"));
        let parts: Vec<&str> = line.split(' ').collect();
        let &[table, column, row, person, digits] = parts.as_slice() else { return Err(wrong()) };
        let row = row.parse().map_err(|_| wrong())?;
        let person = person.parse::<UserId>().map_err(|_| wrong())?;
        let value = bytes(digits).ok_or_else(wrong)?;
        let mut tx = installation.database.db().begin(&system).await?;
        let sealed =
            installation.vault.seal(&mut tx, Owner::Person(person), Place { table, column, row }, &value).await?;
        tx.commit().await?;
        let mut text = String::with_capacity(2 * sealed.len());
        for byte in sealed {
            let _ = write!(text, "{byte:02x}");
        }
        writeln!(out, "{text}")?;
    }
    installation.close().await;
    Ok(())
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
