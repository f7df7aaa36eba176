//! From a piece to everything a teacher needs for it.

use crate::assess::assessment;
use crate::concepts;
use crate::context::EducationalContext;
use crate::detect::{Scene, claims_of};
use crate::model::{Claim, Concept, ConceptId, CulturalContext, EducationalContent, Material};
use crate::plan::{Lesson, guide};
use crate::standards;
use eduai_compose::model::Piece;
use eduai_genre::Profile;
use eduai_kernel::{SkillLevel, Text};
use eduai_music::analysis::Analysis;

impl CulturalContext {
    /// The culture that a genre's profile tells of.
    pub fn of(profile: &Profile) -> Self {
        Self { genre: profile.id.clone(), name: profile.name.clone(), culture: profile.culture.clone() }
    }
}

/// Makes the teaching material of a piece. Deterministic: the same piece, analysis and context give the same material.
/// `cultures` are those of the genres of the piece, in its order.
pub fn teach(
    piece: &Piece,
    analysis: &Analysis,
    cultures: &[CulturalContext],
    context: &EducationalContext,
) -> Material {
    let scene = Scene::new(piece, analysis);
    let claims = claims_of(&scene);
    let learning_assessment = assessment(&scene, &claims);
    let lesson = Lesson { scene: &scene, claims: &claims, context, cultures, items: learning_assessment.items.len() };
    let teaching_guide = guide(&lesson);
    let educational_content = content(&claims, context);
    Material { claims, cultural_context: cultures.to_vec(), educational_content, teaching_guide, learning_assessment }
}

/// The concepts that the claims show and the focus asks for, with objectives and codes.
fn content(claims: &[Claim], context: &EducationalContext) -> EducationalContent {
    let mut ids: Vec<ConceptId> = Vec::new();
    for claim in claims {
        if !ids.contains(&claim.concept) {
            ids.push(claim.concept.clone());
        }
    }
    ids.sort_by_key(|id| (concepts::find(&id.0).map(|e| e.level), concepts::depth(id)));
    let key_concepts: Vec<Concept> = ids
        .iter()
        .filter_map(|id| concepts::find(&id.0))
        .map(|entry| {
            let serves: Vec<&str> = entry.serves.iter().map(String::as_str).collect();
            let codes = standards::standards(context.grade, &serves).into_iter().map(|s| s.code).collect();
            entry.concept(reading_level(context), codes)
        })
        .collect();
    let objectives = objectives(claims, context);
    let standards = standards::standards(context.grade, &standards::ACTIVITIES);
    EducationalContent { key_concepts, objectives, standards }
}

/// The level of reading of definitions: the lesson's, but never above what the grade reads with ease.
fn reading_level(context: &EducationalContext) -> SkillLevel {
    let by_grade = match context.grade {
        0..=5 => SkillLevel::Beginner,
        6..=8 => SkillLevel::Intermediate,
        _ => SkillLevel::Advanced,
    };
    context.level.min(by_grade)
}

/// What learners will be able to do: the teacher's own objectives first, then one for each side of music that the
/// claims show.
fn objectives(claims: &[Claim], context: &EducationalContext) -> Vec<Text> {
    let mut out: Vec<Text> = context.objectives.iter().map(|o| Text::new(o.clone(), o.clone())).collect();
    let verbs = [
        ("rhythm", "Clap and explain", "Palmear y explicar"),
        ("harmony", "Recognise by ear and point out in the score", "Reconocer de oído y señalar en la partitura"),
        ("melody", "Sing and describe", "Cantar y describir"),
        ("form", "Follow while listening and sketch", "Seguir al escuchar y esquematizar"),
        ("texture", "Tell apart by ear", "Distinguir de oído"),
        ("words", "Find in the song and imitate", "Encontrar en la canción e imitar"),
    ];
    for (strand, en, es) in verbs {
        let found = claims.iter().find(|c| concepts::find(&c.concept.0).is_some_and(|e| e.strand == strand));
        let Some((claim, entry)) = found.and_then(|c| Some((c, concepts::find(&c.concept.0)?))) else { continue };
        let place = crate::wording::bars_short(&claim.evidence.bars);
        let name = crate::wording::inline(&entry.name);
        let short = claim.evidence.bars.len() <= 8;
        let (at_en, at_es) = if short {
            (format!(" ({})", place.en), format!(" ({})", place.es))
        } else {
            (String::new(), String::new())
        };
        out.push(Text::new(format!("{en}: {}{at_en}", name.en), format!("{es}: {}{at_es}", name.es)));
    }
    out.push(Text::new(
        "Say what each genre brings to the piece, and name people and places it comes from",
        "Decir qué aporta cada género a la pieza y nombrar personas y lugares de los que procede",
    ));
    out
}
