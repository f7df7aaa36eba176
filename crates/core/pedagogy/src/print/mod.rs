//! The lesson on paper: plan, music, culture, quiz, rubric and, on a page of its own, the key.

mod quiz;

use crate::concepts;
use crate::context::{EducationalContext, Setting};
use crate::model::{CulturalContext, Material};
use crate::standards;
use crate::wording;
use eduai_compose::model::Piece;
use eduai_document::{Block, Document, Marker, Rich, Table};
use eduai_kernel::{Language, SkillLevel, Text};

/// What the head of the page says about piece and class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonFacts {
    /// The names of the genres.
    pub genres: Text,
    /// The key.
    pub key: Text,
    /// Meter and tempo: `4/4, 92`.
    pub pace: Text,
    /// How many bars.
    pub bars: usize,
    /// The grade and the ages.
    pub learners: Text,
    /// The setting.
    pub setting: Text,
    /// The level.
    pub level: Text,
}

impl LessonFacts {
    /// Reads the facts of a piece and its lesson.
    pub fn of(piece: &Piece, context: &EducationalContext, cultures: &[CulturalContext]) -> Self {
        let names: Vec<Text> = cultures.iter().map(|c| c.name.clone()).collect();
        let bpm = piece.score.tempos.first().map_or(piece.plan.tempo_bpm, eduai_music::score::Tempo::bpm);
        let pace = format!("{}, {bpm:.0}", piece.plan.meter);
        let ages = format!("{}–{}", context.age_from, context.age_to);
        Self {
            genres: wording::and(&names),
            key: wording::key(piece.plan.key),
            pace: Text::new(format!("{pace} bpm"), format!("{pace} ppm")),
            bars: piece.score.measures.len(),
            learners: Text::new(
                format!("Grade {}, ages {ages}", context.grade),
                format!("{}, {ages} años", spanish_grade(context.grade)),
            ),
            setting: setting(context.setting),
            level: level(context.level),
        }
    }
}

/// A grade as Spanish schools name it (Organic Law 3/2020: six years of Primaria, four of ESO, two of Bachillerato).
fn spanish_grade(grade: u8) -> String {
    match grade {
        ..=6 => format!("{grade}.º de Primaria"),
        7..=10 => format!("{}.º de ESO", grade - 6),
        _ => format!("{}.º de Bachillerato", grade - 10),
    }
}

fn setting(setting: Setting) -> Text {
    match setting {
        Setting::Classroom => Text::new("Classroom", "Aula"),
        Setting::Workshop => Text::new("Workshop", "Taller"),
        Setting::IndividualStudy => Text::new("Individual study", "Estudio individual"),
        Setting::PeerLearning => Text::new("Peer learning", "Aprendizaje entre iguales"),
    }
}

fn level(level: SkillLevel) -> Text {
    match level {
        SkillLevel::Beginner => Text::new("Beginner", "Inicial"),
        SkillLevel::Intermediate => Text::new("Intermediate", "Intermedio"),
        SkillLevel::Advanced => Text::new("Advanced", "Avanzado"),
    }
}

/// Writes in one language.
pub(crate) struct Writer {
    language: Language,
    blocks: Vec<Block>,
}

impl Writer {
    /// The text in the language of the page.
    pub fn say<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.language)
    }

    /// One of two literals.
    pub fn pick(&self, en: &'static str, es: &'static str) -> &'static str {
        match self.language {
            Language::En => en,
            Language::Es => es,
        }
    }

    fn heading(&mut self, level: u8, en: &'static str, es: &'static str) {
        let text = self.pick(en, es).to_owned();
        self.blocks.push(Block::Heading { level, text });
    }

    fn bullets(&mut self, texts: &[Text]) {
        let items: Vec<Rich> = texts.iter().map(|t| lead(self.say(t))).collect();
        if !items.is_empty() {
            self.blocks.push(Block::List { marker: Marker::Bullet, items });
        }
    }

    fn paragraph(&mut self, rich: Rich) {
        self.blocks.push(Block::Paragraph(rich));
    }
}

/// A short beginning up to a colon stands out.
fn lead(text: &str) -> Rich {
    match text.split_once(": ") {
        Some((head, rest)) if head.chars().count() <= 60 && !head.contains(['"', '«', '.', '?']) => {
            Rich::led(format!("{head}:"), rest)
        }
        _ => Rich::plain(text),
    }
}

