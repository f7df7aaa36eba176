//! Transcripts, where the institution keeps them: which there are, and what one says. Who opens one stands in the audit
//! log.

use super::away;
use crate::gateway::Gateway;
use crate::store::transcripts::{self as store, ListedRow, Wanted};
use crate::transcript::{self, Turn};
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Failure};
use eduai_vault::Owner;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A question and its answer, without what they say.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelTranscript {
    /// Its id, which is the call's.
    pub id: Uuid,
    /// When it was asked (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// For whom; absent where a program of the institution asked for nobody.
    #[schema(value_type = Option<Uuid>)]
    pub person_id: Option<UserId>,
    /// The name of the person, or of the program's key, where it is known.
    pub name: Option<String>,
    /// The platform's task, or `api` for a program. This and what follows is absent where the call itself is no longer on
    /// record.
    pub feature: Option<String>,
    /// Who answered.
    pub provider: Option<String>,
    /// Which model of theirs.
    pub model: Option<String>,
    /// `ok`, or what went wrong.
    pub status: Option<String>,
    /// Tokens that were read.
    pub input_tokens: Option<i64>,
    /// Tokens that were written.
    pub output_tokens: Option<i64>,
}

/// A question and its answer, opened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenedModelTranscript {
    /// Which it is.
    #[serde(flatten)]
    pub transcript: ModelTranscript,
    /// The conversation that was sent, the oldest first.
    pub question: Vec<Turn>,
    /// What came back; none where nothing did.
    pub answer: Option<Turn>,
    /// Whether there was more than is kept: 256 KiB of each.
    pub cut: bool,
}

/// Which transcripts are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct TranscriptQuery {
    /// Of this person alone.
    pub person: Option<UserId>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// After this one in the list: when it was, and its id.
    pub after: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

impl Gateway {
    /// Transcripts of the actor's institution, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn transcripts(&self, actor: &Actor, query: &TranscriptQuery) -> Result<Vec<ModelTranscript>, Failure> {
        let TranscriptQuery { person, since, until, after, limit } = *query;
        let wanted = Wanted { id: None, person: person.map(UserId::uuid), since, until, after };
        let mut tx = self.inner.db.read(actor).await.map_err(away)?;
        let rows = store::list(&mut tx, &wanted, limit).await.map_err(away)?;
        let shown = self.named(&mut tx, actor, rows).await?;
        tx.commit().await.map_err(away)?;
        Ok(shown)
    }

    /// Opens one. That it was opened, and by whom, is written down with it.
    ///
    /// # Errors
    /// When there is none, or nobody can read it any more.
    pub async fn open_transcript(&self, actor: &Actor, id: Uuid) -> Result<OpenedModelTranscript, Failure> {
        let mut tx = self.begin(actor).await?;
        let rows = store::list(&mut tx, &Wanted { id: Some(id), ..Wanted::default() }, 1).await.map_err(away)?;
        let shown = self.named(&mut tx, actor, rows).await?.into_iter().next().ok_or_else(unknown)?;
        let (row, owner) = match shown.person_id {
            Some(person) => (store::find(&mut tx, id).await, Owner::Person(person)),
            None => (store::find_of_program(&mut tx, id).await, Owner::Institution(actor.institution)),
        };
        let row = row.map_err(away)?.ok_or_else(unknown)?;
        let opened = transcript::opened(&mut tx, &self.inner.vault, owner, row).await?;
        let [prompt, answer] = opened.ok_or_else(|| {
            let detail = "Nobody can read this any more: whose it was has been erased, and the key with them.";
            Failure::not_found("transcript_erased", detail)
        })?;
        let entry = Entry::done("models.transcript_read").with(json!({ "transcript": id }));
        let entry = match shown.person_id {
            Some(person) => entry.on("user", person.uuid()),
            None => entry.on("model_transcript", id),
        };
        eduai_audit::append(&mut tx, actor, entry, self.inner.clock.now()).await?;
        tx.commit().await.map_err(away)?;
        Ok(OpenedModelTranscript {
            transcript: shown,
            question: transcript::question(&prompt),
            answer: transcript::answer(&answer),
            cut: transcript::is_cut(&prompt, &answer),
        })
    }

    /// With the names of people and keys.
    async fn named(&self, tx: &mut Tx, actor: &Actor, rows: Vec<ListedRow>) -> Result<Vec<ModelTranscript>, Failure> {
        let keys = self.key_names(tx, actor).await?;
        let mut people: Vec<UserId> = rows.iter().filter_map(|row| row.person.map(UserId::from_uuid)).collect();
        people.sort_unstable();
        people.dedup();
        let people = self.names(actor, &people).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| view(row, &people, &keys)).collect())
    }
}

fn unknown() -> Failure {
    Failure::not_found(
        "transcript_not_found",
        "There is no such transcript. It may have been kept as long as it was to be.",
    )
}

fn view(row: ListedRow, people: &super::Names, keys: &BTreeMap<Uuid, String>) -> ModelTranscript {
    let person_id = row.person.map(UserId::from_uuid);
    let name = match person_id {
        Some(person) => people.get(&person),
        None => row.key.and_then(|key| keys.get(&key)),
    };
    ModelTranscript {
        id: row.id,
        at: row.at.to_jiff(),
        person_id,
        name: name.cloned(),
        feature: row.feature,
        provider: row.provider,
        model: row.model,
        status: row.status,
        input_tokens: row.input,
        output_tokens: row.output,
    }
}
