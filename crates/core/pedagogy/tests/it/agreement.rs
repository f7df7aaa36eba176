//! What is said of a chord never contradicts the symbol that is printed over its bar.

use eduai_compose::model::{Brief, Piece};
use eduai_genre::GenreBook;
use eduai_kernel::{Language, SkillLevel, Text};
use eduai_music::analysis::analyse;
use eduai_music::{Chord, ChordKind, Score};
use eduai_pedagogy::fact::{ChordAt, Fact};
use eduai_pedagogy::model::{Evidence, Item, Material, Task};
use eduai_pedagogy::{RequestFacts, context, teach};

/// All pairs of the eight genres twice, with the levels, languages and seeds in turn, and a few more.
pub fn pieces() -> impl Iterator<Item = Piece> {
    let book = GenreBook::built_in().unwrap();
    let ids = book.ids();
    let pairs: Vec<(usize, usize)> = (0..ids.len()).flat_map(|a| (a + 1..ids.len()).map(move |b| (a, b))).collect();
    assert_eq!(pairs.len(), 28);
    (0..60_usize).map(move |i| {
        let (a, b) = pairs[i % pairs.len()];
        let brief = Brief::new(
            vec![ids[a].clone(), ids[b].clone()],
            SkillLevel::ALL[(i + i / 28) % 3],
            if i % 5 == 4 { Language::Es } else { Language::En },
            9,
            1000 + i as u64,
        );
        eduai_compose::compose(&brief, book).unwrap()
    })
}

fn seventh(kind: ChordKind) -> Option<i32> {
    kind.tones().iter().find(|t| matches!(t.number, 6 | 7)).map(|t| t.semitones)
}

fn agree(one: Chord, other: Chord) -> bool {
    one.root == other.root && one.kind.triad() == other.kind.triad() && seventh(one.kind) == seventh(other.kind)
}

/// Every symbol over the stretch of a named chord agrees with it.
fn printed(score: &Score, span: &ChordAt) -> Result<(), String> {
    let mut over = score.chords.iter().filter(|c| c.at < span.to && c.at + c.duration > span.from).peekable();
    if over.peek().is_none() {
        return Err(format!("{} stands where no symbol is printed", span.chord));
    }
    match over.find(|c| !agree(c.chord, span.chord)) {
        Some(symbol) => Err(format!("{} is said at {}, {} is printed", span.chord, span.from, symbol.chord)),
        None => Ok(()),
    }
}

fn spans(fact: &Fact) -> &[ChordAt] {
    match fact {
        Fact::Chords { spans, .. } | Fact::RootFifth { spans, .. } => spans,
        _ => &[],
    }
}

/// The chord symbols in a sentence that are more than a note's name: neither `D` nor `D5`, which is a note too.
fn named(text: &str) -> Vec<Chord> {
    let plain = text.replace('♭', "b").replace('♯', "#");
    let tokens = plain.split(|c: char| c.is_whitespace() || "–,;:()\"«».?".contains(c));
    tokens
        .filter_map(|t| t.parse::<Chord>().ok())
        .filter(|c| !matches!(c.kind, ChordKind::Major | ChordKind::Power))
        .collect()
}

/// Every symbol that a sentence names is printed somewhere in the bars that it speaks of.
fn says_what_is_printed(score: &Score, text: &Text, evidence: &Evidence) -> Result<(), String> {
    let over: Vec<Chord> = score
        .chords
        .iter()
        .filter(|c| {
            let bar = |at| score.measure_at(at).map(|i| score.measures[i].number);
            let last = bar(c.at + c.duration - eduai_music::Time::new(1, 64));
            evidence.bars.iter().any(|b| bar(c.at).is_some_and(|f| f <= *b) && last.is_some_and(|l| l >= *b))
        })
        .map(|c| c.chord)
        .collect();
    for chord in [&text.en, &text.es].into_iter().flat_map(|t| named(t)) {
        if !over.contains(&chord) {
            return Err(format!("\"{}\" names {chord}; printed are {over:?}", text.en));
        }
    }
    Ok(())
}

fn item_says_what_is_printed(score: &Score, item: &Item) -> Result<(), String> {
    for proposition in item.proof.iter().filter(|p| p.holds) {
        spans(&proposition.fact).iter().try_for_each(|s| printed(score, s))?;
    }
    if matches!(item.task, Task::Matching { .. }) {
        return Ok(());
    }
    says_what_is_printed(score, &item.prompt, &item.evidence)?;
    says_what_is_printed(score, &item.explanation, &item.evidence)
}

#[test]
fn no_claim_and_no_key_contradicts_a_printed_chord_symbol() {
    let mut named_chords = 0;
    let mut with_harmony = 0;
    for piece in pieces() {
        let brief = &piece.plan.brief;
        let name = format!("{:?} {:?} {}", brief.genres, brief.level, brief.seed);
        let facts = RequestFacts { level: brief.level, genres: brief.genres.clone(), ..RequestFacts::default() };
        let made: Material = teach(&piece, &analyse(&piece.score), &[], &context(&facts));
        let score = &piece.score;
        let before = named_chords;
        for claim in &made.claims {
            named_chords += spans(&claim.fact).len();
            for span in spans(&claim.fact) {
                printed(score, span).unwrap_or_else(|why| panic!("{name}: {}: {why}", claim.text.en));
            }
            says_what_is_printed(score, &claim.text, &claim.evidence).unwrap_or_else(|why| panic!("{name}: {why}"));
            if let Fact::Key { key } = &claim.fact {
                assert_eq!(key.tonic, score.measures[0].key.tonic, "{name}");
            }
        }
        for item in &made.learning_assessment.items {
            item_says_what_is_printed(score, item).unwrap_or_else(|why| panic!("{name}: {}: {why}", item.prompt.en));
        }
        with_harmony += usize::from(named_chords > before);
    }
    // Silence would agree too: nearly every piece has chords worth naming.
    assert!(with_harmony >= 54 && named_chords >= 300, "{named_chords} chords in {with_harmony} pieces");
}
