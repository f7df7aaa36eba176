//! A provider that is made up: it answers as the model's name says, well or badly ([`badly`]), and writes down what it
//! would charge.

mod badly;

use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub use badly::{MODELS, SLOW_MODELS};

/// A connection, with TLS or without.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// The tokens of every good answer.
pub const INPUT: u64 = 42;
pub const CACHED: u64 = 12;
pub const OUTPUT: u64 = 7;

/// The provider.
#[derive(Clone)]
pub struct Upstream {
    pub port: u16,
    /// Questions that came.
    pub asked: Arc<AtomicUsize>,
    /// Connections that came.
    pub connected: Arc<AtomicUsize>,
    /// Streams whose reader went away before their end.
    pub left: Arc<AtomicUsize>,
    /// Input, cached and output tokens of each answer that was given to its end.
    pub charged: Arc<Mutex<Vec<(u64, u64, u64)>>>,
    /// Bodies of questions.
    pub bodies: Arc<Mutex<Vec<Value>>>,
}

impl Upstream {
    pub async fn start() -> Self {
        Self::serving(None).await
    }

    /// One that speaks TLS, with a certificate of the moment for this name; and that certificate (PEM).
    pub async fn start_tls(name: &str) -> (Self, String) {
        let own = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        (Self::serving(Some(TlsAcceptor::from(Arc::new(config)))).await, own.cert.pem())
    }

