//! Sections, returns, layers, contrasts.

use super::{Draft, Scene};
use crate::fact::{Fact, Placed, density, likeness, mean_pitch, sounding};
use crate::model::Evidence;
use crate::wording;
use eduai_compose::model::SectionKind;
use eduai_kernel::Text;

/// Proposes what can be said about form and texture.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    returns(scene, out);
    order(scene, out);
    entry(scene, out);
    textures(scene, out);
    contrasts(scene, out);
}

fn notes_in<'a>(scene: &Scene<'a>, part: &str, bars: &[(u32, u32)]) -> Vec<Placed<'a>> {
    let inside = |p: &Placed<'_>| {
        scene.reading.bar_at(p.note.onset).is_some_and(|m| bars.iter().any(|(a, b)| (*a..=*b).contains(&m.number)))
    };
    scene.reading.voice(part).iter().filter(|p| inside(p)).copied().collect()
}

fn returns(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let sections = scene.section_bars();
    for (i, (one, a)) in sections.iter().enumerate() {
        for (two, b) in &sections[i + 1..] {
            let bars = (a.1 - a.0).min(b.1 - b.0) + 1;
            let share = likeness(part, a.0, b.0, bars, &scene.reading);
            if share < 0.95 || bars < 2 {
                continue;
            }
            let stretches = [(a.0, a.0 + bars - 1), (b.0, b.0 + bars - 1)];
            let all: Vec<u32> = stretches.iter().flat_map(|(a, b)| *a..=*b).collect();
            let evidence = scene.reading.evidence_of_bars(&all, &notes_in(scene, part, &stretches));
            let text = Text::new(
                format!(
                    "The melody of \"{}\" (from bar {}) comes back in \"{}\" (from bar {}): {:.0} of 100 notes are the same.",
                    one.label.en,
                    a.0,
                    two.label.en,
                    b.0,
                    share * 100.0
                ),
                format!(
                    "La melodía de «{}» (desde el compás {}) vuelve en «{}» (desde el compás {}): {:.0} de cada 100 notas son iguales.",
                    one.label.es,
                    a.0,
                    two.label.es,
                    b.0,
                    share * 100.0
                ),
            );
            let listen_for = Text::new("Join in when you recognise it.", "Únete cuando la reconozcas.");
            let concept = if one.kind == SectionKind::Chorus { "chorus" } else { "repetition" };
            let fact = Fact::Repeat { part: part.to_owned(), first: a.0, second: b.0, bars };
            out.push(Draft { concept, fact, evidence, text, listen_for });
            return;
        }
    }
}

fn order(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let sections = scene.section_bars();
    let labels: Vec<String> = scene.score().sections.iter().map(|s| s.label.clone()).collect();
    let mut unique = labels.clone();
    unique.sort();
    unique.dedup();
    if sections.len() < 3 || unique.len() != labels.len() {
        return;
    }
    let bars: Vec<u32> = sections.iter().map(|(_, b)| b.0).collect();
    let evidence = scene.reading.evidence_of_bars(&bars, &[]);
    let evidence = Evidence { to: scene.score().end(), ..evidence };
    let list = |f: fn(&Text) -> &str| {
        sections.iter().map(|(s, (a, b))| format!("{} ({a}–{b})", f(&s.label))).collect::<Vec<_>>().join(", ")
    };
    let count = wording::number(sections.len());
    let text = Text::new(
        format!("The form has {} sections: {}.", count.en, list(|t| &t.en)),
        format!("La forma tiene {} secciones: {}.", count.es, list(|t| &t.es)),
    );
    let listen_for = Text::new("Stand up when a new section begins.", "Ponte de pie cuando empiece una sección nueva.");
    out.push(Draft { concept: "form", fact: Fact::SectionOrder { labels }, evidence, text, listen_for });
}

fn entry(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.line(part);
    let Some(bar) = line.first().and_then(|p| scene.reading.bar_at(p.note.onset)).filter(|m| m.number >= 3) else {
        return;
    };
    let evidence = scene.reading.evidence_of_bars(&[bar.number], &line[..1]);
    let before = wording::bars(&(1..bar.number).collect::<Vec<_>>());
    let sounding = sounding(eduai_music::Time::ZERO, bar.start, &scene.reading);
    let others: Vec<Text> = sounding.iter().map(|id| scene.noun(id)).collect();
    let parts = wording::and(&others);
    let one = sounding.len() == 1 && !scene.is_plural(&sounding[0]);
    let (set, prepare) = (if one { "sets" } else { "set" }, if sounding.len() == 1 { "prepara" } else { "preparan" });
    let text = Text::new(
        format!(
            "{} are an introduction: {} {set} the scene, and the melody waits until bar {}.",
            wording::sentence(&before.en),
            parts.en,
            bar.number
        ),
        format!(
            "{} son una introducción: {} {prepare} la escena y la melodía espera hasta el compás {}.",
            wording::sentence(&before.es),
            parts.es,
            bar.number
        ),
    );
    let listen_for = Text::new(
        "What do you know about the song before anyone sings?",
        "¿Qué sabes ya de la canción antes de que alguien cante?",
    );
    out.push(Draft {
        concept: "introduction",
        fact: Fact::Entry { part: part.to_owned() },
        evidence,
        text,
        listen_for,
    });
}

