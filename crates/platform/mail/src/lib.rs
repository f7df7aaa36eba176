//! Sends e-mail ([`Mailer`]): into a folder by default, where each message is a file that any mail program opens, or by
//! SMTP where a server is configured.
//!
//! It writes no texts and queues nothing: whoever has something to say queues a job in the transaction that makes it
//! true, and the job sends.
//!
//! Start reading at [`Mailer`].

use lettre::message::{Mailbox, header};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message in plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The address of the one who gets it.
    pub to: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Why a message was not sent. None holds a password or the text of the message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// An address that is none.
    #[error("an address cannot be written to: {0}")]
    Address(#[from] lettre::address::AddressError),
    /// The message cannot be put together.
    #[error("the message cannot be written: {0}")]
    Message(#[from] lettre::error::Error),
    /// The folder.
    #[error("the folder of messages cannot be written: {0}")]
    Folder(#[from] lettre::transport::file::Error),
    /// The folder cannot be made.
    #[error("the folder of messages {folder} cannot be made: {error}")]
    NoFolder {
        /// Which.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The server.
    #[error("the mail server does not take the message: {0}")]
    Smtp(#[from] SmtpError),
}

/// Sends messages.
#[derive(Clone, Debug)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl std::fmt::Debug for Way {
    /// Without the server's address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::Smtp(_) => f.write_str("Smtp"),
        }
    }
}

impl Mailer {
    /// Puts messages into `folder` as files, one each.
    ///
    /// # Errors
    /// When `from` is no address.
    pub fn into_folder(folder: &Path, from: &str) -> Result<Self, MailError> {
        Ok(Self { from: from.parse()?, way: Way::Folder(folder.to_owned()) })
    }

    /// Sends by the server at `url`: `smtps://user:password@mail.example` (TLS from the start),
    /// `smtp://mail.example:587?tls=required` (STARTTLS), `smtp://localhost:25` (without).
    ///
    /// # Errors
    /// When `url` names no server, or `from` is no address.
    pub fn by_smtp(url: &str, from: &str) -> Result<Self, MailError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(PATIENCE)).build();
        Ok(Self { from: from.parse()?, way: Way::Smtp(transport) })
    }

    /// Sends `message`.
    ///
    /// # Errors
    /// When the address is none, or folder or server do not take it: it may be tried again.
    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        let letter = lettre::Message::builder()
            .from(self.from.clone())
            .to(message.to.parse()?)
            .subject(one_line(&message.subject))
            .header(header::ContentType::TEXT_PLAIN)
            .body(message.text.clone())?;
        match &self.way {
            Way::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|error| MailError::NoFolder { folder: folder.clone(), error })?;
                AsyncFileTransport::<Tokio1Executor>::new(folder).send(letter).await?;
            }
            Way::Smtp(transport) => {
                transport.send(letter).await?;
            }
        }
        Ok(())
    }
}

impl Mailer {
    /// Removes the letters to `address` from the folder, where there is one; how many. What a server has taken is out of
    /// reach.
    ///
    /// # Errors
    /// When the folder cannot be read or a file not removed.
    pub async fn forget(&self, address: &str) -> Result<u64, MailError> {
        let Way::Folder(folder) = &self.way else { return Ok(0) };
        let failed = |error| MailError::NoFolder { folder: folder.clone(), error };
        let mut files = match tokio::fs::read_dir(folder).await {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(failed(error)),
        };
        let mut removed = 0;
        while let Some(file) = files.next_entry().await.map_err(failed)? {
            if file.path().extension().is_none_or(|kind| kind != "eml") {
                continue;
            }
            let text = tokio::fs::read(file.path()).await.map_err(failed)?;
            if is_to(&String::from_utf8_lossy(&text), address) {
                tokio::fs::remove_file(file.path()).await.map_err(failed)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Whether the head of a letter names this address as the one who gets it.
fn is_to(letter: &str, address: &str) -> bool {
    let head = letter.lines().take_while(|line| !line.is_empty());
    head.filter_map(|line| line.strip_prefix("To: ")).any(|to| to.trim().eq_ignore_ascii_case(address))
}

/// A subject that cannot begin another header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(to: &str, subject: &str) -> Message {
        Message {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "Hola, ¿qué tal?\nhttps://x.example".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_message_becomes_a_file_with_all_that_it_says() {
        let folder = std::env::temp_dir().join(format!("eduai-mail-{}", std::process::id()));
        let mailer = Mailer::into_folder(&folder, "EduAI <school@eduai.example>").unwrap();
        mailer.send(&message("ana@school.example", "Bienvenida\r\nBcc: thief@evil.example")).await.unwrap();
        let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
        let text = std::fs::read_to_string(file).unwrap();
        assert!(
            text.contains("To: ana@school.example") && text.contains("From: EduAI <school@eduai.example>"),
            "{text}"
        );
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "a subject is no header of its own: {text}");
        mailer.send(&message("eva@school.example", "To: ana@school.example")).await.unwrap();
        assert_eq!(mailer.forget("na@school.example").await.unwrap(), 0);
        assert_eq!(mailer.forget("Ana@school.example").await.unwrap(), 1);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "others' letters stay");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused() {
        let folder = std::env::temp_dir().join("eduai-mail-none");
        let mailer = Mailer::into_folder(&folder, "school@eduai.example").unwrap();
        for wrong in ["", "ana", "ana@school.example\r\nBcc: thief@evil.example", "a@b, c@d"] {
            assert!(mailer.send(&message(wrong, "x")).await.is_err(), "{wrong}");
        }
        assert!(Mailer::by_smtp("http://x", "school@eduai.example").is_err());
    }
}
