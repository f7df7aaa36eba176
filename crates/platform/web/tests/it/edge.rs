//! Clients that mean to hold the server up, or to make it and a proxy before it see different requests.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own server has failed")]

use crate::server::{Answer, parse_answer, post_piece, send, send_raw, start};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const GET: &str = "GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// What comes back for these bytes, until the server closes.
async fn raw(address: SocketAddr, text: &str) -> Answer {
    send_raw(address, text.as_bytes()).await
}

/// An answer on a connection that stays open.
async fn next_answer(stream: &mut TcpStream) -> Answer {
    let mut received = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.unwrap();
        received.extend_from_slice(&part[..count]);
        let answer = parse_answer(&received);
        let length = answer.header("content-length").and_then(|text| text.parse::<usize>().ok());
        if count == 0 || length.is_some_and(|length| answer.body.len() >= length) {
            return answer;
        }
    }
}

#[tokio::test]
async fn five_hundred_half_open_connections_stop_nobody() {
    let address = start(|config| {
        config.header_timeout = Duration::from_secs(30);
        config.request_timeout = Duration::from_secs(10);
    })
    .await;
    let mut half_open = Vec::new();
    for number in 0..500 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let begun = if number % 2 == 0 { "GET / HTTP/1.1\r\nhost: loc" } else { "" };
        stream.write_all(begun.as_bytes()).await.unwrap();
        half_open.push(stream);
    }
    let begun = Instant::now();
    for _ in 0..50 {
        assert_eq!(send(address, "GET /api/v1/me", &[], b"").await.status, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    drop(half_open);
}

#[tokio::test]
async fn who_only_occupies_connections_loses_them() {
    let address = start(|config| {
        config.max_connections_per_address = 5;
        config.header_timeout = Duration::from_secs(30);
    })
    .await;
    let mut used = TcpStream::connect(address).await.unwrap();
    used.write_all(GET.as_bytes()).await.unwrap();
    assert_eq!(next_answer(&mut used).await.status, 200);
    let mut half_open = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        half_open.push(stream);
    }
    assert_eq!(send(address, "GET /api/v1/me", &[], b"").await.status, 200);
    used.write_all(GET.as_bytes()).await.unwrap();
    assert_eq!(next_answer(&mut used).await.status, 200, "who asked something is not the first to go");
    let closed = tokio::time::timeout(Duration::from_secs(1), half_open[0].read(&mut [0; 16])).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "the oldest half-open connection is closed: {closed:?}");
}

#[tokio::test]
async fn busy_connections_are_never_closed_for_others() {
    let address = start(|config| {
        config.max_connections_per_address = 2;
        config.request_timeout = Duration::from_millis(600);
    })
    .await;
    let busy = [0, 1].map(|_| tokio::spawn(async move { send(address, "GET /api/v1/slow", &[], b"").await }));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut refused = TcpStream::connect(address).await.unwrap();
    let mut text = Vec::new();
    let _ = refused.read_to_end(&mut text).await;
    let text = String::from_utf8_lossy(&text);
    assert!(text.starts_with("HTTP/1.1 503") && text.contains("too_many_connections"), "{text}");
    for answer in busy {
        assert_eq!(answer.await.unwrap().problem().1, "too_slow");
    }
}

