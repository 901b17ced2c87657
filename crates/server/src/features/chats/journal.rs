//! The event log: what running answers got since the last tick is written down in one
//! transaction for all of them, and now and then the text moves into the rows.
//!
//! A crash loses what came after the last tick, never more.

use std::{collections::HashSet, sync::Arc, time::Duration};

use store::{ChatId, Db, GenerationId};

use super::{
    live::{Live, Snapshot, Unwritten},
    store as rows, temporary,
};
use crate::{app::App, error::Result};

/// How much of an answer a crash may cost, with the time that the commit takes.
const TICK: Duration = Duration::from_millis(100);

/// Runs as long as answers do, also through shutdown.
pub fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn(async move {
        loop {
            if background.answers.is_idle() {
                tokio::select! {
                    () = background.answers.began.notified() => {}
                    () = background.tasks.stopping() => {
                        if background.answers.is_idle() {
                            return;
                        }
                    }
                }
            }
            tokio::time::sleep(TICK).await;
            tick(&background).await;
        }
    });
}

/// One answer's share of a tick.
struct Share {
    live: Arc<Live>,
    unwritten: Option<Unwritten>,
    due: Option<Snapshot>,
}

async fn tick(app: &App) {
    let shares: Vec<Share> = app
        .answers
        .all()
        .into_iter()
        .map(|live| Share {
            unwritten: live.take_unwritten(),
            due: live.due(),
            live,
        })
        .filter(|share| share.unwritten.is_some() || share.due.is_some())
        .collect();
    // What is kept in memory is not logged on disk.
    let (temporary, kept): (Vec<_>, Vec<_>) = shares
        .into_iter()
        .partition(|share| temporary::holds(app, share.live.owner, share.live.chat));
    for shares in [kept, temporary] {
        if let Some(first) = shares.first() {
            let db = temporary::home(app, first.live.owner, first.live.chat);
            log(&db, shares).await;
        }
    }
}

async fn log(db: &Db, shares: Vec<Share>) {
    match write(db, &shares).await {
        Ok(running) => {
            for share in shares {
                if !running.contains(&share.live.generation) {
                    // Settled meanwhile, or its chat was deleted.
                    continue;
                }
                if let Some(text) = share.due {
                    share.live.applied(text.seq);
                }
            }
        }
        Err(error) => {
            tracing::error!(
                cause = error.chain(),
                "the event log cannot be written, it is tried again"
            );
            for share in shares {
                if let Some(unwritten) = share.unwritten {
                    share.live.put_back(unwritten);
                }
            }
        }
    }
}

/// Writes all shares; gives back the generations that are still running.
async fn write(db: &Db, shares: &[Share]) -> Result<HashSet<GenerationId>> {
    let ids: Vec<GenerationId> = shares.iter().map(|share| share.live.generation).collect();
    let chats: Vec<ChatId> = shares.iter().map(|share| share.live.chat).collect();
    db.write(async |tx| {
        rows::hold(&**tx, &chats).await?;
        let running: HashSet<_> = rows::still_running(&**tx, &ids)
            .await?
            .into_iter()
            .collect();
        let alive = || {
            shares
                .iter()
                .filter(|share| running.contains(&share.live.generation))
        };
        let events = alive()
            .filter_map(|share| Some((share.live.generation, share.unwritten.as_ref()?)))
            .map(|(id, unwritten)| rows::event(id, unwritten))
            .collect::<Result<Vec<_>>>()?;
        rows::insert_events(&**tx, events).await?;
        let due: Vec<_> = alive()
            .filter_map(|share| {
                let ids = (share.live.generation, share.live.message);
                Some((ids, share.due.as_ref()?))
            })
            .collect();
        rows::apply(&**tx, &due).await?;
        Ok(running)
    })
    .await
}
