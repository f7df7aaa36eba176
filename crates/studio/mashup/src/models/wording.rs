//! Other words for how a claim can be heard. A model may explain a claim, never make one: every number, bar, note, chord,
//! key and musical term of its wording must stand in the claim itself.

use eduai_genre::GenreBook;
use eduai_kernel::Language;
use eduai_pedagogy::concepts;
use eduai_pedagogy::model::Claim;
use eduai_prosody::{is_small_word, is_word};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::screen::Screen;

/// The longest hint, in characters.
const LONGEST: usize = 240;
/// How many claims one question has.
pub const AT_ONCE: usize = 6;

/// Words that count, deny or compare, and musical terms that are no concept's name. Each needs the claim's own word.
const GUARDED: &str = "one two three four five six seven eight nine ten eleven twelve sixteen twenty thirty first second third \
    fourth fifth sixth seventh eighth ninth tenth half quarter eighths sixteenth double triple dozen once twice thrice \
    not no never nothing none without neither nor only always every all faster slower louder softer higher lower longer \
    shorter highest lowest major minor dorian mixolydian phrygian lydian aeolian locrian tonic dominant subdominant chord \
    chords key keys scale scales mode note notes octave octaves interval sharp flat natural meter metre tempo bpm piano guitar \
    bass drums drum snare kick cymbal trumpet saxophone sax violin viola cello flute clarinet organ strings brass voice voices \
    singer singers band verse verses chorus bridge intro outro solo hook refrain bar bars measure measures semitone semitones \
    uno dos tres cuatro cinco seis siete ocho nueve diez once doce dieciséis veinte treinta primer primera primero segunda \
    segundo tercera tercero cuarta cuarto quinta quinto sexta séptima octava medio media doble triple vez veces no nunca nada \
    nadie ningún ninguna ni sin sólo solo siempre cada todo toda todos todas rápido lento fuerte suave agudo grave alto bajo \
    mayor menor dórico mixolidio frigio tónica dominante subdominante acorde acordes tonalidad escala escalas modo nota notas \
    intervalo sostenido bemol compás compases guitarra batería tambor caja bombo platillo trompeta saxofón violín viola chelo \
    flauta clarinete órgano cuerdas metales voz voces cantante banda estrofa estrofas estribillo puente introducción semitono \
    semitonos contrabajo teclado piano más menos do re mi fa sol la si";

/// Spanish note names are words of every sentence as well; as such they are no terms.
const HOMONYMS: [&str; 8] = ["la", "si", "mi", "solo", "bajo", "once", "key", "all"];

static TERMS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut terms: BTreeSet<String> = GUARDED.split_whitespace().map(str::to_owned).collect();
    let names = concepts::all().iter().flat_map(|entry| [&entry.name.en, &entry.name.es]);
    terms.extend(names.flat_map(|name| words(name)).filter(|word| word.chars().count() >= 4));
    if let Ok(book) = GenreBook::built_in() {
        let names = book
            .profiles()
            .iter()
            .flat_map(|p| [p.name.en.clone(), p.name.es.clone()].into_iter().chain(p.aliases.clone()));
        terms.extend(names.flat_map(|name| words(&name)).filter(|word| word.chars().count() >= 3));
    }
    for word in HOMONYMS {
        terms.remove(word);
    }
    terms
});

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The schema of an answer about these claims.
pub fn schema(claims: &[Claim]) -> Value {
    let ids: Vec<&str> = claims.iter().map(|claim| claim.id.as_str()).collect();
    json!({
        "type": "object", "additionalProperties": false, "required": ["hints"],
        "properties": {"hints": {"type": "array", "minItems": 1, "maxItems": claims.len(), "items": {
            "type": "object", "additionalProperties": false, "required": ["id", "text"],
            "properties": {"id": {"type": "string", "enum": ids}, "text": {"type": "string", "minLength": 10, "maxLength": LONGEST}}
        }}}
    })
}

/// The claims as the prompt shows them.
pub fn described(claims: &[Claim], language: Language) -> String {
    let row =
        |claim: &Claim| format!("{}: {} | {}", claim.id, claim.text.get(language), claim.listen_for.get(language));
    claims.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// The hints of an answer that word their claim and nothing else, and what is wrong with the others.
pub fn judge(
    answer: &Value,
    claims: &[Claim],
    screen: &Screen,
    language: Language,
) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut taken, mut faults) = (BTreeMap::new(), Vec::new());
    for hint in answer["hints"].as_array().into_iter().flatten() {
        let (id, text) = (hint["id"].as_str().unwrap_or_default(), hint["text"].as_str().unwrap_or_default().trim());
        let Some(claim) = claims.iter().find(|claim| claim.id == id) else { continue };
        match fault(text, claim, screen, language) {
            Some(fault) => faults.push(format!("{id}: {fault}")),
            None => {
                taken.insert(id.to_owned(), text.to_owned());
            }
        }
    }
    (taken, faults)
}

