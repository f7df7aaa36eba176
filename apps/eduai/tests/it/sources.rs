//! Pieces of one's own: brought, looked into, borrowed from, kept apart, forgotten.

use crate::visitor::{GENERATE, Visitor, request};
use crate::world::{Answer, World};
use serde_json::{Value, json};

const SOURCES: &str = "/api/v1/mashup/sources";

/// Beethoven's tune with its usual chords (public domain).
const ODE: &str = "X:1\nT:Ode to Joy\nC:Ludwig van Beethoven\nM:4/4\nL:1/4\nQ:1/4=120\nK:D\n\
    \"D\"FFGA|\"A7\"AGFE|\"D\"DDEF|\"A7\"F>E E2|\"D\"FFGA|\"A7\"AGFE|\"D\"DDEF|\"A7\"E>D \"D\"D2|\n\
    \"A7\"EEFD|E(F/G/)FD|EF/G/FE|\"D\"D\"E7\"E\"A\"A,2|\"D\"FFGA|\"A7\"AGFE|\"D\"DDEF|\"A7\"E>D \"D\"D2|]\n";

/// Two voices in three, so that there is a bass.
const WALTZ: &str = "X:1\nT:Waltz\nM:3/4\nL:1/4\nK:G\nV:1\nd B G|c A F|B G E|D2 z|d B G|c A F|G2 z|G3|]\n\
    V:2 clef=bass\nG,,2 z|D,,2 z|E,,2 z|D,,2 z|G,,2 z|D,,2 z|G,,2 z|G,,3|]\n";

impl Visitor<'_> {
    async fn bring(&self, query: &str, file: &str) -> Answer {
        let path = format!("{SOURCES}?{query}");
        self.send("POST", &path, &[], file).await
    }

    async fn brought(&self, query: &str, file: &str) -> Value {
        let answer = self.bring(query, file).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }
}

