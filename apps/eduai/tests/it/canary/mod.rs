//! One person's life in the program, told in words that stand nowhere else: every column that could hold a word of it is
//! filled or says why it cannot; the archive holds all of it; what is sealed is never seen in a dump; the logs hold none of
//! it; and after the erasure nothing holds any, but the ids that the assessment says are kept.

mod columns;
mod life;
mod log;
mod places;

use crate::server::{Folder, Server};
use life::{CANARIES, Life, SEALED};
use places::{Database, archive, files, logs};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_life_is_kept_where_it_is_said_given_out_whole_and_then_gone() {
    let folder = Folder::new("canary");
    let data = folder.0.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let server = Server::start_with(&data, &[("EDUAI_LOG", "debug")]);
    let database = Database::open(&data).await;
    let mut life = Life::live(&server, &data, &database).await;
    life.do_what_is_logged(&server);
    log::tells_of_deeds_alone(&database).await;

    columns::all_are_filled_or_cannot_be(&database).await;
    let mut dumps = vec![database.dump().await];
    dumps.extend(database.dumps_of_postgresql(&folder.0));
    for dump in dumps {
        assert!(dump.contains("quillfeather"), "the dump holds every table");
        for word in SEALED {
            assert!(!places::holds(&dump, word), "{word} is sealed, and the dump shows it");
        }
    }

    let bytes = life.archive(&server);
    let given = archive(&bytes);
    let missing: Vec<&&str> = CANARIES.iter().filter(|word| !given.contains(&word.to_lowercase())).collect();
    assert_eq!(missing, Vec::<&&str>::new(), "the archive gives all of it");

    let done = life.erase(&server);
    let kept: Vec<&str> = done["assessment"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["erased"] == json!(false))
        .map(|one| one["category"].as_str().unwrap())
        .collect();
    assert_eq!(kept, ["academic_record", "consent", "security"], "{done}");

    log::tells_of_deeds_alone(&database).await;
    let tables = database.tables_with_any(&CANARIES).await;
    assert_eq!(tables, Vec::<String>::new(), "no table holds a word of it");
    let ids = database.tables_with_any(&[&life.id]).await;
    let may_stay = [
        "audit.entry",
        "platform.outbox",
        "privacy.consent",
        "privacy.disclosure",
        "privacy.request",
        "privacy.restriction",
        "vault.data_key",
    ];
    let left: Vec<&String> = ids.iter().filter(|table| !may_stay.contains(&table.as_str())).collect();
    assert_eq!(left, Vec::<&String>::new(), "even the id is left only where the assessment says");

    let dump = database.dump().await;
    let found: Vec<&&str> = CANARIES.iter().filter(|word| places::holds(&dump, word)).collect();
    assert_eq!(found, Vec::<&&str>::new(), "nor does a dump");
    for dump in database.dumps_of_postgresql(&folder.0) {
        let found: Vec<&&str> = CANARIES.iter().filter(|word| places::holds(&dump, word)).collect();
        assert_eq!(found, Vec::<&&str>::new(), "nor do those of pg_dump");
    }
    let restored = places::restored_backup(&data, &folder.0).await;
    assert!(restored.contains("privacy.person_erased") || restored.contains("privacy.decision"), "it is the database");
    let found: Vec<&&str> = CANARIES.iter().filter(|word| places::holds(&restored, word)).collect();
    assert_eq!(found, Vec::<&&str>::new(), "nor a backup that is made afterwards");
    assert_eq!(files(&data, &CANARIES), Vec::<String>::new(), "nor a file beside the database");
    assert_eq!(logs(&data, &CANARIES), Vec::<String>::new(), "and no log ever did");
    database.close().await;
}