fn textures(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let sections = scene.section_bars();
    let parts_of = |(a, b): (u32, u32)| {
        let evidence = scene.reading.evidence_of_bars(&(a..=b).collect::<Vec<_>>(), &[]);
        (sounding(evidence.from, evidence.to, &scene.reading), evidence)
    };
    let counted: Vec<_> = sections.iter().map(|(s, bars)| (*s, *bars, parts_of(*bars))).collect();
    let Some(thin) = counted.iter().min_by_key(|c| c.2.0.len()) else { return };
    let Some(full) = counted.iter().max_by_key(|c| c.2.0.len()) else { return };
    if thin.2.0.len() == full.2.0.len() {
        return;
    }
    let say = |parts: &[String]| wording::and(&parts.iter().map(|id| scene.noun(id)).collect::<Vec<_>>());
    let (few, many) = (say(&thin.2.0), wording::number(full.2.0.len()));
    let place = wording::bars_short(&(thin.1.0..=thin.1.1).collect::<Vec<_>>());
    let sounds = if thin.2.0.len() == 1 { "suena" } else { "suenan" };
    let text = Text::new(
        format!(
            "\"{}\" ({}) is the thinnest section: only {} can be heard; \"{}\" has {} layers.",
            thin.0.label.en, place.en, few.en, full.0.label.en, many.en
        ),
        format!(
            "«{}» ({}) es la sección más ligera: solo {sounds} {}; «{}» tiene {} capas.",
            thin.0.label.es, place.es, few.es, full.0.label.es, many.es
        ),
    );
    let listen_for = Text::new(
        "Count the layers with your fingers: who comes in, who stops?",
        "Cuenta las capas con los dedos: ¿quién entra, quién calla?",
    );
    let concept = if thin.0.kind == SectionKind::Breakdown { "breakdown" } else { "layers" };
    out.push(Draft {
        concept,
        fact: Fact::Texture { parts: thin.2.0.clone() },
        evidence: thin.2.1.clone(),
        text,
        listen_for,
    });
}

fn contrasts(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let sections = scene.section_bars();
    let find = |kind| sections.iter().find(|(s, _)| s.kind == kind);
    if let (Some((verse, low)), Some((chorus, high)), Some(part)) =
        (find(SectionKind::Verse), find(SectionKind::Chorus), scene.melody())
    {
        let line = scene.reading.line(part);
        let mean = |bars| mean_pitch(line, bars, &scene.reading);
        let fact = Fact::Higher { part: part.to_owned(), low: *low, high: *high };
        let all: Vec<u32> = (low.0..=low.1).chain(high.0..=high.1).collect();
        let evidence = scene.reading.evidence_of_bars(&all, &notes_in(scene, part, &[*low, *high]));
        if let (Some(a), Some(b), true) = (mean(*low), mean(*high), scene.holds(&fact, &evidence)) {
            let text = Text::new(
                format!(
                    "The chorus lifts: in \"{}\" the melody lies {:.0} semitones higher on average than in \"{}\".",
                    chorus.label.en,
                    b - a,
                    verse.label.en
                ),
                format!(
                    "El estribillo se eleva: en «{}» la melodía está de media {:.0} semitonos más aguda que en «{}».",
                    chorus.label.es,
                    b - a,
                    verse.label.es
                ),
            );
            let listen_for = Text::new(
                "Compare a bar of the verse with a bar of the chorus: which needs more breath?",
                "Compara un compás de la estrofa con uno del estribillo: ¿cuál pide más aire?",
            );
            out.push(Draft { concept: "contrast", fact, evidence, text, listen_for });
        }
    }
    let dense = |b: &(u32, u32)| density(*b, &scene.reading);
    let thin = sections.iter().filter(|s| dense(&s.1) > 0.0).min_by(|a, b| dense(&a.1).total_cmp(&dense(&b.1)));
    let full = sections.iter().max_by(|a, b| dense(&a.1).total_cmp(&dense(&b.1)));
    if let (Some((calm, thin)), Some((busy, full))) = (thin, full) {
        let all: Vec<u32> = if thin.0 < full.0 {
            (thin.0..=thin.1).chain(full.0..=full.1).collect()
        } else {
            (full.0..=full.1).chain(thin.0..=thin.1).collect()
        };
        let evidence = scene.reading.evidence_of_bars(&all, &[]);
        let text = Text::new(
            format!(
                "The energy grows with the number of notes: about {:.0} start in a bar of \"{}\", about {:.0} in a bar of \"{}\".",
                dense(thin),
                calm.label.en,
                dense(full),
                busy.label.en
            ),
            format!(
                "La energía crece con la cantidad de notas: unas {:.0} empiezan en un compás de «{}», unas {:.0} en uno de «{}».",
                dense(thin),
                calm.label.es,
                dense(full),
                busy.label.es
            ),
        );
        let listen_for = Text::new(
            "Draw a line that rises and falls with the energy of the whole piece.",
            "Dibuja una línea que suba y baje con la energía de toda la pieza.",
        );
        out.push(Draft {
            concept: "energy",
            fact: Fact::Denser { thin: *thin, dense: *full },
            evidence,
            text,
            listen_for,
        });
    }
}
