//! The graph of agents: what it works on, what each agent gives, and which comes after which.
//!
//! `educational_context` → `genre_analyzer` → `hook_generator` → `lyrics_composer` → `theory_integrator` → `quality_validator`,
//! and from there: done; back to `genre_analyzer`, told what to improve; or, where a class is to work on the piece, a
//! question to the teacher and then the `session_manager`. Whatever fails goes to the `error_handler`.

use eduai_borrow::Borrowed;
use eduai_compose::model::{Brief, Hook, Piece, Plan, SungSection};
use eduai_kernel::{Language, Text};
use eduai_music::analysis::Analysis;
use eduai_pedagogy::EducationalContext;
use eduai_pedagogy::model::Material;
use eduai_workflow::{END, Graph, NEXT, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::agents::{self, Studio};
use crate::model::{AgentRun, MashupId, ModelShare, Quality};
use crate::request::Request;
use crate::sources::model::Credit;

/// The agents, in the order in which they work when all goes well.
pub const AGENTS: [&str; 6] = [
    "educational_context",
    "genre_analyzer",
    "hook_generator",
    "lyrics_composer",
    "theory_integrator",
    "quality_validator",
];

/// Rounds through the agents, at the most.
pub const MOST_ROUNDS: u32 = 3;

/// The edge from the validator back to the genre analyzer.
pub const RETRY: &str = "retry";
/// The edge to the error handler.
pub const ERROR: &str = "error";
/// The edge to the end.
pub const COMPLETE: &str = "complete";
/// The edge to the session manager.
pub const COLLABORATION: &str = "collaboration";

/// What a run begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// What is asked for, checked, with its seed.
    pub request: Request,
    /// The piece that it is remixed from.
    pub parent: Option<MashupId>,
    /// The round with which the composer begins: a remix draws the ideas that the first piece drew.
    pub round: u32,
    /// What is borrowed from real pieces.
    #[serde(default, skip_serializing_if = "Borrowed::is_empty")]
    pub borrowed: Borrowed,
    /// The pieces that it is borrowed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    /// The words of the piece that it is remixed from, where a model had a part in them: a remix asks no model, it keeps
    /// what was not asked to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Box<KeptWords>>,
}

/// Words that a remix keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptWords {
    /// The hook.
    pub hook: String,
    /// The lines by section.
    pub sections: BTreeMap<String, Vec<String>>,
    /// Who wrote them, and in which arrangement they were.
    pub share: ModelShare,
}

impl KeptWords {
    /// The words of a piece; none where they are the program's own, which it writes again.
    pub fn of(piece: &Piece, agents: &[AgentRun]) -> Option<Self> {
        let wrote = |name: &str| {
            let run = agents.iter().rev().find(|run| run.name == name)?;
            run.model.as_deref().filter(|share| share.used > 0).cloned()
        };
        let share = wrote("lyrics_composer").or_else(|| wrote("hook_generator"))?;
        let lines = |section: &SungSection| section.lines.iter().map(|line| line.text.clone()).collect();
        Some(Self {
            hook: piece.hooks.get(piece.hook)?.text.clone(),
            sections: piece.lyrics.iter().map(|section| (section.section.clone(), lines(section))).collect(),
            share: ModelShare {
                provider: share.provider,
                model: share.model,
                local: share.local,
                prompt: share.prompt,
                take: share.take,
                ..ModelShare::default()
            },
        })
    }
}

/// What the agents have made so far.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The order.
    pub order: Order,
    /// Who it is for.
    pub context: Option<EducationalContext>,
    /// What the composer is asked for.
    pub brief: Option<Brief>,
    /// The decisions.
    pub plan: Option<Plan>,
    /// The options.
    pub hooks: Vec<Hook>,
    /// Which of them is used.
    pub hook: usize,
    /// The piece.
    pub piece: Option<Arc<Piece>>,
    /// What its notes are.
    pub analysis: Option<Arc<Analysis>>,
    /// What it teaches.
    pub material: Option<Arc<Material>>,
    /// How good it is.
    pub quality: Option<Quality>,
    /// The round, from 0.
    pub round: u32,
    /// Scores of the last round that were too low.
    pub improve: Vec<String>,
    /// Who worked.
    pub agents: Vec<AgentRun>,
    /// What the reader should know.
    pub warnings: Vec<Text>,
    /// Whether the error handler took over.
    pub fallback: bool,
}

impl Draft {
    /// The language of the words.
    pub fn language(&self) -> Language {
        self.context.as_ref().map_or_else(|| self.order.request.language.unwrap_or_default(), |c| c.language)
    }

