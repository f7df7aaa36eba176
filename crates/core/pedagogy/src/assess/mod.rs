//! Questions whose answers are computed from the notes. Every option is a proposition that is checked: the key is true,
//! every distractor is refuted, so that no wrong answer can be right by accident.

mod form;
mod grade;
mod harmony;
mod melody;
mod rhythm;
mod rubric;

pub use grade::{Graded, Response, grade};

use crate::detect::{Scene, concept};
use crate::fact::{Fact, Reading, Refutation, check};
use crate::model::{Assessment, Claim, Evidence, Item, Proposition, Task};
use eduai_kernel::{Random, SkillLevel, Text};
use eduai_music::Score;

/// Most questions of a quiz.
const MOST: usize = 12;

/// What question builders need.
pub(crate) struct Desk<'a> {
    /// The piece.
    pub scene: &'a Scene<'a>,
    /// What is true of it.
    pub claims: &'a [Claim],
    /// Draws distractors and orders.
    pub random: Random,
    /// What was made.
    pub items: Vec<Item>,
}

/// One option of a choice: its words and what it states.
pub(crate) struct Choice {
    /// As printed.
    pub text: Text,
    /// What it states.
    pub fact: Fact,
    /// Where.
    pub evidence: Evidence,
}

/// The frame of a question.
pub(crate) struct Frame {
    /// The concept.
    pub concept: &'static str,
    /// The question.
    pub prompt: Text,
    /// Why the key is right.
    pub explanation: Text,
    /// Where to look and listen.
    pub evidence: Evidence,
    /// Whether the bars are heard first.
    pub listen: bool,
}

