//! How words and notes fit together.

use super::{Draft, Scene};
use crate::fact::{Fact, Placed, plain_words, rhyming, syllabic_percent};
use crate::model::Evidence;
use crate::wording::{self, both};
use eduai_compose::model::SungLine;
use eduai_kernel::Text;
use eduai_music::Time;

/// Proposes what can be said about the words.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let sings = |part: &&eduai_music::Part| part.notes().any(|n| !n.lyrics.is_empty());
    let Some(part) = scene.score().parts.iter().find(sings).map(|p| p.id.as_str()) else { return };
    let line = scene.reading.voice(part);
    syllabic(scene, part, line, out);
    refrain(scene, part, line, out);
    stress(scene, part, line, out);
    rhyme(scene, part, line, out);
    aab(scene, part, line, out);
}

fn syllabic(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let mut bars: Vec<u32> = line
        .iter()
        .filter(|p| !p.note.lyrics.is_empty())
        .filter_map(|p| scene.reading.bar_at(p.note.onset))
        .map(|m| m.number)
        .collect();
    bars.dedup();
    let evidence = Evidence { bars: bars.clone(), ..scene.reading.evidence_of_bars(&bars, &[]) };
    let Some(percent) = syllabic_percent(line, &evidence, &scene.reading).filter(|p| *p >= 80) else { return };
    let text = if percent == 100 {
        Text::new(
            "The words are set one syllable to a note: every note of the voice carries a syllable of its own.",
            "El texto se canta a sílaba por nota: cada nota de la voz lleva su propia sílaba.",
        )
    } else {
        both!(
            "The words are set one syllable to a note: {0} of every 100 notes of the voice carry a syllable of their own.",
            "El texto se canta a sílaba por nota: {0} de cada 100 notas de la voz llevan su propia sílaba.",
            percent
        )
    };
    let listen_for = Text::new(
        "Speak the words in the rhythm of the notes before you sing them.",
        "Recita el texto con el ritmo de las notas antes de cantarlo.",
    );
    out.push(Draft {
        concept: "syllabic_setting",
        fact: Fact::Syllabic { part: part.to_owned(), percent },
        evidence,
        text,
        listen_for,
    });
}

fn start_of<'a>(line: &[Placed<'a>], sung: &SungLine) -> Option<Placed<'a>> {
    line.get(sung.syllables.first()?.note as usize).copied()
}

fn words_of<'a>(line: &[Placed<'a>], sung: &SungLine) -> Vec<Placed<'a>> {
    sung.syllables.iter().filter_map(|s| line.get(s.note as usize)).copied().collect()
}

fn refrain(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let lines: Vec<&SungLine> = scene.piece.lyrics.iter().flat_map(|s| &s.lines).collect();
    let same = |a: &SungLine, b: &SungLine| plain_words(&a.text) == plain_words(&b.text);
    let times = |one: &SungLine| lines.iter().filter(|other| same(one, other)).count();
    let Some(most) = lines.iter().filter(|l| times(l) >= 2).max_by_key(|l| (l.hook, times(l))) else { return };
    let sung: Vec<Placed<'_>> = lines.iter().filter(|l| same(l, most)).flat_map(|l| words_of(line, l)).collect();
    let at: Vec<Time> =
        lines.iter().filter(|l| same(l, most)).filter_map(|l| start_of(line, l)).map(|p| p.note.onset).collect();
    let words: String = crate::detect::melody::sung(&words_of(line, most));
    let starts: Vec<u32> = at.iter().filter_map(|t| scene.reading.bar_at(*t)).map(|m| m.number).collect();
    let (count, list) = (wording::number(at.len()), wording::numbers(&starts));
    let text = Text::new(
        format!("The line \"{}\" is sung {} times, from bars {}: it is the refrain.", most.text, count.en, list.en),
        format!(
            "El verso «{}» se canta {} veces, desde los compases {}: es el estribillo poético.",
            most.text, count.es, list.es
        ),
    );
    let listen_for = Text::new(
        "By the second time you should be able to sing it without the page.",
        "A la segunda vez deberías poder cantarlo sin papel.",
    );
    let evidence = scene.reading.evidence(&sung);
    out.push(Draft {
        concept: "refrain",
        fact: Fact::Refrain { part: part.to_owned(), words, at },
        evidence,
        text,
        listen_for,
    });
}

fn stress(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let lines = scene.piece.lyrics.iter().flat_map(|s| &s.lines);
    let strong = |l: &SungLine| -> Vec<(Placed<'_>, String)> {
        l.syllables
            .iter()
            .filter(|s| s.stressed)
            .filter_map(|s| Some((*line.get(s.note as usize)?, s.text.clone())))
            .filter(|(p, _)| scene.reading.weight(p.note.onset) >= 0.6)
            .collect()
    };
    let best = lines
        .filter(|l| l.syllables.iter().filter(|s| s.stressed).count() == strong(l).len())
        .max_by_key(|l| strong(l).len());
    let Some((sung, found)) = best.map(|l| (l, strong(l))).filter(|(_, f)| f.len() >= 3) else { return };
    let notes: Vec<Placed<'_>> = found.iter().map(|f| f.0).collect();
    let syllables: Vec<String> = found.iter().map(|f| f.1.clone()).collect();
    let list = syllables
        .iter()
        .map(|s| s.trim_matches(|c: char| !c.is_alphabetic()).to_uppercase())
        .collect::<Vec<_>>()
        .join(", ");
    let evidence = scene.reading.evidence(&notes);
    let text = Text::new(
        format!("In \"{}\" the stressed syllables ({list}) all fall on a beat.", sung.text),
        format!("En «{}» las sílabas tónicas ({list}) caen todas en un pulso.", sung.text),
    );
    let listen_for = Text::new(
        "Clap on the stressed syllables while you speak the line: the claps keep time.",
        "Da una palmada en cada sílaba tónica al recitar: las palmas llevan el compás.",
    );
    out.push(Draft {
        concept: "word_stress",
        fact: Fact::StressOnBeat { part: part.to_owned(), syllables },
        evidence,
        text,
        listen_for,
    });
}

