//! A connection as bytes: watched for heads that can be read in two ways, and for a peer that sends or takes so slowly
//! that it only means to occupy us.
//!
//! The HTTP library takes `Transfer-Encoding` for right where `Content-Length` says otherwise, and a line feed alone for
//! the end of a line, and does not tell. A proxy before us may take them the other way, and one request becomes two. So
//! the heads are looked at as they come in; it is a few comparisons for each line.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// What was seen of a connection's heads.
#[derive(Debug, Default)]
pub struct Framing {
    ambiguous: AtomicBool,
}

impl Framing {
    /// Whether a head came that two servers might read differently. It stays so: the connection is closed.
    pub fn is_ambiguous(&self) -> bool {
        self.ambiguous.load(Ordering::Relaxed)
    }
}

/// The connection.
pub struct Wire<S> {
    stream: S,
    heads: Heads,
    framing: std::sync::Arc<Framing>,
    head_timeout: Duration,
    /// Until when the head that is being read must have come.
    head_by: Option<Pin<Box<Sleep>>>,
    stall_timeout: Duration,
    /// Until when the peer must have taken something of what waits for it.
    taken_by: Option<Pin<Box<Sleep>>>,
}

impl<S> Wire<S> {
    /// The first head must have come within `head_timeout` from now, each further one from its first byte. A peer that
    /// takes nothing for `stall_timeout` of what is sent to it is gone.
    pub fn new(stream: S, framing: std::sync::Arc<Framing>, head_timeout: Duration, stall_timeout: Duration) -> Self {
        let head_by = Some(Box::pin(tokio::time::sleep(head_timeout)));
        Self { stream, heads: Heads::default(), framing, head_timeout, head_by, stall_timeout, taken_by: None }
    }

    fn look(&mut self, bytes: &[u8]) {
        self.heads.feed(bytes);
        if self.heads.ambiguous {
            self.framing.ambiguous.store(true, Ordering::Relaxed);
        }
        match (self.heads.in_head(), &self.head_by) {
            (true, None) => self.head_by = Some(Box::pin(tokio::time::sleep(self.head_timeout))),
            (false, Some(_)) => self.head_by = None,
            _ => {}
        }
    }

    /// `polled`, unless the peer has taken nothing for too long.
    fn unless_stalled<T>(&mut self, context: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.taken_by = None;
            return polled;
        }
        let timeout = self.stall_timeout;
        let deadline = self.taken_by.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        deadline.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(Ok(())) => {
                self.look(buffer.filled().get(before..).unwrap_or_default());
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => match &mut self.head_by {
                Some(deadline) => deadline.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
                None => Poll::Pending,
            },
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.unless_stalled(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.unless_stalled(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// As much of a line as is needed to know the two headers that matter, with their values.
const LINE: usize = 64;

/// Follows the heads in a stream of requests.
#[derive(Debug)]
struct Heads {
    stage: Stage,
    line: [u8; LINE],
    /// How long the line is so far, also beyond what is kept of it.
    length: usize,
    last: u8,
    any_line: bool,
    chunked: bool,
    body: Option<u64>,
    ambiguous: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Head,
    /// A body of which so many bytes are to come.
    Body(u64),
    /// After a chunked body or something that the HTTP library refuses: nothing more is read as a request.
    Blind,
}

impl Default for Heads {
    fn default() -> Self {
        Self {
            stage: Stage::Head,
            line: [0; LINE],
            length: 0,
            last: 0,
            any_line: false,
            chunked: false,
            body: None,
            ambiguous: false,
        }
    }
}

impl Heads {
    /// Whether a head has begun and not ended.
    fn in_head(&self) -> bool {
        self.stage == Stage::Head && (self.any_line || self.length > 0)
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match self.stage {
                Stage::Blind => return,
                Stage::Body(left) => {
                    let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    let left = left - taken as u64;
                    self.stage = if left == 0 { Stage::Head } else { Stage::Body(left) };
                }
                Stage::Head => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    let (part, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
                    self.extend(part);
                    bytes = rest.get(1..).unwrap_or_default();
                    if end.is_some() {
                        self.end_line();
                    }
                }
            }
        }
    }

    fn extend(&mut self, part: &[u8]) {
        if self.length < LINE {
            let taken = part.len().min(LINE - self.length);
            self.line[self.length..self.length + taken].copy_from_slice(&part[..taken]);
        }
        self.length += part.len();
        self.last = part.last().copied().unwrap_or(self.last);
    }

    fn end_line(&mut self) {
        let length = std::mem::take(&mut self.length);
        let returned = length > 0 && self.last == b'\r';
        self.ambiguous |= !returned;
        let kept = (length - usize::from(returned)).min(LINE);
        if kept == 0 {
            // Empty lines before a request are allowed.
            if self.any_line {
                self.end_head();
            }
            return;
        }
        self.any_line = true;
        let line = &self.line[..kept];
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.ambiguous |= self.chunked || self.body.is_some();
            self.chunked = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            self.ambiguous |= self.chunked || self.body.is_some();
            let value = std::str::from_utf8(value.trim_ascii()).ok();
            // What is no number is refused by the HTTP library.
            self.body = Some(value.and_then(|value| value.parse().ok()).unwrap_or(u64::MAX));
        }
    }

    fn end_head(&mut self) {
        let body = self.body.take().unwrap_or(0);
        self.stage = match std::mem::take(&mut self.chunked) {
            true => Stage::Blind,
            false if body == 0 => Stage::Head,
            false => Stage::Body(body),
        };
        self.any_line = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same however the bytes are cut.
    fn read(text: &str) -> (bool, Stage) {
        let mut whole = Heads::default();
        whole.feed(text.as_bytes());
        let mut bytewise = Heads::default();
        for byte in text.as_bytes() {
            bytewise.feed(&[*byte]);
        }
        assert_eq!((whole.ambiguous, whole.stage), (bytewise.ambiguous, bytewise.stage), "{text}");
        (whole.ambiguous, whole.stage)
    }

    #[test]
    fn requests_one_after_another_are_told_apart() {
        let get = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        let post = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na: \nb";
        assert_eq!(read(get), (false, Stage::Head));
        assert_eq!(read(&format!("\r\n{post}{get}{post}{get}")), (false, Stage::Head));
        assert_eq!(read("POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nab"), (false, Stage::Body(3)));
        assert_eq!(read("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\n\n"), (false, Stage::Blind));
        let long = format!("GET / HTTP/1.1\r\ncookie: {}\r\n\r\n", "content-length: 3".repeat(100));
        assert_eq!(read(&long), (false, Stage::Head));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_found() {
        for head in [
            "content-length: 5\r\ntransfer-encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "content-length: 5\r\ncontent-length: 5\r\n",
            "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
            "host: a\n",
        ] {
            assert!(read(&format!("POST / HTTP/1.1\r\n{head}\r\n")).0, "{head}");
        }
        assert!(read("POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\naGET / HTTP/1.1\nhost: a\r\n\r\n").0);
    }
}
