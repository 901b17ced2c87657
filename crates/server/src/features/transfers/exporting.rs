//! Everything that one owns, as one archive, made by a job and kept as a file of its owner.
//!
//! `sangam.json` says what the archive is; chats are under `chats/`, several in a file; files under
//! `files/`, each in a folder named by its id, as messages name them.

use ::store::{
    UserId,
    entity::{file, job},
};
use blob::{Content, Scratch};
use exchange::{
    pack::{self, Piece},
    sangam::{ACCOUNT_FORMAT, MANIFEST, VERSION},
};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, sync::mpsc};

use super::{export, importing};
use crate::{
    app::App,
    error::{Error, Kind, Result},
    features::{
        accounts, chats,
        files::{self, NewFile},
    },
    platform::{
        auth::Principal,
        jobs::{self, NewJob, Running},
    },
};

/// The kind of the job.
pub const EXPORT_JOB: &str = "account_export";

/// Chats of one file; an archive has fewer entries so, and can be brought in again.
const CHATS_PER_FILE: usize = 200;
const BYTES_PER_FILE: usize = 8 << 20;
const BATCH: u64 = 200;
const WAITING: usize = 4;

/// Wants an archive; one that is being made already is the one.
pub(super) async fn enqueue(app: &App, who: &Principal) -> Result<job::Model> {
    let new = NewJob {
        key: Some(who.id.to_string()),
        owner: Some(who.id),
        ..NewJob::of(EXPORT_JOB, &json!({}))?
    };
    app.db
        .write(async |tx| jobs::enqueue(app, tx, new.clone()).await)
        .await
}

/// Works on the job.
pub async fn export_account(app: App, running: Running) -> Result<Value> {
    let owner = running
        .owner()
        .ok_or_else(|| Error::internal("an export belongs to somebody"))?;
    let scratch = archive(&app, &running, owner).await?;
    let day = app.clock.now().format("%Y-%m-%d");
    let new = NewFile {
        name: format!("sangam-{day}.zip"),
        media_type: "application/zip",
        kind: file::Kind::Archive,
        content: Content::File(scratch),
    };
    app.db.write(async |tx| running.fence(tx).await).await?;
    let file = files::keep(&app, owner, new).await?;
    let result = json!({ "file": file.id });
    let words = ("Your export is ready".to_owned(), file.name.clone());
    app.db
        .write(async |tx| {
            importing::tell(&app, tx, owner, &running, words.clone()).await?;
            running.complete(tx, result.clone()).await
        })
        .await?;
    Ok(Value::Null)
}

/// Packs on a thread of its own what is fetched here, and writes here what was packed there.
async fn archive(app: &App, running: &Running, owner: UserId) -> Result<Scratch> {
    let name: ::store::FileId = app.clock.id();
    let mut scratch = app.blobs.scratch(name.0).await?;
    let (pieces, mut to_pack) = mpsc::channel::<Piece>(WAITING);
    let (packed, mut to_write) = mpsc::channel::<Vec<u8>>(WAITING);
    let packing = app.tasks.blocking(move || {
        let out = std::io::BufWriter::with_capacity(64 << 10, Packed(packed));
        pack::pack(out, &mut || to_pack.blocking_recv())
    });
    // What it owns goes with it: nothing is packed for nobody.
    let writing = async move {
        while let Some(bytes) = to_write.recv().await {
            scratch.write(&bytes).await.map_err(blob::Error::from)?;
        }
        scratch.flush().await.map_err(blob::Error::from)?;
        Ok::<_, Error>(scratch)
    };
    let fetching = Archive {
        app,
        running,
        owner,
        pieces,
    };
    let (packed, written, fetched) = tokio::join!(packing, writing, fetching.fill());
    fetched?;
    let scratch = written?;
    packed.map_err(Error::internal)?.map_err(Error::internal)?;
    Ok(scratch)
}

/// Passes on what is packed.
struct Packed(mpsc::Sender<Vec<u8>>);

impl std::io::Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let gone = |_| std::io::Error::other("nobody writes the archive any more");
        self.0.blocking_send(bytes.to_vec()).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What goes into the archive.
struct Archive<'a> {
    app: &'a App,
    running: &'a Running,
    owner: UserId,
    pieces: mpsc::Sender<Piece>,
}

