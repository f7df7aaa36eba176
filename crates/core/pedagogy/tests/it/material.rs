use crate::pieces::city_lights;
use eduai_kernel::SkillLevel;
use eduai_music::analysis::analyse;
use eduai_pedagogy::model::{CulturalContext, Material};
use eduai_pedagogy::{RequestFacts, Setting, context, teach};

pub fn cultures(ids: &[eduai_genre::GenreId]) -> Vec<CulturalContext> {
    let book = eduai_genre::GenreBook::built_in().unwrap();
    ids.iter().map(|id| CulturalContext::of(book.get(id).unwrap())).collect()
}

pub fn material(level: SkillLevel, setting: Setting, prompt: &str) -> Material {
    let piece = city_lights(level);
    let analysis = analyse(&piece.score);
    let facts = RequestFacts {
        prompt: prompt.to_owned(),
        level,
        setting,
        genres: piece.plan.brief.genres.clone(),
        ..RequestFacts::default()
    };
    teach(&piece, &analysis, &cultures(&piece.plan.brief.genres), &context(&facts))
}

#[test]
#[ignore = "prints for a person to read"]
fn show() {
    let m = material(SkillLevel::Intermediate, Setting::Classroom, "jazz and hip-hop for ninth graders, 45 minutes");
    for c in &m.claims {
        println!(
            "{} [{}] {:?}\n  {}\n  {}\n  {}\n  {}",
            c.id, c.concept.0, c.genre, c.text.en, c.text.es, c.listen_for.en, c.listen_for.es
        );
    }
    for i in &m.learning_assessment.items {
        println!(
            "{} [{}] {} pts\n  {}\n  {}\n  {:?}\n  {}\n  {}",
            i.id, i.concept.0, i.points, i.prompt.en, i.prompt.es, i.task, i.explanation.en, i.explanation.es
        );
    }
    for s in &m.teaching_guide.sequence {
        println!(
            "{} min {} {}\n  T {}\n  L {}\n  T {}\n  L {}",
            s.minutes, s.phase, s.title.en, s.teacher.en, s.learners.en, s.teacher.es, s.learners.es
        );
    }
    println!("{:#?}", m.educational_content);
    println!(
        "{:#?}",
        (
            &m.teaching_guide.materials,
            &m.teaching_guide.discussion_questions,
            &m.teaching_guide.activities,
            &m.teaching_guide.differentiation,
            &m.teaching_guide.extension
        )
    );
}