fn layers(source: &Value) -> Vec<&str> {
    source["facts"]["layers"].as_array().unwrap().iter().map(|l| l["layer"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_file_is_looked_into_and_borrowed_from() {
    let world = World::new().await;
    let teacher = Visitor::new(&world).await;
    let ode = teacher.brought("name=ode.abc&licence=public_domain", ODE).await;
    let facts = &ode["facts"];
    assert_eq!((&facts["key"], &facts["bars"], &facts["format"]), (&json!("D major"), &json!(16), &json!("ABC")));
    assert_eq!((&facts["title"], &facts["creator"]), (&json!("Ode to Joy"), &json!("Ludwig van Beethoven")));
    assert_eq!(facts["chords"][0], json!({"bar": 0, "symbol": "D", "numeral": "I"}));
    assert_eq!(layers(&ode), ["melody", "chords"]);
    let heard =
        teacher.send("GET", &format!("{SOURCES}/{}/playback", ode["id"].as_str().unwrap()), &[], "").await.json();
    assert_eq!(heard["playback"]["parts"][0]["notes"][0]["p"], json!([66]));

    let mashup = teacher.make(json!({"source_ids": [ode["id"]], "key": "F"})).await;
    assert_eq!((&mashup["title"], &mashup["score"]["key"]), (&json!("Ode to Joy"), &json!("F major")));
    let voice = mashup["playback"]["parts"].as_array().unwrap().iter().find(|p| p["id"] == "voice").unwrap();
    let heard: Vec<u64> =
        voice["notes"].as_array().unwrap().iter().take(8).map(|n| n["p"][0].as_u64().unwrap()).collect();
    assert_eq!(heard, [69, 69, 70, 72, 72, 70, 69, 67], "the tune, in F");
    assert_eq!(mashup["quality"]["passed"], true, "{}", mashup["quality"]);
    assert_eq!(mashup["credits"][0]["layers"], json!(["melody", "chords"]));
    assert_eq!(mashup["credits"][0]["licence"], "public_domain");
    let said = mashup["fittings"][0].clone();
    assert_eq!(said["what"]["en"], "From D major to F major, 3 semitones up.");
    assert_eq!(said["why"]["es"], "Se pidió F major.");

    // A remix needs the file no more.
    let gone = teacher.send("DELETE", &format!("{SOURCES}/{}", ode["id"].as_str().unwrap()), &[], "").await;
    assert_eq!(gone.status, 204);
    let path = format!("/api/v1/mashup/{}/remix", mashup["id"].as_str().unwrap());
    let remix = teacher.send("POST", &path, &[], &json!({"change": {"transpose": 2}}).to_string()).await;
    assert_eq!(remix.status, 201, "{}", remix.text);
    let remix = remix.json();
    assert_eq!((&remix["score"]["key"], &remix["credits"]), (&json!("G major"), &mashup["credits"]));
}

#[tokio::test]
async fn what_to_take_is_chosen_or_the_mistake_is_named() {
    let world = World::new().await;
    let teacher = Visitor::new(&world).await;
    let ode = teacher.brought("name=ode.abc&licence=public_domain", ODE).await;
    let waltz = teacher.brought("name=waltz.abc&licence=own_work", WALTZ).await;
    assert_eq!(layers(&waltz), ["melody", "chords", "bass"]);
    let ids = json!([ode["id"], waltz["id"]]);
    let take = json!({"melody": ode["id"], "chords": waltz["id"], "bass": waltz["id"]});
    let mashup = teacher.make(json!({"source_ids": ids, "take": take})).await;
    let fittings = mashup["fittings"].as_array().unwrap();
    let of = |layer: &str| {
        fittings.iter().filter(|f| f["layer"] == layer).map(|f| f["what"]["en"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert!(of("melody").iter().any(|w| w.contains("over other chords: those of “Waltz”")), "{fittings:?}");
    assert!(of("bass").iter().any(|w| w.starts_with("From 3/4 to 4/4")), "{fittings:?}");
    assert!(of("chords").iter().any(|w| w.starts_with("Their order is new")), "{fittings:?}");
    assert_eq!(mashup["theory_analysis"]["key"]["name"], "D major");

    let refused = async |more: Value| {
        let mut asked = request();
        for (name, value) in more.as_object().unwrap() {
            asked[name] = value.clone();
        }
        let answer = teacher.send("POST", GENERATE, &[], &asked.to_string()).await;
        let problem = answer.json();
        (
            answer.status,
            problem["errors"][0]["field"].as_str().unwrap().to_owned(),
            problem["errors"][0]["code"].as_str().unwrap().to_owned(),
        )
    };
    let told = |status: u16, field: &str, code: &str| (status, field.to_owned(), code.to_owned());
    let drums = json!({"source_ids": ids, "take": {"drums": ode["id"]}});
    assert_eq!(refused(drums).await, told(422, "take.drums", "not_in_source"));
    let strange = json!({"source_ids": [ode["id"]], "take": {"melody": waltz["id"]}});
    assert_eq!(refused(strange).await, told(422, "take.melody", "unknown_source"));
    let nobody = json!({"source_ids": ["01900000-0000-7000-8000-00000000abcd"]});
    assert_eq!(refused(nobody).await, told(422, "source_ids[0]", "unknown_source"));
    assert_eq!(refused(json!({"source_ids": [ode["id"], ode["id"]]})).await, told(422, "source_ids[1]", "repeated"));
    assert_eq!(refused(json!({"source_ids": [ode["id"]], "take": {}})).await, told(422, "take", "empty"));
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_with_a_reason() {
    let world = World::new().await;
    let teacher = Visitor::new(&world).await;
    let code = async |query: &str, file: &str| {
        let answer = teacher.bring(query, file).await;
        let problem = answer.json();
        (answer.status, problem["errors"][0]["code"].as_str().or(problem["code"].as_str()).unwrap().to_owned())
    };
    let told = |status: u16, code: &str| (status, code.to_owned());
    let fine = "name=a.abc&licence=public_domain";
    assert_eq!(code(fine, "").await, told(422, "unreadable"));
    assert_eq!(code(fine, "Dear diary, today I heard a song.").await, told(422, "unreadable"));
    assert_eq!(code(fine, "X:1\nK:C\nz4|z4|]\n").await, told(422, "no_notes"));
    assert_eq!(code(fine, "X:1\nK:C\nC|]\n").await, told(422, "nothing_to_borrow"));
    assert_eq!(code("name=a.abc&licence=public_domain&tune=2", ODE).await, told(422, "out_of_range"));
    assert_eq!(code("name=a.abc&licence=open_licence", ODE).await, told(422, "required"));
    assert_eq!(code("name=a.abc", ODE).await.0, 400);
    assert_eq!(code("name=a.abc&licence=stolen", ODE).await.0, 400);
    assert_eq!(code("name=%20&licence=own_work", ODE).await, told(422, "length"));
    let large = format!("X:1\nK:C\n{}\n", "C".repeat(5 << 20));
    assert_eq!(code(fine, &large).await, told(413, "body_too_large"));
    let list = teacher.send("GET", SOURCES, &[], "").await.json();
    assert_eq!(list["items"], json!([]), "nothing half-kept");
}

#[tokio::test]
async fn pieces_are_ones_own() {
    let world = World::new().await;
    let (teacher, stranger) = (Visitor::new(&world).await, Visitor::new(&world).await);
    let ode = teacher.brought("name=ode.abc&licence=public_domain", ODE).await;
    let place = format!("{SOURCES}/{}", ode["id"].as_str().unwrap());
    for (method, path) in [
        ("GET", place.clone()),
        ("GET", format!("{place}/playback")),
        ("DELETE", place.clone()),
        ("POST", format!("{place}/restore")),
    ] {
        assert_eq!(stranger.send(method, &path, &[], "").await.status, 404, "{method} {path}");
    }
    assert_eq!(stranger.send("GET", SOURCES, &[], "").await.json()["items"], json!([]));
    let mut asked = request();
    asked["source_ids"] = json!([ode["id"]]);
    assert_eq!(stranger.send("POST", GENERATE, &[], &asked.to_string()).await.status, 422);

    // Brought again it is the same piece; deleted it can be restored; restored twice it is there.
    let again = teacher.bring("name=other.abc&licence=public_domain", ODE).await;
    assert_eq!((again.status, &again.json()["id"]), (200, &ode["id"]));
    assert_eq!(teacher.send("DELETE", &place, &[], "").await.status, 204);
    assert_eq!(teacher.send("DELETE", &place, &[], "").await.status, 404);
    let new = teacher.brought("name=ode.abc&licence=public_domain", ODE).await;
    assert_eq!(teacher.send("POST", &format!("{place}/restore"), &[], "").await.status, 409);
    let newer = format!("{SOURCES}/{}", new["id"].as_str().unwrap());
    assert_eq!(teacher.send("DELETE", &newer, &[], "").await.status, 204);
    assert_eq!(teacher.send("POST", &format!("{place}/restore"), &[], "").await.json()["id"], ode["id"]);
}

#[tokio::test]
async fn a_hundred_pieces_are_kept_and_then_no_more() {
    let world = World::new().await;
    let teacher = Visitor::new(&world).await;
    // Uploads that come together count one another.
    let tune = |n: u32| format!("X:1\nT:Tune {n}\nK:C\nCDEF|GABc|]\n");
    for n in 0..98 {
        teacher.brought("name=t.abc&licence=own_work", &tune(n)).await;
    }
    let late: Vec<String> = (98..104).map(tune).collect();
    let answers =
        futures_util::future::join_all(late.iter().map(|t| teacher.bring("name=t.abc&licence=own_work", t))).await;
    let kept = answers.iter().filter(|a| a.status == 201).count();
    assert_eq!(kept, 2, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    let full = answers.iter().find(|a| a.status != 201).unwrap();
    assert_eq!((full.status, &full.json()["code"]), (409, &json!("too_many_sources")));
    let mut seen = std::collections::BTreeSet::new();
    let mut path = format!("{SOURCES}?limit=30");
    loop {
        let page = teacher.send("GET", &path, &[], "").await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{SOURCES}?limit=30&cursor={cursor}");
    }
    assert_eq!(seen.len(), 100);
}
