//! As much of an HTTP client as the measurements need: one request after another, with a cookie.

use crate::run::{Outcome, trouble};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Sends requests to one server and keeps its cookie.
pub struct Client {
    host: String,
    cookie: Option<String>,
    token: Option<String>,
    patience: Duration,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Client {
    /// A client of the server at `url`: `http://127.0.0.1:8080`.
    pub fn new(url: &str) -> Outcome<Self> {
        match url.strip_prefix("http://") {
            Some(host) => {
                Ok(Self { host: host.to_owned(), cookie: None, token: None, patience: Duration::from_mins(1) })
            }
            None => trouble(format!("{url} is not an address of a server on this machine.")),
        }
    }

    /// The same, waiting so long for an answer.
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same, for whom this token was given.
    pub fn signed_in(self, token: Option<String>) -> Self {
        Self { token, ..self }
    }

    /// Posts JSON.
    pub fn post(&mut self, path: &str, body: &str) -> Outcome<Answer> {
        self.send("POST", path, body)
    }

    /// Sends JSON.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Outcome<Answer> {
        let token = self.token.as_ref().map_or(String::new(), |token| format!("authorization: Bearer {token}\r\n"));
        let cookie = self.cookie.as_ref().map_or(String::new(), |cookie| format!("cookie: {cookie}\r\n"));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\naccept: application/json\r\n{cookie}{token}\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.write_all(request.as_bytes())?;
        let mut received = Vec::new();
        stream.read_to_end(&mut received)?;
        let text = String::from_utf8_lossy(&received);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return trouble("the server closed the connection");
        };
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        if let Some(cookie) = header(head, "set-cookie") {
            self.cookie = cookie.split(';').next().map(ToOwned::to_owned);
        }
        Ok(Answer { status, body: body.to_owned() })
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
