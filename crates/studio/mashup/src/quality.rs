//! How good a piece is, measured on its exports: scores from 0 to 1, each with what was measured in words.

use eduai_compose::check::{Check, Group, mean};
use eduai_compose::model::Piece;
use eduai_genre::GenreBook;
use eduai_kernel::Text;
use eduai_music::Score as Notes;
use eduai_pedagogy::EducationalContext;
use eduai_pedagogy::model::Material;
use eduai_pedagogy::quality as pedagogy;

use crate::model::{Quality, Score};
use crate::readback::read_back;

/// What the mean of the scores must reach.
pub const OVERALL: f64 = 0.7;

/// Measures a piece and its material; besides, what is wrong in words for the log.
pub fn measure(
    piece: &Piece,
    material: &Material,
    context: &EducationalContext,
    book: &GenreBook,
    rounds: u32,
) -> (Quality, Vec<String>) {
    let back = read_back(&piece.score);
    let mut faults = back.faults;
    let notes = back.score.as_ref();
    let lines = piece.lyrics.iter().flat_map(|section| &section.lines);
    let sung: Vec<&str> = lines.map(|line| line.text.as_str()).collect();
    let taught = pedagogy::measure(material, notes, &sung, context);
    let own = |s: pedagogy::Score| Score { name: s.name, value: s.value, threshold: s.threshold, measured: s.measured };
    let mut scores = vec![exports(faults.len())];
    scores.extend(taught.scores.into_iter().map(own));
    faults.extend(taught.refuted.iter().map(|r| format!("{} is refuted: {}", r.id, r.why)));
    scores.extend(music(piece, notes.unwrap_or(&piece.score), book, &mut faults));
    let overall = scores.iter().map(|s| s.value).sum::<f64>() / scores.len().max(1) as f64;
    let passed = overall >= OVERALL && scores.iter().all(|s| s.value >= s.threshold);
    (Quality { overall, passed, rounds, scores }, faults)
}

/// The composer's measurements, put together: each counts by how near it comes to what is wanted.
fn music(piece: &Piece, notes: &Notes, book: &GenreBook, faults: &mut Vec<String>) -> Vec<Score> {
    let Some(hook) = piece.hooks.get(piece.hook) else { return Vec::new() };
    let checks = eduai_compose::check::check(notes, &piece.plan, hook, &piece.lyrics, book);
    for check in checks.iter().filter(|c| !c.passes()) {
        faults.push(format!("{} is {:.2} for {:.2}, bars {:?}", check.name, check.score, check.wanted, check.bars));
    }
    let measured = |name: &str, group: Group| {
        let of: Vec<&Check> = checks.iter().filter(|c| c.group() == group).collect();
        let passed = of.iter().filter(|c| c.passes()).count();
        let words = Text::new(
            format!("{passed} of {} measurements of the exported score reach what is wanted.", of.len()),
            format!("{passed} de {} mediciones de la partitura exportada alcanzan lo deseado.", of.len()),
        );
        score(name, mean(&checks, group), 0.9, words)
    };
    vec![measured("singability", Group::Singing), measured("musical_craft", Group::Craft)]
}

fn score(name: &str, value: f64, threshold: f64, measured: Text) -> Score {
    Score { name: name.to_owned(), value, threshold, measured }
}

fn exports(faults: usize) -> Score {
    let agree = 3_usize.saturating_sub(faults);
    let measured = Text::new(
        format!("{agree} of 3 exports (MusicXML, MIDI, ABC), read back, hold exactly the notes of the piece."),
        format!(
            "{agree} de 3 exportaciones (MusicXML, MIDI, ABC), releídas, tienen exactamente las notas de la pieza."
        ),
    );
    score("exports_agree", agree as f64 / 3.0, 1.0, measured)
}
