//! Who made which part of a mashup, told from how its agents worked.

use crate::model::{AgentRun, ModelShare, PartSource};

/// The parts of a mashup, each with the agent that makes it; whether a model may have a hand in it.
const PARTS: [(&str, &str, bool); 8] = [
    ("request_reading", "educational_context", true),
    ("genres", "genre_analyzer", true),
    ("hooks", "hook_generator", true),
    ("lyrics", "lyrics_composer", true),
    ("music", "lyrics_composer", false),
    ("theory", "theory_integrator", false),
    ("listening_hints", "theory_integrator", true),
    ("scores", "quality_validator", true),
];

/// Who made which part. Of several rounds the last one counts: it made what is kept.
pub fn parts(agents: &[AgentRun]) -> Vec<PartSource> {
    let part = |(name, agent, helped): &(&str, &str, bool)| {
        let last = agents.iter().rev().find(|run| run.name == *agent);
        let share = last.filter(|_| *helped).and_then(|run| run.model.as_deref());
        let used = |pick: fn(&ModelShare) -> u32| share.map_or(0, pick);
        let source =
            last.filter(|_| used(|s| s.used) > 0).map_or_else(|| "builtin".to_owned(), |run| run.source.clone());
        PartSource {
            part: (*name).to_owned(),
            source,
            prompt: share.filter(|s| s.used > 0).map(|s| s.prompt.clone()),
            by_model: used(|s| s.used),
            mended: used(|s| s.mended),
            replaced: used(|s| s.replaced),
        }
    };
    PARTS.iter().map(part).collect()
}
