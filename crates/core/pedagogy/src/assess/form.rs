//! Questions about sections, layers and words.

use super::{Choice, Desk, Frame};
use crate::fact::Fact;
use crate::model::Evidence;
use crate::wording::{self, both};
use eduai_kernel::Text;

/// Asks.
pub(super) fn ask(desk: &mut Desk<'_>) {
    order(desk);
    length(desk);
    starts(desk);
    layers(desk);
    scheme(desk);
    refrain(desk);
}

fn labels(desk: &Desk<'_>) -> Vec<(String, Text, (u32, u32))> {
    let sections = desk.scene.section_bars();
    let mut out: Vec<(String, Text, (u32, u32))> = Vec::new();
    for (plan, bars) in sections {
        let printed = desk.scene.score().sections.iter().find(|s| s.first == plan.first_bar as usize);
        let Some(printed) = printed else { continue };
        if !out.iter().any(|o| o.0 == printed.label || o.1 == plan.label) {
            out.push((printed.label.clone(), plan.label.clone(), bars));
        }
    }
    out
}

fn order(desk: &mut Desk<'_>) {
    let all = labels(desk);
    let mut chosen: Vec<usize> = (0..all.len()).collect();
    desk.random.shuffle(&mut chosen);
    chosen.truncate(4);
    chosen.sort_unstable();
    let picked: Vec<_> = chosen.into_iter().filter_map(|i| all.get(i)).collect();
    let bars: Vec<u32> = picked.iter().map(|p| p.2.0).collect();
    let evidence = Evidence { to: desk.scene.score().end(), ..desk.scene.reading.evidence_of_bars(&bars, &[]) };
    let list =
        |f: fn(&Text) -> &str| picked.iter().map(|p| format!("{} ({})", f(&p.1), p.2.0)).collect::<Vec<_>>().join(", ");
    let frame = Frame {
        concept: "form",
        prompt: Text::new(
            "Put these sections in the order in which they are first heard.",
            "Ordena estas secciones según se oyen por primera vez.",
        ),
        explanation: Text::new(
            format!("They begin in these bars: {}.", list(|t| &t.en)),
            format!("Empiezan en estos compases: {}.", list(|t| &t.es)),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    let entries = picked.iter().map(|p| p.1.clone()).collect();
    let fact = Fact::SectionOrder { labels: picked.iter().map(|p| p.0.clone()).collect() };
    desk.in_order(frame, entries, fact, evidence);
}

fn length(desk: &mut Desk<'_>) {
    let all = labels(desk);
    let Some((printed, label, (from, to))) = desk.random.pick(&all).cloned() else { return };
    let bars = to - from + 1;
    let evidence = desk.scene.reading.evidence_of_bars(&(from..=to).collect::<Vec<_>>(), &[]);
    let frame = Frame {
        concept: "phrase",
        prompt: Text::new(
            format!("How many bars long is the section \"{}\" that begins in bar {from}?", label.en),
            format!("¿Cuántos compases dura la sección «{}» que empieza en el compás {from}?", label.es),
        ),
        explanation: both!(
            "It goes from bar {0} to bar {1}: {2} bars.",
            "Va del compás {0} al {1}: {2} compases.",
            from,
            to,
            bars
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.number(frame, i64::from(bars), Fact::Section { label: printed, first: from, bars }, evidence);
}

fn starts(desk: &mut Desk<'_>) {
    let all: Vec<_> = labels(desk).into_iter().take(4).collect();
    let pairs: Vec<(Text, Text)> =
        all.iter().map(|(_, label, bars)| (label.clone(), both!("bar {0}", "compás {0}", bars.0))).collect();
    let frame = Frame {
        concept: "form",
        prompt: Text::new(
            "Match each section with the bar in which it begins.",
            "Une cada sección con el compás en que empieza.",
        ),
        explanation: Text::new(
            "The names of the sections stand above the score at these bars.",
            "Los nombres de las secciones están sobre la partitura en esos compases.",
        ),
        evidence: desk.scene.reading.evidence_of_bars(&all.iter().map(|a| a.2.0).collect::<Vec<_>>(), &[]),
        listen: false,
    };
    let scene = desk.scene;
    let reading = &scene.reading;
    desk.pairs(frame, pairs, |i, j| {
        let fact = Fact::Section { label: all[i].0.clone(), first: all[j].2.0, bars: all[i].2.1 - all[i].2.0 + 1 };
        (fact, reading.evidence_of_bars(&[all[j].2.0], &[]))
    });
}

fn layers(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let parts: Vec<String> = scene.score().parts.iter().map(|p| p.id.clone()).collect();
    let found = scene.section_bars().into_iter().find_map(|(plan, (from, to))| {
        let evidence = scene.reading.evidence_of_bars(&(from..=to).collect::<Vec<_>>(), &[]);
        let sounding = crate::fact::sounding(evidence.from, evidence.to, &scene.reading);
        (sounding.len() >= 2 && sounding.len() < parts.len()).then_some((plan.label.clone(), evidence, sounding))
    });
    let Some((label, evidence, sounding)) = found else { return };
    let place = wording::bars_short(&evidence.bars);
    let choices = parts
        .iter()
        .map(|id| Choice { text: scene.noun(id), fact: Fact::Sounds { part: id.clone() }, evidence: evidence.clone() })
        .collect();
    let names = wording::and(&sounding.iter().map(|id| scene.noun(id)).collect::<Vec<_>>());
    let frame = Frame {
        concept: "layers",
        prompt: Text::new(
            format!("Which layers can be heard in \"{}\" ({})? Choose all of them.", label.en, place.en),
            format!("¿Qué capas se oyen en «{}» ({})? Elige todas.", label.es, place.es),
        ),
        explanation: Text::new(format!("You hear {}.", names.en), format!("Se oyen {}.", names.es)),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.some_of(frame, choices);
}

fn scheme(desk: &mut Desk<'_>) {
    let found = desk.claims.iter().find(|c| matches!(&c.fact, Fact::Rhyme { ends, .. } if ends.len() == 4));
    let Some(claim) = found else { return };
    let Fact::Rhyme { part, ends, scheme, language } = claim.fact.clone() else { return };
    let choices = [scheme.as_str(), "AABB", "ABAB", "ABCB", "ABBA", "AAAA"]
        .into_iter()
        .map(|scheme| {
            let ends = ends.iter().zip(scheme.chars()).map(|(e, c)| (e.0.clone(), c)).collect();
            let fact = Fact::Rhyme { part: part.clone(), ends, scheme: scheme.to_owned(), language };
            Choice { text: Text::new(scheme, scheme), fact, evidence: claim.evidence.clone() }
        })
        .collect();
    let words = ends.iter().map(|e| e.0.as_str()).collect::<Vec<_>>().join(", ");
    let frame = Frame {
        concept: "rhyme_scheme",
        prompt: Text::new(
            format!("Four lines end in \"{words}\". Which letters show how they rhyme?"),
            format!("Cuatro versos acaban en «{words}». ¿Qué letras muestran cómo riman?"),
        ),
        explanation: claim.text.clone(),
        evidence: claim.evidence.clone(),
        listen: true,
    };
    desk.one_of(frame, choices);
}

fn refrain(desk: &mut Desk<'_>) {
    let Some(claim) = desk.claims.iter().find(|c| matches!(c.fact, Fact::Refrain { .. })) else { return };
    let Fact::Refrain { words, at, .. } = &claim.fact else { return };
    let mut all: Vec<&str> = words.split(' ').collect();
    let Some(last) = all.pop().filter(|_| all.len() >= 2) else { return };
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    let bar = at.first().and_then(|t| desk.scene.reading.bar_at(*t)).map_or(0, |m| m.number);
    let start = all.join(" ");
    let frame = Frame {
        concept: "refrain",
        prompt: Text::new(
            format!("Which word ends the line that keeps coming back: \"{start} …\"?"),
            format!("¿Qué palabra cierra el verso que vuelve: «{start}…»?"),
        ),
        explanation: Text::new(
            format!("The line is \"{words}\"; it is first sung in bar {bar}."),
            format!("El verso es «{words}»; se canta por primera vez en el compás {bar}."),
        ),
        evidence: claim.evidence.clone(),
        listen: true,
    };
    let (fact, evidence) = (claim.fact.clone(), claim.evidence.clone());
    desk.word(frame, vec![last.to_owned()], fact, evidence);
}
