//! Reading a teacher's sentence: grade, ages, minutes, and what is left as the theme. English and Spanish.

/// The words of a text, lower case letters and digits; ordinal signs stay with their number.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != 'º' && c != 'ª').filter(|w| !w.is_empty())
}

const ORDINALS: [(&str, u8); 45] = [
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("sixth", 6),
    ("seventh", 7),
    ("eighth", 8),
    ("ninth", 9),
    ("tenth", 10),
    ("eleventh", 11),
    ("twelfth", 12),
    ("primero", 1),
    ("primer", 1),
    ("primera", 1),
    ("segundo", 2),
    ("segunda", 2),
    ("tercero", 3),
    ("tercer", 3),
    ("tercera", 3),
    ("cuarto", 4),
    ("cuarta", 4),
    ("quinto", 5),
    ("quinta", 5),
    ("sexto", 6),
    ("sexta", 6),
    ("séptimo", 7),
    ("septimo", 7),
    ("octavo", 8),
    ("noveno", 9),
    ("décimo", 10),
    ("decimo", 10),
    ("undécimo", 11),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

/// The number that a word says: `9`, `9th`, `2º`, `ninth`, `segundo`.
fn ordinal(word: &str) -> Option<u8> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let tail = &word[digits.len()..];
    if !digits.is_empty() && ["", "th", "st", "nd", "rd", "º", "ª", "o", "a", "er"].contains(&tail) {
        return digits.parse().ok();
    }
    ORDINALS.iter().find(|(name, _)| *name == word).map(|(_, n)| *n)
}

/// The school grade, 1 to 12, that a text names: "ninth graders", "grade 9", "2º ESO", "5º de primaria".
pub(crate) fn grade(text: &str) -> Option<u8> {
    let list: Vec<&str> = words(text).collect();
    let at = |i: usize| list.get(i).copied().unwrap_or("");
    for (i, word) in list.iter().enumerate() {
        let before = i.checked_sub(1).map_or("", at);
        // "2º de ESO", "2º ESO", "second of ESO"
        let number =
            ordinal(if matches!(before, "de" | "of" | "curso") { i.checked_sub(2).map_or("", at) } else { before });
        let found = match *word {
            "eso" | "secundaria" => number.filter(|n| (1..=4).contains(n)).map(|n| n + 6),
            "primaria" => number.filter(|n| (1..=6).contains(n)),
            "bachillerato" | "bach" => number.filter(|n| (1..=2).contains(n)).map(|n| n + 10),
            "grade" | "graders" | "grader" | "grades" | "grado" => ordinal(before).or_else(|| ordinal(at(i + 1))),
            "kindergarten" | "infantil" => Some(1),
            "freshmen" | "freshman" => Some(9),
            "sophomores" | "sophomore" => Some(10),
            _ => None,
        };
        if let Some(found) = found.filter(|n| (1..=12).contains(n)) {
            return Some(found);
        }
    }
    let pairs = || list.windows(2);
    if pairs().any(|w| w == ["middle", "school"]) {
        return Some(7);
    }
    if pairs().any(|w| w == ["high", "school"]) {
        return Some(10);
    }
    if pairs().any(|w| w == ["elementary", "school"] || w == ["primary", "school"]) {
        return Some(4);
    }
    if list.contains(&"bachillerato") {
        return Some(11);
    }
    if list.contains(&"eso") {
        return Some(8);
    }
    None
}

/// The grade of a field that holds nothing else: a plain number counts there.
pub(crate) fn grade_field(text: &str) -> Option<u8> {
    let lower = text.trim().to_lowercase();
    grade(&lower).or_else(|| ordinal(lower.trim())).filter(|n| (1..=12).contains(n))
}

/// The grade of learners of this age.
pub(crate) fn grade_of_age(age: u8) -> u8 {
    age.saturating_sub(5).clamp(1, 12)
}

