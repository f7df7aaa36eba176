//! People to test with.

use crate::{TestDb, TestError};
use eduai_db::DEMONSTRATION;
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Role};

/// The user with this number; the same number is the same user.
pub fn user(number: u64) -> UserId {
    UserId::from_uuid(sqlx::types::Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0001_0000_0000 + number))
}

/// A visitor in the demonstration institution; another number is another visitor.
pub fn guest(number: u64) -> Actor {
    Actor { institution: DEMONSTRATION, user: user(number), role: Role::Guest }
}

/// A teacher of the demonstration institution.
pub fn teacher() -> Actor {
    Actor { institution: DEMONSTRATION, user: user(900), role: Role::Teacher }
}

/// The program, in the demonstration institution.
pub fn system() -> Actor {
    Actor::system(DEMONSTRATION)
}

/// Makes a second school, whose id is derived from its name.
pub async fn school(db: &TestDb, name: &str) -> Result<InstitutionId, TestError> {
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
    let id = sqlx::types::Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | (hash >> 2));
    let mut tx = db.owner().await?;
    sqlx::query("select set_config('app.tenant', $1, true)").bind(id.to_string()).execute(&mut *tx).await?;
    sqlx::query("insert into platform.institution (id, name, kind, privacy) values ($1, $2, 'k12', 'standard')")
        .bind(id)
        .bind(name)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(InstitutionId::from_uuid(id))
}
