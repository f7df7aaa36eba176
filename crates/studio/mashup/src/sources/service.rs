//! The use cases of pieces that somebody brings.

use eduai_borrow::{Borrowed, Layer, Source as Loaned};
use eduai_db::DbTimestamp;
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault, GUEST_KEPT, Page, Role};
use eduai_prosody::screen_prompt;
use eduai_web::page_of;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

use super::kept::{self, NewSource};
use super::model::{Credit, Licence, MOST_BYTES, MOST_SOURCES, Source, SourceId, SourcePlayback};
use super::store;
use super::{Opened, open};
use crate::model::{MeasureOutline, PartOutline};
use crate::request::Request;
use crate::service::{Mashups, database};
use crate::store::Position;
use crate::view;

/// A file that somebody brings.
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Which tune of it, from 1.
    pub tune: u32,
    /// Under which right.
    pub licence: Licence,
    /// Whom to name.
    pub credit: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What a mashup borrows, and from whom.
pub struct Loan {
    /// The layers.
    pub borrowed: Borrowed,
    /// The pieces that they come from.
    pub credits: Vec<Credit>,
}

fn not_found() -> Failure {
    Failure::not_found("source_not_found", "There is no such piece, or it is not yours.")
}

impl Mashups {
    /// Keeps a piece and tells what it is. The same tune of the same file is kept once; then nothing is new.
    pub async fn bring(&self, actor: &Actor, upload: Upload) -> Result<(Source, bool), Failure> {
        let upload = checked(upload)?;
        let digest = Sha256::digest(&upload.bytes).to_vec();
        let (name, tune) = (upload.name.clone(), upload.tune);
        // Reading music takes time: it is done before the transaction begins, beside the pool of connections.
        let (read, upload) = self
            .studio
            .cpu
            .run(move || {
                let read = open(&name, &upload.bytes, tune).map(|opened| opened.facts);
                (read, upload)
            })
            .await?;
        let facts = read?;
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        store::take_turn(&mut tx, actor.user).await.map_err(database)?;
        if let Some(known) = kept::same(&self.vault, &mut tx, actor.user, &digest, tune).await? {
            return Ok((known, false));
        }
        if store::count(&mut tx, actor.user).await.map_err(database)? >= MOST_SOURCES {
            let detail = format!("You keep {MOST_SOURCES} pieces, which is as many as there may be. Delete one first.");
            return Err(Failure::new(FailureKind::Conflict, "too_many_sources", detail));
        }
        let created_at = DbTimestamp::from(self.studio.clock.now()).to_jiff();
        let source = Source {
            id: SourceId::new(self.studio.clock.as_ref(), &mut self.entropy.generator()),
            name: upload.name,
            tune,
            bytes: upload.bytes.len() as u32,
            licence: upload.licence,
            credit: upload.credit,
            created_at,
            expires_at: (actor.role == Role::Guest).then(|| created_at + GUEST_KEPT),
            facts,
        };
        let new = NewSource {
            source: &source,
            tenant: actor.institution.uuid(),
            owner: actor.user,
            digest: &digest,
            content: &upload.bytes,
        };
        kept::insert(&self.vault, &mut tx, &new).await?;
        tx.commit().await.map_err(database)?;
        Ok((source, true))
    }