impl Desk<'_> {
    fn push(&mut self, frame: Frame, task: Task, proof: Vec<Proposition>) {
        let level = crate::concepts::find(frame.concept).map_or(SkillLevel::Beginner, |e| e.level);
        let harder = matches!(task, Task::Matching { .. } | Task::Ordering { .. } | Task::MultipleSelect { .. });
        self.items.push(Item {
            id: format!("item-{}", self.items.len() + 1),
            concept: concept(frame.concept),
            level,
            prompt: crate::detect::tidy(frame.prompt),
            task,
            explanation: crate::detect::tidy(frame.explanation),
            evidence: frame.evidence,
            listen: frame.listen,
            points: 1 + level as u32 + u32::from(harder),
            proof,
        });
    }

    fn judged(&self, choice: &Choice) -> Proposition {
        let holds = self.scene.holds(&choice.fact, &choice.evidence);
        Proposition { fact: choice.fact.clone(), evidence: choice.evidence.clone(), holds }
    }

    /// A question with one right option among `choices`; the first right one is the key, wrong ones are taken up to
    /// three. Nothing is asked where not exactly one of the kept options is true.
    pub fn one_of(&mut self, frame: Frame, choices: Vec<Choice>) {
        let mut right: Vec<(Choice, Proposition)> = Vec::new();
        let mut wrong: Vec<(Choice, Proposition)> = Vec::new();
        for choice in choices {
            let judged = self.judged(&choice);
            let known = right.iter().chain(&wrong).any(|(c, _)| c.text == choice.text);
            if known {
                continue;
            }
            if judged.holds { right.push((choice, judged)) } else { wrong.push((choice, judged)) }
        }
        if right.len() != 1 || wrong.len() < 2 {
            return;
        }
        wrong.truncate(3);
        let mut options: Vec<(Choice, Proposition)> = right.into_iter().chain(wrong).collect();
        self.random.shuffle(&mut options);
        let key = options.iter().position(|(_, p)| p.holds).unwrap_or(0) as u32;
        let proof = options.iter().map(|(_, p)| p.clone()).collect();
        let options = options.into_iter().map(|(c, _)| crate::detect::tidy(c.text)).collect();
        self.push(frame, Task::MultipleChoice { options, key }, proof);
    }

    /// A question with several right options; needs at least one right and one wrong.
    pub fn some_of(&mut self, frame: Frame, mut choices: Vec<Choice>) {
        choices.truncate(6);
        self.random.shuffle(&mut choices);
        let proof: Vec<Proposition> = choices.iter().map(|c| self.judged(c)).collect();
        let key: Vec<u32> = (0..proof.len()).filter(|i| proof[*i].holds).map(|i| i as u32).collect();
        if key.is_empty() || key.len() == choices.len() {
            return;
        }
        let options = choices.into_iter().map(|c| crate::detect::tidy(c.text)).collect();
        self.push(frame, Task::MultipleSelect { options, key }, proof);
    }

    /// Whether a statement is true.
    pub fn true_or_false(&mut self, frame: Frame, fact: Fact, evidence: Evidence) {
        let judged = self.judged(&Choice { text: Text::default(), fact, evidence });
        let key = judged.holds;
        self.push(frame, Task::TrueFalse { key }, vec![judged]);
    }

    /// A whole number that a true fact holds.
    pub fn number(&mut self, frame: Frame, key: i64, fact: Fact, evidence: Evidence) {
        let judged = self.judged(&Choice { text: Text::default(), fact, evidence });
        if judged.holds {
            self.push(frame, Task::Numeric { key }, vec![judged]);
        }
    }

    /// A word that a true fact holds.
    pub fn word(&mut self, frame: Frame, accepted: Vec<String>, fact: Fact, evidence: Evidence) {
        let judged = self.judged(&Choice { text: Text::default(), fact, evidence });
        let mut accepted: Vec<String> = accepted.iter().map(|a| grade::plain(a)).filter(|a| !a.is_empty()).collect();
        accepted.sort();
        accepted.dedup();
        if judged.holds && !accepted.is_empty() {
            self.push(frame, Task::ShortText { accepted }, vec![judged]);
        }
    }

    /// Entries to be put in the order in which they are given here.
    pub fn in_order(&mut self, frame: Frame, entries: Vec<Text>, fact: Fact, evidence: Evidence) {
        let judged = self.judged(&Choice { text: Text::default(), fact, evidence });
        let mut order: Vec<u32> = (0..entries.len() as u32).collect();
        self.random.shuffle(&mut order);
        if order.windows(2).all(|w| w[0] < w[1]) {
            order.reverse();
        }
        if !judged.holds || entries.len() < 3 {
            return;
        }
        let shown: Vec<Text> = order.iter().filter_map(|i| entries.get(*i as usize)).cloned().collect();
        let key =
            (0..entries.len() as u32).filter_map(|i| order.iter().position(|o| *o == i)).map(|i| i as u32).collect();
        self.push(frame, Task::Ordering { entries: shown, key }, vec![judged]);
    }

    /// Pairs to be matched; `state` says what pairing left `i` with right `j` states. Each left must fit exactly its
    /// own right.
    pub fn pairs(&mut self, frame: Frame, pairs: Vec<(Text, Text)>, state: impl Fn(usize, usize) -> (Fact, Evidence)) {
        let n = pairs.len();
        if n < 3 {
            return;
        }
        let mut order: Vec<usize> = (0..n).collect();
        self.random.shuffle(&mut order);
        let mut proof = Vec::new();
        for i in 0..n {
            for j in &order {
                let (fact, evidence) = state(i, *j);
                let judged = self.judged(&Choice { text: Text::default(), fact, evidence });
                if judged.holds != (i == *j) {
                    return;
                }
                proof.push(judged);
            }
        }
        let key = (0..n).filter_map(|i| order.iter().position(|o| *o == i)).map(|i| i as u32).collect();
        let left = pairs.iter().map(|p| p.0.clone()).collect();
        let right = order.iter().filter_map(|j| pairs.get(*j)).map(|p| p.1.clone()).collect();
        self.push(frame, Task::Matching { left, right, key }, proof);
    }
}

