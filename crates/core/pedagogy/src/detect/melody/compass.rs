//! How far a melody goes, how it moves, and which notes it uses.

use super::{all_bars, article};
use crate::detect::{Draft, Scene};
use crate::fact::{Fact, Placed, classes_used, range, step_percent, widest_leap};
use crate::model::Evidence;
use crate::wording::{self, both};
use eduai_kernel::Text;
use eduai_music::PitchName;
use eduai_music::analysis::ScaleName;
use std::collections::BTreeSet;

pub(super) fn range_and_climax(scene: &Scene<'_>, part: &str, out: &mut Vec<Draft>) {
    let line = scene.reading.line(part);
    let Some((low, high)) = range(line) else { return };
    let of = |pitch| line.iter().find(|p| p.note.pitches().contains(&pitch)).copied();
    let (Some(lowest), Some(highest)) = (of(low), of(high)) else { return };
    let steps = high.staff_index() - low.staff_index();
    let (size, from, to) = (wording::interval(steps), wording::pitch(low), wording::pitch(high));
    let bar = |p: &Placed<'_>| scene.reading.bar_at(p.note.onset).map_or(0, |m| m.number);
    let semitones = high.midi() - low.midi();
    let text = Text::new(
        format!(
            "The melody lies between {} (bar {}) and {} (bar {}): {semitones} semitones, a range of {} {}.",
            from.en,
            bar(&lowest),
            to.en,
            bar(&highest),
            if steps == 7 || steps == 10 { "an" } else { "a" },
            size.en
        ),
        format!(
            "La melodía se mueve entre {} (compás {}) y {} (compás {}): {semitones} semitonos, un ámbito de {}.",
            from.es,
            bar(&lowest),
            to.es,
            bar(&highest),
            size.es
        ),
    )
    .fix("a range of a two octaves", "a range of two octaves");
    let listen_for = Text::new(
        "Sing the lowest and the highest note: everything else fits between them.",
        "Canta la nota más grave y la más aguda: todo lo demás cabe entre ellas.",
    );
    let mut pair = [lowest, highest];
    pair.sort_by_key(|p| p.note.onset);
    let evidence = scene.reading.evidence(&pair);
    out.push(Draft {
        concept: "range",
        fact: Fact::Range { part: part.to_owned(), lowest: low, highest: high },
        evidence,
        text,
        listen_for,
    });

    let evidence = scene.reading.evidence(&[highest]);
    let place = scene.section_of(bar(&highest)).cloned();
    let share = (100.0 * highest.note.onset.as_f64() / scene.score().end().as_f64().max(1.0)).round();
    let inside =
        place.map_or(Text::default(), |label| Text::new(format!(" ({})", label.en), format!(" ({})", label.es)));
    let text = Text::new(
        format!(
            "The melody reaches its highest note, {}, in bar {}{}, {share:.0} percent of the way through.",
            to.en,
            bar(&highest),
            inside.en
        ),
        format!(
            "La melodía alcanza su nota más aguda, {}, en el compás {}{}, al {share:.0} por ciento de la pieza.",
            to.es,
            bar(&highest),
            inside.es
        ),
    );
    let listen_for = Text::new(
        "Raise your hand with the line: where is it highest?",
        "Sube y baja la mano con la línea: ¿dónde está más alta?",
    );
    out.push(Draft {
        concept: "climax",
        fact: Fact::Climax { part: part.to_owned(), pitch: high },
        evidence,
        text,
        listen_for,
    });
}

/// Small repairs of a finished sentence.
trait Fix {
    fn fix(self, wrong: &str, right: &str) -> Self;
}

impl Fix for Text {
    fn fix(mut self, wrong: &str, right: &str) -> Self {
        self.en = self.en.replace(wrong, right);
        self
    }
}

