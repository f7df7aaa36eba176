//! Compressed MusicXML: a ZIP archive of a container and the score, without dates, so that the same score gives the
//! same bytes.

use crate::Score;

/// The score as a compressed MusicXML file (`.mxl`).
pub fn write_compressed(score: &Score) -> Vec<u8> {
    const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container>\n <rootfiles>\n  \
        <rootfile full-path=\"score.musicxml\" media-type=\"application/vnd.recordare.musicxml+xml\"/>\n \
        </rootfiles>\n</container>\n";
    let text = super::write(score);
    let files = [("META-INF/container.xml", CONTAINER.as_bytes()), ("score.musicxml", text.as_bytes())];
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let offset = out.len() as u32;
        let packed = miniz_oxide::deflate::compress_to_vec(content, 6);
        let facts = facts(name, content, &packed);
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02");
        // Made by version 2.0, then what the local header says.
        directory.extend([20, 0]);
        directory.extend(&facts);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    let size = directory.len() as u32;
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([files.len() as u8, 0, files.len() as u8, 0]);
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// What both headers of a file say, from the version that is needed to the length of the extra field.
fn facts(name: &str, content: &[u8], packed: &[u8]) -> Vec<u8> {
    // Version 2.0, no flags, deflated, midnight on the first day that ZIP knows.
    let mut out = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
    out.extend(crc32(content).to_le_bytes());
    out.extend((packed.len() as u32).to_le_bytes());
    out.extend((content.len() as u32).to_le_bytes());
    out.extend((name.len() as u16).to_le_bytes());
    out.extend([0, 0]);
    out
}

/// The checksum of ZIP (ISO 3309, reflected).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
