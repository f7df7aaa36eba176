//! What can go wrong in asking for a run.

use crate::graph::GraphFault;
use eduai_kernel::{Failure, FailureKind};
use eduai_vault::VaultError;

/// Why something could not be done with a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such run, or it is not the actor's to see.
    #[error("there is no such run")]
    NotFound,
    /// The graph is not registered in this process.
    #[error("the graph {0} is not known here")]
    NoSuchGraph(String),
    /// The graph itself is wrong.
    #[error(transparent)]
    Graph(#[from] GraphFault),
    /// The question is answered already, or was never asked.
    #[error("the question is not open")]
    NotOpen,
    /// The run was begun by a newer version of the program, which has to go on with it.
    #[error("the run belongs to a newer version of the program")]
    Newer,
    /// The run is over.
    #[error("the run is over")]
    Over,
    /// What is stored does not fit the types, or the input cannot be stored.
    #[error("the run's data cannot be read or written: {0}")]
    Data(#[from] serde_json::Error),
    /// What is stored cannot be sealed or opened: its subject was erased, say.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found("session_not_found", "There is no such session."),
            Error::NotOpen => {
                Self::new(FailureKind::Conflict, "question_not_open", "The question is not open (any more).")
            }
            Error::Over => Self::new(FailureKind::Conflict, "session_over", "The session is over."),
            Error::Newer => Self::new(
                FailureKind::Unavailable,
                "session_of_newer_version",
                "The session was begun by a newer version of the program. Please try again shortly.",
            ),
            Error::Vault(error) => error.into(),
            Error::Database(error) => eduai_db::failure(&error),
            Error::NoSuchGraph(_) | Error::Graph(_) | Error::Data(_) => {
                tracing::error!(%error, "workflow");
                Self::new(FailureKind::Internal, "internal", "Something went wrong on our side.")
            }
        }
    }
}
