//! What is in a file that somebody sent: its kind, its text, its picture.
//!
//! Bytes in, text or pixels out: nothing is read from disk or the network, nothing is written, and no
//! name inside a file is ever used as a path. A file is an attack until shown otherwise, so everything
//! has a limit ([`Limits`]), nothing recurses with a file's nesting, and a parser's panic is a refusal.
//! The work is slow and blocking: call it off the async threads.

mod docx;
mod html;
mod kind;
mod limits;
mod pdf;
mod picture;
mod text;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use kind::{Detected, Kind, detect};
pub use limits::{Limits, Refused};
pub use picture::{Encoded, Picture};

/// A file's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its own title, where the format has one and it is set.
    pub title: Option<String>,
    /// What a reader would read; never empty, and without U+0000.
    pub text: String,
    /// How many pages it has, of formats that have pages.
    pub pages: Option<u32>,
}

/// Reads the text of a file of a kind that [`detect`] told; an image has none.
pub fn read(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<Document, Refused> {
    let budget = limits.start();
    let document = contained(|| match kind {
        Kind::Pdf => pdf::read(bytes, &budget),
        Kind::Docx => docx::read(bytes, &budget),
        Kind::Web => html::read(bytes, &budget),
        Kind::Text | Kind::Code | Kind::Csv => text::read(bytes, &budget),
        Kind::Image => Err(Refused::NoText),
    })?;
    if document.text.trim().is_empty() {
        return Err(Refused::NoText);
    }
    Ok(document)
}

/// Reads an image and makes it anew: upright, without its metadata, no larger than the limits say.
pub fn picture(bytes: &[u8], limits: &Limits) -> Result<Picture, Refused> {
    contained(|| picture::read(bytes, limits))
}

/// A parser that panics over a broken file refuses it; the file is the reason, not the program.
fn contained<T>(work: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Refused::Unreadable("its structure is broken".to_owned())))
}
