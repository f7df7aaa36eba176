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
        assert_eq!(String::from_utf8_lossy(&done.stdout).lines().count(), 6);
    }
    for (file, start) in [
        ("score.mid", &b"MThd"[..]),
        ("score.musicxml", b"<?xml"),
        ("score.abc", b"%abc"),
        ("score.wav", b"RIFF"),
        ("lesson.pdf", b"%PDF"),
        ("mashup.json", b"{"),
    ] {
        let [one, two] = ["one", "two"].map(|name| std::fs::read(folder.join(name).join(file)).unwrap());
        assert!(one.starts_with(start), "{file}");
        assert!(one == two, "{file} differs the second time");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