/// The last word of a printed line, without its punctuation.
pub(crate) fn last_word(text: &str) -> &str {
    text.split([' ', '\u{a0}']).next_back().unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric() && c != '\'')
}

fn rhyme(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let language = scene.piece.plan.brief.language;
    for section in &scene.piece.lyrics {
        // Stanzas of four first, then couplets: what the scheme says must be what the ear finds.
        for size in [4_usize, 2] {
            for lines in section.lines.chunks(size).filter(|c| c.len() == size) {
                let ends: Vec<(String, char)> =
                    lines.iter().map(|l| (last_word(&l.text).to_owned(), l.rhyme.unwrap_or('X'))).collect();
                let ends = relabel(&ends);
                let scheme: String = ends.iter().map(|e| e.1).collect();
                let notes: Vec<Placed<'_>> =
                    lines.iter().filter_map(|l| line.get(l.syllables.last()?.note as usize)).copied().collect();
                let fact = Fact::Rhyme { part: part.to_owned(), ends: ends.clone(), scheme: scheme.clone(), language };
                let evidence = scene.reading.evidence(&notes);
                if notes.len() != size || !scene.holds(&fact, &evidence) {
                    continue;
                }
                let matrix = rhyming(&ends, language);
                let partner = |i: usize| (i + 1..size).find(|j| ends[*j].1 == ends[i].1).filter(|j| matrix[i][*j]);
                let pairs: Vec<String> =
                    (0..size).filter_map(|i| Some(format!("{} / {}", ends[i].0, ends[partner(i)?].0))).collect();
                let pairs = pairs.join("; ");
                let place = wording::bars(&evidence.bars);
                let text = Text::new(
                    format!("The lines that end in {} rhyme {scheme}: {pairs}.", place.en),
                    format!("Los versos que acaban en {} riman {scheme}: {pairs}.", place.es),
                );
                let listen_for = Text::new(
                    "Say only the last word of each line, and let the class answer with the rhyme.",
                    "Di solo la última palabra de cada verso y que la clase responda con la rima.",
                );
                out.push(Draft { concept: "rhyme_scheme", fact, evidence, text, listen_for });
                return;
            }
        }
    }
}

/// A line, the same line again, and an answer that rhymes with it: the stanza of the blues.
fn aab(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let language = scene.piece.plan.brief.language;
    let stanzas = scene.piece.lyrics.iter().flat_map(|section| section.lines.windows(3));
    let found = stanzas.into_iter().find_map(|lines| {
        if plain_words(&lines[0].text) != plain_words(&lines[1].text) {
            return None;
        }
        let sung: Vec<Placed<'_>> = lines.iter().flat_map(|l| words_of(line, l)).collect();
        let at: Vec<Time> = lines.iter().filter_map(|l| start_of(line, l)).map(|p| p.note.onset).collect();
        let words = |l: &SungLine| crate::detect::melody::sung(&words_of(line, l));
        let (said, answer) = (words(&lines[0]), words(&lines[2]));
        let fact = Fact::AabLyric { part: part.to_owned(), at, line: said, answer, language };
        let evidence = scene.reading.evidence(&sung);
        scene.holds(&fact, &evidence).then_some((fact, evidence, lines))
    });
    let Some((fact, evidence, lines)) = found else { return };
    let (said, place) = (&lines[0].text, wording::bars(&evidence.bars));
    let (one, other) = (last_word(said), last_word(&lines[2].text));
    let text = Text::new(
        format!(
            "In {} the line \"{said}\" is sung twice and then answered; the answer rhymes with it ({one} / {other}): AAB, the stanza of the blues.",
            place.en
        ),
        format!(
            "En {} el verso «{said}» se canta dos veces y después recibe respuesta; la respuesta rima con él ({one} / {other}): AAB, la estrofa del blues.",
            place.es
        ),
    );
    let listen_for = Text::new(
        "While the line comes again, guess how it will be answered.",
        "Mientras se repite el verso, adivina cómo será la respuesta.",
    );
    out.push(Draft { concept: "aab_lyric", fact, evidence, text, listen_for });
}

/// Letters from A on in order of appearance; lines that need not rhyme get letters of their own.
fn relabel(ends: &[(String, char)]) -> Vec<(String, char)> {
    let mut seen: Vec<char> = Vec::new();
    let mut next = |own: Option<char>| {
        let at = own.and_then(|c| seen.iter().position(|s| *s == c)).unwrap_or_else(|| {
            seen.push(own.unwrap_or('\0'));
            seen.len() - 1
        });
        (b'A' + (at.min(25)) as u8) as char
    };
    ends.iter().map(|(word, letter)| (word.clone(), next(Some(*letter).filter(|c| *c != 'X')))).collect()
}
