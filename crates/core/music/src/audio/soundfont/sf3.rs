//! From SF3 to SF2: the same tables, with the samples decoded from Ogg Vorbis. In SF3 the places of a sample count bytes
//! of the compressed data, those of its loop frames from its start (MuseScore, "SoundFont 3").

use super::FontError;
use super::riff::{Font, u16_at, u32_at};
use lewton::inside_ogg::OggStreamReader;
use std::collections::BTreeSet;
use std::io::Cursor;

/// The bit of a sample's type that says that it is compressed.
const COMPRESSED: usize = 0x10;
/// The length of a sample header, and where in it start, end, loop and type stand.
const HEADER: usize = 46;
const START: usize = 20;
const TYPE: usize = 44;
/// The generators that name an instrument and a sample, and those that shift the addresses of a sample.
const INSTRUMENT: usize = 41;
const SAMPLE: usize = 53;
const SHIFTS: [usize; 8] = [0, 1, 2, 3, 4, 12, 45, 50];
/// Frames of silence that the standard asks for between samples.
const GAP: usize = 46;
/// A sample that decodes to more frames is damaged: an hour at 48 kHz.
const LONGEST: usize = 172_800_000;

/// Whether any sample is compressed.
pub(super) fn is_compressed(font: &Font<'_>) -> bool {
    let headers = font.table(b"shdr").as_chunks::<HEADER>().0;
    headers.iter().any(|header| u16_at(header, TYPE).is_some_and(|kind| kind & COMPRESSED != 0))
}

/// The font as SF2, with the samples of the given presets (bank and program) and of the first preset, which stands in
/// for those that are missing. Samples that nobody asked for are silent.
pub(super) fn decoded(font: &Font<'_>, presets: &BTreeSet<(u16, u16)>) -> Result<Vec<u8>, FontError> {
    let instruments = instruments_of(font, presets);
    let wanted: BTreeSet<usize> =
        instruments.iter().flat_map(|i| referred(font, (b"ibag", b"igen"), zones(font, *i), SAMPLE)).collect();
    let mut frames: Vec<i16> = vec![0; GAP];
    let mut headers = Vec::with_capacity(font.table(b"shdr").len());
    for (index, header) in font.table(b"shdr").as_chunks::<HEADER>().0.iter().enumerate() {
        let kind = u16_at(header, TYPE).unwrap_or_default();
        let sample = if wanted.contains(&index) { sample(font, header, kind)? } else { Vec::new() };
        let places = if sample.is_empty() {
            [0, GAP - 1, 0, 0]
        } else {
            let (start, length) = (frames.len(), sample.len());
            let at = |place: usize| u32_at(header, START + 4 * place).unwrap_or_default();
            // Loops of compressed samples count from their start, others from the start of all.
            let origin = if kind & COMPRESSED == 0 { at(0) } else { 0 };
            let inside = |place: usize| start + at(place).saturating_sub(origin).min(length);
            frames.extend(sample);
            frames.extend([0; GAP]);
            [start, start + length, inside(2), inside(3)]
        };
        let mut plain = *header;
        for (n, place) in places.into_iter().enumerate() {
            plain[START + 4 * n..START + 4 * n + 4].copy_from_slice(&(place as u32).to_le_bytes());
        }
        plain[TYPE..].copy_from_slice(&((kind & !COMPRESSED) as u16).to_le_bytes());
        headers.extend(plain);
    }
    Ok(file(font, &headers, &generators(font, &instruments), &frames))
}

/// The frames of one sample.
fn sample(font: &Font<'_>, header: &[u8], kind: usize) -> Result<Vec<i16>, FontError> {
    let damaged = |what: String| FontError::Damaged(format!("sample {}: {what}", name(header)));
    let place = |n: usize| u32_at(header, START + 4 * n).unwrap_or_default();
    let (start, end) = (place(0), place(1));
    if kind & COMPRESSED == 0 {
        let bytes =
            font.samples.get(2 * start..2 * end).ok_or_else(|| damaged("it lies outside the file".to_owned()))?;
        return Ok(bytes.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect());
    }
    let bytes = font.samples.get(start..end).ok_or_else(|| damaged("it lies outside the file".to_owned()))?;
    let mut stream = OggStreamReader::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    let channels = usize::from(stream.ident_hdr.audio_channels.max(1));
    let mut frames = Vec::new();
    while let Some(packet) = stream.read_dec_packet_itl().map_err(|error| damaged(error.to_string()))? {
        frames.extend(packet.iter().step_by(channels));
        if frames.len() > LONGEST {
            return Err(damaged("it is longer than an hour".to_owned()));
        }
    }
    Ok(frames)
}

