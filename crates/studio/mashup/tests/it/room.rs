//! The room over a database of its own, with models plugged in or without.

use eduai_db::Db;
use eduai_kernel::{Actor, Clock, Entropy, Failure, FixedClock, FixedEntropy, SkillLevel};
use eduai_mashup::model::Mashup;
use eduai_mashup::request::Request;
use eduai_mashup::{Limits, Mashups, Models, Outcome, Plugged};
use eduai_module::{CpuPool, Deps, GenerationLimits};
use eduai_testkit::{TestDb, sample};
use eduai_vault::{MasterKeys, Vault};
use eduai_workflow::Engine;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The tables that the room stands on.
pub async fn database() -> TestDb {
    TestDb::new(&[&eduai_vault::MIGRATIONS, &eduai_workflow::MIGRATIONS, &eduai_mashup::MIGRATIONS]).await.unwrap()
}

/// The room in a process of its own.
pub async fn mashups(db: &Db, models: Option<Plugged>, seed: u64) -> (Mashups, Engine) {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at_unix_seconds(1_800_000_000));
    let entropy: Arc<dyn Entropy> = Arc::new(FixedEntropy::from_seed(seed));
    let vault = Vault::open(db.clone(), MasterKeys::from_bytes(&[[7; 32]]).unwrap(), clock.clone()).await.unwrap();
    let workflow = Engine::open(db.clone(), vault.clone(), clock.clone(), entropy.clone()).await.unwrap();
    let deps = Deps {
        db: db.clone(),
        workflow: workflow.clone(),
        clock: clock.clone(),
        entropy,
        cpu: CpuPool::for_this_machine(),
        generations: GenerationLimits::per_hour(0, clock),
        data_dir: Arc::new(PathBuf::new()),
    };
    (eduai_mashup::open(&deps, &vault, models).unwrap(), workflow)
}

/// A room with what it stands on.
pub struct Room {
    pub mashups: Mashups,
    pub actor: Actor,
    _db: TestDb,
}

impl Room {
    pub async fn new(models: Option<Arc<dyn Models>>, limits: Limits) -> Self {
        let db = database().await;
        let plugged = models.map(|models| Plugged { models, limits });
        let (mashups, _) = mashups(db.db(), plugged, 1).await;
        Self { mashups, actor: sample::teacher(), _db: db }
    }

    pub async fn with(models: impl Models + 'static) -> Self {
        Self::new(Some(Arc::new(models)), Limits::default()).await
    }

    pub async fn alone() -> Self {
        Self::new(None, Limits::default()).await
    }

    pub async fn ask(&self, request: &Request) -> Result<Mashup, Failure> {
        let started = self.mashups.generate(&self.actor, HERE, request.clone()).await?;
        match self.mashups.outcome(started).await? {
            Outcome::Done(mashup) => Ok(*mashup),
            Outcome::Waiting(session) => panic!("it waits: {session:?}"),
        }
    }

    pub async fn make(&self, request: &Request) -> Mashup {
        self.ask(request).await.unwrap()
    }
}

/// A request of the main job.
pub fn request(prompt: &str) -> Request {
    Request {
        user_prompt: prompt.to_owned(),
        skill_level: SkillLevel::Intermediate,
        seed: Some(7),
        ..Request::default()
    }
}

/// The scores by their names.
pub fn scores(mashup: &Mashup) -> BTreeMap<String, f64> {
    mashup.quality.scores.iter().map(|score| (score.name.clone(), score.value)).collect()
}

/// All lines that are sung.
pub fn sung(mashup: &Mashup) -> Vec<String> {
    mashup.lyrics.sections.iter().flat_map(|section| &section.lines).map(|line| line.text.clone()).collect()
}

/// The mashup without what differs from run to run: ids, times, how it was made.
pub fn music(mashup: &Mashup) -> serde_json::Value {
    let mut value = serde_json::to_value(mashup).unwrap();
    for name in ["id", "session_id", "metadata", "created_at", "request"] {
        value.as_object_mut().unwrap().remove(name);
    }
    value
}