pub(super) fn motion(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    if let Some(percent) = step_percent(line).filter(|p| *p > 50) {
        let bars = all_bars(scene);
        let text = both!(
            "The melody moves mostly by step: {0} of every 100 of its moves go to a neighbouring note (one or two semitones).",
            "La melodía se mueve sobre todo por grados: {0} de cada 100 movimientos van a una nota vecina (uno o dos semitonos).",
            percent
        );
        let listen_for = Text::new(
            "Show the moves with your hand: small steps, few jumps.",
            "Muestra los movimientos con la mano: pasos pequeños, pocos saltos.",
        );
        let evidence = scene.reading.evidence_of_bars(&bars, &[]);
        out.push(Draft {
            concept: "step_and_leap",
            fact: Fact::Steps { part: part.to_owned(), percent },
            evidence,
            text,
            listen_for,
        });
    }
    let Some((at, semitones)) = widest_leap(line).filter(|l| l.1.abs() >= 5) else { return };
    let (Some(from), Some(to)) = (line[at].top(), line[at + 1].top()) else { return };
    let size = wording::interval(to.staff_index() - from.staff_index());
    let evidence = scene.reading.evidence(&line[at..at + 2]);
    let place = wording::bars(&evidence.bars);
    let (up_en, up_es) = if semitones > 0 { ("up", "hacia arriba") } else { ("down", "hacia abajo") };
    let (a, b) = (wording::pitch(from), wording::pitch(to));
    let text = Text::new(
        format!(
            "The widest leap of the melody is in {}: {up_en} from {} to {}, {} ({} semitones).",
            place.en,
            a.en,
            b.en,
            article(&size.en),
            semitones.abs()
        ),
        format!(
            "El salto más amplio de la melodía está en {}: {up_es}, de {} a {}, una {} ({} semitonos).",
            place.es,
            a.es,
            b.es,
            size.es,
            semitones.abs()
        ),
    );
    let listen_for = Text::new(
        "Sing the two notes alone, slowly, then in their phrase.",
        "Canta las dos notas solas, despacio, y luego en su frase.",
    );
    out.push(Draft {
        concept: "interval",
        fact: Fact::Leap { part: part.to_owned(), semitones },
        evidence,
        text,
        listen_for,
    });
}

pub(super) fn scale(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let Some(key) = scene.key else { return };
    let tonic: PitchName = key.tonic;
    let every = [
        ScaleName::MajorPentatonic,
        ScaleName::MinorPentatonic,
        ScaleName::Blues,
        ScaleName::Major,
        ScaleName::Dorian,
        ScaleName::Mixolydian,
        ScaleName::NaturalMinor,
        ScaleName::HarmonicMinor,
        ScaleName::Phrygian,
        ScaleName::Lydian,
    ];
    // The whole melody first, then section by section: one of them often keeps to a smaller scale.
    let mut stretches = vec![(None, all_bars(scene))];
    stretches.extend(scene.section_bars().into_iter().map(|(s, (a, b))| (Some(&s.label), (a..=b).collect())));
    let found = stretches.into_iter().find_map(|(label, bars): (_, Vec<u32>)| {
        let evidence = Evidence { bars, ..Evidence::default() };
        let used = classes_used(line, &evidence, &scene.reading);
        let scale = every.into_iter().find(|scale| {
            scale.intervals().iter().map(|i| (tonic.class() + i).rem_euclid(12)).collect::<BTreeSet<_>>() == used
        })?;
        Some((label, evidence.bars, scale, used.len()))
    });
    let Some((label, bars, scale, count)) = found else { return };
    let notes = scene.reading.starting_in_bars(line, &bars);
    let names: Vec<Text> = scale
        .intervals()
        .iter()
        .map(|i| {
            let class = (tonic.class() + i).rem_euclid(12);
            let spelled =
                notes.iter().filter_map(Placed::top).map(eduai_music::Pitch::name).find(|n| n.class() == class);
            wording::name(spelled.unwrap_or_else(|| key.spell(class)))
        })
        .collect();
    let (names, scale_name, tonic_name) = (wording::and(&names), wording::scale(scale), wording::name(tonic));
    let evidence = scene.reading.evidence_of_bars(&bars, &notes);
    let (where_en, where_es) = label.map_or_else(
        || ("The whole melody".to_owned(), "Toda la melodía".to_owned()),
        |label| {
            (format!("In the section \"{}\" the melody", label.en), format!("En la sección «{}» la melodía", label.es))
        },
    );
    let text = Text::new(
        format!("{where_en} uses only {count} different notes, {}: the {} {}.", names.en, tonic_name.en, scale_name.en),
        format!(
            "{where_es} usa solo {count} notas distintas, {}: la {} de {}.",
            names.es, scale_name.es, tonic_name.es
        ),
    );
    let listen_for = Text::new(
        format!("Improvise over the loop with these {count} notes: none of them is foreign to the melody."),
        format!("Improvisa sobre la vuelta con estas {count} notas: ninguna es ajena a la melodía."),
    );
    let concept = match scale {
        ScaleName::MajorPentatonic | ScaleName::MinorPentatonic => "pentatonic",
        ScaleName::Blues => "blues_scale",
        ScaleName::Dorian | ScaleName::Mixolydian | ScaleName::Phrygian | ScaleName::Lydian => "mode",
        _ => "scale",
    };
    out.push(Draft {
        concept,
        fact: Fact::InScale { part: part.to_owned(), tonic, scale },
        evidence,
        text,
        listen_for,
    });
}
