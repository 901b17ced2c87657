//! Files on their way in: what they are, whether there is room, and where they go.

use ::store::{
    FileId, UserId,
    entity::file::{self, Kind, Status},
};
use blob::{Content, Scratch};
use chrono::TimeDelta;
use documents::{Detected, Limits, Picture};
use uuid::Uuid;

use super::{
    super::{names, store, work},
    taking_apart,
};
use crate::{
    app::App,
    error::{Error, FILE_TOO_LARGE, FILE_UNREADABLE, FILE_UNSUPPORTED, FILES_FULL, Result},
    platform::auth::Principal,
};

/// How long bytes may be without their row before they are taken for lost.
const PATIENCE: TimeDelta = TimeDelta::hours(6);

/// How much of a file tells what it is.
const BEGINNING: u64 = 8 << 10;

/// What a file is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be read, and shown to models.
    Chat,
    /// To be imported as a whole.
    Import,
}

/// A file as it came.
pub struct Sent {
    /// As its sender calls it.
    pub name: String,
    pub bytes: Scratch,
    pub purpose: Purpose,
}

/// A file that the platform made, or found to be what it says.
pub struct NewFile {
    pub name: String,
    pub media_type: &'static str,
    pub kind: Kind,
    pub content: Content,
}

/// Takes in what somebody sent. An image is made anew at once; the text of other files is read in
/// the background.
pub async fn take_in(app: &App, who: &Principal, sent: Sent) -> Result<file::Model> {
    let name = names::cleaned(&sent.name)?;
    let mut bytes = sent.bytes;
    if bytes.is_empty() {
        return Err(Error::field("file", "empty", "must not be empty"));
    }
    check_room(app, who.id, bytes.len()).await?;
    if sent.purpose == Purpose::Import {
        let media_type = archive_type(&bytes.read_start(BEGINNING).await?)?;
        let new = NewFile {
            name,
            media_type,
            kind: Kind::Archive,
            content: Content::File(bytes),
        };
        return store_whole(app, who.id, new, true).await;
    }
    let Detected { kind, media_type } = detect(app, &name, &mut bytes).await?;
    if kind == documents::Kind::Image {
        let bytes = bytes.read().await?;
        let limits = Limits::default();
        let picture = work::take_apart(app, move || documents::picture(&bytes, &limits)).await?;
        return store_picture(app, who.id, name, picture.map_err(|why| refused(&why))?).await;
    }
    let new = NewFile {
        name,
        media_type,
        kind: taking_apart::kind(kind),
        content: Content::File(bytes),
    };
    let row = blank(app, who.id, &new, Status::Pending);
    let row = put(app, row, vec![(Slot::Content, new.content)], true).await?;
    Ok(row)
}

/// Keeps a file that needs no reading, such as an export.
pub async fn keep(app: &App, owner: UserId, new: NewFile) -> Result<file::Model> {
    store_whole(app, owner, new, false).await
}

async fn store_whole(app: &App, owner: UserId, new: NewFile, counts: bool) -> Result<file::Model> {
    let row = blank(app, owner, &new, Status::Ready);
    put(app, row, vec![(Slot::Content, new.content)], counts).await
}

/// The beginning decides; only what may be a document made of parts is looked at as a whole.
async fn detect(app: &App, name: &str, bytes: &mut Scratch) -> Result<Detected> {
    let start = bytes.read_start(BEGINNING).await?;
    let found = if start.starts_with(b"PK") {
        let (name, bytes) = (name.to_owned(), bytes.read().await?);
        work::take_apart(app, move || documents::detect(&name, &bytes)).await?
    } else {
        documents::detect(name, &start)
    };
    found.ok_or_else(|| {
        let detail = "Send images (PNG, JPEG, WebP, GIF), PDF, DOCX, CSV, or text of any kind.";
        Error::new(FILE_UNSUPPORTED, detail).about("file", "kind")
    })
}

fn archive_type(start: &[u8]) -> Result<&'static str> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        _ if start.starts_with(b"PK\x03\x04") => Ok("application/zip"),
        Some(b'{' | b'[') => Ok("application/json"),
        _ => {
            let detail = "An import is a ZIP archive or a JSON file.";
            Err(Error::new(FILE_UNSUPPORTED, detail).about("file", "kind"))
        }
    }
}

fn refused(why: &documents::Refused) -> Error {
    let code = match why {
        documents::Refused::TooLarge(_) => FILE_TOO_LARGE,
        _ => FILE_UNREADABLE,
    };
    let detail = format!("The image cannot be used: {why}.");
    Error::new(code, detail).about("file", "content")
}