impl Archive<'_> {
    async fn fill(self) -> Result<()> {
        let manifest = self.manifest().await?;
        self.file(MANIFEST.to_owned(), serde_json::to_vec_pretty(&manifest)?)
            .await?;
        self.chats().await?;
        self.files().await
    }

    async fn manifest(&self) -> Result<Value> {
        let person = accounts::person(self.app, self.owner).await?;
        let preferences = accounts::preferences(self.app, self.owner).await?;
        let folders = chats::folders_of(self.app, self.owner).await?;
        let folders = folders
            .into_iter()
            .map(|row| json!({ "id": row.id, "parentId": row.parent_id, "name": row.name }));
        Ok(json!({
            "format": ACCOUNT_FORMAT,
            "version": VERSION,
            "exportedAt": self.app.clock.now(),
            "profile": {
                "id": person.id,
                "name": person.name,
                "email": person.email,
                "createdAt": person.created_at,
                "defaultModel": preferences.default_model,
                "defaultParams": preferences.params,
            },
            "folders": folders.collect::<Vec<_>>(),
        }))
    }

    async fn chats(&self) -> Result<()> {
        let (mut after, mut seen) = (None, 0);
        let mut list = List::default();
        loop {
            let ids = chats::ids_after(self.app, self.owner, after, BATCH).await?;
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            for id in ids {
                match export::document(self.app, self.owner, id).await {
                    Ok(document) => list.add(&serde_json::to_vec(&document)?),
                    // Deleted meanwhile.
                    Err(error) if error.kind() == Kind::NotFound => {}
                    Err(error) => return Err(error),
                }
                seen += 1;
                self.running.progress(seen, None, Some("chats")).await?;
                if list.is_full() {
                    self.list(&mut list).await?;
                }
            }
        }
        self.list(&mut list).await
    }

    async fn list(&self, list: &mut List) -> Result<()> {
        match list.take() {
            Some((name, bytes)) => self.file(name, bytes).await,
            None => Ok(()),
        }
    }

    /// Files as they are kept; archives, which earlier exports are, stay out.
    async fn files(&self) -> Result<()> {
        let (mut after, mut seen) = (None, 0);
        loop {
            let rows = files::page_of(self.app, self.owner, after, BATCH).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = Some(last.id);
            for row in rows {
                let is_there = row.blob_key.is_some() && row.kind != file::Kind::Archive;
                if is_there {
                    self.copy(&row).await?;
                }
                seen += 1;
                self.running.progress(seen, None, Some("files")).await?;
            }
        }
    }

    async fn copy(&self, row: &file::Model) -> Result<()> {
        let opened = match files::open(self.app, self.owner, row.id).await {
            // Thrown away meanwhile.
            Err(error) if error.kind() == Kind::NotFound => return Ok(()),
            opened => opened?,
        };
        let name = row.name.replace(['/', '\\'], "_");
        self.send(Piece::File(format!("files/{}/{name}", row.id)))
            .await?;
        let mut file = tokio::fs::File::open(opened.local.path())
            .await
            .map_err(Error::internal)?;
        loop {
            let mut bytes = Vec::with_capacity(64 << 10);
            let read = file.read_buf(&mut bytes).await.map_err(Error::internal)?;
            if read == 0 {
                return Ok(());
            }
            self.send(Piece::Bytes(bytes)).await?;
        }
    }

    async fn file(&self, name: String, bytes: Vec<u8>) -> Result<()> {
        self.send(Piece::File(name)).await?;
        self.send(Piece::Bytes(bytes)).await
    }

    async fn send(&self, piece: Piece) -> Result<()> {
        let sent = self.pieces.send(piece).await;
        sent.map_err(|_| Error::internal("the archive cannot be packed"))
    }
}

/// Documents on their way into one file.
#[derive(Default)]
struct List {
    bytes: Vec<u8>,
    documents: usize,
    files: usize,
}

impl List {
    fn add(&mut self, document: &[u8]) {
        let before: &[u8] = if self.documents == 0 { b"[" } else { b",\n" };
        self.bytes.extend_from_slice(before);
        self.bytes.extend_from_slice(document);
        self.documents += 1;
    }

    fn is_full(&self) -> bool {
        self.documents >= CHATS_PER_FILE || self.bytes.len() >= BYTES_PER_FILE
    }

    /// The file, if there is anything in it; the next one begins.
    fn take(&mut self) -> Option<(String, Vec<u8>)> {
        if self.documents == 0 {
            return None;
        }
        self.documents = 0;
        self.files += 1;
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.push(b']');
        Some((format!("chats/{:06}.json", self.files), bytes))
    }
}
