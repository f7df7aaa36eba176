//! Checks of words and how they are set.

use super::check::{Checked, demand};
use super::{Fact, Placed, Reading, rhythm};
use crate::model::Evidence;
use eduai_kernel::Language;
use eduai_music::Time;
use eduai_music::score::Syllabic;
use eduai_prosody::{line_rhyme, scan};

/// Recomputes the fact, if it is one of words.
pub(super) fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Syllabic { part, percent } => {
            let found = syllabic_percent(reading.voice(part), evidence, reading);
            demand(found == Some(*percent), || format!("the share is {found:?}"))
        }
        Fact::Refrain { part, words, at } => refrain(reading.voice(part), words, at),
        Fact::StressOnBeat { part, syllables } => stress(part, syllables, evidence, reading),
        Fact::Rhyme { part, ends, scheme, language } => rhyme(part, ends, scheme, *language, evidence, reading),
        Fact::AabLyric { part, at, line, answer, language } => aab(reading.voice(part), at, line, answer, *language),
        _ => return None,
    })
}

/// The last word of a line in plain letters.
fn last(words: &str) -> String {
    words.rsplit(' ').next().unwrap_or_default().to_owned()
}

fn aab(voice: &[Placed<'_>], at: &[Time], line: &str, answer: &str, language: Language) -> Checked {
    let sung = |time: &Time, words: &str| {
        let start = voice.iter().position(|p| p.note.onset == *time);
        start.map(|i| plain_words(&words_from(voice, i, words.chars().count()))).unwrap_or_default()
    };
    let [one, two, three] = at else {
        return demand(false, || "three lines must be named".to_owned());
    };
    let (line, answer) = (plain_words(line), plain_words(answer));
    demand(one < two && two < three && line.contains(' ') && line != answer, || "too little is named".to_owned())?;
    let right = sung(one, &line) == line && sung(two, &line) == line && sung(three, &answer) == answer;
    demand(right, || "the lines are not sung there".to_owned())?;
    let ends = [(last(&line), 'A'), (last(&answer), 'B')];
    demand(rhyming(&ends, language)[0][1], || format!("{} and {} do not rhyme", ends[0].0, ends[1].0))
}

/// How many of a hundred notes in the bars of the evidence have a syllable; none for fewer than eight notes.
pub(crate) fn syllabic_percent(line: &[Placed<'_>], evidence: &Evidence, reading: &Reading<'_>) -> Option<u32> {
    let notes: Vec<&Placed<'_>> =
        rhythm::bars(evidence, reading).flat_map(|bar| Reading::starting_in(line, bar)).collect();
    let sung = notes.iter().filter(|p| !p.note.lyrics.is_empty()).count();
    (notes.len() >= 8).then(|| (100.0 * sung as f64 / notes.len() as f64).round() as u32)
}

/// The words sung from index `at`, as many notes as it takes to reach `length` characters, syllables joined.
fn words_from(line: &[Placed<'_>], at: usize, length: usize) -> String {
    let mut words = String::new();
    for placed in &line[at..] {
        let Some(lyric) = placed.note.lyrics.first() else { continue };
        if !words.is_empty() && matches!(lyric.place, Syllabic::Single | Syllabic::Begin) {
            words.push(' ');
        }
        words.push_str(&lyric.text);
        if words.chars().count() >= length {
            break;
        }
    }
    words
}

/// Words for comparison: lower case, letters and spaces only.
pub(crate) fn plain_words(text: &str) -> String {
    let kept: String = text.to_lowercase().chars().filter(|c| c.is_alphabetic() || *c == ' ' || *c == '\'').collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refrain(line: &[Placed<'_>], words: &str, at: &[Time]) -> Checked {
    let wanted = plain_words(words);
    demand(at.len() >= 2 && wanted.chars().count() >= 6, || "too little is named".to_owned())?;
    for time in at {
        let found = line
            .iter()
            .position(|p| p.note.onset == *time)
            .map(|i| plain_words(&words_from(line, i, words.chars().count())))
            .unwrap_or_default();
        demand(found == wanted, || format!("at {time} the words are \"{found}\""))?;
    }
    Ok(())
}

fn stress(part: &str, syllables: &[String], evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(syllables.len() >= 3 && syllables.len() == evidence.notes.len(), || "too little is named".to_owned())?;
    for (id, syllable) in evidence.notes.iter().zip(syllables) {
        let placed = reading.note(id).filter(|p| p.part.id == part);
        let right = placed.is_some_and(|p| {
            reading.weight(p.note.onset) >= 0.6
                && p.note.lyrics.first().is_some_and(|l| plain_words(&l.text) == plain_words(syllable))
        });
        demand(right, || format!("\"{syllable}\" is not on a beat"))?;
    }
    Ok(())
}

fn rhyme(
    part: &str,
    ends: &[(String, char)],
    scheme: &str,
    language: Language,
    evidence: &Evidence,
    reading: &Reading<'_>,
) -> Checked {
    let letters: String = ends.iter().map(|e| e.1).collect();
    demand(ends.len() >= 2 && letters == scheme && ends.len() == evidence.notes.len(), || {
        "the scheme does not fit its lines".to_owned()
    })?;
    for (id, (word, _)) in evidence.notes.iter().zip(ends) {
        let sung = reading.note(id).filter(|p| p.part.id == part).and_then(|p| p.note.lyrics.first());
        let right = sung.is_some_and(|l| {
            matches!(l.place, Syllabic::Single | Syllabic::End) && plain_words(word).ends_with(&plain_words(&l.text))
        });
        demand(right, || format!("the line does not end on \"{word}\""))?;
    }
    let rhymes = ends.iter().enumerate().any(|(i, a)| ends[i + 1..].iter().any(|b| a.1 == b.1));
    // A scheme says both: these lines rhyme, and those do not.
    let matrix = rhyming(ends, language);
    let kept = ends.iter().enumerate().all(|(i, a)| (i + 1..ends.len()).all(|j| (a.1 == ends[j].1) == matrix[i][j]));
    demand(rhymes && kept, || "the words do not rhyme".to_owned())
}

/// Which of the line ends rhyme with which by sound, as the tradition of the language counts it.
pub(crate) fn rhyming(ends: &[(String, char)], language: Language) -> Vec<Vec<bool>> {
    let heard: Vec<_> = ends.iter().map(|end| scan(&end.0, language)).collect();
    let row = |one: &_| heard.iter().map(|other| line_rhyme(one, other, language).keeps(language)).collect();
    heard.iter().map(row).collect()
}