async fn store_picture(
    app: &App,
    owner: UserId,
    name: String,
    picture: Picture,
) -> Result<file::Model> {
    let Picture { image, thumb } = picture;
    let pixels = |number: u32| i32::try_from(number).ok();
    let tokens = taking_apart::image_tokens(image.width, image.height);
    let new = NewFile {
        name,
        media_type: image.media_type,
        kind: Kind::Image,
        content: Content::Bytes(image.bytes.into()),
    };
    let row = file::Model {
        width: pixels(image.width),
        height: pixels(image.height),
        tokens: i64::try_from(tokens).ok(),
        ..blank(app, owner, &new, Status::Ready)
    };
    let thumb = Content::Bytes(thumb.bytes.into());
    let contents = vec![(Slot::Content, new.content), (Slot::Thumb, thumb)];
    put(app, row, contents, true).await
}

pub(super) fn blank(app: &App, owner: UserId, new: &NewFile, status: Status) -> file::Model {
    let size = match &new.content {
        Content::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        Content::File(scratch) => scratch.len(),
    };
    file::Model {
        id: app.clock.id(),
        owner_id: owner,
        name: new.name.clone(),
        media_type: new.media_type.to_owned(),
        kind: new.kind,
        size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
        status,
        error: None,
        tokens: None,
        width: None,
        height: None,
        pages: None,
        source_url: None,
        blob_key: None,
        text_key: None,
        thumb_key: None,
        was_attached: false,
        discarded: false,
        created_at: app.clock.now(),
    }
}

/// Which bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Content,
    Text,
    Thumb,
}

/// Stores bytes and names them in the row, which is not written yet.
pub(super) async fn put_bytes(
    app: &App,
    mut row: file::Model,
    contents: Vec<(Slot, Content)>,
) -> Result<(file::Model, Vec<Uuid>)> {
    let keys: Vec<Uuid> = contents.iter().map(|_| app.clock.id()).collect();
    let not_before = app.clock.now() + PATIENCE;
    app.db
        .write(async |tx| store::expect_blobs(&**tx, &keys, not_before).await)
        .await?;
    for ((slot, content), key) in contents.into_iter().zip(&keys) {
        app.blobs.put(*key, content).await?;
        match slot {
            Slot::Content => row.blob_key = Some(*key),
            Slot::Text => row.text_key = Some(*key),
            Slot::Thumb => row.thumb_key = Some(*key),
        }
    }
    Ok((row, keys))
}

/// Stores the bytes, then the row; what is pending is read soon.
async fn put(
    app: &App,
    row: file::Model,
    contents: Vec<(Slot, Content)>,
    counts: bool,
) -> Result<file::Model> {
    let (row, keys) = put_bytes(app, row, contents).await?;
    let stored = app
        .db
        .write(async |tx| {
            if counts {
                store::lock_account(&**tx, row.owner_id).await?;
                let used = store::bytes_of(&**tx, row.owner_id).await?;
                check_sum(app, used, row.size_bytes.unsigned_abs())?;
            }
            store::insert(&**tx, row.clone()).await?;
            store::forget_garbage(&**tx, &keys).await?;
            if row.status == Status::Pending {
                let job = taking_apart::EXTRACT_JOB;
                taking_apart::enqueue(app, tx, job, row.id).await?;
            }
            Ok(row.clone())
        })
        .await;
    if stored.is_err() {
        drop_bytes(app, &keys).await;
    }
    stored
}

/// Nobody will name them: at once, and not only when they are taken for lost.
async fn drop_bytes(app: &App, keys: &[Uuid]) {
    for key in keys {
        app.blobs.delete(*key).await.ok();
    }
}

/// Refuses early what could not be kept.
async fn check_room(app: &App, owner: UserId, bytes: u64) -> Result<()> {
    let used = store::bytes_of(&**app.db.read(), owner).await?;
    check_sum(app, used, bytes)
}

fn check_sum(app: &App, used: u64, more: u64) -> Result<()> {
    let most = app.config.files.account_bytes;
    if used.saturating_add(more) <= most {
        return Ok(());
    }
    let detail = format!(
        "Your files take {used} bytes of {most}: delete some, or chats that use them, first."
    );
    Err(Error::new(FILES_FULL, detail).about("file", "quota"))
}

/// An id that nobody else has for bytes on their way.
pub fn scratch_name(app: &App) -> Uuid {
    let id: FileId = app.clock.id();
    id.0
}
