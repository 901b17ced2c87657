//! The chats of a file, brought in batch by batch while the file is read.

use std::{collections::HashSet, fs::File, io::BufReader, path::PathBuf};

use ::store::{Tx, UserId, entity::imported_chat};
use exchange::{Found, Limits, Source};
use serde::Serialize;
use tokio::sync::mpsc;

use super::store;
use crate::{
    app::App,
    error::{Error, IMPORT_REFUSED, Result},
    features::chats::{self, Incoming},
    platform::jobs::Running,
};

/// Conversations that wait between the reader and the writer.
const WAITING: usize = 4;
/// What one transaction writes at the most, unless one chat alone is more: others write in between.
const BATCH_CHATS: usize = 50;
const BATCH_MESSAGES: usize = 400;
const BATCH_BYTES: usize = 2 << 20;
/// Left-out conversations that are named; more are counted.
const MOST_NAMED: usize = 200;

/// What came of an import.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    pub(super) source: Option<Source>,
    pub(super) chats: usize,
    pub(super) messages: usize,
    /// Chats that were there already.
    pub(super) existing: usize,
    pub(super) left_out: Vec<Left>,
    /// All of them, also those that are not named.
    pub(super) left_out_count: usize,
    /// Those that the file has held so far.
    #[serde(skip)]
    seen: HashSet<(Source, String)>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Left {
    title: String,
    reason: String,
}

/// For whom, and as what.
pub(super) struct Import<'a> {
    pub(super) app: &'a App,
    pub(super) owner: UserId,
    pub(super) source: Option<Source>,
    /// Absent on the command line, which nobody takes the work away from.
    pub(super) running: Option<&'a Running>,
}

/// A chat that waits for its batch.
struct Waiting {
    source: Source,
    source_id: String,
    incoming: Incoming,
}