/// The lesson as a document in one language.
pub fn lesson_document(material: &Material, title: &str, facts: &LessonFacts, language: Language) -> Document {
    let mut writer = Writer { language, blocks: Vec::new() };
    head(&mut writer, material, facts);
    sequence(&mut writer, material);
    around(&mut writer, material);
    music(&mut writer, material);
    culture(&mut writer, material);
    codes(&mut writer, material);
    quiz::questions(&mut writer, &material.learning_assessment);
    quiz::rubric(&mut writer, &material.learning_assessment);
    quiz::key(&mut writer, &material.learning_assessment);
    let genres = writer.say(&facts.genres).to_owned();
    Document {
        title: title.to_owned(),
        subtitle: format!("{}: {genres}", writer.pick("Lesson plan", "Plan de clase")),
        language: language.code().to_owned(),
        header: format!("{title} · {}", writer.pick("Lesson plan", "Plan de clase")),
        footer: writer
            .pick(
                "Lit Music Mashup by EduAI · every statement about the music is computed from its notes",
                "Lit Music Mashup de EduAI · toda afirmación sobre la música se calcula a partir de sus notas",
            )
            .to_owned(),
        page_label: writer.pick("Page {page} of {pages}", "Página {page} de {pages}").to_owned(),
        blocks: writer.blocks,
    }
}

fn head(w: &mut Writer, material: &Material, facts: &LessonFacts) {
    let row =
        |w: &Writer, en: &'static str, es: &'static str, value: &str| (w.pick(en, es).to_owned(), value.to_owned());
    let minutes = format!("{} {}", material.teaching_guide.total_minutes, w.pick("minutes", "minutos"));
    let facts = vec![
        row(w, "Learners", "Alumnado", w.say(&facts.learners)),
        row(w, "Period", "Duración", &minutes),
        row(w, "Setting", "Modalidad", w.say(&facts.setting)),
        row(w, "Level", "Nivel", w.say(&facts.level)),
        row(w, "Key", "Tonalidad", w.say(&facts.key)),
        row(w, "Meter and tempo", "Compás y tempo", w.say(&facts.pace)),
        row(w, "Bars", "Compases", &facts.bars.to_string()),
        row(
            w,
            "Quiz",
            "Cuestionario",
            &format!("{} {}", material.learning_assessment.items.len(), w.pick("questions", "preguntas")),
        ),
    ];
    w.blocks.push(Block::Facts(facts));
    w.heading(2, "Learners will be able to", "El alumnado será capaz de");
    w.bullets(&material.educational_content.objectives);
    w.heading(2, "Materials", "Materiales");
    w.bullets(&material.teaching_guide.materials);
}

fn phase(phase: &str) -> Text {
    let (en, es) = match phase {
        "hook" => ("Hook", "Gancho"),
        "listen" => ("Listen", "Escuchar"),
        "explore" => ("Explore", "Explorar"),
        "perform" => ("Perform", "Interpretar"),
        "create" => ("Create", "Crear"),
        "discuss" => ("Discuss", "Conversar"),
        "assess" => ("Assess", "Evaluar"),
        _ => ("Close", "Cerrar"),
    };
    Text::new(en, es)
}

fn sequence(w: &mut Writer, material: &Material) {
    w.heading(1, "The lesson, minute by minute", "La clase, minuto a minuto");
    let mut clock = 0;
    let mut rows = Vec::new();
    for step in &material.teaching_guide.sequence {
        let from = clock;
        clock += step.minutes;
        let bars = step.evidence.as_ref().filter(|e| !e.bars.is_empty()).map(|e| wording::ranges(&e.bars));
        let mut what = vec![Rich::strong(w.say(&step.title)), Rich::emphasis(w.say(&phase(&step.phase)))];
        if let Some(bars) = bars {
            what.push(Rich::plain(format!("{} {bars}", w.pick("Bars", "Compases"))));
        }
        rows.push(vec![
            vec![Rich::strong(format!("{from}–{clock}")), Rich::plain(format!("{} min", step.minutes))],
            what,
            w.say(&step.teacher).lines().map(Rich::plain).collect(),
            w.say(&step.learners).lines().map(Rich::plain).collect(),
        ]);
    }
    let column = |w: &Writer, en, es, share| (w.pick(en, es).to_owned(), share);
    let columns = vec![
        column(w, "Time", "Tiempo", 9),
        column(w, "Step", "Paso", 19),
        column(w, "Teacher", "Profesorado", 42),
        column(w, "Learners", "Alumnado", 30),
    ];
    w.blocks.push(Block::Table(Table { columns, rows, row_headings: false }));
}

fn around(w: &mut Writer, material: &Material) {
    let guide = &material.teaching_guide;
    w.heading(2, "Questions to discuss", "Preguntas para conversar");
    w.bullets(&guide.discussion_questions);
    w.heading(2, "So that everyone learns", "Para que todo el mundo aprenda");
    w.bullets(&guide.differentiation);
    w.heading(2, "More activities", "Más actividades");
    w.bullets(&guide.activities);
    w.heading(2, "Afterwards", "Después");
    w.bullets(&guide.extension);
}

