//! The rules of links: made and revoked by their owner, read by whoever holds one.

use std::net::IpAddr;

use ::store::{
    ChatId, Db, FileId, MessageId, ShareId, UserId,
    entity::{
        chat,
        message::{self, Status},
        share::{self, Kind},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::store;
pub use super::store::Selection;
use crate::{
    app::App,
    error::{ANSWER_RUNNING, Error, FILE_NOT_FOUND, Result, SHARE_NOT_FOUND, TOO_MANY_SHARES},
    features::{
        chats::{
            compare::{self, Shown},
            search, store as rows, temporary,
        },
        files,
    },
    platform::{
        auth::{Principal, opaque::Token},
        idempotency,
        throttle::{Limit, address_key},
    },
};

/// What the token of a link is for.
const PURPOSE: &str = "share";
/// Links to one chat at the same time.
const MOST_PER_CHAT: u64 = 20;
/// Messages of one page.
const PAGE: u32 = 50;

/// Pages read from one address.
const READ: Limit = Limit {
    name: "shared pages by address",
    burst: 300,
    every: TimeDelta::milliseconds(500),
};
/// Links from one address that turned out not to exist.
const MISSED: Limit = Limit {
    name: "shared links by address",
    burst: 30,
    every: TimeDelta::seconds(10),
};

/// A link to be made.
pub struct NewShare {
    pub kind: Kind,
    pub expires_at: Option<DateTime<Utc>>,
    pub shows_reasoning: bool,
}

/// A link as its owner sees it.
pub struct Link {
    pub row: share::Model,
    /// Of the chat, as it is now.
    pub title: String,
}

/// One page of what a link shows.
pub struct Shared {
    pub share: share::Model,
    pub title: String,
    pub updated_at: DateTime<Utc>,
    pub messages: Vec<Shown>,
    /// There is more above.
    pub above: Option<MessageId>,
}

/// How far a message had come when a snapshot was taken; texts only ever grow.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cut {
    message: MessageId,
    status: Status,
    /// Bytes.
    content: usize,
    reasoning: usize,
}

pub async fn create(app: &App, who: &Principal, id: ChatId, new: NewShare) -> Result<Link> {
    let detail = "It is its owner's alone, and gone after a while: there is nothing to share.";
    temporary::refuse(app, who.id, id, detail)?;
    let now = app.clock.now();
    if new.expires_at.is_some_and(|at| at <= now) {
        return Err(Error::field("expiresAt", "range", "must be in the future"));
    }
    // The answer holds the address, which is a secret.
    idempotency::do_not_keep();
    app.db
        .write(async |tx| {
            let chat = rows::owned(&**tx, who.id, id).await?;
            if store::count_open(&**tx, id, now).await? >= MOST_PER_CHAT {
                let detail = "A chat has 20 links at the most; revoke one first.";
                return Err(Error::new(TOO_MANY_SHARES, detail));
            }
            let mut row = share::Model {
                id: app.clock.id(),
                chat_id: id,
                owner_id: who.id,
                kind: new.kind,
                shows_reasoning: new.shows_reasoning,
                leaf_id: None,
                title: None,
                cuts: serde_json::json!([]),
                expires_at: new.expires_at,
                created_at: now,
            };
            if new.kind == Kind::Snapshot {
                let unfinished = store::unfinished(&**tx, id).await?;
                let path = match (unfinished.is_empty(), chat.active_leaf_id) {
                    (false, Some(leaf)) => store::path_up(&**tx, id, leaf).await?,
                    _ => Vec::new(),
                };
                row.cuts = serde_json::to_value(cuts(&path, unfinished)?)?;
                row.leaf_id = chat.active_leaf_id;
                row.title = Some(chat.title.clone());
            }
            let row = store::insert(&**tx, row).await?;
            let title = chat.title;
            Ok(Link { row, title })
        })
        .await
}

fn cuts(path: &[MessageId], unfinished: Vec<message::Model>) -> Result<Vec<Cut>> {
    let on_path = unfinished.into_iter().filter(|row| path.contains(&row.id));
    on_path
        .map(|row| {
            if row.status == Status::Streaming {
                let detail = "Wait for the answer, or stop it; or share the living chat.";
                return Err(Error::new(ANSWER_RUNNING, detail));
            }
            Ok(Cut {
                message: row.id,
                status: row.status,
                content: row.content.len(),
                reasoning: row.reasoning.map_or(0, |text| text.len()),
            })
        })
        .collect()
}

/// One's links that can be opened, and where the next page begins.
pub async fn list(
    app: &App,
    who: &Principal,
    selection: Selection,
) -> Result<(Vec<Link>, Option<ShareId>)> {
    let db = &**app.db.read();
    if let Some(chat) = selection.chat {
        temporary::refuse(app, who.id, chat, "A temporary chat has no links.")?;
        rows::owned(db, who.id, chat).await?;
    }
    let limit = usize::try_from(selection.limit).unwrap_or(usize::MAX);
    let one_more = Selection {
        limit: selection.limit + 1,
        ..selection
    };
    let mut shares = store::page_of(db, who.id, one_more, app.clock.now()).await?;
    let has_more = shares.len() > limit;
    shares.truncate(limit);
    let next = shares.last().filter(|_| has_more).map(|share| share.id);
    let chats = shares.iter().map(|share| share.chat_id).collect();
    let titles = search::store::chats(db, who.id, chats).await?;
    let links = shares.into_iter().map(|row| Link {
        title: titles.get(&row.chat_id).cloned().unwrap_or_default(),
        row,
    });
    Ok((links.collect(), next))
}

/// The link leads nowhere from now on.
pub async fn revoke(app: &App, who: &Principal, id: ShareId) -> Result<()> {
    app.db
        .write(async |tx| store::delete(&**tx, who.id, id).await)
        .await
}

/// The address of a link, for its owner's eyes.
pub fn url(app: &App, id: ShareId) -> String {
    let token = app.auth.capability(PURPOSE, id.0);
    let base = app.config.server.link_base();
    format!("{base}/s/{}", token.expose())
}

/// A page of what a link shows: its end, or what is above a message.
pub async fn read(
    app: &App,
    ip: IpAddr,
    token: String,
    before: Option<MessageId>,
) -> Result<Shared> {
    let (share, chat) = admitted(app, ip, token).await?;
    let mut messages = match leaf(&share, &chat) {
        Some(leaf) => page(&app.db, &chat, leaf, before).await?,
        None => Vec::new(),
    };
    cut(&share, &mut messages)?;
    let first = messages.first();
    let above = first.filter(|first| first.parent_id.is_some());
    Ok(Shared {
        above: above.map(|first| first.id),
        updated_at: match share.kind {
            Kind::Snapshot => share.created_at,
            Kind::Live => chat.updated_at,
        },
        title: share.title.clone().unwrap_or(chat.title),
        messages: compare::show(app, share.owner_id, messages).await?,
        share,
    })
}

/// A file that a message shows which a link shows: its owner.
pub async fn file(app: &App, ip: IpAddr, token: String, id: FileId) -> Result<UserId> {
    let (share, chat) = admitted(app, ip, token).await?;
    let missing = || Error::not_found(FILE_NOT_FOUND);
    let leaf = leaf(&share, &chat).ok_or_else(missing)?;
    let messages = files::messages_with(app, share.owner_id, id).await?;
    if messages.is_empty() {
        return Err(missing());
    }
    let path = store::path_up(&**app.db.read(), chat.id, leaf).await?;
    let is_shown = messages.iter().any(|message| path.contains(message));
    is_shown.then_some(share.owner_id).ok_or_else(missing)
}

/// Opens a link, not too often.
async fn admitted(app: &App, ip: IpAddr, token: String) -> Result<(share::Model, chat::Model)> {
    let address = address_key(ip);
    app.throttle.take(&READ, &address)?;
    app.throttle.take(&MISSED, &address)?;
    let found = opened(app, token).await?;
    app.throttle.refund(&MISSED, &address);
    Ok(found)
}

/// The lower end of what a link shows.
fn leaf(share: &share::Model, chat: &chat::Model) -> Option<MessageId> {
    match share.kind {
        Kind::Snapshot => share.leaf_id,
        Kind::Live => chat.active_leaf_id,
    }
}

async fn opened(app: &App, token: String) -> Result<(share::Model, chat::Model)> {
    let not_found = || Error::new(SHARE_NOT_FOUND, "Ask whoever gave it to you for a new one.");
    let id = app.auth.capable(PURPOSE, &Token::presented(token));
    let id = id.ok_or_else(not_found)?;
    let found = store::opened(&**app.db.read(), ShareId(id), app.clock.now()).await?;
    found.ok_or_else(not_found)
}

/// The last messages of a path, or those above one that is on it.
async fn page(
    db: &Db,
    chat: &chat::Model,
    leaf: MessageId,
    before: Option<MessageId>,
) -> Result<Vec<message::Model>> {
    let db = &**db.read();
    let Some(before) = before else {
        return rows::path(db, chat.id, leaf, PAGE).await;
    };
    // Only what is on the path: another branch is nobody's business.
    let path = store::path_up(db, chat.id, leaf).await?;
    if !path.contains(&before) {
        let detail = "must be the prevCursor of a page before";
        return Err(Error::field("before", "format", detail));
    }
    let mut above = rows::path(db, chat.id, before, PAGE + 1).await?;
    above.pop();
    Ok(above)
}

/// Takes away what came after the snapshot.
fn cut(share: &share::Model, messages: &mut [message::Model]) -> Result<()> {
    let cuts: Vec<Cut> = serde_json::from_value(share.cuts.clone())?;
    for row in messages {
        let Some(cut) = cuts.iter().find(|cut| cut.message == row.id) else {
            continue;
        };
        row.status = cut.status;
        row.content.truncate(cut.content);
        if let Some(reasoning) = &mut row.reasoning {
            reasoning.truncate(cut.reasoning);
        }
    }
    Ok(())
}
