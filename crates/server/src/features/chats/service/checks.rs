//! What is allowed in a request.

use crate::error::{Error, Result};

/// Characters of one message at the most; the body's limit bounds it too.
const MAX_CONTENT: usize = 1_000_000;
const MAX_TITLE: usize = 200;

pub(in super::super) fn check_content(field: &str, content: &str) -> Result<()> {
    if content.trim().is_empty() {
        return Err(Error::field(field, "required", "must not be empty"));
    }
    check_length(field, content)
}

/// The same of words that may be left out, because files say it.
pub(super) fn check_length(field: &str, content: &str) -> Result<()> {
    if content.chars().count() > MAX_CONTENT {
        return Err(Error::field(
            field,
            "length",
            "1,000,000 characters at the most",
        ));
    }
    Ok(())
}

pub(in super::super) fn checked_title(title: &str) -> Result<String> {
    let title = title.trim();
    let is_fine =
        (1..=MAX_TITLE).contains(&title.chars().count()) && !title.contains(char::is_control);
    let detail = "must be 1 to 200 characters on one line";
    is_fine
        .then(|| title.to_owned())
        .ok_or_else(|| Error::field("title", "length", detail))
}

/// An id that a client chose: `UUIDv7`, so that it sorts by time.
pub(in super::super) fn checked_id(
    field: &str,
    id: Option<uuid::Uuid>,
) -> Result<Option<uuid::Uuid>> {
    match id {
        Some(id) if id.get_version_num() != 7 => {
            Err(Error::field(field, "format", "must be a UUIDv7"))
        }
        id => Ok(id),
    }
}
