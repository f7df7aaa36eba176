//! Logs, and the start of logs and traces together.

use crate::traces::{TraceSettings, Traces};
use std::io::{IsTerminal, Write};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt};

/// What is logged unless `EDUAI_LOG` says otherwise.
const USUAL: &str = "info,sqlx=warn,hyper=warn,tower=warn";

/// How logs look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines for people.
    Lines,
    /// One JSON object a line, with the fields of all spans around the event: `span.request_id`.
    Json,
}

impl Form {
    /// What `EDUAI_LOG_FORMAT` says (`lines` or `json`); otherwise lines on a terminal and JSON elsewhere.
    pub fn from_env() -> Self {
        match std::env::var("EDUAI_LOG_FORMAT").as_deref() {
            Ok("json") => Self::Json,
            Ok("lines") => Self::Lines,
            _ if std::io::stderr().is_terminal() => Self::Lines,
            _ => Self::Json,
        }
    }
}

/// Why logs or metrics could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `EDUAI_LOG` cannot be read.
    #[error("EDUAI_LOG is not a log filter such as `info,eduai_workflow=debug`: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The thread that sends traces.
    #[error("the thread that sends traces cannot be started: {0}")]
    Thread(std::io::Error),
    /// It was started before.
    #[error("logs or metrics were started already")]
    Twice,
}

/// Starts logging to standard error, in the form and to the detail that the environment asks for (`EDUAI_LOG`,
/// `EDUAI_LOG_FORMAT`), and sending traces where settings for them are given. Once in a process.
pub fn start(traces: Option<TraceSettings>) -> Result<Option<Traces>, TelemetryError> {
    let filter = std::env::var("EDUAI_LOG").unwrap_or_else(|_| USUAL.to_owned());
    let logs = layer(Form::from_env(), &filter, std::io::stderr)?;
    let Some(settings) = traces else {
        let logs = Registry::default().with(logs);
        return tracing::subscriber::set_global_default(logs).map(|()| None).map_err(|_| TelemetryError::Twice);
    };
    let (spans, traces) = Traces::start(settings)?;
    let both = Registry::default().with(vec![logs, spans]);
    tracing::subscriber::set_global_default(both).map(|()| Some(traces)).map_err(|_| TelemetryError::Twice)
}

/// The layer that writes logs to `writer`, with secrets cut out.
fn layer<W>(form: Form, filter: &str, writer: W) -> Result<Box<dyn Layer<Registry> + Send + Sync>, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(filter)?;
    let writer = Discreet(writer);
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    Ok(match form {
        Form::Lines => {
            layer.compact().with_target(false).with_ansi(std::io::stderr().is_terminal()).with_filter(filter).boxed()
        }
        Form::Json => layer.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed(),
    })
}

/// Cuts secrets out of whatever is written.
struct Discreet<W>(W);

/// One line on its way; it is written when it is whole.
struct Line<W: Write> {
    text: Vec<u8>,
    to: W,
}

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for Discreet<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        Line { text: Vec::new(), to: self.0.make_writer() }
    }
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        self.text.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let text = std::mem::take(&mut self.text);
        match std::str::from_utf8(&text) {
            Ok(text) => self.to.write_all(without_secrets(text).as_bytes())?,
            Err(_) => self.to.write_all(&text)?,
        }
        self.to.flush()
    }
}

impl<W: Write> Drop for Line<W> {
    fn drop(&mut self) {
        // A log that cannot be written has nobody to complain to.
        let _ = self.flush();
    }
}

/// `text` without passwords in URLs (`postgres://user:…@host`) and without the values of parameters and fields that
/// are secrets by their name.
pub fn without_secrets(text: &str) -> String {
    let text = without_url_passwords(text);
    let names = ["password", "token", "secret", "api_key", "authorization", "cookie"];
    names.iter().fold(text, |text, name| without_value_of(&text, name))
}

fn without_url_passwords(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        kept.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "/\"'?#<>".contains(c)).unwrap_or(after.len());
        let authority = after.get(..end).unwrap_or_default();
        match authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => {
                kept.push_str(user);
                kept.push_str(":***@");
                kept.push_str(host);
            }
            None => kept.push_str(authority),
        }
        rest = after.get(end..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// Cuts out what follows `name=`, `name":"` or `name: `.
fn without_value_of(text: &str, name: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (mut kept, mut done) = (String::with_capacity(text.len()), 0);
    for (at, _) in lower.match_indices(name) {
        let after = at + name.len();
        let Some(rest) = text.get(after..).filter(|_| at >= done) else { continue };
        let opening = rest.find(|c: char| !"\"'=: ".contains(c)).unwrap_or(rest.len());
        if opening == 0 || !rest.get(..opening).is_some_and(|mark| mark.contains(['=', ':'])) {
            continue;
        }
        let value = rest.get(opening..).unwrap_or_default();
        let end = value.find(|c: char| c.is_whitespace() || "\"'&,;}".contains(c)).unwrap_or(value.len());
        kept.push_str(text.get(done..after + opening).unwrap_or_default());
        kept.push_str("***");
        done = after + opening + end;
    }
    kept.push_str(text.get(done..).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(part);
            Ok(part.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(form: Form, work: impl FnOnce()) -> String {
        let written = Shared::default();
        let writer = written.clone();
        let logs = Registry::default().with(layer(form, "info", move || writer.clone()).unwrap());
        tracing::subscriber::with_default(logs, work);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_carries_the_request_of_the_span() {
        let text = logged(Form::Json, || {
            let span = tracing::info_span!("request", request_id = "r-1");
            span.in_scope(|| tracing::info!(steps = 7, "done"));
            tracing::debug!("too detailed");
        });
        let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!((&line["message"], &line["steps"]), (&"done".into(), &7.into()));
        assert_eq!(line["span"]["request_id"], "r-1");
    }

    #[test]
    fn secrets_do_not_reach_the_log() {
        for form in [Form::Lines, Form::Json] {
            let text =
                logged(form, || tracing::info!(url = "postgres://me:hunter2@db/x", token = "abc123", "connecting"));
            assert!(!text.contains("hunter2") && !text.contains("abc123"), "{text}");
            assert!(text.contains("me:***@db/x"), "{text}");
        }
    }

    #[test]
    fn only_secrets_are_cut_out() {
        let cases = [
            (
                "postgres://u:p@h:5432/d and http://h/a?token=t&x=1",
                "postgres://u:***@h:5432/d and http://h/a?token=***&x=1",
            ),
            ("the token was refused", "the token was refused"),
            ("{\"password\":\"p w\"}", "{\"password\":\"*** w\"}"),
            ("https://example.org/a@b:c", "https://example.org/a@b:c"),
            ("Authorization: Bearer", "Authorization: ***"),
            ("ü token=ü", "ü token=***"),
        ];
        for (given, expected) in cases {
            assert_eq!(without_secrets(given), expected);
        }
    }

    #[test]
    fn a_wrong_filter_is_an_error() {
        assert!(matches!(layer(Form::Json, "info,x=loudly", std::io::stderr), Err(TelemetryError::Filter(_))));
    }
}