/// What is wrong with a wording.
pub fn fault(text: &str, claim: &Claim, screen: &Screen, language: Language) -> Option<String> {
    if text.contains(['\n', '\r', '<', '>', '{', '}', '`', '*', '_', '/', '@', '\\'])
        || !text.ends_with(['.', '!', '?', '…'])
    {
        return Some("one or two plain sentences are wanted".to_owned());
    }
    if let Some(fault) = screen.text_fault(text) {
        return Some(fault.to_owned());
    }
    if !screen.reads_as_language(&[text]) {
        return Some("is no sentence of the language".to_owned());
    }
    let said = format!("{} {}", claim.text.get(language), claim.listen_for.get(language));
    if genres(text).iter().any(|genre| !genres(&said).contains(genre)) {
        return Some("names a genre that the claim does not".to_owned());
    }
    let own: BTreeSet<String> = words(&said).into_iter().collect();
    let bars: BTreeSet<String> = claim.evidence.bars.iter().map(u32::to_string).collect();
    let mut tokens = text
        .split(|c: char| c.is_whitespace() || "–—-".contains(c))
        .map(|t| t.trim_matches(|c: char| !(c.is_alphanumeric() || "#♯♭°".contains(c))))
        .filter(|t| !t.is_empty());
    let unknown = tokens.find(|token| !stands(token, &own, &bars, &said, language));
    unknown.map(|token| format!("names {}, which the claim does not", super::prompt::as_data(token)))
}

/// The genres that a text names, those that have no profile included.
fn genres(text: &str) -> Vec<String> {
    let Ok(book) = GenreBook::built_in() else { return Vec::new() };
    let known = book.mentioned_in(text).into_iter().map(|id| id.0);
    known.chain(book.unknown_in(text).into_iter().map(|name| name.en)).collect()
}

/// Whether a word of a wording is plain language or the claim's own.
fn stands(token: &str, own: &BTreeSet<String>, bars: &BTreeSet<String>, said: &str, language: Language) -> bool {
    let lower = token.to_lowercase();
    if own.contains(&lower) || bars.contains(token) {
        return true;
    }
    if token.chars().any(|c| c.is_numeric() || "#♯♭°".contains(c)) {
        return said
            .split_whitespace()
            .any(|own| own.trim_matches(|c: char| !(c.is_alphanumeric() || "#♯♭°".contains(c))) == token);
    }
    // Capital letters are notes, chords and numerals; a sentence may begin with the article and the preposition.
    let short = token.chars().count() <= 3 && token.chars().all(|c| "ABCDEFGIVXm".contains(c));
    if short && !matches!(token, "A" | "I") {
        return false;
    }
    let related = |term: &str| {
        let stem = |w: &str| w.chars().take(5).collect::<String>();
        lower == term || (lower.chars().count() > 5 && term.chars().count() > 5 && stem(&lower) == stem(term))
    };
    if TERMS.iter().any(|term| related(term)) {
        return own.iter().any(|word| related(word));
    }
    is_small_word(token, language) || is_word(token, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_kernel::Text;
    use eduai_pedagogy::fact::Fact;
    use eduai_pedagogy::model::{ConceptId, Evidence};

    fn claim() -> Claim {
        Claim {
            id: "claim-1".to_owned(),
            concept: ConceptId("syncopation".to_owned()),
            text: Text::new(
                "The voice sings 3 syncopations in bars 5–6.",
                "La voz canta 3 síncopas en los compases 5–6.",
            ),
            listen_for: Text::new(
                "Tap the beat and hear the voice come early.",
                "Marca el pulso y oye cómo la voz se adelanta.",
            ),
            fact: Fact::Syncopation { part: "voice".to_owned() },
            evidence: Evidence { bars: vec![5, 6], ..Evidence::default() },
            genre: None,
        }
    }

    #[test]
    fn a_wording_names_nothing_that_its_claim_does_not() {
        let screen = Screen::new("jazz about the river", Language::En);
        let found = |text: &str| fault(text, &claim(), &screen, Language::En);
        for text in [
            "Tap the beat on your knee and hear how the voice comes early.",
            "In bars 5–6 the voice is a little ahead of you. Can you feel it?",
            "There are 3 syncopations here, so stay with the beat!",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
        for text in [
            "In bar 7 the voice comes early.",
            "There are 4 syncopations, so stay with the beat.",
            "There are four of them in the voice.",
            "The guitar comes early here.",
            "Hear the voice land on a Bb chord.",
            "Hear how it goes to G minor.",
            "It is the V of the key.",
            "The voice sings C#4 here.",
            "The voice does not come early.",
            "The voice always comes early.",
            "The flamenco in the voice comes early.",
            "The cadence makes the voice come early.",
            "The melody leaps an octave here.",
            "The tempo gets faster and the voice comes early.",
            "Visit http://example.org and tap the beat.",
            "Tap the beat\nand then more.",
            "As an AI I hear the voice come early.",
            "Escucha cómo la voz se adelanta al pulso.",
            "xqzzy florb the beat in the voice.",
            "Tap the beat and hear the voice",
        ] {
            assert!(found(text).is_some(), "{text}");
        }
        let spanish = Screen::new("jazz sobre el río", Language::Es);
        let found = |text: &str| fault(text, &claim(), &spanish, Language::Es);
        assert_eq!(found("Marca el pulso con la mano y oye cómo la voz se adelanta."), None);
        for text in
            ["En el compás 7 la voz se adelanta.", "La guitarra se adelanta al pulso.", "La voz va a sol menor."]
        {
            assert!(found(text).is_some(), "{text}");
        }
    }
}
