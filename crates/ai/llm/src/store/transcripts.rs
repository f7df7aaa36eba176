//! Sealed transcripts.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use uuid::Uuid;

/// A transcript, sealed.
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

/// What a transcript is of. What its call was is gone where calls are kept for a shorter time.
pub struct ListedRow {
    pub id: Uuid,
    pub at: DbTimestamp,
    pub person: Option<Uuid>,
    pub key: Option<Uuid>,
    pub feature: Option<String>,
    pub provider: Option<String>,
    pub model: Option<String>,
    pub status: Option<String>,
    pub input: Option<i64>,
    pub output: Option<i64>,
}

/// Which transcripts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// This one alone.
    pub id: Option<Uuid>,
    /// Of this person alone.
    pub person: Option<Uuid>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// After this one in the list: when it was, and its id.
    pub after: Option<(Timestamp, Uuid)>,
}

/// So many of those of people and of programs, the newest first.
pub async fn list(tx: &mut Tx, wanted: &Wanted, limit: i64) -> Result<Vec<ListedRow>, sqlx::Error> {
    let at = |time: Option<Timestamp>| time.map(DbTimestamp::from);
    let rows = sqlx::query_as!(
        ListedRow,
        r#"select s.id as "id!", s.at as "at!: DbTimestamp", s.person, c.key_id as "key?",
             c.feature as "feature?", c.provider as "provider?", c.model as "model?", c.status as "status?",
             c.input_tokens as "input?", c.output_tokens as "output?"
           from (
             (select id, at, person_id as person from llm.transcript
              where ($1::uuid is null or id = $1) and ($2::uuid is null or person_id = $2)
                and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
                and ($5::timestamptz is null or (at, id) < ($5, $6::uuid))
              order by at desc, id desc limit $7)
             union all
             (select id, at, null::uuid from llm.program_transcript
              where ($1::uuid is null or id = $1) and $2::uuid is null
                and ($3::timestamptz is null or at >= $3) and ($4::timestamptz is null or at < $4)
                and ($5::timestamptz is null or (at, id) < ($5, $6::uuid))
              order by at desc, id desc limit $7)
           ) s left join llm.call c on c.id = s.id
           order by s.at desc, s.id desc limit $7"#,
        wanted.id,
        wanted.person,
        at(wanted.since) as _,
        at(wanted.until) as _,
        at(wanted.after.map(|(at, _)| at)) as _,
        wanted.after.map(|(_, id)| id),
        limit
    );
    rows.fetch_all(tx.conn()).await
}

/// One of a person.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<TranscriptRow>, sqlx::Error> {
    sqlx::query_as!(
        TranscriptRow,
        r#"select id, at as "at: DbTimestamp", prompt, answer from llm.transcript where id = $1"#,
        id
    )
    .fetch_optional(tx.conn())
    .await
}

/// One of a program.
pub async fn find_of_program(tx: &mut Tx, id: Uuid) -> Result<Option<TranscriptRow>, sqlx::Error> {
    sqlx::query_as!(
        TranscriptRow,
        r#"select id, at as "at: DbTimestamp", prompt, answer from llm.program_transcript where id = $1"#,
        id
    )
    .fetch_optional(tx.conn())
    .await
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
