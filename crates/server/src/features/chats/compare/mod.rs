//! One question put to several models, and what a person may see of their answers.
//!
//! In a blind comparison model, cost and speed stay hidden until the vote, whatever the way an
//! answer takes to its owner: a message is shown as a [`Shown`], and only this module makes one.
//! It does not keep the votes (leaderboard does).

mod store;

use std::collections::HashSet;

use ::store::{
    ChatId, ComparisonId, Db, MessageId, Tx, UserId,
    entity::{
        comparison, file,
        message::{self, Role, Status},
        message_vote, pair_vote,
    },
};
use chrono::{DateTime, Utc};

pub(super) use self::store::insert;
use super::{
    store as rows,
    temporary::{self, home},
};
use crate::{
    app::App,
    error::{ANSWER_RUNNING, Error, MESSAGE_NOT_FOUND, NOT_AN_ANSWER, Result, VOTE_FIRST},
    features::files,
    platform::auth::Principal,
};

/// A message as its owner may see it now.
#[derive(Clone, Debug)]
pub struct Shown {
    row: message::Model,
    vote: Option<message_vote::Model>,
    attachments: Vec<file::Model>,
}

impl Shown {
    /// What may be seen, and what the owner thinks of it.
    pub fn into_parts(self) -> (message::Model, Option<message_vote::Model>) {
        (self.row, self.vote)
    }

    /// The files that it shows.
    pub fn attachments(&self) -> &[file::Model] {
        &self.attachments
    }

    pub fn row(&self) -> &message::Model {
        &self.row
    }
}

/// A comparison with its answers, in the order of their columns.
pub struct Compared {
    pub comparison: comparison::Model,
    pub winner: Option<pair_vote::Winner>,
    pub answers: Vec<Shown>,
}

/// What their owner may see of these messages of one chat, in the same order.
pub async fn show(app: &App, owner: UserId, rows: Vec<message::Model>) -> Result<Vec<Shown>> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let home = home(app, owner, first.chat_id);
    let hidden = hidden(&home, &rows).await?;
    let answers: Vec<MessageId> = rows
        .iter()
        .filter(|row| row.role == Role::Assistant)
        .map(|row| row.id)
        .collect();
    let mut votes = store::votes(&**home.read(), owner, &answers).await?;
    let questions = rows.iter().filter(|row| row.role == Role::User);
    let questions: Vec<MessageId> = questions.map(|row| row.id).collect();
    let mut attached = files::attached(app, &questions).await?;
    let shown = rows.into_iter().map(|row| Shown {
        vote: votes.remove(&row.id),
        attachments: attached.remove(&row.id).unwrap_or_default(),
        row: redacted(row, &hidden),
    });
    Ok(shown.collect())
}

/// What its owner may see of one message.
pub async fn show_one(app: &App, owner: UserId, row: message::Model) -> Result<Shown> {
    let mut shown = show(app, owner, vec![row]).await?;
    shown
        .pop()
        .ok_or_else(|| Error::not_found(MESSAGE_NOT_FOUND))
}

/// The comparisons whose question is among these messages.
pub async fn of_questions(
    app: &App,
    owner: UserId,
    chat: ChatId,
    messages: &[message::Model],
) -> Result<Vec<Compared>> {
    let questions: Vec<MessageId> = messages
        .iter()
        .filter(|row| row.role == Role::User)
        .map(|row| row.id)
        .collect();
    let home = home(app, owner, chat);
    let db = &**home.read();
    let found = store::of_questions(db, chat, &questions).await?;
    let ids: Vec<ComparisonId> = found.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut winners = store::winners(db, owner, &ids).await?;
    let mut answers = store::answers(db, chat, &found).await?;
    for row in &mut answers {
        super::reading::show_running(app, row);
    }
    let shown = show(app, owner, answers).await?;
    let compared = found.into_iter().map(|comparison| Compared {
        winner: winners.remove(&comparison.id),
        answers: shown
            .iter()
            .filter(|one| one.row.comparison_id == Some(comparison.id))
            .cloned()
            .collect(),
        comparison,
    });
    Ok(compared.collect())
}

/// The comparisons among these messages whose models are still hidden.
async fn hidden(db: &Db, rows: &[message::Model]) -> Result<HashSet<ComparisonId>> {
    hidden_among(db, rows.iter().filter_map(|row| row.comparison_id)).await
}

