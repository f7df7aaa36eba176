//! Reading MusicXML.
//!
//! Two passes: `measure` reads the bars of each part with times counted from the start of the bar; `build` then
//! knows how long each bar really is, joins ties and makes the score. Notes come out as they sound: transposing
//! instruments are undone, cue notes are left out. Repeats are kept as signs, not unfolded.

mod build;
mod decode;
mod direction;
mod measure;
mod note;
mod repeat;
mod tree;
mod zip;

use crate::Score;
use crate::reading::{Diagnoses, Diagnosis, ReadError, sized};
use measure::PartReader;
use tree::{Element, Next, Pull};

/// More bars than any score has.
const MAX_BARS: usize = 20_000;
/// More parts than any score has.
const MAX_PARTS: usize = 500;

/// Reads a score from MusicXML, partwise or timewise, as text in UTF-8, UTF-16 or Latin-1 or compressed (`.mxl`).
///
/// No entity is expanded and nothing outside `bytes` is looked at. Whatever had to be repaired, approximated or left
/// out is in the list beside the score.
///
/// # Errors
/// When it is empty, larger than [`MAX_BYTES`] (packed or unpacked), no MusicXML, or broken so that its notes cannot be
/// known: cut off, not well-formed, divisions of 0.
///
/// [`MAX_BYTES`]: crate::reading::MAX_BYTES
pub fn read(bytes: &[u8]) -> Result<(Score, Vec<Diagnosis>), ReadError> {
    sized(bytes)?;
    let mut log = Diagnoses::default();
    let text = if zip::is_archive(bytes) {
        decode::text(&from_archive(bytes, &mut log)?, &mut log)?
    } else {
        decode::text(bytes, &mut log)?
    };
    let document = document(&text, &mut log)?;
    let score = build::score(document, &mut log)?;
    Ok((score, log.finish()))
}

/// The score file of a compressed one: the one that the container names first, or the first that looks like one.
fn from_archive(bytes: &[u8], log: &mut Diagnoses) -> Result<Vec<u8>, ReadError> {
    let archive = zip::Archive::open(bytes)?;
    let named = if let Some(container) = archive.unpack("META-INF/container.xml") {
        root_file(&decode::text(&container?, log)?)?
    } else {
        log.note("archive", "META-INF/container.xml is missing; the first score in the archive was taken.");
        None
    };
    let looks = |name: &&str| {
        let ending = name.rsplit('.').next().unwrap_or_default();
        !name.starts_with("META-INF") && ["xml", "musicxml"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    let first = || archive.names().find(looks).map(str::to_owned);
    let name = named.filter(|name| archive.names().any(|n| n == name)).or_else(first);
    let unpacked = name.and_then(|name| archive.unpack(&name));
    unpacked.unwrap_or_else(|| Err(ReadError::broken("archive", "there is no score in it")))
}

fn root_file(container: &str) -> Result<Option<String>, ReadError> {
    let mut pull = Pull::new(container);
    let Some((root, empty)) = pull.root()? else { return Ok(None) };
    let root = pull.element(root, empty)?;
    let files = root.children.iter().filter(|c| c.name == "rootfiles").flat_map(|files| files.all("rootfile"));
    let is_score = |file: &&Element| file.attribute("media-type").is_none_or(|media| media.contains("musicxml"));
    Ok(files.into_iter().find(is_score).and_then(|file| file.attribute("full-path")).map(str::to_owned))
}

/// What the first pass knows of a file.
#[derive(Default)]
struct Document {
    title: String,
    creator: String,
    /// Whether there is a part list; a score whose list is empty is an empty score.
    has_list: bool,
    /// The `<score-part>` elements.
    listed: Vec<Element>,
    /// The parts in order, by id.
    parts: Vec<PartReader>,
}

impl Document {
    fn part(&mut self, id: &str, log: &mut Diagnoses) -> Result<&mut PartReader, ReadError> {
        if let Some(index) = self.parts.iter().position(|part| part.id == id) {
            return Ok(&mut self.parts[index]);
        }
        if self.parts.len() >= MAX_PARTS {
            return Err(ReadError::TooLarge { what: "the number of parts", limit: MAX_PARTS });
        }
        let listed = self.listed.iter().find(|part| part.attribute("id") == Some(id));
        if listed.is_none() {
            log.note(format!("part {id}"), "It is not in the part list.");
        }
        let index = self.parts.len();
        self.parts.push(PartReader::new(id, listed));
        Ok(&mut self.parts[index])
    }
}

fn document(text: &str, log: &mut Diagnoses) -> Result<Document, ReadError> {
    let mut pull = Pull::new(text);
    let foreign = |found: String| ReadError::Foreign { expected: "MusicXML", found };
    let Some((root, empty)) = pull.root()? else {
        return Err(foreign("there is no XML element in it".to_owned()));
    };
    let timewise = match root.name.as_str() {
        "score-partwise" => false,
        "score-timewise" => true,
        other => return Err(foreign(format!("its outermost element is <{other}>"))),
    };
    let mut document = Document::default();
    if empty.is_empty() {
        return Err(ReadError::broken("score", "there is nothing in it"));
    }
    while let Next::Start(start, empty) = pull.next()? {
        match start.name.as_str() {
            "part" if !timewise => {
                let id = start.attribute("id").unwrap_or_default().to_owned();
                document.part(&id, log)?;
                while !empty.is_empty() {
                    let Next::Start(start, empty) = pull.next()? else { break };
                    let measure = pull.element(start, empty)?;
                    take_measure(&mut document, &id, &measure, log)?;
                }
            }
            "measure" if timewise => {
                let measure = pull.element(start, empty)?;
                for part in measure.all("part") {
                    let id = part.attribute("id").unwrap_or_default();
                    let bar = measure.with_children(part.children.clone());
                    take_measure(&mut document, id, &bar, log)?;
                }
            }
            "credit" | "defaults" => pull.skip(empty)?,
            _ => {
                let element = pull.element(start, empty)?;
                header(&mut document, element);
            }
        }
    }
    if pull.entities > 0 {
        log.note("file", format!("{} entities that the file defines for itself were ignored.", pull.entities));
    }
    Ok(document)
}

fn take_measure(document: &mut Document, part: &str, measure: &Element, log: &mut Diagnoses) -> Result<(), ReadError> {
    if measure.name != "measure" {
        return Ok(());
    }
    let part = document.part(part, log)?;
    if part.bars.len() >= MAX_BARS {
        return Err(ReadError::TooLarge { what: "the number of bars", limit: MAX_BARS });
    }
    part.measure(measure, log)
}

fn header(document: &mut Document, element: Element) {
    match element.name.as_str() {
        "work" => {
            if let Some(title) = element.value("work-title").filter(|title| !title.is_empty()) {
                title.clone_into(&mut document.title);
            }
        }
        "movement-title" if document.title.is_empty() => element.text.trim().clone_into(&mut document.title),
        "identification" => {
            let composer = element.all("creator").find(|c| c.attribute("type") == Some("composer"));
            let creator = composer.or_else(|| element.child("creator"));
            document.creator = creator.map(|c| c.text.trim().to_owned()).unwrap_or_default();
        }
        "part-list" => {
            document.has_list = true;
            document.listed = element.children.into_iter().filter(|c| c.name == "score-part").collect();
        }
        _ => {}
    }
}
