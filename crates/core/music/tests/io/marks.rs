//! Grace notes, dynamics and transposition as other programs write them, and as nobody should.

use eduai_music::score::{Dynamic, DynamicMark, GraceValue, Loudness, Part, Transposition};
use eduai_music::{Score, Time, abc, musicxml};

fn tune(music: &str) -> (Part, Vec<String>) {
    let text = format!("X:1\nM:4/4\nL:1/8\nK:C\n{music}\n");
    let (score, diagnoses) = abc::read(text.as_bytes()).unwrap();
    (score.parts[0].clone(), diagnoses.into_iter().map(|diagnosis| diagnosis.message).collect())
}

fn graces(part: &Part) -> Vec<String> {
    let of = |note: &eduai_music::Note| {
        let graces = note.graces.iter().map(|grace| {
            let pitches: Vec<String> = grace.sound.pitches().iter().map(ToString::to_string).collect();
            format!("{}{}", pitches.join("+"), if grace.slashed { "/" } else { "" })
        });
        graces.collect::<Vec<_>>().join(" ")
    };
    part.notes().map(of).collect()
}

#[test]
fn graces_of_abc_belong_to_the_note_after_them() {
    let (part, diagnoses) = tune("{/^f}g2 {[ce]d/}c2 f2 {a}[ce]2|{g}A4-{b}A4|");
    assert_eq!(diagnoses, ["1 grace notes stand inside a tied note; they were left out."]);
    assert_eq!(graces(&part), ["F#5/", "C5+E5 D5", "", "A5", "G5"]);
    let values: Vec<GraceValue> = part.notes().flat_map(|note| &note.graces).map(|grace| grace.value).collect();
    assert_eq!(values[..3], [GraceValue::Eighth, GraceValue::Eighth, GraceValue::Sixteenth]);
    // An accidental in braces holds as any other does.
    let third = part.notes().nth(2).and_then(eduai_music::Note::top).unwrap();
    assert_eq!(third.to_string(), "F#5");
}

#[test]
fn graces_before_nothing_are_reported() {
    for music in ["c8|{g}|]", "c4 {g}z4|", "{gab", "c8|{g"] {
        let (part, diagnoses) = tune(music);
        assert!(graces(&part).iter().all(String::is_empty), "{music}");
        assert!(diagnoses.iter().any(|text| text.contains("stand before no note")), "{music}: {diagnoses:?}");
    }
    let (part, diagnoses) = tune(&format!("{{{}}}c8|", "d".repeat(500)));
    assert_eq!(part.voices[0][0].graces.len(), 32);
    assert!(diagnoses[0].starts_with("468 grace notes"), "{diagnoses:?}");
}

#[test]
fn dynamics_of_abc_set_velocities() {
    let (part, diagnoses) = tune("!p!c2 !<(!c2 c2 !<)!+f+c2|!fp!c4 !sfz!c4|!>(!c8|");
    assert_eq!(diagnoses, ["1 hairpins have no end; they were left out."]);
    let level = |at: i64, level| Dynamic { at: Time::quarters(at), mark: DynamicMark::Level(level) };
    assert_eq!(part.dynamics[0], level(0, Loudness::P));
    assert_eq!(part.dynamics[1].mark, DynamicMark::Crescendo { until: Time::quarters(3) });
    assert_eq!(part.dynamics[2..4], [level(3, Loudness::F), level(4, Loudness::P)]);
    let velocities: Vec<u8> = part.notes().map(|note| note.velocity).collect();
    assert_eq!(velocities[0], 49);
    assert!(velocities[1] < velocities[2] && velocities[2] < 96 && velocities[3] == 96);
    assert_eq!(velocities[4..6], [69, 69], "forced, but soft");
    let (plain, _) = tune("c8|");
    assert_eq!(plain.voices[0][0].velocity, 80);
}

/// A part of one bar in MusicXML.
fn xml(attributes: &str, bar: &str) -> (Score, Vec<String>) {
    let text = format!(
        "<score-partwise><part-list><score-part id=\"P1\"><part-name>Horn</part-name></score-part></part-list>\
         <part id=\"P1\"><measure number=\"1\"><attributes><divisions>1</divisions>{attributes}</attributes>{bar}\
         </measure></part></score-partwise>"
    );
    let (score, diagnoses) = musicxml::read(text.as_bytes()).unwrap();
    (score, diagnoses.into_iter().map(|diagnosis| diagnosis.message).collect())
}

fn note(step: char, before: &str) -> String {
    let duration = if before.contains("grace") { "" } else { "<duration>2</duration>" };
    format!("<note>{before}<pitch><step>{step}</step><octave>5</octave></pitch>{duration}<voice>1</voice></note>")
}

#[test]
fn a_horn_of_musicxml_reads_its_own_key() {
    let horn = "<key><fifths>1</fifths></key><transpose><diatonic>-4</diatonic><chromatic>-7</chromatic></transpose>";
    let bar = note('B', "<grace slash=\"yes\"/>") + &note('G', "") + &note('D', "<grace/>") + &note('D', "<cue/>");
    let (score, diagnoses) = xml(horn, &bar);
    assert_eq!(diagnoses, ["1 grace notes stand before no note; they were left out."]);
    assert_eq!(score.measures[0].key, "C major".parse().unwrap());
    let part = &score.parts[0];
    assert_eq!(part.transposition, Transposition::of_semitones(-7));
    assert_eq!(part.voices[0][0].top().unwrap().to_string(), "C5");
    assert_eq!(graces(part), ["E5/"]);
    let again = musicxml::write(&score);
    assert!(again.contains("<fifths>1</fifths>") && again.contains("<diatonic>-4</diatonic>"));
    assert_eq!(musicxml::read(again.as_bytes()).unwrap().0.parts, score.parts);
    // Letters and semitones that do not belong together: the semitones are believed.
    let wrong =
        "<transpose><diatonic>3</diatonic><chromatic>-2</chromatic><octave-change>-1</octave-change></transpose>";
    assert_eq!(xml(wrong, &note('C', "")).0.parts[0].transposition, Transposition::of_semitones(-14));
}

#[test]
fn dynamics_of_musicxml_are_marks_and_velocities() {
    let direction = |content: &str| format!("<direction><direction-type>{content}</direction-type></direction>");
    let wedge = |does: &str| direction(&format!("<wedge type=\"{does}\"/>"));
    let bar = direction("<dynamics><pp/></dynamics>")
        + &note('C', "")
        + &wedge("crescendo")
        + &note('D', "")
        + &wedge("stop")
        + &direction("<dynamics><ff/><other-dynamics>louder</other-dynamics></dynamics>")
        + "<sound dynamics=\"50\"/>"
        + &note('E', "")
        + &wedge("stop")
        + &wedge("diminuendo");
    let (score, diagnoses) = xml("", &bar);
    assert!(diagnoses.contains(&"1 hairpins have no end; they were left out.".to_owned()), "{diagnoses:?}");
    let part = &score.parts[0];
    let marks: Vec<DynamicMark> = part.dynamics.iter().map(|dynamic| dynamic.mark).collect();
    let swell = DynamicMark::Crescendo { until: Time::WHOLE };
    assert_eq!(marks, [DynamicMark::Level(Loudness::Pp), swell, DynamicMark::Level(Loudness::Ff)]);
    // What a file says for programs is more exact than the mark.
    assert_eq!(part.notes().map(|note| note.velocity).collect::<Vec<_>>(), [33, 33, 45]);
}