fn name(header: &[u8]) -> String {
    let text: Vec<u8> = header.iter().take(START).copied().take_while(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&text).into_owned()
}

/// Which instruments the presets play.
fn instruments_of(font: &Font<'_>, presets: &BTreeSet<(u16, u16)>) -> BTreeSet<usize> {
    let heads = font.table(b"phdr").as_chunks::<38>().0;
    let key = |head: &[u8]| Some((u16_at(head, 22)?, u16_at(head, 20)?));
    // The last record only closes the table.
    let count = heads.len().saturating_sub(1);
    let first = heads.iter().take(count).filter_map(|head| key(head)).min();
    let asked = |(bank, program): (usize, usize)| presets.contains(&(bank as u16, program as u16));
    let chosen = (0..count).filter(|i| key(&heads[*i]).is_some_and(|k| asked(k) || Some(k) == first));
    let zones = |i: usize| (u16_at(&heads[i], 24), u16_at(&heads[i + 1], 24));
    chosen.flat_map(|i| referred(font, (b"pbag", b"pgen"), zones(i), INSTRUMENT)).collect()
}

/// The zones of an instrument: the first, and the first of the next one.
fn zones(font: &Font<'_>, instrument: usize) -> (Option<usize>, Option<usize>) {
    let records = font.table(b"inst").as_chunks::<22>().0;
    let at = |i: usize| records.get(i).and_then(|record| u16_at(record, 20));
    (at(instrument), at(instrument + 1))
}

/// The generators, those of other instruments without their shifts of sample addresses: their samples are silent stubs,
/// too short for them.
fn generators(font: &Font<'_>, instruments: &BTreeSet<usize>) -> Vec<u8> {
    let mut table = font.table(b"igen").to_vec();
    let count = font.table(b"inst").len() / 22;
    for other in (0..count).filter(|i| !instruments.contains(i)) {
        let (Some(first), Some(end)) = zones(font, other) else { continue };
        let bags = font.table(b"ibag");
        let (Some(from), Some(to)) = (u16_at(bags, 4 * first), u16_at(bags, 4 * end)) else { continue };
        for i in from..to {
            if u16_at(&table, 4 * i).is_some_and(|kind| SHIFTS.contains(&kind))
                && let Some(amount) = table.get_mut(4 * i + 2..4 * i + 4)
            {
                amount.fill(0);
            }
        }
    }
    table
}

/// What the generators of some zones refer to by one kind of generator.
fn referred(
    font: &Font<'_>,
    (bags, generators): (&[u8; 4], &[u8; 4]),
    (first, end): (Option<usize>, Option<usize>),
    wanted: usize,
) -> Vec<usize> {
    let (Some(first), Some(end)) = (first, end) else { return Vec::new() };
    let (bags, generators) = (font.table(bags), font.table(generators));
    let bounds = (u16_at(bags, 4 * first), u16_at(bags, 4 * end));
    let (Some(from), Some(to)) = bounds else { return Vec::new() };
    (from..to)
        .filter(|i| u16_at(generators, 4 * i) == Some(wanted))
        .filter_map(|i| u16_at(generators, 4 * i + 2))
        .collect()
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 9);
    out.extend(name);
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    if !body.len().is_multiple_of(2) {
        out.push(0);
    }
    out
}

fn file(font: &Font<'_>, headers: &[u8], generators: &[u8], frames: &[i16]) -> Vec<u8> {
    let list = |kind: &[u8; 4], parts: Vec<Vec<u8>>| chunk(b"LIST", &[kind.to_vec(), parts.concat()].concat());
    let samples: Vec<u8> = frames.iter().flat_map(|frame| frame.to_le_bytes()).collect();
    let tables = font.tables().map(|(name, body)| match &name {
        b"shdr" => chunk(&name, headers),
        b"igen" => chunk(&name, generators),
        _ => chunk(&name, body),
    });
    let information = vec![chunk(b"ifil", &[2, 0, 1, 0]), chunk(b"isng", b"EMU8000\0"), chunk(b"INAM", b"decoded\0")];
    let lists =
        [list(b"INFO", information), list(b"sdta", vec![chunk(b"smpl", &samples)]), list(b"pdta", tables.collect())];
    chunk(b"RIFF", &[b"sfbk".to_vec(), lists.concat()].concat())
}
