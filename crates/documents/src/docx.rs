//! The text of a word processor's document: a ZIP archive with XML in it, of which one part is read.

use std::io::{BufReader, Cursor, Read};

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};
use zip::ZipArchive;

use crate::{
    Document, Refused,
    limits::{Budget, Limits},
};

const BODY: &str = "word/document.xml";

/// Below this size a high ratio is what good compression looks like.
const SMALL: u64 = 1 << 20;

/// Whether an archive is such a document.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    open(bytes, &Limits::default()).is_ok_and(|archive| archive.index_for_name(BODY).is_some())
}

pub(crate) fn read(bytes: &[u8], budget: &Budget<'_>) -> Result<Document, Refused> {
    let limits = budget.limits;
    let mut archive = open(bytes, limits)?;
    let entry = archive.by_name(BODY).map_err(|_| not_one())?;
    if entry.encrypted() {
        return Err(Refused::Locked);
    }
    // What an entry says of its size is a hint only; what comes out is counted.
    let ratio = entry.compressed_size().saturating_mul(limits.ratio);
    let most = ratio.max(SMALL).min(limits.part_bytes);
    let mut counted = entry.take(most + 1);
    let text = body(BufReader::new(&mut counted), budget);
    if counted.limit() == 0 {
        return Err(too_large());
    }
    Ok(Document {
        text: text?,
        ..Document::default()
    })
}

fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<ZipArchive<Cursor<&'a [u8]>>, Refused> {
    // Each entry of the directory begins with this mark: so they are counted before any is read.
    let marks = bytes.windows(4).filter(|four| four == b"PK\x01\x02");
    if marks.take(limits.entries + 1).count() > limits.entries {
        return Err(too_large());
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| not_one())?;
    let most = u128::from(limits.unpacked_bytes);
    if archive.decompressed_size().is_none_or(|size| size > most) {
        return Err(too_large());
    }
    Ok(archive)
}

fn body(source: impl std::io::BufRead, budget: &Budget<'_>) -> Result<String, Refused> {
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut text = String::new();
    let mut is_text = false;
    let mut steps = 0_u32;
    loop {
        buffer.clear();
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(4_096) {
            budget.check(&text)?;
        }
        match reader.read_event_into(&mut buffer).map_err(|_| not_one())? {
            Event::Start(tag) if tag.name().as_ref() == "w:t" => is_text = true,
            Event::Start(tag) | Event::Empty(tag) => begin(&tag, &mut text),
            Event::End(tag) => {
                is_text = false;
                end(tag.name().as_ref(), &mut text);
            }
            Event::Text(words) if is_text => text.push_str(&words.xml10_content()),
            Event::CData(words) if is_text => text.push_str(&words.xml10_content()),
            Event::GeneralRef(name) if is_text => text.extend(character(&name)),
            Event::Eof => break,
            _ => {}
        }
    }
    let text = text.replace('\0', "");
    budget.check(&text)?;
    Ok(text.trim().to_owned())
}

fn begin(tag: &BytesStart<'_>, text: &mut String) {
    match tag.name().as_ref() {
        "w:ta" => text.push('\t'),
        "w:br" | "w:cr" => text.push('\n'),
        "w:pStyle" => {
            let level = tag
                .try_get_attribute("w:val")
                .ok()
                .flatten()
                .and_then(|style| {
                    let style = style.value.to_ascii_lowercase();
                    style.strip_prefix("heading")?.trim().parse::<usize>().ok()
                });
            if let Some(level) = level.filter(|level| (1..=6).contains(level)) {
                text.push_str(&"#".repeat(level));
                text.push(' ');
            }
        }
        "w:numPr" => text.push_str("- "),
        _ => {}
    }
}

fn end(name: &str, text: &mut String) {
    match name {
        "w:p" | "w:tr" => text.push('\n'),
        "w:tc" => {
            // A cell ends with its last paragraph's line break.
            text.truncate(text.trim_end_matches('\n').len());
            text.push_str(" | ");
        }
        _ => {}
    }
}

/// A character by its number, or one of XML's five names; entities of the document's own are not
/// expanded.
fn character(name: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(found)) = name.resolve_char_ref() {
        return Some(found);
    }
    match &**name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn not_one() -> Refused {
    Refused::Unreadable("it is not a word processor's document that can be opened".to_owned())
}

fn too_large() -> Refused {
    Refused::TooLarge("its packed contents are too large when unpacked".to_owned())
}