fn kind(task: &Task) -> u8 {
    match task {
        Task::MultipleChoice { .. } => 0,
        Task::MultipleSelect { .. } => 1,
        Task::TrueFalse { .. } => 2,
        Task::Numeric { .. } => 3,
        Task::ShortText { .. } => 4,
        Task::Ordering { .. } => 5,
        Task::Matching { .. } => 6,
    }
}

/// Makes the quiz of a piece: at least eight questions of at least four kinds where the notes give them.
pub(crate) fn assessment(scene: &Scene<'_>, claims: &[Claim]) -> Assessment {
    let random = Random::from_seed(scene.piece.plan.brief.seed).fork("assessment");
    let mut desk = Desk { scene, claims, random, items: Vec::new() };
    rhythm::ask(&mut desk);
    melody::ask(&mut desk);
    harmony::ask(&mut desk);
    form::ask(&mut desk);
    let items = choose(desk.items, scene.piece.plan.brief.level);
    Assessment { items, rubric: rubric::rubric(claims) }
}

/// Many kinds first, then many concepts, then nearness to the level; easier questions come first.
fn choose(mut items: Vec<Item>, level: SkillLevel) -> Vec<Item> {
    let mut chosen: Vec<Item> = Vec::new();
    while chosen.len() < MOST && !items.is_empty() {
        let score = |item: &Item| {
            let kinds = chosen.iter().filter(|c| kind(&c.task) == kind(&item.task)).count() as i64;
            let concepts = chosen.iter().filter(|c| c.concept == item.concept).count() as i64;
            let distance = (item.level as i64 - level as i64).abs();
            let hard = i64::from(item.level > level) * 3;
            -(2 * kinds + 4 * concepts + distance + hard)
        };
        let best = (0..items.len()).max_by_key(|i| (score(&items[*i]), std::cmp::Reverse(*i)));
        match best {
            Some(best) => chosen.push(items.remove(best)),
            None => break,
        }
    }
    chosen.sort_by_key(|item| (item.level, item.points, item.evidence.from));
    for (i, item) in chosen.iter_mut().enumerate() {
        item.id = format!("item-{}", i + 1);
    }
    chosen
}

/// Recomputes the key of a question, and that every other answer is wrong, from a score.
///
/// # Errors
/// What does not agree.
pub fn verify_item(item: &Item, score: &Score) -> Result<(), Refutation> {
    verify_item_in(item, &Reading::new(score))
}

/// [`verify_item`] from a score that is read already.
pub(crate) fn verify_item_in(item: &Item, reading: &Reading<'_>) -> Result<(), Refutation> {
    for (i, proposition) in item.proof.iter().enumerate() {
        let found = check(&proposition.fact, &proposition.evidence, reading);
        if found.is_ok() != proposition.holds {
            let why = found.err().map_or_else(|| "it is true".to_owned(), |r| r.0);
            return Err(Refutation(format!("{}: statement {}: {why}", item.id, i + 1)));
        }
    }
    let held: Vec<u32> = (0..item.proof.len()).filter(|i| item.proof[*i].holds).map(|i| i as u32).collect();
    let agrees = match &item.task {
        Task::MultipleChoice { options, key } => options.len() == item.proof.len() && held == [*key],
        Task::MultipleSelect { options, key } => options.len() == item.proof.len() && held == *key,
        Task::TrueFalse { key } => item.proof.len() == 1 && item.proof[0].holds == *key,
        Task::Matching { left, right, key } => {
            let n = right.len();
            left.len() == n
                && item.proof.len() == n * n
                && key.iter().enumerate().all(|(i, j)| item.proof.get(i * n + *j as usize).is_some_and(|p| p.holds))
                && held.len() == n
        }
        Task::Numeric { .. } | Task::ShortText { .. } | Task::Ordering { .. } => held.len() == 1,
    };
    if agrees { Ok(()) } else { Err(Refutation(format!("{}: the key does not follow from its proof", item.id))) }
}
