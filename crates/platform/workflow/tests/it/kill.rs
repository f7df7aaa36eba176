//! The same with real processes and `kill -9`: this test binary starts itself as the program.

use crate::errand::{Errands, Outside, POINTS, Plan, Point, expected, graph};
use crate::poem;
use eduai_testkit::{TestDb, sample};
use eduai_workflow::{End, MIGRATIONS, RunId, RunStatus};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The world outside, in files that survive the process.
struct Files {
    folder: PathBuf,
    stop_at: Option<(i32, Point)>,
}

impl Outside for Files {
    fn act(&self, step: i32) {
        let mut acts = std::fs::File::options().create(true).append(true).open(self.folder.join("acts")).unwrap();
        writeln!(acts, "{step}").unwrap();
    }

    async fn pass(&self, step: i32, point: Point) {
        if self.stop_at == Some((step, point)) {
            std::fs::write(self.folder.join("stopped"), "").unwrap();
            std::future::pending::<()>().await;
        }
    }
}

/// The program: begins a run when asked to, and takes up what it finds, until it is killed or the run is over.
#[tokio::test]
#[ignore = "started by the tests below, as a process of its own"]
async fn program() {
    let Ok(url) = std::env::var("KILL_TEST_URL") else { return };
    let folder = PathBuf::from(std::env::var("KILL_TEST_FOLDER").unwrap());
    let stop_at = std::env::var("KILL_TEST_STOP").ok().map(|text| serde_json::from_str(&text).unwrap());
    let db = eduai_db::connect(url.parse().unwrap(), 5, false).await.unwrap();
    let engine = poem::engine(&db, poem::clock()).await;
    engine.register(graph(&Arc::new(Files { folder: folder.clone(), stop_at }))).unwrap();
    let actor = sample::guest(1);
    if let Ok(plan) = std::env::var("KILL_TEST_PLAN") {
        let plan: Plan = serde_json::from_str(&plan).unwrap();
        let started = engine.start::<Errands>(&actor, actor.user.uuid(), &plan).await.unwrap();
        std::fs::write(folder.join("run"), started.id.to_string()).unwrap();
    }
    engine.work(CancellationToken::new()).await;
}

fn start(folder: &Path, url: &str, plan: Option<&Plan>, stop_at: Option<(i32, Point)>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::program", "--ignored", "--nocapture"]);
    command.env("KILL_TEST_URL", url).env("KILL_TEST_FOLDER", folder);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(plan) = plan {
        command.env("KILL_TEST_PLAN", serde_json::to_string(plan).unwrap());
    }
    if let Some(stop_at) = stop_at {
        command.env("KILL_TEST_STOP", serde_json::to_string(&stop_at).unwrap());
    }
    command.spawn().unwrap()
}

fn wait_for(what: &Path) {
    let began = Instant::now();
    while !what.exists() {
        assert!(began.elapsed() < Duration::from_secs(20), "{} does not appear", what.display());
        std::thread::sleep(Duration::from_millis(3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_survives_kill_9_at_each_point_of_each_step() {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &MIGRATIONS]).await.unwrap();
    let url = db.url(eduai_db::roles::RUNTIME).unwrap();
    let plan = Plan { way: vec![1, 2, 1, 3, 2, 4] };
    let engine = poem::engine(db.db(), poem::clock()).await;
    let mut slowest = Duration::ZERO;
    for step in 1..=7 {
        for point in POINTS {
            let folder = std::env::temp_dir().join(format!("eduai-kill-{}-{step}-{point:?}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            let mut first = start(&folder, &url, Some(&plan), Some((step, point)));
            wait_for(&folder.join("stopped"));
            wait_for(&folder.join("run"));
            first.kill().unwrap();
            first.wait().unwrap();
            let mut second = start(&folder, &url, None, None);
            let began = Instant::now();
            let run: RunId = std::fs::read_to_string(folder.join("run")).unwrap().parse().unwrap();
            let actor = sample::guest(1);
            let waiting = engine.wait::<Errands>(&actor, run);
            let end = tokio::time::timeout(Duration::from_secs(20), waiting).await;
            slowest = slowest.max(began.elapsed());
            second.kill().unwrap();
            second.wait().unwrap();
            let End::Done(state) = end.expect("the run was not taken up").unwrap() else { panic!() };
            assert_eq!(state.done, expected(&plan));
            let acts = std::fs::read_to_string(folder.join("acts")).unwrap();
            for number in 1..=7 {
                let times = acts.lines().filter(|line| *line == number.to_string()).count();
                let between = usize::from(number == step && point == Point::AfterAct);
                assert_eq!(times, 1 + between, "acts of step {number} after a kill at {step} {point:?}");
            }
            assert_eq!(engine.status(&sample::guest(1), run).await.unwrap().status, RunStatus::Done);
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }
    println!("from the start of the next process to the end of the run, at most: {slowest:?}");
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
}
