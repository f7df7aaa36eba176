use super::*;
use Sign::{Coda, DaCapo, DalSegno, Ending, Fine, RepeatEnd, RepeatStart, Segno, ToCoda};

/// The order as letters, one a bar.
fn played(bars: usize, signs: &[(usize, Sign)]) -> String {
    order(signs, bars).into_iter().map(|bar| char::from(b'a' + bar as u8)).collect()
}

#[test]
fn without_signs_every_bar_is_played_once() {
    assert_eq!(played(4, &[]), "abcd");
    assert_eq!(played(0, &[(3, RepeatEnd(2))]), "");
}

#[test]
fn repeats_are_played_as_often_as_they_say() {
    assert_eq!(played(4, &[(1, RepeatEnd(2))]), "ababcd");
    assert_eq!(played(4, &[(1, RepeatStart), (2, RepeatEnd(3))]), "abcbcbcd");
    assert_eq!(played(4, &[(1, RepeatEnd(2)), (2, RepeatStart), (3, RepeatEnd(2))]), "ababcdcd");
    // Without an opening sign a second repeat begins where the first ended.
    assert_eq!(played(4, &[(1, RepeatEnd(2)), (3, RepeatEnd(2))]), "ababcdcd");
}

#[test]
fn endings_are_taken_in_turn() {
    let two = [(1, Ending(vec![1])), (1, RepeatEnd(2)), (2, Ending(vec![2]))];
    assert_eq!(played(4, &two), "abacd");
    let three = [
        (0, RepeatStart),
        (1, Ending(vec![1, 3])),
        (1, RepeatEnd(2)),
        (2, Ending(vec![2])),
        (2, RepeatEnd(2)),
        (3, Ending(vec![4])),
    ];
    assert_eq!(played(5, &three), "abacabade");
    // Endings of two bars.
    let long =
        [(1, Ending(vec![1])), (2, Ending(vec![1])), (2, RepeatEnd(2)), (3, Ending(vec![2])), (4, Ending(vec![2]))];
    assert_eq!(played(6, &long), "abcadef");
    // A second repeat after the last ending counts from 1.
    let again = [(1, Ending(vec![1])), (1, RepeatEnd(2)), (2, Ending(vec![2])), (4, RepeatEnd(2))];
    assert_eq!(played(5, &again), "abacdede");
}

#[test]
fn jumps_are_made_once() {
    assert_eq!(played(4, &[(1, Fine), (3, DaCapo)]), "abcdab");
    assert_eq!(played(5, &[(1, Segno), (2, Fine), (4, DalSegno)]), "abcdebc");
    assert_eq!(played(5, &[(1, ToCoda), (3, DaCapo), (4, Coda)]), "abcdabe");
    // A repeat is not made again after the jump, and its last ending is taken.
    assert_eq!(played(4, &[(1, RepeatEnd(2)), (3, DaCapo)]), "ababcdabcd");
    let with_endings = [(1, Ending(vec![1])), (1, RepeatEnd(2)), (2, Ending(vec![2])), (2, Fine), (3, DaCapo)];
    assert_eq!(played(4, &with_endings), "abacdac");
}

#[test]
fn signs_that_lead_nowhere_are_passed_over() {
    assert_eq!(played(3, &[(2, DalSegno)]), "abc");
    assert_eq!(played(3, &[(0, ToCoda), (2, DaCapo)]), "abcabc");
    assert_eq!(played(2, &[(9, DaCapo), (1, Ending(vec![2]))]), "a");
}

proptest::proptest! {
    #[test]
    fn every_order_ends(signs in proptest::collection::vec((0_usize..12, sign()), 0..20)) {
        let order = order(&signs, 12);
        proptest::prop_assert!(order.len() <= MOST_BARS);
        proptest::prop_assert!(order.iter().all(|bar| *bar < 12));
    }
}

fn sign() -> impl proptest::strategy::Strategy<Value = Sign> {
    use proptest::prelude::*;
    prop_oneof![
        Just(RepeatStart),
        (2_u8..=99).prop_map(RepeatEnd),
        proptest::collection::vec(1_u8..6, 0..3).prop_map(Ending),
        Just(Segno),
        Just(Coda),
        Just(ToCoda),
        Just(Fine),
        Just(DaCapo),
        Just(DalSegno),
    ]
}

#[test]
fn the_page_is_written_out_as_it_is_played() {
    let tune = b"X:1\nT:Two verses\nM:2/4\nL:1/4\nQ:1/4=100\nK:C\n|:CD|[1 EF:|[2 GA||Bc|]\nw:one two three four five six seven eight\nw:un dos\n";
    let (page, diagnoses) = crate::abc::read(tune).unwrap();
    assert_eq!(diagnoses, []);
    assert_eq!(page.measures.len(), 4);
    assert_eq!(page.signs, [(0, RepeatStart), (1, RepeatEnd(2)), (1, Ending(vec![1])), (2, Ending(vec![2]))]);
    let played = unfold(&page);
    let notes = &played.parts[0].voices[0];
    let pitches: Vec<String> = notes.iter().map(|note| note.top().unwrap().to_string()).collect();
    assert_eq!(pitches.join(" "), "C4 D4 E4 F4 C4 D4 G4 A4 B4 C5");
    let words: Vec<&str> = notes.iter().map(|note| note.lyrics.first().map_or("-", |lyric| &lyric.text)).collect();
    assert_eq!(words.join(" "), "one two three four un dos five six seven eight");
    assert_eq!(played.measures.iter().map(|bar| bar.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(played.end(), crate::Time::quarters(10));
    assert!(notes.windows(2).all(|pair| pair[0].end() <= pair[1].onset));
    assert_eq!(unfold(&played), played);
}

#[test]
fn words_over_the_music_are_understood() {
    for (words, sign) in [
        ("D.C. al Fine", Some(DaCapo)),
        ("Da Capo", Some(DaCapo)),
        ("D.S. al Coda", Some(DalSegno)),
        ("dal segno", Some(DalSegno)),
        ("To Coda", Some(ToCoda)),
        ("Fine", Some(Fine)),
        ("fine tune", None),
        ("dc motor", None),
        ("", None),
    ] {
        assert_eq!(Sign::of_words(words), sign, "{words}");
    }
}
