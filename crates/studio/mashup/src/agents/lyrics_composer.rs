//! The words, set to the melody, and with them the whole arrangement. A model's lines take the place of the program's own
//! where they can be sung and the piece is no worse for them.

use eduai_compose::model::{Piece, Plan};
use eduai_genre::{Dimension, GenreBook};
use eduai_kernel::{Language, Text};
use eduai_prosody::{Line, Lyrics, SectionRole};
use eduai_workflow::{Cx, NodeError, Outcome};
use futures_util::future::try_join_all;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::{Answer, Studio, computed, genre_analyzer, hook_generator, missing, next, shared};
use crate::graph::{Draft, Given, KeptWords, Made};
use crate::model::ModelShare;
use crate::models::desk::{Came, Desk, Form};
use crate::models::lyrics::{self, Judged, Proposed, Sheet};
use crate::models::screen::Screen;
use crate::models::{gate, prompt};

/// How often a lyric of a model is arranged anew before lines of it are given up.
const TAKES: u32 = 3;

/// The lines of a model that may be sung, by section and index.
type Taken = BTreeMap<String, BTreeMap<usize, Line>>;

/// The program's own words, as the model's come to them.
struct Base {
    words: Lyrics,
    sheets: Vec<Sheet>,
}

/// Runs the agent.
pub async fn run(studio: Arc<Studio>, cx: Cx, draft: Arc<Draft>) -> Result<Outcome<Given>, NodeError> {
    let borrowed = draft.plan.as_ref().is_some_and(|plan| !plan.brief.borrowed.is_empty());
    let desk = if borrowed { None } else { Desk::open(&studio, &cx, &draft, &prompt::LYRICS).await };
    if let Some(words) = draft.order.words.clone().filter(|_| !borrowed && draft.round == draft.order.round) {
        return remixed(&studio, draft, &words).await;
    }
    let Some(desk) = desk else {
        let work = if draft.by_model() { gated } else { work };
        return Ok(next(computed(&studio, "lyrics_composer", draft, work).await?));
    };
    let (plan_of, book) = (draft.clone(), studio.book);
    let base = Arc::new(studio.cpu.run(move || base(&plan_of, book)).await??);
    let taken = ask(&desk, &draft, &base, book).await?;
    let (words, lines, take) = (base.clone(), taken.clone(), Arc::new(OnceLock::new()));
    let arranged = take.clone();
    let given = computed(&studio, "lyrics_composer", draft.clone(), move |draft, book| {
        sung(draft, book, &words, &lines, &arranged)
    });
    let given = given.await?;
    let kept = kept(&given, &taken);
    let asked: usize = base.sheets.iter().map(|s| s.slots.iter().filter(|slot| slot.is_open()).count()).sum();
    let mended = taken.mended.min(kept);
    desk.note(kept, mended, (asked as u32).saturating_sub(kept));
    let share = ModelShare { take: take.get().copied().unwrap_or_default(), ..desk.close() };
    Ok(next(shared(given, Some(share))))
}

/// The piece of a remix with the words that it keeps, where they still fit.
async fn remixed(studio: &Studio, draft: Arc<Draft>, words: &KeptWords) -> Result<Outcome<Given>, NodeError> {
    let kept = words.clone();
    let again = move |draft: &Draft, book: &'static GenreBook| {
        let piece = own(draft, book)?;
        let with = again(draft, &kept, book)?;
        let context = draft.context.as_ref().ok_or_else(|| missing("educational context"))?;
        let good =
            |with: &Piece| gate::as_good(&gate::scores(with, context, book), &gate::scores(&piece, context, book));
        let piece = with.filter(good).unwrap_or(piece);
        Ok((Made::Piece { piece: Box::new(piece), fallback: false }, Vec::new()))
    };
    let given = computed(studio, "lyrics_composer", draft, again).await?;
    let Made::Piece { piece, .. } = &given.made else { return Err(missing("piece")) };
    let sung = |id: &str| piece.lyrics.iter().find(|s| s.section == id).map_or(&[][..], |s| s.lines.as_slice());
    let lines = words.sections.iter().flat_map(|(id, lines)| lines.iter().zip(sung(id)));
    let used = lines.filter(|(kept, line)| **kept == line.text).count() as u32;
    Ok(next(shared(given, Some(ModelShare { used, ..words.share.clone() }))))
}

/// The piece to the words of the one that is remixed; none where its sections have other lines now.
fn again(draft: &Draft, kept: &KeptWords, book: &'static GenreBook) -> Result<Option<Piece>, NodeError> {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let mut words = base(draft, book)?.words;
    for section in &mut words.sections {
        let lines = kept.sections.get(&section.id).filter(|lines| lines.len() == section.lines.len());
        let Some(lines) = lines else { return Ok(None) };
        for (line, text) in section.lines.iter_mut().zip(lines) {
            line.words = eduai_prosody::scan(text, plan.brief.language).words;
        }
    }
    let piece = eduai_compose::arrange_take(plan, &draft.hooks, draft.hook, &words, book, kept.share.take);
    piece.map(Some).map_err(|e| NodeError::fatal(e.to_string()))
}

