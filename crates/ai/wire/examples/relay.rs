//! How long the short way takes: nanoseconds for a body of 1 kB and of 20 kB, and for a stream of 66 events.
//!
//! `cargo run --release -p eduai-wire --example relay`

use bytes::Bytes;
use eduai_wire::relay::{Watch, look, rewrite};
use eduai_wire::{Dialect, openai};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

/// The median of 41 rounds of a thousand.
fn nanoseconds(mut work: impl FnMut()) -> f64 {
    const ROUND: u32 = 1_000;
    let mut rounds: Vec<f64> = (0..41)
        .map(|_| {
            let start = Instant::now();
            (0..ROUND).for_each(|_| work());
            start.elapsed().as_nanos() as f64 / f64::from(ROUND)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}

/// A conversation of turns of 200 letters, as long as this.
fn body(length: usize, stream: bool) -> Bytes {
    let turn =
        "Write eight bars in D major, \\\"dolce\\\", for a class of ten-year-olds who know four notes. ".repeat(2);
    let mut text =
        format!(r#"{{"model":"gpt-5-mini","stream":{stream},"temperature":0.7,"max_tokens":300,"messages":["#);
    for number in 0.. {
        let role = if number % 2 == 0 { "user" } else { "assistant" };
        let _ = write!(text, r#"{{"role":"{role}","content":"{turn}"}}"#);
        if text.len() >= length {
            break;
        }
        text.push(',');
    }
    text.push_str("]}");
    Bytes::from(text)
}

fn chunk(delta: &str, finish: &str) -> String {
    format!(
        "data: {{\"id\":\"chatcmpl-9\",\"object\":\"chat.completion.chunk\",\"created\":1760000001,\"model\":\"gpt-5-mini\",\
         \"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}],\"usage\":null}}\n\n"
    )
}

/// 66 events, each in a piece of its own.
fn stream() -> Vec<Bytes> {
    let mut events = vec![chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null")];
    events.extend((0..62).map(|_| chunk("{\"content\":\" tonic\"}", "null")));
    events.push(chunk("{}", "\"stop\""));
    events.push(
        "data: {\"id\":\"chatcmpl-9\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":62,\"total_tokens\":81}}\n\n"
            .to_owned(),
    );
    events.push("data: [DONE]\n\n".to_owned());
    events.into_iter().map(Bytes::from).collect()
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for length in [1_000, 20_000] {
        for stream in [false, true] {
            let body = body(length, stream);
            let took = nanoseconds(|| {
                let _ = black_box(rewrite(black_box(&body), "gpt-5-mini-2025-08-07", true));
            });
            writeln!(out, "request of {:>6} bytes, stream {stream:<5}: {took:>8.0} ns", body.len())?;
        }
        let body = body(length, false);
        let took = nanoseconds(|| {
            let _ = black_box(openai::read_request(black_box(&body)).map(|chat| openai::write_request(&chat)));
        });
        writeln!(out, "the same, read whole and written: {took:>8.0} ns")?;
    }
    let reply = include_bytes!("../tests/it/data/openai/reply.json");
    let took = nanoseconds(|| {
        let _ = black_box(look(Dialect::OpenAi, black_box(reply)));
    });
    writeln!(out, "whole answer of {} bytes, looked at: {took:>8.0} ns", reply.len())?;
    let events = stream();
    let whole: Bytes = events.concat().into();
    for (name, pieces) in [("66 pieces", events), ("one piece", vec![whole])] {
        for drop_usage in [false, true] {
            let took = nanoseconds(|| {
                let mut watch = Watch::new(Dialect::OpenAi, drop_usage);
                for piece in &pieces {
                    black_box(watch.pass(black_box(piece).clone()));
                }
                black_box(watch.finish());
            });
            writeln!(out, "stream of 66 events in {name}, usage dropped {drop_usage:<5}: {took:>8.0} ns")?;
        }
    }
    Ok(())
}