    /// How long the agents have waited for models in this run.
    pub fn model_time(&self) -> Duration {
        let waited: f64 = self.agents.iter().filter_map(|run| run.model.as_ref()).map(|share| share.milliseconds).sum();
        Duration::from_secs_f64(waited.max(0.0) / 1000.0)
    }

    /// Whether models have left an agent of this run without any answer: then nobody waits for them again.
    pub fn gave_up(&self) -> bool {
        let silent = |share: &ModelShare| share.asked > 0 && share.unanswered == share.asked;
        self.agents.iter().filter_map(|run| run.model.as_deref()).any(silent)
    }

    /// Whether genres, roles or hooks that a model gave are in use, so that another piece would come of it than the
    /// program makes alone.
    pub fn by_model(&self) -> bool {
        let chose = |run: &&AgentRun| matches!(run.name.as_str(), "genre_analyzer" | "hook_generator");
        self.agents.iter().filter(chose).filter_map(|run| run.model.as_ref()).any(|share| share.used > 0)
    }
}

/// What an agent gives, with how it worked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Given {
    /// How it worked.
    pub run: AgentRun,
    /// What it made.
    pub made: Made,
    /// What the reader should know.
    pub warnings: Vec<Text>,
}

/// What an agent makes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// By `educational_context`.
    Context(Box<EducationalContext>),
    /// By `genre_analyzer`.
    Plan(Box<Plan>),
    /// By `hook_generator`.
    Hooks {
        /// The options.
        hooks: Vec<Hook>,
        /// Which is used.
        chosen: usize,
    },
    /// By `lyrics_composer`, and by `error_handler`.
    Piece {
        /// The piece.
        piece: Box<Piece>,
        /// Whether it is the fallback.
        fallback: bool,
    },
    /// By `theory_integrator`.
    Theory {
        /// What the notes are.
        analysis: Box<Analysis>,
        /// What they teach.
        material: Box<Material>,
    },
    /// By `quality_validator`.
    Quality(Quality),
    /// By `session_manager`.
    Decision,
}

impl State for Draft {
    const GRAPH: &'static str = "mashup";
    type Input = Order;
    type Output = Given;

    fn begin(order: Order) -> Self {
        Self {
            round: order.round,
            order,
            context: None,
            brief: None,
            plan: None,
            hooks: Vec::new(),
            hook: 0,
            piece: None,
            analysis: None,
            material: None,
            quality: None,
            improve: Vec::new(),
            agents: Vec::new(),
            warnings: Vec::new(),
            fallback: false,
        }
    }

    fn apply(&mut self, given: Given) {
        self.agents.push(given.run);
        for warning in given.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        match given.made {
            Made::Context(context) => self.context = Some(*context),
            Made::Plan(plan) => {
                self.brief = Some(plan.brief.clone());
                self.plan = Some(*plan);
            }
            Made::Hooks { hooks, chosen } => (self.hooks, self.hook) = (hooks, chosen),
            Made::Piece { piece, fallback } => {
                self.fallback |= fallback;
                self.piece = Some(Arc::new(*piece));
            }
            Made::Theory { analysis, material } => {
                (self.analysis, self.material) = (Some(Arc::new(*analysis)), Some(Arc::new(*material)));
            }
            Made::Quality(quality) => {
                self.improve =
                    quality.scores.iter().filter(|s| s.value < s.threshold).map(|s| s.name.clone()).collect();
                self.quality = Some(quality);
                self.round += 1;
            }
            Made::Decision => {}
        }
    }
}

/// The graph. A change of what agents give needs a new version.
pub fn graph(studio: &Arc<Studio>) -> Graph<Draft> {
    macro_rules! node {
        ($agent:ident) => {{
            let studio = studio.clone();
            move |cx, draft| agents::$agent::run(studio.clone(), cx, draft)
        }};
    }
    let [context, genre, hook, lyrics, theory, validator] = AGENTS;
    let mut graph = Graph::new(1)
        .node(context, node!(educational_context))
        .node(genre, node!(genre_analyzer))
        .node(hook, node!(hook_generator))
        .node(lyrics, node!(lyrics_composer))
        .node(theory, node!(theory_integrator))
        .node(validator, node!(quality_validator))
        .node("error_handler", node!(error_handler))
        .node("session_manager", node!(session_manager))
        .start(context)
        .edge(validator, COMPLETE, END)
        .edge(validator, RETRY, genre)
        .edge(validator, ERROR, "error_handler")
        .edge(validator, COLLABORATION, "session_manager")
        .edge("error_handler", NEXT, theory)
        .edge("session_manager", NEXT, END)
        .most_steps(30);
    for pair in AGENTS.windows(2) {
        graph = graph.edge(pair[0], NEXT, pair[1]);
    }
    for agent in AGENTS {
        graph = graph.rescue(agent, "error_handler");
    }
    graph
}