/// The built-in way.
fn work(draft: &Draft, book: &'static GenreBook) -> Answer {
    Ok((Made::Piece { piece: Box::new(own(draft, book)?), fallback: false }, Vec::new()))
}

/// The program's words to what the draft has come to.
fn own(draft: &Draft, book: &GenreBook) -> Result<Piece, NodeError> {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    eduai_compose::arrange(plan, &draft.hooks, draft.hook, book).map_err(|e| NodeError::fatal(e.to_string()))
}

/// The piece that the program makes alone: without what models have given to the agents before.
fn alone(draft: &Draft, book: &'static GenreBook) -> Result<Piece, NodeError> {
    let (plan, _) = genre_analyzer::plan_of(draft, None, book)?;
    let (hooks, chosen) = hook_generator::hooks_of(&plan, book)?;
    eduai_compose::arrange(&plan, &hooks, chosen, book).map_err(|e| NodeError::fatal(e.to_string()))
}

/// The program's words to choices of a model, where they make no worse a piece.
fn gated(draft: &Draft, book: &'static GenreBook) -> Answer {
    let context = draft.context.as_ref().ok_or_else(|| missing("educational context"))?;
    let (piece, rival) = (own(draft, book)?, alone(draft, book)?);
    let keeps = gate::no_worse(&gate::scores(&piece, context, book), &gate::scores(&rival, context, book));
    let (piece, notes) = if keeps { (piece, Vec::new()) } else { (rival, vec![set_aside()]) };
    Ok((Made::Piece { piece: Box::new(piece), fallback: false }, notes))
}

fn set_aside() -> Text {
    Text::new(
        "A language model's choices would have made a weaker piece, so the program's own were taken.",
        "Las elecciones de un modelo de lenguaje habrían dado una pieza más floja, así que se tomaron las del programa.",
    )
}

fn base(draft: &Draft, book: &'static GenreBook) -> Result<Base, NodeError> {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let hook = draft.hooks.get(draft.hook).ok_or_else(|| missing("hook"))?;
    let title = Line { hook: true, ..eduai_prosody::scan(&hook.text, plan.brief.language) };
    let brief = eduai_compose::lyric_brief(plan, Some(title.clone()), book);
    let words = eduai_compose::write_words(plan, Some(title), book);
    let sheets = lyrics::sheets(&words, &brief);
    Ok(Base { words, sheets })
}

/// What came of all sections.
#[derive(Clone, Debug, Default)]
struct Gathered {
    lines: Taken,
    mended: u32,
}

/// Asks for all sections at once, and takes what can be sung.
async fn ask(desk: &Desk<'_>, draft: &Draft, base: &Base, book: &GenreBook) -> Result<Gathered, NodeError> {
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let request = &draft.order.request.user_prompt;
    let screen = Screen::new(request, plan.brief.language);
    let material = material(plan, draft, base, &screen, book);
    let asked = base.sheets.iter().map(|sheet| section(desk, sheet, &material, &screen, plan.brief.language));
    let judged: Vec<Judged> = try_join_all(asked).await?;
    let mut gathered = Gathered::default();
    let mut said: Vec<String> = Vec::new();
    for (sheet, judged) in base.sheets.iter().zip(judged) {
        gathered.mended += judged.mended;
        // Sections are written side by side: a line that an earlier one has already is not sung twice.
        let repeats = judged.taken.values().any(|line| said.contains(&line.text().to_lowercase()));
        if !repeats && !judged.taken.is_empty() {
            said.extend(judged.taken.values().map(|line| line.text().to_lowercase()));
            gathered.lines.insert(sheet.id.clone(), judged.taken);
        }
    }
    Ok(gathered)
}

fn material(plan: &Plan, draft: &Draft, base: &Base, screen: &Screen, book: &GenreBook) -> Vec<(&'static str, String)> {
    let language = plan.brief.language;
    let leader =
        plan.blend.0.iter().find(|choice| choice.dimension == Dimension::Lyrics).and_then(|c| book.get(&c.genre));
    vec![
        ("request", screen.shown(&draft.order.request.user_prompt)),
        ("theme", base.words.theme.name.get(language).to_owned()),
        ("hook", draft.hooks.get(draft.hook).map_or_else(String::new, |hook| hook.text.clone())),
        ("genre", leader.map_or_else(String::new, |profile| profile.name.get(language).to_owned())),
        ("grade", plan.brief.grade.to_string()),
    ]
}