    async fn serving(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self {
            port: listener.local_addr().unwrap().port(),
            asked: Arc::default(),
            connected: Arc::default(),
            left: Arc::default(),
            charged: Arc::default(),
            bodies: Arc::default(),
        };
        let own = upstream.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                own.connected.fetch_add(1, Ordering::SeqCst);
                let (own, tls) = (own.clone(), tls.clone());
                tokio::spawn(async move {
                    let _ = match tls {
                        Some(tls) => match tls.accept(stream).await {
                            Ok(mut stream) => own.serve(&mut stream).await,
                            Err(error) => Err(error),
                        },
                        None => own.serve(&mut { stream }).await,
                    };
                });
            }
        });
        upstream
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits until somebody has gone away before the answer's end.
    pub async fn left(&self) {
        tokio::time::timeout(Duration::from_secs(30), async {
            while self.left.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .unwrap();
    }

    /// Waits until so many questions came.
    pub async fn asked_for(&self, questions: usize) {
        tokio::time::timeout(Duration::from_secs(30), async {
            while self.asked() < questions {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .unwrap();
    }

    async fn serve(&self, stream: &mut impl Wire) -> std::io::Result<()> {
        loop {
            let Some(question) = read(stream).await? else { return Ok(()) };
            let turn = self.asked.fetch_add(1, Ordering::SeqCst);
            self.bodies.lock().unwrap().push(question.clone());
            let how = question["model"].as_str().unwrap_or_default().to_owned();
            let streamed = question["stream"] == true;
            if !self.badly(stream, &how, streamed, turn).await? {
                self.well(stream, &how, streamed).await?;
            }
        }
    }

    fn charge(&self) {
        self.charged.lock().unwrap().push((INPUT, CACHED, OUTPUT));
    }

    /// The questions that came for answers, and those that came for vectors.
    pub fn chats_and_embeddings(&self) -> (usize, usize) {
        let bodies = self.bodies.lock().unwrap();
        let embeddings = bodies.iter().filter(|body| !body["input"].is_null()).count();
        (bodies.len() - embeddings, embeddings)
    }

    async fn well(&self, stream: &mut impl Wire, how: &str, streamed: bool) -> std::io::Result<()> {
        if how.starts_with("embed") {
            return self.vector(stream).await;
        }
        if how == "echo" {
            return self.echo(stream, streamed).await;
        }
        if !streamed || how == "no-streams" {
            self.charge();
            let body = chat().to_string();
            if how == "bytewise" {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                for byte in head.bytes().chain(body.bytes()) {
                    stream.write_all(&[byte]).await?;
                    tokio::task::yield_now().await;
                }
                return Ok(());
            }
            return whole(stream, "200", "", body.as_bytes()).await;
        }
        self.stream(stream, how).await
    }

    /// A direction in the plane: the number in the text is its angle, in degrees.
    async fn vector(&self, stream: &mut impl Wire) -> std::io::Result<()> {
        let text = self.bodies.lock().unwrap().last().unwrap()["input"][0].as_str().unwrap().to_owned();
        let number = text.split(' ').find_map(|word| word.parse::<f64>().ok()).unwrap_or_default();
        let (y, x) = number.to_radians().sin_cos();
        let body = json!({"object": "list", "model": "embed", "usage": {"prompt_tokens": 4, "total_tokens": 4},
            "data": [{"object": "embedding", "index": 0, "embedding": [3.0 * x, 3.0 * y]}]});
        whole(stream, "200", "", body.to_string().as_bytes()).await
    }

    /// Says what was said to it; a stream says it in pieces of three letters.
    async fn echo(&self, stream: &mut impl Wire, streamed: bool) -> std::io::Result<()> {
        let said = self.bodies.lock().unwrap().last().unwrap()["messages"][0]["content"].as_str().unwrap().to_owned();
        if !streamed {
            let mut body = chat();
            body["choices"][0]["message"]["content"] = said.into();
            return whole(stream, "200", "", body.to_string().as_bytes()).await;
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).await?;
        for piece in said.as_bytes().chunks(3) {
            let event = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                "choices": [{"index": 0, "delta": {"content": String::from_utf8_lossy(piece)}, "finish_reason": null}]});
            chunk(stream, format!("data: {event}\n\n").as_bytes()).await?;
        }
        self.end(stream).await
    }

    async fn end(&self, stream: &mut impl Wire) -> std::io::Result<()> {
        let usage = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [],
            "usage": usage()});
        let stop = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
        self.charge();
        chunk(stream, format!("data: {stop}\n\ndata: {usage}\n\ndata: [DONE]\n\n").as_bytes()).await?;
        stream.write_all(b"0\r\n\r\n").await
    }

    async fn stream(&self, stream: &mut impl Wire, how: &str) -> std::io::Result<()> {
        let kind = match how {
            "called-json" => "content-type: application/json\r\n",
            "called-text" => "content-type: text/plain; charset=utf-8\r\n",
            "called-nothing" => "",
            _ => "content-type: text/event-stream\r\n",
        };
        let head = format!("HTTP/1.1 200 OK\r\n{kind}transfer-encoding: chunked\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        let events: u32 = if how.starts_with("endless") { u32::MAX } else { 6 };
        for number in 0..events {
            let event = json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                "choices": [{"index": 0, "delta": {"content": "word "}, "finish_reason": null}]});
            let text = format!("data: {event}\n\n");
            if how == "bytewise" {
                for byte in text.bytes() {
                    chunk(stream, &[byte]).await?;
                }
            } else if chunk(stream, text.as_bytes()).await.is_err() {
                self.left.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
            match how {
                "cut" if number == 2 => return stream.shutdown().await,
                "stall" if number == 2 => return self.until_left(stream).await,
                "error-event" if number == 2 => {
                    let error = json!({"error": {"message": "overloaded", "type": "server_error", "code": null}});
                    chunk(stream, format!("data: {error}\n\n").as_bytes()).await?;
                    return stream.shutdown().await;
                }
                "drip" | "endless" | "endless-slow" => tokio::time::sleep(Duration::from_millis(20)).await,
                _ => {}
            }
        }
        self.end(stream).await
    }
}

fn usage() -> Value {
    json!({"prompt_tokens": INPUT, "completion_tokens": OUTPUT, "total_tokens": INPUT + OUTPUT,
        "prompt_tokens_details": {"cached_tokens": CACHED}})
}

fn chat() -> Value {
    json!({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hello."}, "finish_reason": "stop"}],
        "usage": usage(), "unknown_member": {"kept": true}})
}

async fn whole(stream: &mut impl Wire, status: &str, extra: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{extra}content-length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).await
}

async fn cut(stream: &mut impl Wire, extra: &str, body: &[u8]) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{extra}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).await?;
    stream.shutdown().await
}

async fn chunk(stream: &mut impl Wire, bytes: &[u8]) -> std::io::Result<()> {
    let framed = [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    stream.write_all(&framed).await
}

/// A question's body; none when the connection ends.
async fn read(stream: &mut impl Wire) -> std::io::Result<Option<Value>> {
    let mut all = Vec::new();
    let mut buffer = vec![0; 16_384];
    loop {
        if let Some(head) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&all[..head]).to_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if all.len() >= head + 4 + length.unwrap_or(0) {
                return Ok(Some(serde_json::from_slice(&all[head + 4..]).unwrap_or_default()));
            }
        }
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(None);
        }
        all.extend_from_slice(&buffer[..count]);
    }
}
