//! Files of messages.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ::store::{
    FileId, MessageId, Tx, UserId,
    entity::file::{self, Status},
};

use super::super::{limits::MOST_ATTACHED, store};
use crate::{
    app::App,
    error::{Error, FILE_NOT_FOUND, FieldError, Result},
};

const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The files of messages, by message, in their order.
pub type Attached = HashMap<MessageId, Vec<file::Model>>;

/// The files that somebody wants to attach: all theirs, each once, and such as models can be shown.
pub async fn check_attachable(
    app: &App,
    owner: UserId,
    ids: &[FileId],
) -> Result<Vec<file::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let distinct: HashSet<FileId> = ids.iter().copied().collect();
    if ids.len() > MOST_ATTACHED || distinct.len() != ids.len() {
        let detail = format!("must be {MOST_ATTACHED} different files at the most");
        return Err(Error::field("attachments", "count", detail));
    }
    let found = store::those_of(&**app.db.read(), owner, ids).await?;
    let mut found: HashMap<FileId, file::Model> =
        found.into_iter().map(|row| (row.id, row)).collect();
    let mut rows = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let field = format!("attachments.{index}");
        let Some(row) = found.remove(id) else {
            return Err(missing(field));
        };
        if !store::is_attachable(&row) {
            let detail = "is an archive, which cannot be shown to a model";
            return Err(Error::field(&field, "kind", detail));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn missing(field: String) -> Error {
    let detail = "It does not exist, or it is not yours.";
    Error {
        fields: vec![FieldError {
            field,
            code: "not_found",
            detail: detail.to_owned(),
        }],
        ..Error::new(FILE_NOT_FOUND, detail)
    }
}

/// The message shows these files, which were checked, in this order.
pub async fn attach(tx: &Tx, owner: UserId, message: MessageId, ids: &[FileId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    store::attach(&**tx, owner, message, ids).await
}

/// Copies of messages show what the originals show: (original, copy).
pub async fn copy_attachments(tx: &Tx, pairs: &[(MessageId, MessageId)]) -> Result<()> {
    store::copy_attachments(&**tx, pairs).await
}

/// The files of messages whose owner has been checked.
pub async fn attached(app: &App, messages: &[MessageId]) -> Result<Attached> {
    if messages.is_empty() {
        return Ok(Attached::new());
    }
    store::attached(&**app.db.read(), messages).await
}

/// Nothing more is going to become of it.
pub fn is_ready(row: &file::Model) -> bool {
    row.status != Status::Pending
}

/// Resolves when something has become of all these files.
pub async fn until_ready(app: &App, ids: &[FileId]) -> Result<()> {
    loop {
        let changed = app.files.changed.notified();
        if !store::is_any_pending(&**app.db.read(), ids).await? {
            return Ok(());
        }
        // Another process may have read it, of which nobody here hears.
        tokio::time::timeout(LOOK_EVERY, changed).await.ok();
    }
}

/// The messages that show a file of this owner.
pub async fn messages_with(app: &App, owner: UserId, id: FileId) -> Result<Vec<MessageId>> {
    store::messages_with(&**app.db.read(), owner, id).await
}

/// What was read out of a file; `None` for images and what could not be read.
pub async fn read_text(app: &App, row: &file::Model) -> Result<Option<String>> {
    let Some(key) = row.text_key else {
        return Ok(None);
    };
    let bytes = app.blobs.get(key).await?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
