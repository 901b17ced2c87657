//! Asking the index and showing what was found.

use ::store::{ChatId, MessageId, entity::message::Role};
use chrono::{DateTime, Utc};

use super::{
    query::Query,
    snippet::{self, Snippet},
    store::{self, Within},
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::auth::Principal,
};

/// Characters of what is looked for.
const MOST_SEARCHED: usize = 400;

pub struct Search {
    pub q: String,
    pub model: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub below: Option<i64>,
    pub limit: u32,
}

pub struct Found {
    pub chat: ChatId,
    /// Absent: the chat was found by its title.
    pub message: Option<(MessageId, Role)>,
    pub title: String,
    pub snippet: Snippet,
    pub created_at: DateTime<Utc>,
}

/// The newest messages and titles with all that was looked for, and where the next page begins.
pub async fn search(
    app: &App,
    who: &Principal,
    search: Search,
) -> Result<(Vec<Found>, Option<i64>)> {
    if search.q.trim().is_empty() {
        return Err(Error::field("q", "required", "must say what to look for"));
    }
    if search.q.chars().count() > MOST_SEARCHED {
        return Err(Error::field("q", "length", "400 characters at the most"));
    }
    let query = Query::parse(&search.q);
    if query.wanted.all.is_empty() {
        return Ok((Vec::new(), None));
    }
    let within = Within {
        model: search.model.as_deref(),
        from: search.from,
        to: search.to,
        below: search.below,
    };
    let limit = usize::try_from(search.limit).unwrap_or(usize::MAX);
    let db = &**app.db.read();
    let one_more = u64::from(search.limit) + 1;
    let mut hits = store::hits(db, who.id, &query.wanted, &within, one_more).await?;
    let has_more = hits.len() > limit;
    hits.truncate(limit);
    let next = hits.last().filter(|_| has_more).map(|hit| hit.id);
    let titles = store::chats(db, who.id, hits.iter().map(|hit| hit.chat_id).collect()).await?;
    let items = hits.iter().map(|hit| hit.item_id).collect();
    let messages = store::messages(db, items).await?;
    let found = hits.into_iter().filter_map(|hit| {
        let title = titles.get(&hit.chat_id)?.clone();
        if hit.item_id.0 == hit.chat_id.0 {
            return Some(Found {
                chat: hit.chat_id,
                message: None,
                snippet: snippet::of(&title, &query),
                title,
                created_at: hit.at(),
            });
        }
        let row = messages.get(&hit.item_id)?;
        Some(Found {
            chat: hit.chat_id,
            message: Some((row.id, row.role)),
            title,
            snippet: snippet::of(&row.content, &query),
            created_at: row.created_at,
        })
    });
    Ok((found.collect(), next))
}