fn music(w: &mut Writer, material: &Material) {
    w.heading(1, "What the music shows", "Lo que muestra la música");
    w.paragraph(Rich::emphasis(w.pick(
        "Each statement was recomputed from the written notes. Bars are those printed in the score.",
        "Cada afirmación se ha recalculado a partir de las notas escritas. Los compases son los de la partitura.",
    )));
    let genre = |id: &eduai_genre::GenreId| {
        material.cultural_context.iter().find(|c| c.genre == *id).map(|c| w.say(&c.name).to_owned())
    };
    let mut rows = Vec::new();
    for claim in &material.claims {
        let concept = material.educational_content.key_concepts.iter().find(|c| c.id == claim.concept);
        let name = concept.map_or_else(|| concepts::find(&claim.concept.0).map(|e| &e.name), |c| Some(&c.name));
        let mut first = vec![Rich::strong(name.map_or("", |n| w.say(n)))];
        if let Some(genre) = claim.genre.as_ref().and_then(genre) {
            first.push(Rich::emphasis(genre));
        }
        let mut second = vec![Rich::plain(w.say(&claim.text))];
        if let Some(concept) = concept {
            second.push(Rich::emphasis(w.say(&concept.definition)));
        }
        rows.push(vec![first, second, vec![Rich::plain(w.say(&claim.listen_for))]]);
    }
    let columns = vec![
        (w.pick("Concept", "Concepto").to_owned(), 18),
        (w.pick("In this piece, and what it means", "En esta pieza, y qué significa").to_owned(), 50),
        (w.pick("Hear it, do it", "Oírlo y hacerlo").to_owned(), 32),
    ];
    w.blocks.push(Block::Table(Table { columns, rows, row_headings: false }));
}

fn culture(w: &mut Writer, material: &Material) {
    w.heading(1, "Where the music comes from", "De dónde viene la música");
    for context in &material.cultural_context {
        let culture = &context.culture;
        w.blocks.push(Block::Heading { level: 2, text: w.say(&context.name).to_owned() });
        w.paragraph(Rich::plain(w.say(&culture.summary)));
        let origins: Vec<&str> = culture.origins.iter().map(|o| w.say(o)).collect();
        w.paragraph(Rich::led(w.pick("Origins:", "Orígenes:"), origins.join("; ")));
        let people: Vec<Rich> =
            culture.people.iter().map(|p| Rich::led(format!("{}:", p.name), w.say(&p.known_for))).collect();
        w.blocks.push(Block::List { marker: Marker::Bullet, items: people });
        w.paragraph(Rich::led(w.pick("Social history:", "Historia social:"), w.say(&culture.social_history)));
        w.blocks.push(Block::Callout {
            title: w.pick("With respect", "Con respeto").to_owned(),
            body: vec![Rich::plain(w.say(&culture.respectful_use))],
        });
        let listening: Vec<Rich> = culture
            .listening
            .iter()
            .map(|l| {
                Rich::emphasis(l.title.as_str()).then(Rich::plain(format!(
                    ", {} ({}). {}",
                    l.artist,
                    l.year,
                    w.say(&l.why)
                )))
            })
            .collect();
        w.blocks.push(Block::Heading { level: 3, text: w.pick("Listen to", "Para escuchar").to_owned() });
        w.blocks.push(Block::List { marker: Marker::Bullet, items: listening });
        let sources: Vec<&str> = culture.sources.iter().map(|s| s.text.as_str()).collect();
        w.paragraph(Rich::led(w.pick("Sources:", "Fuentes:"), sources.join(" · ")));
    }
    if !material.teaching_guide.cultural_sensitivity.is_empty() {
        let extra: Vec<&Text> =
            material.teaching_guide.cultural_sensitivity.iter().skip(material.cultural_context.len()).collect();
        if !extra.is_empty() {
            let body = extra.into_iter().map(|t| Rich::plain(w.say(t))).collect();
            w.blocks.push(Block::Callout { title: w.pick("For this class", "Para este grupo").to_owned(), body });
        }
    }
}

fn codes(w: &mut Writer, material: &Material) {
    // A page in one language goes to a school of that language: its own curriculum first, another only for want of it.
    let own = w.pick("NCAS-Music-2014", "LOMLOE");
    let all = &material.educational_content.standards;
    let local = all.iter().any(|s| s.framework == own);
    let codes: Vec<_> = all.iter().filter(|s| !local || s.framework == own).collect();
    if codes.is_empty() {
        return;
    }
    w.heading(2, "Curriculum", "Currículo");
    let rows = codes
        .iter()
        .map(|s| {
            let framework = standards::framework_name(&s.framework);
            vec![
                vec![Rich::strong(s.code.as_str())],
                vec![Rich::plain(w.say(&s.summary))],
                vec![Rich::plain(w.say(&framework))],
            ]
        })
        .collect();
    let columns = vec![
        (w.pick("Code", "Código").to_owned(), 18),
        (w.pick("In our words", "En nuestras palabras").to_owned(), 50),
        (w.pick("Framework", "Marco").to_owned(), 32),
    ];
    w.blocks.push(Block::Table(Table { columns, rows, row_headings: true }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_have_the_names_of_spanish_schools() {
        let names: Vec<String> = [1, 6, 7, 10, 12].into_iter().map(spanish_grade).collect();
        assert_eq!(names, ["1.º de Primaria", "6.º de Primaria", "1.º de ESO", "4.º de ESO", "2.º de Bachillerato"]);
    }
}
