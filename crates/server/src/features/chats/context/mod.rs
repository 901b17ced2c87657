//! What of a chat a model is told, and what becomes of it when there is too much.
//!
//! Invariants: nothing is ever left out in silence. What does not fit is first told in a summary
//! that a model writes, that the owner sees and may undo; when that cannot help, the answer fails
//! and says so. The system prompt and the question are always told whole.
//!
//! Counts are estimates: providers count in their own ways, and say so when it was too much.

mod store;
mod summary;
mod turns;

use ::store::{
    ChatId, Db, FileId, MessageId, SummaryId,
    entity::{
        chat, chat_summary,
        message::{self, Role, Status},
    },
};

pub use self::{
    summary::{compact, make_room, undo},
    turns::{Missed, Turn},
};
use super::{store as rows, temporary::home};
pub use crate::tokens::{PER_MESSAGE, estimate};
use crate::{
    app::App,
    error::Result,
    features::{
        files,
        models::{self, Found},
    },
    params::Params,
    platform::auth::Principal,
};

/// Messages read at a time.
const PAGE: u32 = 500;
/// Where a model does not say how much it takes.
const USUAL_CONTEXT: u32 = 32_768;
/// Room for the answer where nobody says how long it may be, as a part of the whole.
const ANSWER_SHARE: u64 = 8;
const MOST_ANSWER: u64 = 4096;

/// What a model is told of a branch: the summary of its older turns, and the turns after it.
pub struct Told {
    pub system: Option<String>,
    pub summary: Option<chat_summary::Model>,
    /// Oldest first; the question is the last.
    pub turns: Vec<Turn>,
    pub room: Room,
}

/// How much fits.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Tokens the model takes, its answer included.
    pub whole: u64,
    /// Kept free for the answer.
    pub answer: u64,
    /// The model can be shown images.
    pub sees: bool,
}

impl Room {
    pub fn of(model: &Found, params: &Params) -> Self {
        let whole = u64::from(model.model.context_length.unwrap_or(USUAL_CONTEXT));
        let usual = (whole / ANSWER_SHARE).clamp(1, MOST_ANSWER);
        let wanted = params.max_tokens.map_or(usual, u64::from);
        Self {
            whole,
            answer: wanted.min(whole / 2),
            sees: model.model.modalities.iter().any(|kind| kind == "image"),
        }
    }

    /// Tokens that may be told.
    pub fn for_prompt(self) -> u64 {
        self.whole - self.answer
    }
}

impl Told {
    pub fn system_tokens(&self) -> u64 {
        self.system
            .as_deref()
            .map_or(0, |text| estimate(text) + PER_MESSAGE)
    }

    pub fn summary_tokens(&self) -> u64 {
        let tokens = |summary: &chat_summary::Model| summary.tokens.unsigned_abs() + PER_MESSAGE;
        self.summary.as_ref().map_or(0, tokens)
    }

    /// Of the words alone.
    pub fn turn_tokens(&self) -> u64 {
        self.turns.iter().map(Turn::words).sum()
    }

    pub fn files_tokens(&self) -> u64 {
        self.turns.iter().map(Turn::files_tokens).sum()
    }

    pub fn tokens(&self) -> u64 {
        self.system_tokens() + self.summary_tokens() + self.turn_tokens() + self.files_tokens()
    }

    /// The files that are still being read.
    pub fn waiting(&self) -> Vec<FileId> {
        self.turns.iter().flat_map(Turn::waiting).collect()
    }

    /// More than `percent` of what may be told.
    pub fn is_over(&self, percent: u64) -> bool {
        self.tokens() * 100 > self.room.for_prompt() * percent
    }
}

/// Everything that `leaf` and what is above it tell.
pub async fn told(
    app: &App,
    chat: &chat::Model,
    leaf: Option<MessageId>,
    params: &Params,
    room: Room,
) -> Result<Told> {
    let home = home(app, chat.owner_id, chat.id);
    let db = &**home.read();
    let summaries = store::of_chat(db, chat.id).await?;
    let mut summary = None;
    let mut newest_first = Vec::new();
    let mut from = leaf;
    'pages: while let Some(leaf) = from {
        let page = rows::path(db, chat.id, leaf, PAGE).await?;
        from = page.first().and_then(|first| first.parent_id);
        for row in page.into_iter().rev() {
            let covering = summaries
                .iter()
                .rev()
                .find(|one| one.upto_message_id == row.id);
            if covering.is_some() {
                summary = covering.cloned();
                break 'pages;
            }
            if is_told(&row) {
                newest_first.push(row);
            }
        }
    }
    newest_first.reverse();
    let system = params.system_prompt.clone();
    Ok(Told {
        system: system.filter(|text| !text.trim().is_empty()),
        summary,
        turns: with_files(app, newest_first, room.sees).await?,
        room,
    })
}

async fn with_files(app: &App, rows: Vec<message::Model>, sees: bool) -> Result<Vec<Turn>> {
    let questions = rows.iter().filter(|row| row.role == Role::User);
    let questions: Vec<MessageId> = questions.map(|row| row.id).collect();
    let mut attached = files::attached(app, &questions).await?;
    let turns = rows.into_iter().map(|row| Turn {
        files: attached.remove(&row.id).unwrap_or_default(),
        row,
        sees,
    });
    Ok(turns.collect())
}

/// An answer that came to nothing is not told.
fn is_told(row: &message::Model) -> bool {
    row.role == Role::User || !(row.content.is_empty() || row.status == Status::Failed)
}

/// The summaries that stand for older turns of the path to `leaf`, oldest first.
pub async fn on_path(
    home: &Db,
    chat: ChatId,
    leaf: Option<MessageId>,
) -> Result<Vec<chat_summary::Model>> {
    let db = &**home.read();
    let all = store::of_chat(db, chat).await?;
    let (Some(leaf), false) = (leaf, all.is_empty()) else {
        return Ok(Vec::new());
    };
    let path = store::ancestors(db, chat, leaf).await?;
    let is_on_path = |one: &chat_summary::Model| path.contains(&one.upto_message_id);
    Ok(all.into_iter().filter(is_on_path).collect())
}

/// How full a model is with a branch.
pub struct Gauge {
    pub model: String,
    pub told: Told,
    /// The next answer begins with a summary.
    pub is_full: bool,
}

/// What fills the model that would answer next.
pub async fn gauge(
    app: &App,
    who: &Principal,
    id: ChatId,
    leaf: Option<MessageId>,
    model: Option<&str>,
) -> Result<Gauge> {
    let home = home(app, who.id, id);
    let db = &**home.read();
    let chat = rows::owned(db, who.id, id).await?;
    if let Some(leaf) = leaf {
        rows::message_of(db, id, leaf).await?;
    }
    let found = match model {
        Some(model) => models::find(app, model).await?,
        None => models::choose(app, &[chat.model_choice.as_deref()]).await?,
    };
    let params = Params::from_row(&chat.params);
    let room = Room::of(&found, &params);
    let leaf = leaf.or(chat.active_leaf_id);
    let told = told(app, &chat, leaf, &params, room).await?;
    Ok(Gauge {
        model: found.id,
        is_full: told.is_over(app.config.chats.compact_at_percent),
        told,
    })
}

/// What is remembered with an answer of what its model was told, and not shown.
pub fn record(tokens: u64, summary: Option<SummaryId>, missed: Missed) -> serde_json::Value {
    serde_json::json!({
        "tokens": tokens,
        "summaryId": summary,
        "unseenImages": missed.images,
        "unreadFiles": missed.files,
    })
}