#[tokio::test]
async fn a_head_must_come_in_time_from_the_start_and_again() {
    let address = start(|config| config.idle_timeout = Duration::from_millis(900)).await;
    // Byte by byte: each is in time, the whole is not.
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    for byte in GET.bytes() {
        if stream.write_all(&[byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    assert!(begun.elapsed() < Duration::from_secs(3));
    // A connection that says nothing at all, and one that says nothing more.
    let begun = Instant::now();
    assert_eq!(raw(address, "").await.status, 0);
    assert!((300..800).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(GET.as_bytes()).await.unwrap();
    assert_eq!(next_answer(&mut idle).await.status, 200);
    tokio::time::sleep(Duration::from_millis(600)).await;
    idle.write_all(GET.as_bytes()).await.unwrap();
    assert_eq!(next_answer(&mut idle).await.status, 200, "it may rest for longer than a head may take");
    let begun = Instant::now();
    assert_eq!(idle.read(&mut [0; 16]).await.unwrap(), 0);
    assert!((700..1_500).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_body_must_come_in_time_however_often_a_byte_comes() {
    let address = start(|config| {
        config.body_timeout = Duration::from_millis(400);
        config.request_timeout = Duration::from_secs(5);
    })
    .await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/v1/pieces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    tokio::spawn(async move {
        for _ in 0..100 {
            if writer.write_all(b" ").await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let begun = Instant::now();
    let mut text = Vec::new();
    let _ = reader.read_to_end(&mut text).await;
    let answer = parse_answer(&text);
    assert_eq!(answer.problem(), (408, "slow_body".to_owned(), String::new()));
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn only_so_many_requests_are_worked_on_at_a_time() {
    let address = start(|config| {
        config.max_in_progress = 1;
        config.request_timeout = Duration::from_secs(4);
    })
    .await;
    let slow = tokio::spawn(async move { send(address, "GET /api/v1/slow", &[], b"").await.status });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = send(address, "GET /api/v1/me", &[], b"").await;
    assert_eq!(refused.problem(), (503, "overloaded".to_owned(), String::new()));
    assert_eq!(refused.header("retry-after"), Some("2"));
    assert_eq!(slow.await.unwrap(), 503);
    assert_eq!(send(address, "GET /api/v1/me", &[], b"").await.status, 200);
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let address = start(|_| ()).await;
    let last = GET.replace("host:", "connection: close\r\nhost:");
    let answer = raw(address, &format!("{GET}{}{last}", GET.replace("/me", "/nothing"))).await;
    let whole = format!("{}{}", answer.head, answer.body);
    let statuses: Vec<&str> =
        whole.split("HTTP/1.1 ").skip(1).map(|part| part.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(statuses, ["200", "404", "200"], "{whole}");
}

/// A request that can be read in two ways is refused, and what follows it on the connection is never read.
#[tokio::test]
async fn requests_cannot_be_smuggled() {
    let address = start(|_| ()).await;
    let json = "{\"title\": \"a\"}";
    let chunked = format!("{:x}\r\n{json}\r\n0\r\n\r\n", json.len());
    let cases = [
        ("both lengths", format!("content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n{chunked}", chunked.len())),
        ("both, turned", format!("transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n{chunked}")),
        ("two lengths", format!("content-length: 14\r\ncontent-length: 4\r\n\r\n{json}")),
        ("twice the same", format!("content-length: 14\r\ncontent-length: 14\r\n\r\n{json}")),
        ("a list of lengths", format!("content-length: 14, 4\r\n\r\n{json}")),
        ("a signed length", format!("content-length: +14\r\n\r\n{json}")),
        ("another coding", format!("transfer-encoding: xchunked\r\n\r\n{chunked}")),
        ("chunked not last", format!("transfer-encoding: chunked, identity\r\n\r\n{chunked}")),
        ("chunked twice", format!("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n{chunked}")),
        ("a space before the colon", format!("transfer-encoding : chunked\r\ncontent-length: 14\r\n\r\n{json}")),
        ("a folded line", format!("x-a: b\r\n content-length: 4\r\ncontent-length: 14\r\n\r\n{json}")),
        ("a line feed alone", format!("x-a: b\ncontent-length: 14\r\n\r\n{json}")),
        ("a NUL", format!("x-a: b\0c\r\ncontent-length: 14\r\n\r\n{json}")),
        ("a carriage return", format!("x-a: b\rcontent-length: 4\r\ncontent-length: 14\r\n\r\n{json}")),
        ("two hosts", format!("host: evil.example\r\ncontent-length: 14\r\n\r\n{json}")),
        ("a chunk size that is none", "transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n".to_owned()),
        ("a negative chunk", "transfer-encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n".to_owned()),
        ("a chunk beyond all", "transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n".to_owned()),
        ("a chunk too long", format!("transfer-encoding: chunked\r\n\r\n2\r\n{json}\r\n0\r\n\r\n")),
    ];
    for (name, rest) in cases {
        let request =
            format!("POST /api/v1/pieces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{rest}");
        let begun = Instant::now();
        let answer = raw(address, &format!("{request}{GET}")).await;
        assert_eq!(answer.status, 400, "{name}: {}\n{}", answer.head, answer.body);
        assert!(!answer.body.contains("HTTP/1.1"), "{name}: {}", answer.body);
        assert!(begun.elapsed() < Duration::from_secs(3), "{name}: {:?}", begun.elapsed());
    }
    // A chunked body as it should be is taken, and is the last thing on its connection.
    let request = format!(
        "POST /api/v1/pieces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{chunked}"
    );
    let answer = raw(address, &format!("{request}{GET}")).await;
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(!answer.body.contains("HTTP/1.1"), "{}", answer.body);
}

#[tokio::test]
async fn heads_have_bounds() {
    let address = start(|_| ()).await;
    let many = "x-a: b\r\n".repeat(200);
    assert_eq!(raw(address, &format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n")).await.status, 431);
    let long = format!("GET /api/v1/pieces/list?cursor={}", "a".repeat(9_000));
    assert_eq!(send(address, &long, &[], b"").await.problem().1, "address_too_long");
    let longer = format!("GET /{}", "a".repeat(100_000));
    assert!([414, 431].contains(&send(address, &longer, &[], b"").await.status));
    assert_eq!(raw(address, "GET / HTTP/1.1\r\n\r\n").await.problem().1, "bad_host");
    assert_eq!(raw(address, "GET /a\0b HTTP/1.1\r\nhost: a\r\n\r\n").await.status, 400);
    assert_eq!(raw(address, "GET / HTTP/3.0\r\nhost: a\r\n\r\n").await.status, 400);
    for path in ["/api/v1/me%00", "/%0d%0aset-cookie:%20a", "/static/%00/../x"] {
        let refused = send(address, &format!("GET {path}"), &[], b"").await;
        assert_eq!(refused.problem(), (400, "bad_path_parameter".to_owned(), "path".to_owned()), "{path}");
    }
    assert_eq!(post_piece(address, b"{\"title\": \"still here\"}").await.status, 200);
}

#[tokio::test]
async fn numbers_beyond_all_bounds_are_refused() {
    let address = start(|_| ()).await;
    let digits = "9".repeat(400);
    for number in ["1e400", "-1e400", digits.as_str(), "-0", "-0.0", "NaN", "Infinity", "0x10", "1_000", "01"] {
        let answer = post_piece(address, format!("{{\"title\": \"a\", \"tempo_bpm\": {number}}}").as_bytes()).await;
        assert!([400, 422].contains(&answer.status), "{number}: {}", answer.body);
        assert!(!answer.problem().1.is_empty());
    }
}

/// Reads nothing of a large answer: the connection is not kept for that.
#[tokio::test]
async fn who_does_not_read_the_answer_is_cut_off() {
    let address = start(|config| config.stall_timeout = Duration::from_millis(300)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /api/v1/large HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut received = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut received)).await;
    assert!(ended.is_ok(), "the server gave up");
    assert!(received.len() < crate::server::LARGE, "{}", received.len());
}