/// Those comparisons whose models are still hidden.
pub async fn hidden_among(
    db: &Db,
    ids: impl Iterator<Item = ComparisonId>,
) -> Result<HashSet<ComparisonId>> {
    let ids: HashSet<ComparisonId> = ids.collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    store::hidden(&**db.read(), ids).await
}

/// Refuses what would tell which model wrote an answer that is still to be judged.
pub async fn refuse_hidden(db: &Db, rows: &[message::Model]) -> Result<()> {
    if hidden(db, rows).await?.is_empty() {
        return Ok(());
    }
    let detail = "Say first which answer is better: this would tell whose it is.";
    Err(Error::new(VOTE_FIRST, detail))
}

/// Takes away what tells which model it was: its names, its cost and its speed, and the
/// provider's own words.
fn redacted(row: message::Model, hidden: &HashSet<ComparisonId>) -> message::Model {
    let is_hidden = row.comparison_id.is_some_and(|id| hidden.contains(&id));
    if !is_hidden {
        return row;
    }
    let error = row.error.as_ref().map(|error| {
        let detail = "The model failed; what it said is shown after the vote.";
        serde_json::json!({ "code": error["code"], "detail": detail })
    });
    message::Model {
        model_asked: None,
        model_used: None,
        route: None,
        context: None,
        annotations: serde_json::json!([]),
        prompt_tokens: None,
        completion_tokens: None,
        cost_microusd: None,
        ttft_ms: None,
        latency_ms: None,
        error,
        ..row
    }
}

/// An answer that somebody is about to judge.
pub struct Judged {
    pub answer: message::Model,
    /// Its model is hidden.
    pub is_blind: bool,
}

/// An answer of one's own, wherever it stands.
pub async fn judged(app: &App, who: &Principal, id: MessageId) -> Result<Judged> {
    let answer = temporary::owned_message(app, who.id, id).await?;
    if answer.role != Role::Assistant {
        return Err(not_an_answer());
    }
    let home = home(app, who.id, answer.chat_id);
    let is_blind = !hidden(&home, std::slice::from_ref(&answer))
        .await?
        .is_empty();
    Ok(Judged { answer, is_blind })
}

/// Two answers to the same question of one's own chat.
pub async fn pair(
    app: &App,
    who: &Principal,
    chat: ChatId,
    (left, right): (MessageId, MessageId),
) -> Result<(Judged, Judged)> {
    let home = home(app, who.id, chat);
    let db = &**home.read();
    let chat = rows::owned(db, who.id, chat).await?;
    let left = rows::message_of(db, chat.id, left).await?;
    let right = rows::message_of(db, chat.id, right).await?;
    if left.role != Role::Assistant || right.role != Role::Assistant {
        return Err(not_an_answer());
    }
    if left.id == right.id || left.parent_id != right.parent_id {
        let detail = "must be another answer to the same question";
        return Err(Error::field("rightMessageId", "pair", detail));
    }
    if [&left, &right]
        .iter()
        .any(|row| row.status == Status::Streaming)
    {
        let detail = "Wait until both answers have ended.";
        return Err(Error::new(ANSWER_RUNNING, detail));
    }
    let hidden = hidden(&home, &[left.clone(), right.clone()]).await?;
    let judged = |answer: message::Model| Judged {
        is_blind: answer.comparison_id.is_some_and(|id| hidden.contains(&id)),
        answer,
    };
    Ok((judged(left), judged(right)))
}

/// Shows what a blind comparison hid; for good.
pub async fn reveal(tx: &Tx, id: ComparisonId, now: DateTime<Utc>) -> Result<()> {
    store::reveal(&**tx, id, now).await?;
    super::search::remember_revealed(&**tx, id).await
}

/// Whether a comparison was blind and its vote has been cast.
pub async fn is_decided(db: &Db, id: ComparisonId) -> Result<bool> {
    let row = store::by_id(&**db.read(), id).await?;
    Ok(row.is_some_and(|row| row.is_blind && row.revealed_at.is_some()))
}

fn not_an_answer() -> Error {
    Error::new(
        NOT_AN_ANSWER,
        "Name the message of a model, not a question.",
    )
}
