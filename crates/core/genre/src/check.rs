//! What must hold in a profile beyond its layout: numbers in range, patterns that fill their bars, sources that exist.

use crate::pattern::Grid;
use crate::traits::InstrumentRole;
use crate::{Dimension, GenreError, Profile};
use eduai_kernel::Text;
use eduai_music::score::Meter;
use eduai_music::{ChordKind, Roman};

struct Checker<'a> {
    file: &'a str,
    profile: &'a Profile,
}

type Checked = Result<(), GenreError>;

pub(crate) fn check(file: &str, profile: &Profile) -> Checked {
    let c = Checker { file, profile };
    c.head()?;
    c.harmony()?;
    c.patterns()?;
    c.rest()?;
    c.culture()
}

impl Checker<'_> {
    fn fault(&self, field: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> GenreError {
        GenreError::File { file: self.file.into(), field: field.into(), problem: problem.into(), remedy: remedy.into() }
    }

    fn must(&self, holds: bool, field: impl Into<String>, problem: impl Into<String>, remedy: &str) -> Checked {
        if holds { Ok(()) } else { Err(self.fault(field, problem, remedy)) }
    }

    fn source(&self, field: &str, key: &str) -> Checked {
        let known = key == "editorial" || self.profile.culture.sources.iter().any(|s| s.key == key);
        self.must(
            known,
            format!("{field}.source"),
            format!("`{key}` is no source"),
            "name a key of culture.sources, or `editorial`",
        )
    }

    fn text(&self, field: &str, text: &Text) -> Checked {
        self.must(
            !text.en.trim().is_empty() && !text.es.trim().is_empty(),
            field,
            "a language is missing",
            "write both en and es",
        )
    }

    fn weight(&self, field: &str, weight: f64) -> Checked {
        self.must(
            weight > 0.0 && weight <= 10.0,
            format!("{field}.weight"),
            format!("{weight} is no weight"),
            "use a number above 0, at most 10",
        )
    }

    fn share(&self, field: String, share: f64) -> Checked {
        self.must((0.0..=1.0).contains(&share), field, format!("{share} is no share"), "use a number from 0 to 1")
    }

    fn head(&self) -> Checked {
        let p = self.profile;
        self.must(p.schema == 1, "schema", format!("{} is not known", p.schema), "use 1")?;
        let id = &p.id.0;
        let fit = !id.is_empty()
            && id.len() <= 40
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        self.must(fit, "id", format!("`{id}` is no id"), "use lower-case letters, digits and underscores")?;
        self.must(
            self.file == format!("{id}.toml")
                || std::path::Path::new(self.file).extension().is_none_or(|e| e != "toml"),
            "id",
            format!("`{id}` is not the file's name"),
            "name the file after the id",
        )?;
        self.text("name", &p.name)?;
        let t = &p.tempo;
        let ordered = t.min >= 30.0 && t.min <= t.typical && t.typical <= t.max && t.max <= 300.0;
        self.must(ordered, "tempo", "min, typical and max are out of order", "use 30 <= min <= typical <= max <= 300")?;
        self.source("tempo", &t.source)?;
        self.must(!p.meter.options.is_empty(), "meter.options", "is empty", "name at least one meter")?;
        for (i, option) in p.meter.options.iter().enumerate() {
            self.weight(&format!("meter.options[{i}]"), option.weight)?;
        }
        self.source("meter", &p.meter.source)?;
        if let Some(swing) = &p.swing {
            let rising = swing.curve.windows(2).all(|w| w[0].0 < w[1].0);
            let shares = swing.curve.iter().all(|(_, share)| (500.0..=780.0).contains(share));
            self.must(
                rising && shares && !swing.curve.is_empty(),
                "swing.curve",
                "is no curve",
                "use points [bpm, share] with rising bpm and shares of 500 to 780 thousandths",
            )?;
            self.source("swing", &swing.source)?;
        }
        Ok(())
    }

    fn numerals(&self, field: &str, text: &str) -> Checked {
        for bar in text.split('|') {
            let chords: Vec<&str> = bar.split_whitespace().collect();
            self.must(
                matches!(chords.len(), 1 | 2 | 4),
                field,
                format!("a bar holds {} chords", chords.len()),
                "write 1, 2 or 4 chords a bar, with | between bars",
            )?;
            for chord in chords {
                chord
                    .parse::<Roman>()
                    .map_err(|e| self.fault(field, e.to_string(), "write numerals such as ii7, bVII or V7/V"))?;
            }
        }
        Ok(())
    }

    fn harmony(&self) -> Checked {
        let h = &self.profile.harmony;
        self.source("harmony", &h.source)?;
        self.source("harmony.colour", &h.colour.source)?;
        for (level, colour) in [
            ("beginner", &h.colour.beginner),
            ("intermediate", &h.colour.intermediate),
            ("advanced", &h.colour.advanced),
        ] {
            for symbol in [&colour.tonic, &colour.major, &colour.dominant, &colour.minor, &colour.diminished] {
                let known = symbol.is_empty() || ChordKind::ALL.iter().any(|k| k.symbol() == symbol);
                self.must(
                    known,
                    format!("harmony.colour.{level}"),
                    format!("`{symbol}` is no kind of chord"),
                    "use a symbol such as 7, m7 or maj9",
                )?;
            }
        }
        self.must(
            !h.tonics.is_empty() && !h.modes.is_empty(),
            "harmony",
            "tonics or modes are empty",
            "name at least one of each",
        )?;
        for (i, mode) in h.modes.iter().enumerate() {
            self.weight(&format!("harmony.modes[{i}]"), mode.weight)?;
        }
        for (i, p) in h.progression.iter().enumerate() {
            let field = format!("harmony.progression[{i}]");
            self.numerals(&format!("{field}.numerals"), &p.numerals)?;
            self.weight(&field, p.weight)?;
            self.source(&field, &p.source)?;
            self.text(&format!("{field}.text"), &p.text)?;
        }
        for minor in [false, true] {
            let any = h.progression.iter().any(|p| p.mode.is_minor() == minor);
            self.must(
                any,
                "harmony.progression",
                format!("none for {} keys", if minor { "minor" } else { "major" }),
                "write at least one for each, so that any key can be asked for",
            )?;
        }
        for (i, close) in h.cadence.iter().enumerate() {
            self.numerals(&format!("harmony.cadence[{i}].numerals"), &close.numerals)?;
            self.source(&format!("harmony.cadence[{i}]"), &close.source)?;
        }
        Ok(())
    }

    fn grid(&self, field: &str, grid: &Grid, letters: &str, meter: Meter) -> Checked {
        if let Some(bad) = grid.letters().iter().find(|c| !letters.as_bytes().contains(c)) {
            return Err(self.fault(
                field,
                format!("`{}` means nothing here", char::from(*bad)),
                format!("use only {letters}"),
            ));
        }
        let bar = meter.length().ticks(4) as usize;
        let whole = bar > 0 && grid.steps() > 0 && grid.steps().is_multiple_of(bar);
        self.must(
            whole,
            field,
            format!("{} steps are no whole bars of {meter}", grid.steps()),
            &format!("write {bar} steps a bar"),
        )
    }

    fn patterns(&self) -> Checked {
        const DRUMS: &str = ".xXo";
        for (i, g) in self.profile.groove.iter().enumerate() {
            let field = format!("groove[{i}]");
            self.weight(&field, g.weight)?;
            self.source(&field, &g.source)?;
            self.text(&format!("{field}.text"), &g.text)?;
            for (level, sounds) in g.levels.each() {
                for (sound, grid) in sounds {
                    self.grid(&format!("{field}.levels.{level}.{}", sound.as_str()), grid, DRUMS, g.meter)?;
                }
            }
            for (n, sounds) in g.variation.iter().enumerate() {
                for (sound, grid) in sounds {
                    self.grid(&format!("{field}.variation[{n}].{}", sound.as_str()), grid, DRUMS, g.meter)?;
                }
            }
            self.must(!g.fill.is_empty(), format!("{field}.fill"), "is empty", "write at least one fill")?;
        }
        for (i, b) in self.profile.bass.iter().enumerate() {
            let field = format!("bass[{i}]");
            self.weight(&field, b.weight)?;
            self.source(&field, &b.source)?;
            self.text(&format!("{field}.text"), &b.text)?;
            for (level, grid) in b.levels.each() {
                self.grid(&format!("{field}.levels.{level}"), grid, "R35678a-.", b.meter)?;
            }
        }
        for (i, c) in self.profile.comping.iter().enumerate() {
            let field = format!("comping[{i}]");
            self.weight(&field, c.weight)?;
            self.source(&field, &c.source)?;
            self.text(&format!("{field}.text"), &c.text)?;
            for (level, grid) in c.levels.each() {
                self.grid(&format!("{field}.levels.{level}"), grid, "xXsb12345-.", c.meter)?;
            }
        }
        for (i, cell) in self.profile.melody.cells.iter().enumerate() {
            self.grid(&format!("melody.cells[{i}]"), &cell.pattern, "x-.", cell.meter)?;
        }
        for option in &self.profile.meter.options {
            let (p, meter) = (self.profile, option.meter);
            let carried = p.bass.iter().any(|b| b.meter == meter)
                && p.comping.iter().any(|c| c.meter == meter)
                && p.melody.cells.iter().any(|c| c.meter == meter)
                && (p.groove.is_empty() || p.groove.iter().any(|g| g.meter == meter));
            self.must(
                carried,
                "meter.options",
                format!("{meter} has no bass, comping, melody cell or groove"),
                "write a pattern of each kind for every meter, or leave the meter out",
            )?;
        }
        Ok(())
    }

    fn rest(&self) -> Checked {
        let p = self.profile;
        let m = &p.melody;
        self.source("melody", &m.source)?;
        self.must(
            (5..=17).contains(&m.span),
            "melody.span",
            format!("{} semitones are not singable", m.span),
            "use 5 to 17",
        )?;
        for (name, (low, high)) in [("step_ratio", m.step_ratio), ("syncopation", m.syncopation)] {
            self.must(
                (0.0..=high).contains(&low) && high <= 1.0,
                format!("melody.{name}"),
                "is no range of shares",
                "use 0 <= from <= to <= 1",
            )?;
        }
        self.share("melody.pickup".into(), m.pickup)?;
        for role in [
            InstrumentRole::Voice,
            InstrumentRole::Lead,
            InstrumentRole::Harmony,
            InstrumentRole::Pad,
            InstrumentRole::Bass,
        ] {
            self.must(
                p.instrument.iter().any(|i| i.role == role),
                "instrument",
                format!("none for {role:?}"),
                "name at least one instrument for each role",
            )?;
        }
        let drums = p.instrument.iter().any(|i| i.role == InstrumentRole::Drums);
        self.must(
            drums != p.groove.is_empty(),
            "instrument",
            "drum patterns without drums, or drums without a pattern",
            "name an instrument whose role is drums where there is a groove, and none elsewhere",
        )?;
        for (i, instrument) in p.instrument.iter().enumerate() {
            self.must(instrument.program <= 127, format!("instrument[{i}].program"), "is no program", "use 0 to 127")?;
            let fit = instrument.id.starts_with(|c: char| c.is_ascii_lowercase())
                && instrument.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            self.must(
                fit,
                format!("instrument[{i}].id"),
                "is no id",
                "use lower-case letters, digits and underscores",
            )?;
            self.must(
                instrument.kit.is_some() == (instrument.role == InstrumentRole::Drums),
                format!("instrument[{i}].kit"),
                "drums without a kit, or a kit without drums",
                "give the kit to the instrument whose role is drums: jazz, boom_bap, electronic or rock",
            )?;
            self.weight(&format!("instrument[{i}]"), instrument.weight)?;
            self.text(&format!("instrument[{i}].name"), &instrument.name)?;
        }
        self.words_and_blend()
    }

    fn words_and_blend(&self) -> Checked {
        let p = self.profile;
        self.must(!p.form.is_empty(), "form", "is empty", "write at least one form")?;
        for (i, form) in p.form.iter().enumerate() {
            let field = format!("form[{i}]");
            self.source(&field, &form.source)?;
            self.weight(&field, form.weight)?;
            self.text(&format!("{field}.text"), &form.text)?;
            for section in &form.sections {
                const KINDS: [&str; 10] =
                    ["intro", "verse", "pre_chorus", "chorus", "bridge", "solo", "breakdown", "build", "drop", "outro"];
                self.must(
                    KINDS.contains(&section.kind.as_str()),
                    format!("{field}.sections"),
                    format!("`{}` is no section", section.kind),
                    "use intro, verse, pre_chorus, chorus, bridge, solo, breakdown, build, drop or outro",
                )?;
                self.must(
                    (2..=32).contains(&section.bars) && section.bars.is_multiple_of(2),
                    format!("{field}.sections"),
                    format!("{} bars", section.bars),
                    "use an even number from 2 to 32",
                )?;
                self.share(format!("{field}.sections.energy"), section.energy)?;
            }
        }
        self.source("lyrics", &p.lyrics.source)?;
        let (low, high) = p.lyrics.syllables;
        self.must(
            2 <= low && low <= high && high <= 16,
            "lyrics.syllables",
            "is no range",
            "use 2 <= from <= to <= 16",
        )?;
        self.must(
            matches!(p.lyrics.line_bars, 1 | 2 | 4),
            "lyrics.line_bars",
            "is no length of a line",
            "use 1, 2 or 4",
        )?;
        self.source("blend", &p.blend.source)?;
        self.must(!p.blend.essential.is_empty(), "blend.essential", "is empty", "name at least one dimension")?;
        for dimension in Dimension::ALL {
            let name = dimension.as_str();
            let strength = p.blend.strength.get(&dimension).copied().ok_or_else(|| {
                self.fault(
                    format!("blend.strength.{name}"),
                    "is missing",
                    "say from 0 to 1 how much it tells the genre",
                )
            })?;
            self.share(format!("blend.strength.{name}"), strength)?;
            let leads = p.blend.leads.get(&dimension).ok_or_else(|| {
                self.fault(format!("blend.leads.{name}"), "is missing", "say what the genre brings when it leads it")
            })?;
            self.text(&format!("blend.leads.{name}"), leads)?;
        }
        Ok(())
    }

    fn culture(&self) -> Checked {
        let c = &self.profile.culture;
        for (name, text) in
            [("summary", &c.summary), ("social_history", &c.social_history), ("respectful_use", &c.respectful_use)]
        {
            self.text(&format!("culture.{name}"), text)?;
        }
        self.must(
            !c.origins.is_empty() && !c.people.is_empty() && !c.listening.is_empty(),
            "culture",
            "origins, people or listening are empty",
            "name at least one of each",
        )?;
        for text in
            c.origins.iter().chain(c.people.iter().map(|p| &p.known_for)).chain(c.listening.iter().map(|l| &l.why))
        {
            self.text("culture", text)?;
        }
        self.must(c.sources.len() >= 2, "culture.sources", "fewer than two", "name at least two sources")?;
        for (i, source) in c.sources.iter().enumerate() {
            let unique = c.sources.iter().filter(|s| s.key == source.key).count() == 1;
            self.must(
                unique && source.key != "editorial" && source.text.len() >= 20,
                format!("culture.sources[{i}]"),
                "key used twice or reference too short",
                "give each source its own key and the reference in full",
            )?;
        }
        Ok(())
    }
}
