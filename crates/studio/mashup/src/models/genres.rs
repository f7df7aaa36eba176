//! Genres that a model proposes for a sentence that names too few, and who leads what; the profiles check it.

use eduai_genre::{Dimension, GenreBook, GenreId, compatibility};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use super::screen::grounded;
use crate::agents::genre_analyzer::Proposal;

/// How well a proposed genre must fit the first one, by the measure of [`compatibility`].
const FITS: f64 = 0.3;
/// Most genres of a proposal.
const MOST: usize = 3;

/// The schema of an answer.
pub fn schema(book: &GenreBook) -> Value {
    let ids: Vec<&str> = book.profiles().iter().map(|profile| profile.id.as_str()).collect();
    let leads: Map<String, Value> =
        Dimension::ALL.iter().map(|d| (d.as_str().to_owned(), json!({"type": "string", "enum": ids}))).collect();
    json!({
        "type": "object", "additionalProperties": false, "required": ["genres"],
        "properties": {
            "genres": {"type": "array", "minItems": 1, "maxItems": 4, "items": {
                "type": "object", "additionalProperties": false, "required": ["id", "because"],
                "properties": {"id": {"type": "string", "enum": ids}, "because": {"type": "string", "maxLength": 300}}
            }},
            "leads": {"type": "object", "additionalProperties": false, "properties": leads}
        }
    })
}

/// The proposal of an answer: the genres that are `named` already, and those whose reason stands in the request.
///
/// # Errors
/// What is wrong with it.
pub fn judge(answer: &Value, named: &[GenreId], request: &str, book: &GenreBook) -> Result<Proposal, Vec<String>> {
    let mut genres = named.to_vec();
    let mut faults = Vec::new();
    for entry in answer["genres"].as_array().into_iter().flatten() {
        let id = GenreId(entry["id"].as_str().unwrap_or_default().to_owned());
        if genres.contains(&id) {
            continue;
        }
        let fits = |first: &GenreId| match (book.get(first), book.get(&id)) {
            (Some(first), Some(other)) => compatibility(first, other).overall >= FITS,
            _ => false,
        };
        if !grounded(request, entry["because"].as_str().unwrap_or_default()) {
            faults.push(format!("{id}: `because` does not stand in the text"));
        } else if !genres.first().is_none_or(fits) {
            faults.push(format!("{id}: does not fit {}", genres[0]));
        } else if genres.len() < MOST {
            genres.push(id);
        }
    }
    let leads: BTreeMap<Dimension, GenreId> = Dimension::ALL
        .into_iter()
        .filter_map(|d| Some((d, GenreId(answer["leads"][d.as_str()].as_str()?.to_owned()))))
        .filter(|(_, id)| genres.contains(id))
        .collect();
    if (2..=MOST).contains(&genres.len()) && genres.len() > named.len() {
        Ok(Proposal { genres, leads })
    } else {
        faults.push("two or three genres in all are wanted".to_owned());
        Err(faults)
    }
}