impl Import<'_> {
    /// Brings in what the file holds.
    pub(super) async fn run(&self, path: PathBuf) -> Result<Outcome> {
        let total = self.count(path.clone()).await?;
        let (sender, mut found) = mpsc::channel::<Found>(WAITING);
        let source = self.source;
        let read = move || {
            let each = &mut |one: Found| sender.blocking_send(one).is_ok();
            exchange::read(open(&path)?, source, &Limits::default(), each)
        };
        let reading = self.app.tasks.blocking(read);
        // What it owns goes with it: the reader does not go on for nobody.
        let writing = async move {
            let mut outcome = Outcome::default();
            let mut batch: Vec<Waiting> = Vec::new();
            let mut seen = 0;
            while let Some(one) = found.recv().await {
                seen += 1;
                self.sort(one, &mut batch, &mut outcome);
                if is_full(&batch) {
                    self.write(&mut batch, &mut outcome).await?;
                    self.progress(seen, total).await?;
                }
            }
            self.write(&mut batch, &mut outcome).await?;
            self.progress(seen, total).await?;
            Ok::<_, Error>(outcome)
        };
        let (read, written) = tokio::join!(reading, writing);
        let outcome = written?;
        match read.map_err(Error::internal)? {
            Ok(()) => Ok(outcome),
            Err(refused) => Err(Self::refused(&refused, &outcome)),
        }
    }

    async fn count(&self, path: PathBuf) -> Result<u64> {
        let count = move || exchange::count(open(&path)?, &Limits::default());
        let counted = self.app.tasks.blocking(count).await;
        let counted = counted.map_err(Error::internal)?;
        counted.map_err(|refused| Self::refused(&refused, &Outcome::default()))
    }

    fn refused(refused: &exchange::Refused, outcome: &Outcome) -> Error {
        if *refused == exchange::Refused::Unreadable {
            return Error::internal(refused.clone());
        }
        let before = match outcome.chats + outcome.existing {
            0 => String::new(),
            chats => format!(" Before that, {chats} chats came in."),
        };
        Error::new(IMPORT_REFUSED, format!("Not imported: {refused}.{before}"))
    }

    fn sort(&self, one: Found, batch: &mut Vec<Waiting>, outcome: &mut Outcome) {
        outcome.source = outcome.source.or(one.source);
        match (one.chat, one.source) {
            (Ok(chat), Some(source)) => {
                let source_id = chat.source_id.clone();
                if !outcome.seen.insert((source, source_id.clone())) {
                    outcome.existing += 1;
                    return;
                }
                batch.push(Waiting {
                    source,
                    source_id,
                    incoming: chats::prepare(self.app, self.owner, source, chat),
                });
            }
            (Ok(_), None) => {}
            (Err(left), _) => {
                outcome.left_out_count += 1;
                if outcome.left_out.len() < MOST_NAMED {
                    outcome.left_out.push(Left {
                        title: left.title,
                        reason: left.reason,
                    });
                }
            }
        }
    }

    /// Stores a batch, in one transaction, and empties it.
    async fn write(&self, batch: &mut Vec<Waiting>, outcome: &mut Outcome) -> Result<()> {
        let waiting = std::mem::take(batch);
        if waiting.is_empty() {
            return Ok(());
        }
        let (chats, messages, existing) = self
            .app
            .db
            .write(async |tx| {
                if let Some(running) = self.running {
                    running.fence(tx).await?;
                }
                let mut counts = (0, 0, 0);
                for one in &waiting {
                    match self.take_in(tx, one).await? {
                        Some(messages) => {
                            counts.0 += 1;
                            counts.1 += messages;
                        }
                        None => counts.2 += 1,
                    }
                }
                Ok::<_, Error>(counts)
            })
            .await?;
        outcome.chats += chats;
        outcome.messages += messages;
        outcome.existing += existing;
        Ok(())
    }

    /// The number of messages that came in; `None` when the chat was there before this import.
    async fn take_in(&self, tx: &Tx, one: &Waiting) -> Result<Option<usize>> {
        let job_id = self.running.map(Running::id);
        let (source, id) = (one.source.name(), one.source_id.as_str());
        let mut known = store::known(&**tx, self.owner, source, [id]).await?;
        if let Some(row) = known.remove(id) {
            // An earlier attempt of this very job counts as this one.
            let is_own = row.job_id.is_some() && row.job_id == job_id;
            return Ok(is_own.then(|| usize::try_from(row.messages).unwrap_or_default()));
        }
        chats::take_in(self.app, tx, &one.incoming).await?;
        let messages = one.incoming.messages();
        let row = imported_chat::Model {
            owner_id: self.owner,
            source: source.to_owned(),
            source_chat_id: one.source_id.clone(),
            chat_id: one.incoming.id(),
            messages: i32::try_from(messages).unwrap_or(i32::MAX),
            job_id,
            created_at: self.app.clock.now(),
        };
        if !store::remember(&**tx, row).await? {
            // Somebody imports the same at this moment: this transaction is not stored, and the
            // next attempt finds the other's.
            return Err(Error::internal("two imports brought in the same chat"));
        }
        Ok(Some(messages))
    }

    async fn progress(&self, seen: i64, total: u64) -> Result<()> {
        let Some(running) = self.running else {
            return Ok(());
        };
        let total = i64::try_from(total).ok();
        running.progress(seen, total, None).await
    }
}

fn is_full(batch: &[Waiting]) -> bool {
    let sum = |of: fn(&Incoming) -> usize| batch.iter().map(|one| of(&one.incoming)).sum::<usize>();
    batch.len() >= BATCH_CHATS
        || sum(Incoming::messages) >= BATCH_MESSAGES
        || sum(Incoming::size) >= BATCH_BYTES
}

fn open(path: &std::path::Path) -> std::result::Result<BufReader<File>, exchange::Refused> {
    let file = File::open(path).map_err(|_| exchange::Refused::Unreadable)?;
    Ok(BufReader::with_capacity(64 << 10, file))
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.title, self.reason)
    }
}