    /// A page of one's own pieces, newest first.
    pub async fn sources(&self, actor: &Actor, after: Option<Position>, limit: u32) -> Result<Page<Source>, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        let found = kept::list(&self.vault, &mut tx, actor.user, after, i64::from(limit) + 1).await?;
        Ok(page_of(found, limit, |last| Position { at: last.created_at, id: last.id.uuid() }))
    }

    /// One piece.
    pub async fn source(&self, actor: &Actor, id: SourceId) -> Result<Source, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        kept::find(&self.vault, &mut tx, id).await?.ok_or_else(not_found)
    }

    /// The notes of a piece, for a player.
    pub async fn source_playback(&self, actor: &Actor, id: SourceId) -> Result<SourcePlayback, Failure> {
        let (source, opened) = self.opened(actor, id).await?.ok_or_else(not_found)?;
        let Opened { score, .. } = opened?;
        Ok(SourcePlayback {
            parts: source.facts.parts.iter().map(part).collect(),
            measures: score
                .measures
                .iter()
                .map(|m| MeasureOutline { number: m.number, start: m.start, length: m.length })
                .collect(),
            tempo_bpm: source.facts.tempo_bpm,
            meter: source.facts.meter,
            playback: view::playback(&score),
        })
    }

    /// Hides a piece. Mashups that borrowed from it keep what they borrowed.
    pub async fn delete_source(&self, actor: &Actor, id: SourceId) -> Result<(), Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        if !store::set_deleted(&mut tx, id, Some(self.studio.clock.now())).await.map_err(database)? {
            return Err(not_found());
        }
        tx.commit().await.map_err(database)
    }

    /// Shows a piece again that was deleted.
    pub async fn restore_source(&self, actor: &Actor, id: SourceId) -> Result<Source, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        store::take_turn(&mut tx, actor.user).await.map_err(database)?;
        store::set_deleted(&mut tx, id, None).await.map_err(|error| {
            let twice = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
            let detail = "This piece was brought again meanwhile.";
            if twice { Failure::new(FailureKind::Conflict, "source_is_there", detail) } else { database(error) }
        })?;
        let source = kept::find(&self.vault, &mut tx, id).await?.ok_or_else(not_found)?;
        tx.commit().await.map_err(database)?;
        Ok(source)
    }

    /// A piece with its file read; none when it is not there.
    async fn opened(&self, actor: &Actor, id: SourceId) -> Result<Option<(Source, Result<Opened, Failure>)>, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        let Some(source) = kept::find(&self.vault, &mut tx, id).await? else { return Ok(None) };
        let Some(bytes) = kept::content(&self.vault, &mut tx, actor.user, id).await? else { return Ok(None) };
        drop(tx);
        let (name, tune) = (source.name.clone(), source.tune);
        let opened = self.studio.cpu.run(move || open(&name, &bytes, tune)).await?;
        Ok(Some((source, opened)))
    }

    /// What a request borrows.
    ///
    /// # Errors
    /// [`FailureKind::Invalid`] names the id that is not there, or the layer that a piece does not have.
    pub(crate) async fn loan(&self, actor: &Actor, request: &Request) -> Result<Loan, Failure> {
        let mut sources: Vec<(Source, Loaned)> = Vec::new();
        for (index, id) in request.source_ids.iter().enumerate() {
            let Some((source, opened)) = self.opened(actor, *id).await? else {
                let detail = "There is no such piece among yours. GET /api/v1/mashup/sources lists them.";
                return Err(Failure::invalid(vec![FieldFault::new(
                    format!("source_ids[{index}]"),
                    "unknown_source",
                    detail,
                )]));
            };
            sources.push((source, opened?.loaned));
        }
        let take = taken(request, &sources)?;
        let loaned: Vec<Loaned> = sources.iter().map(|(_, loaned)| loaned.clone()).collect();
        let borrowed = match take {
            Some(take) => Borrowed { sources: loaned, take },
            None => Borrowed::shared_out(loaned),
        };
        let credits = sources
            .into_iter()
            .enumerate()
            .map(|(index, (source, _))| Credit {
                source_id: source.id,
                title: source.facts.title,
                licence: source.licence,
                credit: source.credit,
                layers: borrowed.take.iter().filter(|(_, i)| **i == index).map(|(layer, _)| *layer).collect(),
            })
            .filter(|credit: &Credit| !credit.layers.is_empty())
            .collect();
        Ok(Loan { borrowed: borrowed.trimmed(), credits })
    }
}

