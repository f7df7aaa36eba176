//! For what cannot be asked: performing, creating, explaining, respect.

use crate::concepts;
use crate::model::{Claim, RubricRow};
use crate::wording;
use eduai_kernel::Text;

/// Four criteria with four levels each, the lowest first; the words name what this piece asks for.
pub(super) fn rubric(claims: &[Claim]) -> Vec<RubricRow> {
    let name = |strand: &str| {
        claims
            .iter()
            .filter_map(|c| concepts::find(&c.concept.0))
            .find(|e| e.strand == strand)
            .map(|e| wording::inline(&e.name))
    };
    let rhythm = name("rhythm").unwrap_or_else(|| Text::new("the beat", "el pulso"));
    let names: Vec<Text> = ["harmony", "melody", "form"].into_iter().filter_map(name).take(2).collect();
    let ideas = if names.is_empty() { Text::new("an idea", "una idea") } else { wording::and(&names) };
    let row = |criterion: (&str, &str), levels: [(String, String); 4]| RubricRow {
        criterion: Text::new(criterion.0, criterion.1),
        levels: levels.into_iter().map(|(en, es)| Text::new(en, es)).collect(),
    };
    let own = |en: &str, es: &str| (en.to_owned(), es.to_owned());
    vec![
        row(
            ("Performing in time", "Interpretar a tempo"),
            [
                own("Joins in for some beats with help", "Se suma en algunos pulsos con ayuda"),
                own("Keeps the beat for a phrase", "Mantiene el pulso durante una frase"),
                (
                    format!("Keeps the beat throughout and shows {}", rhythm.en),
                    format!("Mantiene el pulso todo el tiempo y muestra: {}", rhythm.es),
                ),
                own("Also listens and adjusts to the other layers", "Además escucha y se ajusta a las otras capas"),
            ],
        ),
        row(
            ("Explaining with evidence", "Explicar con pruebas"),
            [
                own("Says what was liked", "Dice lo que le ha gustado"),
                own("Names a feature of the music", "Nombra un rasgo de la música"),
                (
                    format!("Explains {} with the right bars", ideas.en),
                    format!("Explica con los compases correctos: {}", ideas.es),
                ),
                own(
                    "Also says what would change if it were otherwise",
                    "Además dice qué cambiaría si fuera de otro modo",
                ),
            ],
        ),
        row(
            ("Creating", "Crear"),
            [
                own("Repeats the model", "Repite el modelo"),
                own("Changes one thing", "Cambia una cosa"),
                own(
                    "Makes a version of one's own that fits the piece",
                    "Hace una versión propia que encaja en la pieza",
                ),
                own(
                    "Also gives reasons for the choices and improves them",
                    "Además justifica sus decisiones y las mejora",
                ),
            ],
        ),
        row(
            ("Respect for cultures", "Respeto a las culturas"),
            [
                own("Speaks of the music without its people", "Habla de la música sin su gente"),
                own("Names one place or person it comes from", "Nombra un lugar o una persona de donde viene"),
                own(
                    "Says what each genre brought, with people and places",
                    "Dice qué aportó cada género, con personas y lugares",
                ),
                own("Also asks who should be credited, and how", "Además se pregunta a quién hay que citar y cómo"),
            ],
        ),
    ]
}
