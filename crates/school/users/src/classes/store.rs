//! The SQL of classes.

use super::Method;
use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use jiff::Timestamp;
use jiff::civil::Date;

/// A class as it is kept.
#[derive(Clone, Debug)]
pub struct ClassRow {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub institution: InstitutionId,
    /// Whose it is.
    pub teacher: UserId,
    /// Its name.
    pub name: String,
    /// The code to sign in with.
    pub code: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many pupils it has.
    pub members: i64,
    /// The day by which all of them were born, where somebody says.
    pub born_by: Option<Date>,
    /// Counts changes.
    pub version: i32,
}

struct Row {
    id: Uuid,
    institution_id: Uuid,
    teacher_id: Uuid,
    name: String,
    code: String,
    created_at: DbTimestamp,
    members: i64,
    born_by: Option<String>,
    version: i32,
}

impl From<Row> for ClassRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            institution: InstitutionId::from_uuid(row.institution_id),
            teacher: UserId::from_uuid(row.teacher_id),
            name: row.name,
            code: row.code,
            created_at: row.created_at.to_jiff(),
            members: row.members,
            born_by: row.born_by.and_then(|day| day.parse().ok()),
            version: row.version,
        }
    }
}

/// Keeps a class; a code that is taken is refused by the constraint `class_code`.
pub async fn insert(tx: &mut Tx, row: &ClassRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.class (id, institution_id, teacher_id, name, code, created_at, born_by)
         values ($1, $2, $3, $4, $5, $6, $7::text::date)",
        row.id,
        row.institution.uuid(),
        row.teacher.uuid(),
        row.name,
        row.code,
        DbTimestamp::from(row.created_at) as _,
        row.born_by.map(|day| day.to_string()),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The class with this id, if it is the actor's.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<ClassRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, institution_id, teacher_id, name, code, created_at as "created_at: DbTimestamp",
               (select count(*) from users.class_member m where m.class_id = c.id) as "members!", born_by::text,
               version
           from users.class c where id = $1 and deleted_at is null"#,
        id
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(ClassRow::from))
}

/// The class with this code, for whoever claims it.
pub async fn with_code(tx: &mut Tx, code: &str) -> Result<Option<ClassRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, institution_id, teacher_id, name, code, created_at as "created_at: DbTimestamp", 0::bigint as "members!",
               born_by::text, version
           from users.class where code = $1 and deleted_at is null"#,
        code
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(ClassRow::from))
}

/// The actor's classes, by name.
pub async fn list(tx: &mut Tx, after: Option<(String, Uuid)>, limit: i64) -> Result<Vec<ClassRow>, sqlx::Error> {
    let (name, id) = after.unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"select id, institution_id, teacher_id, name, code, created_at as "created_at: DbTimestamp",
               (select count(*) from users.class_member m where m.class_id = c.id) as "members!", born_by::text,
               version
           from users.class c
           where deleted_at is null and ($1::text is null or (name, id) > ($1, $2))
           order by name, id limit $3"#,
        name,
        id,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(ClassRow::from).collect())
}

/// Keeps the name and the age of a class; false when it is not at its version any more.
pub async fn change(tx: &mut Tx, row: &ClassRow) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.class set name = $2, born_by = $3::text::date, version = version + 1
         where id = $1 and version = $4 and deleted_at is null",
        row.id,
        row.name,
        row.born_by.map(|day| day.to_string()),
        row.version
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a class another code; the old one is good no more.
pub async fn set_code(tx: &mut Tx, id: Uuid, code: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.class set code = $2, version = version + 1 where id = $1 and deleted_at is null",
        id,
        code
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a class; its pupils' accounts stay.
pub async fn delete(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.class set deleted_at = $2, version = version + 1 where id = $1 and deleted_at is null",
        id,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A pupil in a class as it is kept.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// The pupil.
    pub user: UserId,
    /// By what name they sign in.
    pub nickname: String,
    /// What the name looks like.
    pub skeleton: String,
    /// By what they prove who they are.
    pub method: String,
    /// The hash of it.
    pub secret_hash: String,
}

/// Adds a pupil; a nickname that looks like another is refused by the constraint `member_nickname_once`.
pub async fn insert_member(
    tx: &mut Tx,
    institution: InstitutionId,
    class: Uuid,
    member: &MemberRow,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.class_member (class_id, user_id, institution_id, nickname, skeleton, method, secret_hash)
         values ($1, $2, $3, $4, $5, $6, $7)",
        class,
        member.user.uuid(),
        institution.uuid(),
        member.nickname,
        member.skeleton,
        member.method,
        member.secret_hash,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The pupils of a class whose accounts are there, by nickname.
pub async fn members(tx: &mut Tx, class: Uuid) -> Result<Vec<MemberRow>, sqlx::Error> {
    let rows = sqlx::query!(
        "select m.user_id, m.nickname, m.skeleton, m.method, m.secret_hash
         from users.class_member m join users.account a on a.id = m.user_id
         where m.class_id = $1 and a.deleted_at is null order by m.nickname, m.user_id",
        class
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| MemberRow {
            user: UserId::from_uuid(r.user_id),
            nickname: r.nickname,
            skeleton: r.skeleton,
            method: r.method,
            secret_hash: r.secret_hash,
        })
        .collect())
}

/// Sets by what a pupil proves who they are.
pub async fn set_secret(
    tx: &mut Tx,
    class: Uuid,
    user: UserId,
    method: Method,
    hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.class_member set method = $3, secret_hash = $4 where class_id = $1 and user_id = $2",
        class,
        user.uuid(),
        method.as_str(),
        hash
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a pupil out of a class; their account stays.
pub async fn remove_member(tx: &mut Tx, class: Uuid, user: UserId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from users.class_member where class_id = $1 and user_id = $2", class, user.uuid())
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}
