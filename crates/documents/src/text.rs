//! Text, whatever it was encoded in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::{Document, Refused, limits::Budget};

/// How much of a file decides whether it is text.
const BEGINNING: usize = 8 << 10;

pub(crate) fn read(bytes: &[u8], budget: &Budget<'_>) -> Result<Document, Refused> {
    let text = decode(bytes, None).replace("\r\n", "\n").replace('\0', "");
    budget.check(&text)?;
    Ok(Document {
        text,
        ..Document::default()
    })
}

/// The beginning of a text; `None` when it is not one.
pub(crate) fn beginning(bytes: &[u8]) -> Option<String> {
    let begin = bytes.get(..BEGINNING).unwrap_or(bytes);
    let text = decode(begin, None);
    let strange = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c' | '\x1b'))
        .count();
    // A stray control character happens in logs; binary data is full of them.
    (!text.contains('\0') && strange * 100 <= text.chars().count()).then_some(text)
}

/// Decodes by byte order mark, else as UTF-8 if it is that, else as `label`, else as what it looks
/// like; never fails.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = named.unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        detector.guess(None, Utf8Detection::Allow)
    });
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}
