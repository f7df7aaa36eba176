//! What was asked and answered, kept where the institution's settings say so (`log_prompts`) and nowhere else: sealed,
//! with the key of the person for whom it was asked, or with the institution's for its programs. Erasing a person makes
//! theirs unreadable for ever.

mod said;

pub use said::{Turn, answer, is_cut, question};

use crate::store::transcripts::{self as store, TranscriptRow};
use bytes::Bytes;
use eduai_db::Tx;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_vault::fields::Sealed;
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault, VaultError};
use jiff::Timestamp;

/// So much of a question, and of an answer, is kept, in bytes.
const MOST: usize = 256 << 10;

/// Transcripts of people.
pub const OF_PEOPLE: &str = "llm.transcript";
/// Transcripts of programs.
pub const OF_PROGRAMS: &str = "llm.program_transcript";

/// What the vault keeps of them.
pub const SEALED: [SealedColumn; 4] = [
    sealed(OF_PEOPLE, "prompt", ColumnOwner::Person("person_id")),
    sealed(OF_PEOPLE, "answer", ColumnOwner::Person("person_id")),
    sealed(OF_PROGRAMS, "prompt", ColumnOwner::Institution),
    sealed(OF_PROGRAMS, "answer", ColumnOwner::Institution),
];

const fn sealed(table: &'static str, column: &'static str, owner: ColumnOwner) -> SealedColumn {
    SealedColumn { table, column, row: "id", owner }
}

/// One question and its answer, as the caller saw them.
#[derive(Clone, Debug)]
pub struct Transcript {
    prompt: Bytes,
    answer: Vec<u8>,
}

impl Transcript {
    /// Of this question.
    pub fn of(prompt: &Bytes) -> Self {
        // A piece of a larger buffer would keep all of it.
        Self { prompt: Bytes::copy_from_slice(&prompt[..prompt.len().min(MOST)]), answer: Vec::new() }
    }

    /// More of the answer has come.
    pub fn heard(&mut self, piece: &[u8]) {
        let room = MOST - self.answer.len();
        self.answer.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    /// How much memory it takes, about.
    pub fn size(&self) -> usize {
        self.prompt.len() + self.answer.len()
    }
}

/// Keeps the transcript of a call. Of somebody who was erased meanwhile nothing is kept.
///
/// # Errors
/// The database's own.
pub async fn keep(
    tx: &mut Tx,
    vault: &Vault,
    institution: InstitutionId,
    (call, at, person): (Uuid, Timestamp, Option<Uuid>),
    transcript: &Transcript,
) -> Result<(), sqlx::Error> {
    let (table, owner) = match person {
        Some(person) => (OF_PEOPLE, Owner::Person(UserId::from_uuid(person))),
        None => (OF_PROGRAMS, Owner::Institution(institution)),
    };
    let place = |column| Place { table, column, row: call };
    let texts = [(place("prompt"), transcript.prompt.as_ref()), (place("answer"), transcript.answer.as_slice())];
    let [prompt, answer] = match vault.seal_all(tx, owner, texts).await {
        Ok(sealed) => sealed,
        Err(VaultError::Shredded) => return Ok(()),
        Err(VaultError::Database(error)) => return Err(error),
        Err(error) => {
            // What cannot be sealed is not kept, and the call's costs are written down all the same.
            tracing::error!(%error, "a transcript cannot be sealed");
            return Ok(());
        }
    };
    match person {
        Some(person) => store::insert(tx, call, person, at, &prompt, &answer).await,
        None => store::insert_of_program(tx, call, at, &prompt, &answer).await,
    }
}

/// Question and answer of a transcript, as they came; none when nobody can read them any more, because whose they were
/// was erased.
///
/// # Errors
/// The vault's.
pub async fn opened(
    tx: &mut Tx,
    vault: &Vault,
    owner: Owner,
    row: TranscriptRow,
) -> Result<Option<[Vec<u8>; 2]>, VaultError> {
    let table = match owner {
        Owner::Person(_) => OF_PEOPLE,
        Owner::Institution(_) => OF_PROGRAMS,
    };
    let sealed = |column, value| Sealed { owner, place: Place { table, column, row: row.id }, value };
    match vault.open_all(tx, [sealed("prompt", row.prompt), sealed("answer", row.answer)]).await {
        Ok(texts) => Ok(Some(texts)),
        Err(VaultError::Shredded) => Ok(None),
        Err(error) => Err(error),
    }
}
