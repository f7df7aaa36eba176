//! The crate as others see it.

mod crossing;
mod dialects;
mod gemini;
mod hostile;
mod openai;
mod relay;
mod round;
mod round_gemini;

use eduai_wire::Delta;

/// The text of an answer that was written step by step.
fn text_of(deltas: &[Delta]) -> String {
    deltas.iter().filter_map(|d| if let Delta::Text(text) = d { Some(text.as_str()) } else { None }).collect()
}
