//! Before a collector of the moment, which takes, refuses, swallows or is not there.

use super::*;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span as Sent;
use prost::Message as _;
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;
use tracing_subscriber::Registry;
use tracing_subscriber::layer::SubscriberExt as _;

/// What one request had: its headers, its spans.
type Arrived = (HashMap<String, String>, Vec<Sent>);

/// A collector that answers with these statuses in turn, the last one for ever; 0 is no answer at all.
fn collector(statuses: &'static [u16]) -> (String, Receiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (told, arrived) = channel();
    std::thread::spawn(move || {
        let mut answered = 0;
        let mut silent = Vec::new();
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            while let Some(request) = read(&mut lines) {
                let status = statuses[answered.min(statuses.len() - 1)];
                answered += 1;
                let _ = told.send(request);
                if status == 0 {
                    break;
                }
                write!(&stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").unwrap();
            }
            silent.push(stream);
        }
    });
    (address, arrived)
}

fn read(lines: &mut BufReader<std::net::TcpStream>) -> Option<Arrived> {
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) => drop(headers.insert(name.to_owned(), value.to_owned())),
            None if line.trim().is_empty() => break,
            None => drop(headers.insert("request".to_owned(), line.trim_end().to_owned())),
        }
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    lines.read_exact(&mut body).unwrap();
    let batch = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
    let scopes = batch.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    Some((headers, scopes.flat_map(|scope| scope.spans).collect()))
}

fn settings(endpoint: &str, more: &[(&str, &str)]) -> TraceSettings {
    let usual = [("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_BSP_SCHEDULE_DELAY", "20")];
    let all: HashMap<&str, &str> = usual.iter().chain(more).copied().collect();
    TraceSettings::read(&|name| all.get(name).map(|value| (*value).to_owned())).unwrap().unwrap()
}

/// Does `work` with its spans recorded; then finishes, and says how long that took.
fn traced(settings: TraceSettings, work: impl FnOnce()) -> Duration {
    let (layer, traces) = Traces::start::<Registry>(settings).unwrap();
    tracing::subscriber::with_default(Registry::default().with(layer), work);
    let begun = Instant::now();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(traces.finish());
    begun.elapsed()
}

fn all(arrived: &Receiver<Arrived>) -> HashMap<String, Sent> {
    arrived.try_iter().flat_map(|(_, spans)| spans).map(|span| (span.name.clone(), span)).collect()
}

#[test]
fn spans_arrive_with_their_parents_and_nothing_beside_them() {
    let (address, arrived) = collector(&[200]);
    let settings = settings(&address, &[("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x")]);
    traced(settings, || {
        let outer = tracing::debug_span!("outer", otel.name = "POST /a/{id}", otel.kind = "server");
        let _in = outer.enter();
        tracing::info!("a sentence for the log");
        let inner = tracing::debug_span!("inner", otel.status_code = tracing::field::Empty, count = 7_i64);
        inner.record("otel.status_code", "ERROR");
        tracing::info_span!(target: "hyper::somewhere", "theirs").in_scope(|| ());
    });
    let (headers, spans) = arrived.recv().unwrap();
    assert_eq!(headers["request"], "POST /v1/traces HTTP/1.1");
    assert_eq!(
        (headers["authorization"].as_str(), headers["content-type"].as_str()),
        ("Bearer x", "application/x-protobuf")
    );
    let (inner, outer) = (&spans[0], &spans[1]);
    assert_eq!((inner.name.as_str(), outer.name.as_str(), spans.len()), ("inner", "POST /a/{id}", 2));
    assert_eq!((&inner.trace_id, &inner.parent_span_id), (&outer.trace_id, &outer.span_id));
    assert_eq!((outer.kind, inner.status.as_ref().unwrap().code), (2, 2));
    assert!(outer.parent_span_id.is_empty() && outer.events.is_empty() && outer.attributes.is_empty());
    assert_eq!(inner.attributes.len(), 1);
}

#[test]
fn a_callers_trace_is_joined_and_its_decision_is_not() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let calls = [
        ("sampled", format!("00-{TRACE}-00f067aa0ba902b7-01")),
        ("not", format!("00-{TRACE}-00f067aa0ba902b7-00")),
        ("nonsense", format!("00-{TRACE}-me@school.example")),
        ("zero", "00-00000000000000000000000000000000-00f067aa0ba902b7-01".to_owned()),
    ];
    let ask = || {
        for (name, parent) in &calls {
            let span = tracing::debug_span!("call", otel.name = name);
            Traces::join(&span, parent);
            span.in_scope(|| ());
        }
    };
    let (address, arrived) = collector(&[200]);
    traced(settings(&address, &[]), ask);
    let spans = all(&arrived);
    for (name, joined) in [("sampled", true), ("not", true), ("nonsense", false), ("zero", false)] {
        let hex = spans[name].trace_id.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert_eq!((hex == TRACE, !spans[name].parent_span_id.is_empty()), (joined, joined), "{name}");
    }
    traced(settings(&address, &[("OTEL_TRACES_SAMPLER", "always_off")]), ask);
    assert!(all(&arrived).is_empty(), "a flag had something recorded");
}

#[test]
fn an_id_of_the_callers_choice_does_not_choose_what_is_recorded() {
    // By the ratio of its own id this trace would always be recorded.
    let parent = "00-00000000000000000000000000000001-00f067aa0ba902b7-01";
    let (address, arrived) = collector(&[200]);
    let tenth = [("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.1")];
    traced(settings(&address, &tenth), || {
        for _ in 0..1_000 {
            let outer = tracing::debug_span!("outer");
            Traces::join(&outer, parent);
            outer.in_scope(|| tracing::debug_span!("inner").in_scope(|| ()));
        }
    });
    let spans: Vec<Sent> = arrived.try_iter().flat_map(|(_, spans)| spans).collect();
    let outer = spans.iter().filter(|span| span.name == "outer").count();
    assert!((50..200).contains(&outer), "{outer} of 1000");
    assert_eq!(spans.len(), 2 * outer, "a trace was recorded in part");
}

#[test]
fn a_batch_is_sent_again_where_that_helps_and_once_where_it_does_not() {
    let (address, arrived) = collector(&[503, 200]);
    traced(settings(&address, &[]), || {
        tracing::debug_span!("patient").in_scope(|| ());
        std::thread::sleep(Duration::from_millis(1_300));
    });
    assert_eq!(arrived.try_iter().count(), 2);
    let (address, arrived) = collector(&[500, 200]);
    traced(settings(&address, &[]), || {
        tracing::debug_span!("first").in_scope(|| ());
        std::thread::sleep(Duration::from_millis(200));
        tracing::debug_span!("second").in_scope(|| ());
    });
    let names: Vec<String> = arrived.try_iter().map(|(_, spans)| spans[0].name.clone()).collect();
    assert_eq!(names, ["first", "second"]);
}

#[test]
fn a_collector_that_is_away_or_silent_costs_no_time() {
    let nowhere = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [format!("http://{nowhere}"), collector(&[0]).0] {
        let begun = Instant::now();
        let last = traced(settings(&address, &[("OTEL_BSP_MAX_QUEUE_SIZE", "16")]), || {
            for _ in 0..5_000 {
                tracing::debug_span!("unseen", some.text = "x").in_scope(|| ());
            }
            assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        });
        assert!(last < LAST + Duration::from_millis(500), "{last:?}");
    }
}