/// The ages that a text names: "ages 10-12", "10 to 12 years old", "de 10 a 12 años". A `field` needs no such word.
pub(crate) fn ages(text: &str, field: bool) -> Option<(u8, u8)> {
    let list: Vec<&str> = words(text).collect();
    let number = |word: Option<&&str>| word.and_then(|w| w.parse::<u8>().ok()).filter(|n| (4..=99).contains(n));
    for i in 0..list.len() {
        let Some(from) = number(list.get(i)) else { continue };
        let joined = matches!(list.get(i + 1), Some(&("to" | "a" | "and" | "y" | "hasta")));
        let second = number(list.get(if joined { i + 2 } else { i + 1 }));
        let after = i + 1 + usize::from(joined) * usize::from(second.is_some()) + usize::from(second.is_some());
        let before = i.checked_sub(1).and_then(|j| list.get(j)).copied().unwrap_or("");
        let earlier = i.checked_sub(2).and_then(|j| list.get(j)).copied().unwrap_or("");
        let named = matches!(before, "age" | "ages" | "aged" | "edad" | "edades")
            || matches!(earlier, "age" | "ages" | "aged" | "edad" | "edades")
            || matches!(list.get(after), Some(&("years" | "year" | "años" | "yo")));
        if named || field {
            let to = second.unwrap_or(from);
            return Some((from.min(to), from.max(to)));
        }
    }
    None
}