/// Which layer of which piece is asked for; none when the choice is left to the program.
fn taken(request: &Request, sources: &[(Source, Loaned)]) -> Result<Option<BTreeMap<Layer, usize>>, Failure> {
    let Some(take) = &request.take else { return Ok(None) };
    let mut faults = Vec::new();
    let mut found = BTreeMap::new();
    for (layer, id) in take {
        let Some(index) = sources.iter().position(|(source, _)| source.id == *id) else { continue };
        let (source, loaned) = &sources[index];
        if loaned.offers(*layer) {
            found.insert(*layer, index);
            continue;
        }
        let offers = loaned.layers().iter().map(|l| l.as_str()).collect::<Vec<_>>().join(", ");
        let detail = format!("“{}” has no {}; it has {offers}.", source.facts.title, layer.as_str());
        faults.push(FieldFault::new(format!("take.{}", layer.as_str()), "not_in_source", detail));
    }
    if faults.is_empty() { Ok(Some(found)) } else { Err(Failure::invalid(faults)) }
}

fn part(found: &super::model::FoundPart) -> PartOutline {
    use eduai_compose::model::PartRole;
    PartOutline {
        id: found.id.clone(),
        name: eduai_kernel::Text::new(found.name.clone(), found.name.clone()),
        role: if found.program.is_some() { PartRole::Harmony } else { PartRole::Drums },
        program: found.program,
        kit: None,
        genre: eduai_genre::GenreId(String::new()),
    }
}

/// An upload whose name and credit can stand on a page, and whose file is not too large.
fn checked(upload: Upload) -> Result<Upload, Failure> {
    let name = upload.name.trim().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let credit = upload.credit.trim().to_owned();
    let mut faults = Vec::new();
    if !(1..=200).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        faults.push(FieldFault::new(
            "name",
            "length",
            "The name of a file has 1 to 200 characters, none of them a control character.",
        ));
    }
    if credit.chars().count() > 300 || credit.chars().any(char::is_control) {
        faults.push(FieldFault::new("credit", "length", "A credit has at most 300 characters, on one line."));
    } else if screen_prompt(&credit).is_refused() || screen_prompt(&name).is_refused() {
        faults.push(FieldFault::new("credit", "inappropriate", "Some of these words do not belong in a classroom."));
    }
    if upload.licence == Licence::OpenLicence && credit.is_empty() {
        let detail = "Open licences ask that the author be named: say who, and which licence.";
        faults.push(FieldFault::new("credit", "required", detail));
    }
    if upload.tune == 0 {
        faults.push(FieldFault::new("tune", "out_of_range", "Tunes are counted from 1."));
    }
    if upload.bytes.len() > MOST_BYTES {
        faults.push(FieldFault::new("file", "too_large", "A file has at most 5 MiB."));
    }
    if faults.is_empty() { Ok(Upload { name, credit, ..upload }) } else { Err(Failure::invalid(faults)) }
}

/// What a request may say of sources, before they are looked up.
pub(crate) fn check_request(
    source_ids: &[SourceId],
    take: Option<&BTreeMap<Layer, SourceId>>,
    faults: &mut Vec<FieldFault>,
) {
    use super::model::MOST_BORROWED;
    if source_ids.len() > MOST_BORROWED {
        let detail = format!("A mashup borrows from at most {MOST_BORROWED} pieces; there are {}.", source_ids.len());
        faults.push(FieldFault::new("source_ids", "too_many", detail));
    }
    for (index, id) in source_ids.iter().enumerate().take(16) {
        if source_ids[..index].contains(id) {
            faults.push(FieldFault::new(format!("source_ids[{index}]"), "repeated", "It is there already."));
        }
    }
    let Some(take) = take else { return };
    if take.is_empty() {
        faults.push(FieldFault::new(
            "take",
            "empty",
            "Say what to take, or leave `take` out: then the program chooses.",
        ));
    }
    for (layer, id) in take {
        if !source_ids.contains(id) {
            let detail = "It must be one of `source_ids`.";
            faults.push(FieldFault::new(format!("take.{}", layer.as_str()), "unknown_source", detail));
        }
    }
}
