//! Reading a file in the background: its text, or the reason why there is none.

use ::store::{
    FileId, Tx,
    entity::file::{self, Kind, Status},
};
use blob::Content;
use documents::{Document, Limits, Refused};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{store, work},
    keeping::{Slot, put_bytes},
};
use crate::{
    app::App,
    error::{Error, JOB_LEASE_LOST, Result},
    events::Event,
    platform::jobs::{self, NewJob, Running},
    tokens::estimate,
};

/// Pixels of a square that vision models look at in one go, and the tokens it takes.
const TILE: u32 = 512;
const TILE_TOKENS: u64 = 170;
const IMAGE_TOKENS: u64 = 85;

/// What a model's prompt grows by, about, with an image of this size.
pub fn image_tokens(width: u32, height: u32) -> u64 {
    let tiles = u64::from(width.div_ceil(TILE)) * u64::from(height.div_ceil(TILE));
    IMAGE_TOKENS + TILE_TOKENS * tiles
}

pub fn kind(kind: documents::Kind) -> Kind {
    match kind {
        documents::Kind::Image => Kind::Image,
        documents::Kind::Pdf => Kind::Pdf,
        documents::Kind::Text => Kind::Text,
        documents::Kind::Code => Kind::Code,
        documents::Kind::Csv => Kind::Csv,
        documents::Kind::Docx => Kind::Docx,
        documents::Kind::Web => Kind::Web,
    }
}

fn reader(kind: Kind) -> Option<documents::Kind> {
    match kind {
        Kind::Pdf => Some(documents::Kind::Pdf),
        Kind::Text => Some(documents::Kind::Text),
        Kind::Code => Some(documents::Kind::Code),
        Kind::Csv => Some(documents::Kind::Csv),
        Kind::Docx => Some(documents::Kind::Docx),
        Kind::Web => Some(documents::Kind::Web),
        Kind::Image | Kind::Archive => None,
    }
}

/// The job that reads a file.
pub const EXTRACT_JOB: &str = "file_extract";

#[derive(Serialize, Deserialize)]
pub(super) struct Wanted {
    pub(super) file: FileId,
}

/// Sees to it that a pending file is read; nobody is shown the job, as the file says it all.
pub(super) async fn enqueue(app: &App, tx: &Tx, kind: &'static str, file: FileId) -> Result<()> {
    let new = NewJob {
        key: Some(file.to_string()),
        ..NewJob::of(kind, &Wanted { file })?
    };
    jobs::enqueue(app, tx, new).await.map(drop)
}

/// Reads a file that waits for it. A file that cannot be read is marked so: that is not a failure of
/// the job.
pub async fn extract(app: App, running: Running) -> Result<Value> {
    let id = running.payload::<Wanted>()?.file;
    let Some(row) = waiting(&app, id).await? else {
        return Ok(Value::Null);
    };
    let outcome = read(&app, &running, row.clone()).await;
    or_given_up(&app, &running, row, outcome).await
}

/// The file, if it is there and nothing has become of it yet.
pub(super) async fn waiting(app: &App, id: FileId) -> Result<Option<file::Model>> {
    let row = store::for_background(&**app.db.read(), id).await?;
    Ok(row.filter(|row| row.status == Status::Pending))
}

/// After the last try a file does not wait any longer.
pub(super) async fn or_given_up(
    app: &App,
    running: &Running,
    row: file::Model,
    outcome: Result<()>,
) -> Result<Value> {
    match outcome {
        Err(error) if running.is_last_attempt() && error.code != JOB_LEASE_LOST => {
            fail(app, Some(running), row, GIVEN_UP.0, GIVEN_UP.1).await?;
            Err(error)
        }
        outcome => outcome.map(|()| Value::Null),
    }
}

/// What a file says that was tried too often.
pub(super) const GIVEN_UP: (&str, &str) = (
    "file_given_up",
    "The file could not be read, for a reason that is ours; send it again.",
);

async fn read(app: &App, running: &Running, row: file::Model) -> Result<()> {
    let (Some(reader), Some(key)) = (reader(row.kind), row.blob_key) else {
        return Ok(());
    };
    let bytes = app.blobs.get(key).await?;
    let limits = Limits::default();
    let found = work::take_apart(app, move || documents::read(reader, &bytes, &limits)).await?;
    match found {
        Ok(document) => finish(app, running, row, document, Vec::new()).await,
        Err(why) => fail(app, Some(running), row, why.code(), &sentence(&why)).await,
    }
}

fn sentence(why: &Refused) -> String {
    format!("The file cannot be read: {why}.")
}

/// Its text is there; `contents` are bytes that belong to the file beside it.
pub(super) async fn finish(
    app: &App,
    running: &Running,
    row: file::Model,
    document: Document,
    mut contents: Vec<(Slot, Content)>,
) -> Result<()> {
    let text = document.text;
    let counted = text.clone();
    let tokens = app.tasks.blocking(move || estimate(&counted)).await;
    let tokens = tokens.map_err(Error::internal)?;
    let row = file::Model {
        status: Status::Ready,
        error: None,
        tokens: i64::try_from(tokens).ok(),
        pages: document.pages.and_then(|pages| i32::try_from(pages).ok()),
        ..row
    };
    contents.push((Slot::Text, Content::Bytes(text.into())));
    let (row, keys) = put_bytes(app, row, contents).await?;
    settle(app, Some(running), row, &keys).await
}

pub(super) async fn fail(
    app: &App,
    running: Option<&Running>,
    row: file::Model,
    code: &str,
    detail: &str,
) -> Result<()> {
    let row = file::Model {
        status: Status::Failed,
        error: Some(json!({ "code": code, "detail": detail })),
        ..row
    };
    settle(app, running, row, &[]).await
}

async fn settle(
    app: &App,
    running: Option<&Running>,
    row: file::Model,
    keys: &[uuid::Uuid],
) -> Result<()> {
    app.db
        .write(async |tx| {
            if let Some(running) = running {
                running.fence(tx).await?;
            }
            if store::settle(&**tx, row.clone()).await? {
                store::forget_garbage(&**tx, keys).await?;
                tx.emit(&Event::FileUpdated {
                    file: row.id,
                    owner: row.owner_id,
                });
            }
            Ok::<_, Error>(())
        })
        .await?;
    app.files.changed.notify_waiters();
    Ok(())
}