/// One section: asked for, and what could not be sung once more.
async fn section(
    desk: &Desk<'_>,
    sheet: &Sheet,
    material: &[(&'static str, String)],
    screen: &Screen,
    language: Language,
) -> Result<Judged, NodeError> {
    let open = sheet.slots.iter().filter(|slot| slot.is_open()).count();
    let mut values = material.to_vec();
    values.push(("section", role(sheet.role, language).to_owned()));
    values.push(("lines", lyrics::described(sheet, language)));
    let form = Form { values, schema: lyrics::schema(sheet.slots.len()), max_tokens: 120 + 60 * open as u32 };
    let name = format!("lyrics {}", sheet.id);
    let (proposed, faults): (Proposed, Vec<String>) = match desk.once(&name, &form, &[]).await? {
        Came::Nothing => return Ok(Judged::default()),
        Came::Wrong(faults) => (Proposed::new(), faults),
        Came::Value(value) => {
            let proposed = lyrics::read(&value);
            let judged = lyrics::judge(sheet, &proposed, screen, language);
            if judged.faults.is_empty() {
                return Ok(judged);
            }
            (proposed, judged.faults.into_values().collect())
        }
    };
    let first = || lyrics::judge(sheet, &proposed, screen, language);
    let Came::Value(value) = desk.once(&name, &form, &faults).await? else { return Ok(first()) };
    // Only what was refused is replaced; a second answer that is worse as a whole changes nothing.
    let before = first();
    let mut better = proposed.clone();
    better.extend(lyrics::read(&value).into_iter().filter(|(number, _)| before.faults.contains_key(&(number - 1))));
    let after = lyrics::judge(sheet, &better, screen, language);
    Ok(if after.taken.len() >= before.taken.len() { after } else { before })
}

fn role(role: SectionRole, language: Language) -> &'static str {
    let (en, es) = match role {
        SectionRole::Verse => {
            ("verse: tells the story, shows the scene", "estrofa: cuenta la historia, muestra la escena")
        }
        SectionRole::Chorus | SectionRole::Refrain => {
            ("chorus: says it all, around the hook", "estribillo: lo dice todo, en torno al gancho")
        }
        SectionRole::Bridge => {
            ("bridge: steps back and looks from elsewhere", "puente: toma distancia y mira desde otro lado")
        }
        SectionRole::PreChorus => ("pre-chorus: leads to the chorus", "preestribillo: lleva al estribillo"),
        SectionRole::Intro => ("introduction: opens the scene", "introducción: abre la escena"),
        SectionRole::Outro => ("ending: says goodbye", "final: se despide"),
    };
    if language == Language::Es { es } else { en }
}

/// The piece with the model's lines, as many sections of them as make it no worse than what the program makes alone.
fn sung(draft: &Draft, book: &'static GenreBook, base: &Base, gathered: &Gathered, arranged: &OnceLock<u32>) -> Answer {
    if gathered.lines.is_empty() {
        return if draft.by_model() { gated(draft, book) } else { work(draft, book) };
    }
    let plan = draft.plan.as_ref().ok_or_else(|| missing("plan"))?;
    let context = draft.context.as_ref().ok_or_else(|| missing("educational context"))?;
    let rival = alone(draft, book)?;
    let least = gate::scores(&rival, context, book);
    for lines in choices(&gathered.lines) {
        let words = lyrics::with(&base.words, &base.sheets, &lines);
        for take in 0..TAKES {
            let piece = eduai_compose::arrange_take(plan, &draft.hooks, draft.hook, &words, book, take)
                .map_err(|e| NodeError::fatal(e.to_string()))?;
            if gate::no_worse(&gate::scores(&piece, context, book), &least) {
                arranged.get_or_init(|| take);
                return Ok((Made::Piece { piece: Box::new(piece), fallback: false }, Vec::new()));
            }
        }
    }
    if draft.by_model() {
        gated(draft, book)
    } else {
        Ok((Made::Piece { piece: Box::new(rival), fallback: false }, Vec::new()))
    }
}

/// All sections, then all but one, then each alone.
fn choices(lines: &Taken) -> Vec<Taken> {
    let mut all = vec![lines.clone()];
    if lines.len() > 1 {
        for left_out in lines.keys() {
            all.push(lines.iter().filter(|(id, _)| *id != left_out).map(|(id, l)| (id.clone(), l.clone())).collect());
        }
    }
    if lines.len() > 2 {
        all.extend(lines.iter().map(|(id, l)| Taken::from([(id.clone(), l.clone())])));
    }
    all
}

/// How many of the model's lines are in the piece.
fn kept(given: &Given, gathered: &Gathered) -> u32 {
    let Made::Piece { piece, .. } = &given.made else { return 0 };
    let sung = |id: &str, index: usize| {
        let section = piece.lyrics.iter().find(|section| section.section == id);
        section.and_then(|section| section.lines.get(index)).map(|line| line.text.as_str())
    };
    let among = |(id, lines): (&String, &BTreeMap<usize, Line>)| {
        lines.iter().filter(|(index, line)| sung(id, **index) == Some(line.text().as_str())).count()
    };
    gathered.lines.iter().map(among).sum::<usize>() as u32
}
