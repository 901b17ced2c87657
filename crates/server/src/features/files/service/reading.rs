//! Files on their way out.

use ::store::{
    FileId, UserId,
    entity::file::{self, Kind, Status},
};
use blob::{Local, Pieces};
use bytes::Bytes;
use uuid::Uuid;

use super::{super::store, keeping::scratch_name};
use crate::{
    app::App,
    error::{Error, FILE_HAS_NO_TEXT, FILE_HAS_NO_THUMBNAIL, FILE_PENDING, Result},
    platform::auth::Principal,
};

/// Which part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Content,
    Thumbnail,
    Text,
}

pub async fn list(
    app: &App,
    who: &Principal,
    after: Option<FileId>,
    limit: u64,
) -> Result<(Vec<file::Model>, Option<FileId>)> {
    let mut rows = store::page_of(&**app.db.read(), who.id, after, limit + 1).await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    Ok((rows, next))
}

/// The files of an owner after one of them, newest first.
pub async fn page_of(
    app: &App,
    owner: UserId,
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<file::Model>> {
    store::page_of(&**app.db.read(), owner, after, limit).await
}

pub async fn show(app: &App, who: &Principal, id: FileId) -> Result<file::Model> {
    of_owner(app, who.id, id).await
}

/// A file of this owner; anybody else's is not there.
pub async fn of_owner(app: &App, owner: UserId, id: FileId) -> Result<file::Model> {
    store::owned(&**app.db.read(), owner, id).await
}

/// The bytes of a part, as they are read.
pub async fn pieces(app: &App, row: &file::Model, part: Part) -> Result<Pieces> {
    Ok(app.blobs.pieces(key(row, part)?).await?)
}

fn key(row: &file::Model, part: Part) -> Result<Uuid> {
    let (key, missing) = match part {
        Part::Content => (row.blob_key, FILE_PENDING),
        Part::Thumbnail => (row.thumb_key, FILE_HAS_NO_THUMBNAIL),
        Part::Text => (row.text_key, FILE_HAS_NO_TEXT),
    };
    key.ok_or_else(|| {
        if row.status == Status::Pending && part != Part::Thumbnail {
            return Error::new(FILE_PENDING, "Try again when it has been read.");
        }
        match part {
            Part::Content => Error::new(FILE_PENDING, "It could not be fetched."),
            Part::Text if row.kind == Kind::Image => Error::new(missing, "It is an image."),
            _ => Error::new(missing, "Nothing of this kind belongs to it."),
        }
    })
}

/// A file of somebody's, to be read on this machine.
pub struct Opened {
    pub file: file::Model,
    pub local: Local,
}

/// Opens a file that its owner named.
pub async fn open(app: &App, owner: UserId, id: FileId) -> Result<Opened> {
    let file = store::owned(&**app.db.read(), owner, id).await?;
    let local = app
        .blobs
        .local(key(&file, Part::Content)?, scratch_name(app))
        .await?;
    Ok(Opened { file, local })
}

/// All bytes of a file.
pub async fn read_bytes(app: &App, file: &file::Model) -> Result<Bytes> {
    Ok(app.blobs.get(key(file, Part::Content)?).await?)
}
