//! Which of a model's lines may be sung: by number of syllables, stress, rhyme, and what a class may read.

use eduai_kernel::Language;
use eduai_prosody::{Line, LineFault, Stress, line_rhyme, repair_line};
use std::collections::{BTreeMap, BTreeSet};

use super::{Proposed, Sheet};
use crate::models::screen::Screen;

/// The share of stresses that must lie as in the section that is sung to the same notes.
const STRESSES_ALIKE: f64 = 0.6;

/// What came of a section's lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The lines that may be sung, by their index.
    pub taken: BTreeMap<usize, Line>,
    /// How many of those were mended (a contraction, a filler word less).
    pub mended: u32,
    /// What is wrong with the others, by their index, in words for whoever wrote them.
    pub faults: BTreeMap<usize, String>,
}

/// Judges the proposed lines of a section. Lines that rhyme stand or fall together: where one cannot be had, the
/// program's own line takes its place if it rhymes with the others, and else all of them are the program's own.
pub fn judge(sheet: &Sheet, proposed: &Proposed, screen: &Screen, language: Language) -> Judged {
    let mut judged = Judged::default();
    let mut mended: BTreeSet<usize> = BTreeSet::new();
    let mut single: BTreeMap<usize, Line> = BTreeMap::new();
    let mut said: BTreeSet<String> = sheet.slots.iter().map(|slot| slot.line.text().to_lowercase()).collect();
    for (index, slot) in sheet.slots.iter().enumerate().filter(|(_, slot)| slot.is_open()) {
        let Some(text) = proposed.get(&(index + 1)) else {
            judged.faults.insert(index, fault(index, language, ("is missing", "falta")));
            continue;
        };
        match line(slot, text, screen, language) {
            Err(why) => {
                judged.faults.insert(index, why_of(index, language, &why));
            }
            Ok(found) if !said.insert(found.text().to_lowercase()) => {
                judged.faults.insert(index, fault(index, language, ("is there already", "ya está")));
            }
            Ok(found) => {
                if found.text() != text.trim() {
                    mended.insert(index);
                }
                single.insert(index, found);
            }
        }
    }
    rhymes(sheet, single, language, &mut judged);
    let texts: Vec<String> = judged.taken.values().map(Line::text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let noise = || !screen.knows_the_language(proposed.values().map(String::as_str));
    if !texts.is_empty() && (noise() || !screen.reads_as_language(&texts)) {
        for index in std::mem::take(&mut judged.taken).into_keys() {
            judged.faults.insert(
                index,
                fault(index, language, ("is no sentence of the language", "no es una frase del idioma")),
            );
        }
    }
    judged.mended = judged.taken.keys().filter(|index| mended.contains(index)).count() as u32;
    say_again(sheet, &mut judged.taken);
    judged
}

/// Why a line cannot stand alone.
enum Why {
    Syllables(usize, (usize, usize)),
    Stress,
    Text(&'static str),
}

fn line(slot: &super::Slot, text: &str, screen: &Screen, language: Language) -> Result<Line, Why> {
    if let Some(fault) = screen.line_fault(text) {
        return Err(Why::Text(fault));
    }
    let repair = repair_line(text, slot.syllables, None, language);
    if let Some(fault) = repair.faults.first() {
        return Err(match fault {
            LineFault::TooShort | LineFault::TooLong => Why::Syllables(repair.line.syllable_count(), slot.syllables),
            LineFault::Empty | LineFault::Unsuitable | LineFault::NoRhyme => Why::Text("cannot be sung"),
        });
    }
    if slot.paired && alike(&repair.line, &slot.line) < STRESSES_ALIKE {
        return Err(Why::Stress);
    }
    Ok(repair.line)
}

/// The share of syllables that are stressed in both lines or in neither.
fn alike(a: &Line, b: &Line) -> f64 {
    let (a, b) = (a.stresses(), b.stresses());
    let strong = |s: &Stress| *s == Stress::Primary;
    let same = a.iter().zip(&b).filter(|(x, y)| strong(x) == strong(y)).count();
    same as f64 / a.len().max(b.len()).max(1) as f64
}

/// Takes the lines that rhyme where they should.
fn rhymes(sheet: &Sheet, single: BTreeMap<usize, Line>, language: Language, judged: &mut Judged) {
    let letters: BTreeSet<Option<char>> = sheet.slots.iter().map(|slot| slot.line.rhyme).collect();
    for letter in letters {
        let open = |index: &usize| sheet.slots[*index].is_open();
        let members: Vec<usize> = (0..sheet.slots.len()).filter(|i| sheet.slots[*i].line.rhyme == letter).collect();
        let asked: Vec<usize> = members.iter().copied().filter(open).collect();
        if letter.is_none() {
            judged.taken.extend(asked.iter().filter_map(|i| Some((*i, single.get(i)?.clone()))));
            continue;
        }
        let own = |index: usize| &sheet.slots[index].line;
        // The lines that stand: the fixed ones, then the model's that rhyme with those before them.
        let mut standing: Vec<(usize, &Line)> = members.iter().filter(|i| !open(i)).map(|i| (*i, own(*i))).collect();
        let mut taken: Vec<usize> = Vec::new();
        for index in &asked {
            let Some(line) = single.get(index) else { continue };
            match standing.iter().find(|(_, other)| !line_rhyme(other, line, language).keeps(language)) {
                None => {
                    standing.push((*index, line));
                    taken.push(*index);
                }
                Some((_, other)) => {
                    let (en, es) =
                        (format!("does not rhyme with “{}”", other.text()), format!("no rima con “{}”", other.text()));
                    judged.faults.insert(*index, fault(*index, language, (&en, &es)));
                }
            }
        }
        let missing = asked.iter().filter(|i| !taken.contains(i));
        let whole = missing.clone().all(|i| {
            let model = standing.iter().filter(|(s, _)| taken.contains(s));
            model.clone().all(|(_, line)| line_rhyme(line, own(*i), language).keeps(language))
        });
        if whole {
            judged.taken.extend(taken.iter().filter_map(|i| Some((*i, single.get(i)?.clone()))));
            continue;
        }
        // What stands is told to whoever writes the missing line; the standing lines are not asked for again.
        let partners: Vec<String> = taken.iter().filter_map(|i| Some(format!("“{}”", single.get(i)?.text()))).collect();
        for index in missing.filter(|_| !partners.is_empty()) {
            if let Some(fault) = judged.faults.get_mut(index).filter(|fault| !fault.contains('“')) {
                let (en, es) = (" and must rhyme with ", " y debe rimar con ");
                fault.push_str(if language == Language::Es { es } else { en });
                fault.push_str(&partners.join(", "));
            }
        }
    }
}

/// What is said again follows the line that it repeats.
fn say_again(sheet: &Sheet, taken: &mut BTreeMap<usize, Line>) {
    for (index, slot) in sheet.slots.iter().enumerate() {
        let line = slot.says_again.and_then(|earlier| taken.get(&earlier).cloned());
        if let Some(line) = line {
            taken.insert(index, line);
        }
    }
}

fn fault(index: usize, language: Language, (en, es): (&str, &str)) -> String {
    match language {
        Language::En => format!("line {} {en}", index + 1),
        Language::Es => format!("el verso {} {es}", index + 1),
    }
}

fn why_of(index: usize, language: Language, why: &Why) -> String {
    match why {
        Why::Syllables(found, (low, high)) => {
            let wanted = if low == high { low.to_string() } else { format!("{low}-{high}") };
            let (en, es) = (
                format!("has {found} syllables; wanted: {wanted}"),
                format!("tiene {found} sílabas; se piden {wanted}"),
            );
            fault(index, language, (&en, &es))
        }
        Why::Stress => fault(index, language, ("has its stresses elsewhere", "lleva los acentos en otros lugares")),
        Why::Text(text) => fault(index, language, (text, "no se puede cantar en una clase, o no está en español")),
    }
}
