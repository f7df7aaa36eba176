//! Sealed transcripts.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use uuid::Uuid;

/// A person's transcript, sealed.
pub struct TranscriptRow {
    pub id: Uuid,
    pub at: DbTimestamp,
    pub prompt: Vec<u8>,
    pub answer: Vec<u8>,
}

/// Keeps one of a person.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    person: Uuid,
    at: Timestamp,
    prompt: &[u8],
    answer: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into llm.transcript (id, institution_id, person_id, at, prompt, answer)
         values ($1, app.tenant(), $2, $3, $4, $5) on conflict (id) do nothing",
        id,
        person,
        DbTimestamp::from(at) as _,
        prompt,
        answer
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps one of a program.
pub async fn insert_of_program(
    tx: &mut Tx,
    id: Uuid,
    at: Timestamp,
    prompt: &[u8],
    answer: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into llm.program_transcript (id, institution_id, at, prompt, answer)
         values ($1, app.tenant(), $2, $3, $4) on conflict (id) do nothing",
        id,
        DbTimestamp::from(at) as _,
        prompt,
        answer
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Those of a person, the oldest first.
pub async fn of_person(tx: &mut Tx, person: UserId) -> Result<Vec<TranscriptRow>, sqlx::Error> {
    sqlx::query_as!(
        TranscriptRow,
        r#"select id, at as "at: DbTimestamp", prompt, answer from llm.transcript where person_id = $1 order by at, id"#,
        person.uuid()
    )
    .fetch_all(tx.conn())
    .await
}

/// Deletes those of a person; returns how many.
pub async fn delete(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from llm.transcript where person_id = $1", person.uuid());
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Deletes those from before this time; returns how many of people and of programs.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<(u64, u64), sqlx::Error> {
    let before = DbTimestamp::from(before);
    let of_people = sqlx::query!("delete from llm.transcript where at < $1", before as _);
    let of_people = of_people.execute(tx.conn()).await?.rows_affected();
    let of_programs = sqlx::query!("delete from llm.program_transcript where at < $1", before as _);
    Ok((of_people, of_programs.execute(tx.conn()).await?.rows_affected()))
}
