//! All the ways to answer badly that are known.

use super::{Upstream, Wire, chunk, cut, whole};
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// What a patient gateway asks for.
pub const MODELS: &[&str] = &[
    "good",
    "slow",
    "drip",
    "endless",
    "cut",
    "error-event",
    "bytewise",
    "half",
    "short",
    "chunks-cut",
    "head-cut",
    "closed",
    "empty",
    "not-json",
    "no-choices",
    "no-choice",
    "no-message",
    "list",
    "error-200",
    "called-json",
    "called-text",
    "called-nothing",
    "no-streams",
    "page",
    "gzip-bomb",
    "gzip-error",
    "huge",
    "huge-chunks",
    "huge-error",
    "no-http",
    "many-headers",
    "long-header",
    "endless-head",
    "endless-line",
    "once-500",
    "quiet",
    "wait",
    "status-302",
    "status-400",
    "status-401",
    "status-403",
    "status-404",
    "status-408",
    "status-413",
    "status-422",
    "status-429",
    "status-429-after-7",
    "status-429-ms-20",
    "status-429-ms-7500",
    "status-429-date",
    "status-500",
    "status-502",
    "status-503",
    "status-504",
    "status-529",
];
/// What one asks for that waits for a short time only.
pub const SLOW_MODELS: &[&str] = &["hang", "stall", "trickle", "trickle-head", "waiting", "endless-slow"];

/// Seven seconds after the time of the tests' clock.
const DATE: &str = "Fri, 15 Jan 2027 08:00:07 GMT";

impl Upstream {
    /// Answers badly, if the name says so.
    pub(super) async fn badly(
        &self,
        stream: &mut impl Wire,
        how: &str,
        streamed: bool,
        turn: usize,
    ) -> std::io::Result<bool> {
        if let Some(status) = how.strip_prefix("status-") {
            self.status(stream, status).await?;
            return Ok(true);
        }
        let json = "content-type: application/json\r\n";
        match how {
            "once-500" if turn == 0 => self.status(stream, "500").await?,
            "empty" => whole(stream, "200", "", b"").await?,
            "not-json" | "page" => whole(stream, "200", "", b"<html>hello</html>").await?,
            "no-choices" => whole(stream, "200", "", b"{\"id\":\"x\",\"hello\":\"world\"}").await?,
            "no-choice" => whole(stream, "200", "", b"{\"id\":\"x\",\"choices\":[]}").await?,
            "no-message" => whole(stream, "200", "", b"{\"choices\":[{\"index\":0}]}").await?,
            "list" => whole(stream, "200", "", b"[1,2]").await?,
            "error-200" => {
                let error = json!({"error": {"message": "Overloaded.", "type": "server_error", "code": null}});
                whole(stream, "200", "", error.to_string().as_bytes()).await?;
            }
            "half" => cut(stream, "content-length: 400\r\n", b"{\"id\":\"x\",").await?,
            "short" => {
                // The rest of the body comes after what the head promises.
                let head =
                    format!("HTTP/1.1 200 OK\r\n{json}content-length: 10\r\n\r\n{{\"id\":\"x\",\"choices\":[]}}");
                stream.write_all(head.as_bytes()).await?;
            }
            "chunks-cut" => cut(stream, "transfer-encoding: chunked\r\n", b"a\r\n{\"id\":\"x\",\r\n").await?,
            "head-cut" => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-ty").await?;
                stream.shutdown().await?;
            }
            "closed" => stream.shutdown().await?,
            "gzip-bomb" => whole(stream, "200", "content-encoding: gzip\r\n", &[31, 139, 8, 0]).await?,
            "gzip-error" => whole(stream, "500", "content-encoding: gzip\r\n", &[31, 139, 8, 0, 0xff]).await?,
            "huge" => huge(stream, &format!("200 OK\r\n{json}content-length: 52428800"), false).await?,
            "huge-chunks" => huge(stream, &format!("200 OK\r\n{json}transfer-encoding: chunked"), true).await?,
            "huge-error" => huge(stream, &format!("500 X\r\n{json}content-length: 52428800"), false).await?,
            "no-http" => stream.write_all(b"SSH-2.0-hello\r\n\r\n").await?,
            "many-headers" => {
                let headers = "x-more: 1\r\n".repeat(5_000);
                stream
                    .write_all(format!("HTTP/1.1 200 OK\r\n{headers}content-length: 2\r\n\r\n{{}}").as_bytes())
                    .await?;
            }
            "long-header" => {
                let long = "x".repeat(1 << 20);
                stream
                    .write_all(format!("HTTP/1.1 200 OK\r\nx-long: {long}\r\ncontent-length: 2\r\n\r\n{{}}").as_bytes())
                    .await?;
            }
            "endless-head" => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
                while stream.write_all(b"x-more: and more\r\n").await.is_ok() {}
            }
            "endless-line" => {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
                stream.write_all([head, "6\r\ndata: \r\n"].concat().as_bytes()).await?;
                let piece = vec![b'x'; 1 << 20];
                while chunk(stream, &piece).await.is_ok() {}
            }
            "hang" | "wait" => self.until_left(stream).await?,
            "quiet" => {
                stream
                    .write_all(
                        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
                    )
                    .await?;
                self.until_left(stream).await?;
            }
            "trickle-head" => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nx-slow: ").await?;
                self.forever(stream, b"x").await?;
            }
            "trickle" => {
                let kind = if streamed { "text/event-stream" } else { "application/json" };
                stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n\r\n").as_bytes()).await?;
                self.forever(stream, if streamed { b"d" } else { b" " }).await?;
            }
            "waiting" => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n").await?;
                self.forever(stream, b": working on it\n\n").await?;
            }
            "slow" => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                return Ok(false);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    async fn status(&self, stream: &mut impl Wire, how: &str) -> std::io::Result<()> {
        let (status, wait) = how.split_once('-').unwrap_or((how, ""));
        let extra = match wait.split_once('-') {
            Some(("after", seconds)) => format!("retry-after: {seconds}\r\n"),
            Some((_, millis)) => format!("retry-after: 1\r\nretry-after-ms: {millis}\r\n"),
            None if wait == "date" => format!("retry-after: {DATE}\r\n"),
            None => String::new(),
        };
        let code = if status == "400" { "context_length_exceeded" } else { "x" };
        let error = json!({"error": {"message": "No.", "type": "t", "param": null, "code": code}});
        whole(stream, status, &extra, error.to_string().as_bytes()).await
    }

    /// Says nothing more, until the other side has gone.
    pub(super) async fn until_left(&self, stream: &mut impl Wire) -> std::io::Result<()> {
        let gone = stream.read(&mut [0; 64]).await;
        self.left.fetch_add(1, Ordering::SeqCst);
        gone.map(|_| ())
    }

    /// Says the same again and again, until nobody hears it.
    async fn forever(&self, stream: &mut impl Wire, piece: &[u8]) -> std::io::Result<()> {
        while stream.write_all(piece).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.left.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// Fifty megabytes of nothing.
async fn huge(stream: &mut impl Wire, head: &str, chunked: bool) -> std::io::Result<()> {
    stream.write_all(format!("HTTP/1.1 {head}\r\n\r\n").as_bytes()).await?;
    let piece = vec![b' '; 1 << 20];
    for _ in 0..50 {
        if chunked {
            chunk(stream, &piece).await?;
        } else {
            stream.write_all(&piece).await?;
        }
    }
    if chunked { stream.write_all(b"0\r\n\r\n").await } else { Ok(()) }
}