const NUMBER_WORDS: [(&str, u32); 24] = [
    ("ten", 10),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("ninety", 90),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("an", 1),
    ("diez", 10),
    ("quince", 15),
    ("veinte", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("noventa", 90),
    ("una", 1),
    ("dos", 2),
    ("tres", 3),
    ("a", 1),
];

fn amount(word: &str) -> Option<u32> {
    word.parse().ok().or_else(|| NUMBER_WORDS.iter().find(|(w, _)| *w == word).map(|(_, n)| *n))
}

/// The minutes that a text names: "45 minutes", "45-minute", "an hour and a half", "media hora", "hora y media".
pub(crate) fn minutes(text: &str) -> Option<u32> {
    let list: Vec<&str> = words(text).collect();
    let at = |i: Option<usize>| i.and_then(|i| list.get(i)).copied().unwrap_or("");
    for (i, word) in list.iter().enumerate() {
        let before = at(i.checked_sub(1));
        let glued: String = word.chars().take_while(char::is_ascii_digit).collect();
        match *word {
            "minutes" | "minute" | "min" | "mins" | "minutos" | "minuto" => {
                // "forty five minutes", "cuarenta y cinco minutos"
                let ones = ["one", "two", "three", "four", "five", "cinco"].iter().position(|w| *w == before);
                let tens = amount(at(i.checked_sub(2)))
                    .or_else(|| amount(at(i.checked_sub(3))))
                    .filter(|n| *n >= 20 && n % 10 == 0);
                if let (Some(ones), Some(tens)) = (ones, tens) {
                    return Some(tens + (ones as u32 + 1).min(5));
                }
                if let Some(n) = amount(before) {
                    return Some(n);
                }
            }
            "hour" | "hours" | "hora" | "horas" | "hr" | "hrs" => {
                let half_after = at(Some(i + 1)) == "y" && at(Some(i + 2)) == "media"
                    || at(Some(i + 1)) == "and" && at(Some(i + 2)) == "a" && at(Some(i + 3)) == "half";
                let half = u32::from(half_after) * 30;
                let half_hour = matches!(before, "half" | "media")
                    || matches!((at(i.checked_sub(2)), before), ("half", "an" | "a"));
                if half_hour {
                    return Some(30);
                }
                return Some(amount(before).unwrap_or(1).saturating_mul(60).saturating_add(half));
            }
            _ if !glued.is_empty() && ["min", "mins", "m", "minutes"].contains(&&word[glued.len()..]) => {
                return glued.parse().ok();
            }
            _ => {}
        }
    }
    None
}

/// Words that carry no theme: of requests, of school, of time, of music in general.
const EMPTY: &str = "a about above after all also an and any are as at be both but by can class classroom classes could course \
    create do each easy energy feel find for from fun generate give good graders grade grader grades group have hear \
    help hour hours how i if in into is it its kids learn learners learning lesson lessons level like lyrics make mash \
    mashup me min mins minute minutes mix mixing music my need of old on one or our out period please piece play \
    school short show simple slow fast some song songs sound sounds student students style teach teaching that the their \
    them then there these they this to tune two unit up use using want we week what where which who will with without \
    would write year years you your young blend blending combine combining fuse fusion meets meet ages age aged middle \
    high elementary primary beginner beginners intermediate advanced workshop eso primaria secundaria bachillerato \
    un una unos unas el la los las de del al y o e u con sin para por en que es son como sobre mi su sus tu nuestro \
    nuestra clase clases curso lección leccion alumno alumnos alumnas alumnado estudiantes hora horas media minuto \
    minutos canción cancion canciones música musica mezcla mezclar mezcle fusión fusionar hacer haz crea crear quiero \
    queremos necesito grado años edad edades nivel principiantes avanzado taller sesión sesion pieza tema temas \
    explore exploring compare comparing introduce introducing understand understanding rhythm melody harmony beat \
    beats syncopation ritmo melodía melodia armonía armonia half quarter ninth tenth eighth seventh sixth fifth fourth \
    third second first eleventh twelfth";

/// What the piece should be about: content words that name no genre, grade, time or schoolroom; at most eight.
pub(crate) fn theme_words(text: &str, genre_words: &[String]) -> Vec<String> {
    let mut rest = format!(" {} ", words(text).collect::<Vec<_>>().join(" "));
    let mut names: Vec<String> =
        genre_words.iter().map(|g| words(&g.to_lowercase()).collect::<Vec<_>>().join(" ")).collect();
    names.sort_by_key(|n| std::cmp::Reverse(n.len()));
    for name in names.iter().filter(|n| !n.is_empty()) {
        rest = rest.replace(&format!(" {name} "), " ");
    }
    let empty: std::collections::BTreeSet<&str> = EMPTY.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    for word in rest.split(' ').filter(|w| w.chars().count() >= 3) {
        let plain = word.chars().all(char::is_alphabetic) && !empty.contains(word);
        if plain && !out.iter().any(|known| known == word) && out.len() < 8 {
            out.push(word.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_are_read_in_both_languages() {
        for (text, expected) in [
            ("jazz and hip-hop for ninth graders, 45 minutes", Some(9)),
            ("9th grade lesson", Some(9)),
            ("grade 5 beat making", Some(5)),
            ("blues y rock para 2º eso", Some(8)),
            ("4º de eso", Some(10)),
            ("quinto de primaria", Some(5)),
            ("1º de bachillerato", Some(11)),
            ("middle school band", Some(7)),
            ("two genres, one song", None),
            ("grade 99", None),
        ] {
            assert_eq!(grade(text), expected, "{text}");
        }
        assert_eq!(grade_field("9"), Some(9));
        assert_eq!(grade_field("K-12?"), None);
    }

    #[test]
    fn ages_are_read_only_where_they_are_ages() {
        for (text, expected) in [
            ("ages 10-12", Some((10, 12))),
            ("de 10 a 12 años", Some((10, 12))),
            ("for 9 to 11 year olds", Some((9, 11))),
            ("14 years old", Some((14, 14))),
            ("edades 12-14", Some((12, 14))),
            ("16 bars in 4 parts", None),
            ("45 minutes", None),
        ] {
            assert_eq!(ages(text, false), expected, "{text}");
        }
        assert_eq!(ages("12-10", true), Some((10, 12)));
    }

    #[test]
    fn periods_are_read_in_both_languages() {
        for (text, expected) in [
            ("45 minutes", Some(45)),
            ("a 50-minute lesson", Some(50)),
            ("50min", Some(50)),
            ("media hora", Some(30)),
            ("una hora y media", Some(90)),
            ("hora y media", Some(90)),
            ("an hour and a half", Some(90)),
            ("half an hour", Some(30)),
            ("two hours", Some(120)),
            ("forty five minutes", Some(45)),
            ("cuarenta y cinco minutos", Some(45)),
            ("fifteen minutes", Some(15)),
            ("the grade 9 class", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn the_theme_is_what_is_left() {
        let genres = ["jazz", "hip-hop", "hip hop", "blues"].map(str::to_owned);
        assert_eq!(
            theme_words("jazz and hip-hop about the ocean and friendship for ninth graders, 45 minutes", &genres),
            ["ocean", "friendship"]
        );
        assert_eq!(theme_words("blues sobre la lluvia en la ciudad para 2º eso", &genres), ["lluvia", "ciudad"]);
        assert!(theme_words("jazz and hip-hop for ninth graders, 45 minutes", &genres).is_empty());
    }
}
