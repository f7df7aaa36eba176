//! The command line without a server.

use std::process::Command;

#[test]
fn composing_writes_every_export_and_the_same_again() {
    let folder = std::env::temp_dir().join(format!("eduai-compose-{}", std::process::id()));
    for name in ["one", "two"] {
        let done = Command::new(env!("CARGO_BIN_EXE_eduai"))
            .args([
                "music",
                "compose",
                "--genres",
                "folk,house",
                "--level",
                "beginner",
                "--seed",
                "3",
                "--language",
                "es",
            ])
            .args(["--bars", "16", "--out"])
            .arg(folder.join(name))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(String::from_utf8_lossy(&done.stdout).lines().count(), 7);
    }
    for (file, start) in [
        ("score.mid", &b"MThd"[..]),
        ("score.musicxml", b"<?xml"),
        ("score.abc", b"%abc"),
        ("score.wav", b"RIFF"),
        ("score.ogg", b"OggS"),
        ("lesson.pdf", b"%PDF"),
        ("mashup.json", b"{"),
    ] {
        let [one, two] = ["one", "two"].map(|name| std::fs::read(folder.join(name).join(file)).unwrap());
        assert!(one.starts_with(start), "{file}");
        assert!(one == two, "{file} differs the second time");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Runs `eduai music …` in the folder of awkward files; gives status, output and complaints.
fn music(arguments: &[&str]) -> (bool, String, String) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/core/music/tests/io/awkward/files");
    let mut command = Command::new(env!("CARGO_BIN_EXE_eduai"));
    let done = command.current_dir(folder).arg("music").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[test]
fn notes_are_printed_exactly() {
    let (fine, out, _) = music(&["notes", "m01_type0_two_channels.mid"]);
    let rows: Vec<&str> = out.lines().collect();
    assert!(fine);
    assert_eq!(rows[0], "file,tune,onset,duration,pitch,part,voice");
    assert_eq!(rows.len(), 6);
    assert!(rows[1].starts_with("m01_type0_two_channels.mid,1,0,1,62,"), "{out}");
    let (fine, out, _) = music(&["notes", "--format", "json", "m12_quintuplets_ppq96.mid"]);
    let first: serde_json::Value = serde_json::from_str(out.lines().nth(1).unwrap()).unwrap();
    assert!(fine && first["onset"] == "1/5" && first["pitch"] == 61, "{first}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_answered() {
    let (fine, out, complaints) = music(&["key", "a01_two_voices_interleaved.abc", "m18_empty_file.mid", "none.mid"]);
    let rows: Vec<&str> = out.lines().collect();
    assert!(!fine);
    assert!(rows[1].starts_with("a01_two_voices_interleaved.abc,") && !rows[1].ends_with(",,"), "{out}");
    assert_eq!(rows[2..], ["m18_empty_file.mid,,,", "none.mid,,,"]);
    assert!(complaints.contains("m18_empty_file.mid: the file is empty"), "{complaints}");
    assert!(complaints.contains("none.mid cannot be read"), "{complaints}");
    let (fine, out, complaints) = music(&["notes", "x15_zip_bomb_48MiB.mxl"]);
    assert!(!fine && out.is_empty() && complaints.lines().count() == 1, "{out}{complaints}");
}

#[test]
fn conversion_keeps_the_notes_and_says_what_becomes_of_a_tune_book() {
    let folder = std::env::temp_dir().join(format!("eduai-convert-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let to = |name: &str| folder.join(name).display().to_string();
    let pitches = |file: &str| {
        let (fine, out, complaints) = music(&["notes", file]);
        assert!(fine, "{complaints}");
        let mut pitches: Vec<String> =
            out.lines().skip(1).map(|row| row.split(',').nth(4).unwrap().to_owned()).collect();
        pitches.sort();
        pitches
    };
    for extension in ["mid", "musicxml", "mxl", "abc"] {
        let out = to(&format!("book.{extension}"));
        let (fine, _, complaints) = music(&["convert", "a09_tunebook_file_header.abc", &out]);
        assert!(fine && complaints.contains("--tune N"), "{complaints}");
        assert_eq!(pitches(&out), pitches("a09_tunebook_file_header.abc"), "{extension}");
    }
    let (fine, ..) = music(&["convert", "--tune", "2", "a09_tunebook_file_header.abc", &to("two.mid")]);
    assert!(fine);
    assert_eq!(pitches(&to("two.mid")).len(), 4);
    let (fine, _, complaints) = music(&["convert", "--tune", "3", "a09_tunebook_file_header.abc", &to("three.mid")]);
    assert!(!fine && complaints.contains("has 2 tunes"), "{complaints}");
    let (fine, _, complaints) = music(&["convert", "a09_tunebook_file_header.abc", &to("score.docx")]);
    assert!(!fine && complaints.contains("end it in .mid"), "{complaints}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_file_sounds_as_a_whole_or_part_by_part() {
    let folder = std::env::temp_dir().join(format!("eduai-render-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let to = |name: &str| folder.join(name).display().to_string();
    let (fine, ..) = music(&["render", "a01_two_voices_interleaved.abc", &to("all.wav"), "--rate", "22050"]);
    assert!(fine && std::fs::read(to("all.wav")).unwrap().starts_with(b"RIFF"));
    let (fine, ..) = music(&["render", "a01_two_voices_interleaved.abc", &to("all.ogg")]);
    assert!(fine && std::fs::read(to("all.ogg")).unwrap().starts_with(b"OggS"));
    let (fine, _, complaints) = music(&["render", "a01_two_voices_interleaved.abc", &to("all.mp3")]);
    assert!(!fine && complaints.contains(".wav or .ogg"), "{complaints}");
    let font = ["--soundfont", "a01_two_voices_interleaved.abc"];
    let (fine, _, complaints) =
        music(&[&["render", "a01_two_voices_interleaved.abc", &to("font.wav")], &font[..]].concat());
    assert!(!fine && complaints.contains("this is no SoundFont"), "{complaints}");
    let (fine, out, _) = music(&["render", "--stems", "a01_two_voices_interleaved.abc", &to("stems")]);
    assert!(fine);
    assert_eq!(out.lines().count(), 2);
    assert_eq!(std::fs::read_dir(to("stems")).unwrap().count(), 2);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn voice_leading_is_checked_by_the_customs_of_a_style_and_meter_is_heard() {
    let folder = std::env::temp_dir().join(format!("eduai-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let fifths = folder.join("fifths.abc").display().to_string();
    let two = "X:1\nM:3/4\nL:1/4\nQ:1/4=120\nK:C\nV:1\nG2A|G3|\nV:2\nC2D|C3|\n";
    std::fs::write(&fifths, two).unwrap();
    let (fine, out, _) = music(&["check", &fifths]);
    let rows: Vec<&str> = out.lines().collect();
    assert!(fine && rows[0] == "file,tune,bar,quarter,fault,voices,pitches", "{out}");
    assert!(rows[1].ends_with(",1,1,2,parallel_fifths,1 2,A4 D4"), "{out}");
    assert_eq!(rows.len(), 3);
    let (fine, out, _) = music(&["check", "--style", "jazz", &fifths]);
    assert!(fine && out.lines().count() <= 1, "{out}");
    let (fine, _, complaints) = music(&["check", "--style", "punk", &fifths]);
    assert!(!fine && complaints.contains("common_practice, jazz or popular"), "{complaints}");

    let waltz = folder.join("waltz.abc").display().to_string();
    let bar = "C,,z [EG][EG]|"; // The bass on one, its chord on two and three.
    let tune = "c3|e2d|c3|G3|".repeat(6);
    let text = format!("X:1\nM:3/4\nL:1/4\nQ:1/4=150\nK:C\nV:1\n{tune}\nV:2\n{}\n", bar.replace('z', "").repeat(24));
    std::fs::write(&waltz, text).unwrap();
    let (fine, out, _) = music(&["meter", &waltz]);
    let cells: Vec<&str> = out.lines().nth(1).unwrap().split(',').collect();
    assert!(fine && cells[2] == "3/4" && (cells[3].parse::<f64>().unwrap() - 150.0).abs() < 4.0, "{out}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_tune_is_borrowed_from_a_file_and_what_was_changed_is_printed() {
    let folder = std::env::temp_dir().join(format!("eduai-borrow-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let tune = folder.join("tune.abc").display().to_string();
    std::fs::write(&tune, "X:1\nT:A round\nM:4/4\nL:1/4\nQ:1/4=100\nK:F\n|:FGAF:||:ABc2:|c/d/c/B/ AF|FCF2|]\n")
        .unwrap();
    let out = folder.join("out").display().to_string();
    let genres = ["compose", "--genres", "rock,country", "--key", "G"];
    let (fine, told, complaints) = music(&[&genres[..], &["--borrow", &tune, "--out", &out]].concat());
    assert!(fine, "{complaints}");
    assert!(
        told.contains("melody of A round: From F major to G major, 2 semitones up. G major was asked for."),
        "{told}"
    );
    let (fine, _, complaints) = music(&[&genres[..], &["--drums-of", &tune, "--out", &out]].concat());
    assert!(!fine && complaints.contains("has no drums; it has melody"), "{complaints}");
    std::fs::remove_dir_all(&folder).unwrap();
}
