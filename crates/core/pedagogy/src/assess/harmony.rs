//! Questions about key, chords, cadences and bass.

use super::{Choice, Desk, Frame};
use crate::detect::row_text;
use crate::fact::{ChordAt, Fact, HarmonyPattern};
use crate::wording;
use eduai_kernel::Text;
use eduai_music::analysis::CadenceKind;
use eduai_music::{Chord, ChordKind, Roman};

/// Asks.
pub(super) fn ask(desk: &mut Desk<'_>) {
    home(desk);
    chord(desk);
    numerals(desk);
    cadence(desk);
    quality(desk);
    walking(desk);
}

fn home(desk: &mut Desk<'_>) {
    let Some(key) = desk.scene.key else { return };
    let bars: Vec<u32> = desk.scene.score().measures.iter().map(|m| m.number).collect();
    let evidence = desk.scene.reading.evidence_of_bars(&bars, &[]);
    let (tonic, name) = (wording::name(key.tonic), wording::key(key));
    let frame = Frame {
        concept: "key",
        prompt: Text::new(
            "Which note is home (the tonic) of this piece? (Letter or do-re-mi.)",
            "¿Qué nota es la casa (la tónica) de esta pieza? (Do-re-mi o letra.)",
        ),
        explanation: Text::new(
            format!(
                "The piece is in {}: nearly all of its notes belong to that scale, and the bass begins or ends on {}.",
                name.en, tonic.en
            ),
            format!(
                "La pieza está en {}: casi todas sus notas son de esa escala, y el bajo empieza o acaba en {}.",
                name.es, tonic.es
            ),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    let letter = key.tonic.to_string();
    let english = letter.replace('#', " sharp").replacen('b', " flat", 1);
    let accepted = vec![letter, tonic.en, tonic.es, english, name.en, name.es, key.to_string()];
    desk.word(frame, accepted, Fact::Key { key }, evidence);
}

fn sounds(desk: &Desk<'_>, span: &ChordAt, chord: Chord) -> Option<Choice> {
    let key = desk.scene.key?;
    let other = ChordAt { chord, numeral: Roman::of(chord, key), ..span.clone() };
    let symbol = wording::chord(chord);
    Some(Choice {
        text: Text::new(symbol.clone(), symbol),
        evidence: desk.scene.chord_evidence(std::slice::from_ref(&other)),
        fact: Fact::Chords { spans: vec![other], key, pattern: HarmonyPattern::Sounds },
    })
}

fn chord(desk: &mut Desk<'_>) {
    let long: Vec<ChordAt> = desk.scene.chords.iter().filter(|c| (c.to - c.from).as_f64() >= 2.0).cloned().collect();
    let Some(span) = desk.random.pick(&long).cloned() else { return };
    let mut others: Vec<Chord> =
        desk.scene.chords.iter().map(|c| c.chord).filter(|c| c.root != span.chord.root).collect();
    others.sort_by_key(ToString::to_string);
    others.dedup();
    desk.random.shuffle(&mut others);
    // The same root with the other third is the mistake that ears make most.
    let flipped = if span.chord.kind.is_minor() { ChordKind::Major } else { ChordKind::Minor };
    others.insert(0, Chord::new(span.chord.root, flipped));
    if let Some(key) = desk.scene.key {
        others.extend([Chord::new(key.degree(4), ChordKind::Major), Chord::new(key.degree(2), ChordKind::Major)]);
    }
    let choices: Vec<Choice> =
        std::iter::once(span.chord).chain(others).filter_map(|c| sounds(desk, &span, c)).collect();
    let bar = desk.scene.reading.bar_at(span.from).map_or(0, |m| m.number);
    let beat = wording::count(desk.scene.reading.place(span.from));
    let notes: Vec<Text> = span.chord.names().map(wording::name).collect();
    let notes = wording::and(&notes);
    let symbol = wording::chord(span.chord);
    let frame = Frame {
        concept: "triad",
        prompt: Text::new(
            format!("Which chord sounds in bar {bar} from beat {}? Look at the notes of the accompaniment.", beat.en),
            format!(
                "¿Qué acorde suena en el compás {bar} desde el tiempo {}? Mira las notas del acompañamiento.",
                beat.es
            ),
        ),
        explanation: Text::new(
            format!("The notes are those of {symbol}: {}.", notes.en),
            format!("Las notas son las de {symbol}: {}.", notes.es),
        ),
        evidence: desk.scene.chord_evidence(std::slice::from_ref(&span)),
        listen: true,
    };
    desk.one_of(frame, choices);
}

fn numerals(desk: &mut Desk<'_>) {
    let Some(key) = desk.scene.key else { return };
    let mut spans: Vec<ChordAt> = Vec::new();
    for span in &desk.scene.chords {
        let new = |f: fn(&ChordAt) -> String| spans.iter().all(|s| f(s) != f(span));
        if spans.len() < 4 && new(|s| s.chord.root.to_string()) && new(|s| s.numeral.to_string()) {
            spans.push(span.clone());
        }
    }
    let pairs: Vec<(Text, Text)> = spans
        .iter()
        .map(|s| {
            let (symbol, numeral) = row_text(std::slice::from_ref(s));
            (Text::new(symbol.clone(), symbol), Text::new(numeral.clone(), numeral))
        })
        .collect();
    let name = wording::key(key);
    let all = pairs.iter().map(|(a, b)| format!("{} = {}", a.en, b.en)).collect::<Vec<_>>().join(", ");
    let whole = spans.clone();
    let evidence = desk.scene.chord_evidence(&spans[..spans.len().min(1)]);
    let frame = Frame {
        concept: "progression",
        prompt: Text::new(
            format!("Match each chord with its Roman numeral in {}.", name.en),
            format!("Une cada acorde con su grado en {}.", name.es),
        ),
        explanation: Text::new(
            format!("Count the root from the tonic: {all}."),
            format!("Cuenta la fundamental desde la tónica: {all}."),
        ),
        evidence,
        listen: false,
    };
    let scene = desk.scene;
    desk.pairs(frame, pairs, |i, j| {
        let span = ChordAt { numeral: whole[j].numeral, ..whole[i].clone() };
        let evidence = scene.chord_evidence(std::slice::from_ref(&span));
        (Fact::Chords { spans: vec![span], key, pattern: HarmonyPattern::Sounds }, evidence)
    });
}

fn cadence(desk: &mut Desk<'_>) {
    let found = desk.claims.iter().rev().find_map(|c| match &c.fact {
        Fact::Chords { spans, key, pattern: HarmonyPattern::Cadence(kind) } => Some((c, spans.clone(), *key, *kind)),
        _ => None,
    });
    let Some((claim, spans, key, kind)) = found else { return };
    let kinds = [
        kind,
        CadenceKind::PerfectAuthentic,
        CadenceKind::Half,
        CadenceKind::Plagal,
        CadenceKind::Deceptive,
        CadenceKind::Modal,
    ];
    let choices = kinds
        .into_iter()
        .map(|kind| Choice {
            text: wording::cadence(kind),
            fact: Fact::Chords { spans: spans.clone(), key, pattern: HarmonyPattern::Cadence(kind) },
            evidence: claim.evidence.clone(),
        })
        .collect();
    let place = wording::bars(&claim.evidence.bars);
    let (symbols, _) = row_text(&spans);
    let frame = Frame {
        concept: if kind == CadenceKind::Half { "half_cadence" } else { "authentic_cadence" },
        prompt: Text::new(
            format!("Which cadence do the chords {symbols} make in {}?", place.en),
            format!("¿Qué cadencia forman los acordes {symbols} en {}?", place.es),
        ),
        explanation: claim.text.clone(),
        evidence: claim.evidence.clone(),
        listen: true,
    };
    desk.one_of(frame, choices);
}

/// True or false: is this chord major, or minor?
fn quality(desk: &mut Desk<'_>) {
    let plain: Vec<ChordAt> = desk
        .scene
        .chords
        .iter()
        .filter(|c| matches!(c.chord.kind.triad(), ChordKind::Major | ChordKind::Minor))
        .cloned()
        .collect();
    let (Some(span), Some(key)) = (desk.random.pick(&plain).cloned(), desk.scene.key) else { return };
    let truth = desk.random.chance(0.5);
    let minor = span.chord.kind.is_minor();
    let said_minor = minor == truth;
    let kind = if truth {
        span.chord.kind
    } else if minor {
        ChordKind::Major
    } else {
        ChordKind::Minor
    };
    let stated = Chord { kind, ..span.chord };
    let bar = desk.scene.reading.bar_at(span.from).map_or(0, |m| m.number);
    let root = wording::name(span.chord.root);
    let third = wording::name(span.chord.tone(3).unwrap_or(span.chord.root));
    let (en, es) = if said_minor { ("minor", "menor") } else { ("major", "mayor") };
    let semitones = if minor { 3 } else { 4 };
    let evidence = desk.scene.chord_evidence(std::slice::from_ref(&span));
    let frame = Frame {
        concept: "triad",
        prompt: Text::new(
            format!("True or false: the chord on {} in bar {bar} has a {en} third.", root.en),
            format!("Verdadero o falso: el acorde sobre {} del compás {bar} tiene la tercera {es}.", root.es),
        ),
        explanation: Text::new(
            format!("Its third is {}, {semitones} semitones above {}.", third.en, root.en),
            format!("Su tercera es {}, {semitones} semitonos sobre {}.", third.es, root.es),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    let span = ChordAt { chord: stated, numeral: Roman::of(stated, key), ..span };
    desk.true_or_false(frame, Fact::Chords { spans: vec![span], key, pattern: HarmonyPattern::Sounds }, evidence);
}

fn walking(desk: &mut Desk<'_>) {
    let Some(claim) = desk
        .claims
        .iter()
        .find(|c| matches!(c.fact, Fact::WalkingBass { .. } | Fact::RootFifth { .. } | Fact::Pedal { .. }))
    else {
        return;
    };
    let Some(part) = desk.scene.bass() else { return };
    let place = wording::bars(&claim.evidence.bars);
    let spans: Vec<ChordAt> = desk
        .scene
        .chords
        .iter()
        .filter(|c| c.from < claim.evidence.to && c.to > claim.evidence.from)
        .cloned()
        .collect();
    let tonic = desk.scene.key.map_or(eduai_music::PitchName::C, |k| k.tonic);
    let pedal = if let Fact::Pedal { pitch, .. } = &claim.fact { *pitch } else { tonic };
    let part = part.to_owned();
    let options = [
        (
            Fact::WalkingBass { part: part.clone() },
            "It walks: one note on every beat, leading to each new bar",
            "Camina: una nota en cada pulso y conduce a cada compás",
        ),
        (
            Fact::RootFifth { part: part.clone(), spans },
            "It plays only roots and fifths of the chords",
            "Toca solo fundamentales y quintas de los acordes",
        ),
        (
            Fact::Pedal { part: part.clone(), pitch: pedal },
            "It stays on one note while the chords change",
            "Se queda en una nota mientras cambian los acordes",
        ),
        (Fact::Alberti { part }, "It plays low, high, middle, high", "Toca grave, agudo, medio, agudo"),
    ];
    let choices = options
        .into_iter()
        .map(|(fact, en, es)| Choice { text: Text::new(en, es), fact, evidence: claim.evidence.clone() })
        .collect();
    let frame = Frame {
        concept: if matches!(claim.fact, Fact::WalkingBass { .. }) { "walking_bass" } else { "root_fifth_bass" },
        prompt: Text::new(
            format!("What does the bass do in {}?", place.en),
            format!("¿Qué hace el bajo en {}?", place.es),
        ),
        explanation: claim.text.clone(),
        evidence: claim.evidence.clone(),
        listen: true,
    };
    desk.one_of(frame, choices);
}
