//! The text of a PDF, page by page.

use lopdf::{Document as Pdf, Error, LoadOptions};

use crate::{Document, Refused, limits::Budget};

pub(crate) fn read(bytes: &[u8], budget: &Budget<'_>) -> Result<Document, Refused> {
    let pdf = load(bytes, budget)?;
    let pages = pdf.get_pages();
    let most = size(budget.limits.part_bytes);
    let mut text = String::new();
    for number in pages.keys() {
        budget.check(&text)?;
        // A page with a font or a stream that cannot be read does not cost the others.
        if let Ok(page) = pdf.extract_text_with_limit(&[*number], most) {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(page.replace('\0', "").trim());
        }
    }
    budget.check(&text)?;
    Ok(Document {
        title: None,
        text,
        pages: u32::try_from(pages.len()).ok(),
    })
}

/// Packed objects are unpacked while the file is loaded, each stream up to a limit of its own: so the
/// limit is what is allowed altogether, divided by how many there are.
fn load(bytes: &[u8], budget: &Budget<'_>) -> Result<Pdf, Refused> {
    let streams = packed_streams(bytes).max(4);
    let each = size(budget.limits.unpacked_bytes) / streams;
    let pdf = Pdf::load_mem_with_options(bytes, LoadOptions::with_max_decompressed_size(each))
        .map_err(|error| refusal(&error))?;
    if pdf.is_encrypted() {
        return Err(Refused::Locked);
    }
    Ok(pdf)
}

fn refusal(error: &Error) -> Refused {
    match error {
        Error::InvalidPassword | Error::Decryption(_) => Refused::Locked,
        Error::Decompress(_) => {
            Refused::TooLarge("its packed contents are too large when unpacked".to_owned())
        }
        _ => Refused::Unreadable("it is not a PDF that can be opened".to_owned()),
    }
}

/// How many streams say that they hold packed objects, or may say so with escaped letters.
fn packed_streams(bytes: &[u8]) -> usize {
    bytes
        .split(|byte| *byte == b'/')
        .filter(|name| {
            let begin = name.get(..18).unwrap_or(name);
            let end = begin
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || b"<>[]()%".contains(byte));
            let begin = begin.get(..end.unwrap_or(begin.len())).unwrap_or(begin);
            begin.starts_with(b"ObjStm") || (begin.contains(&b'#') && unescaped(begin) == b"ObjStm")
        })
        .count()
}

fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'#')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    plain
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
