//! The rules of votes.

use ::store::{
    ChatId, MessageId,
    entity::{
        message,
        message_vote::{self, Thumb},
        pair_vote::{self, Winner},
    },
};

use super::store;
use crate::{
    app::App,
    error::{Error, MODEL_NOT_FOUND, Result, VOTE_FINAL},
    events::Event,
    features::chats::{self, Judged},
    platform::auth::Principal,
};

const MAX_REASON: usize = 2_000;

/// Thumbs for one answer; `None` takes them back.
pub struct Opinion {
    pub message: MessageId,
    pub thumb: Option<Thumb>,
    pub reason: Option<String>,
}

/// Which of two answers is better.
pub struct Verdict {
    pub chat: ChatId,
    pub left: MessageId,
    pub right: MessageId,
    pub winner: Winner,
}

pub async fn rate(
    app: &App,
    who: &Principal,
    opinion: Opinion,
) -> Result<Option<message_vote::Model>> {
    let reason = checked_reason(opinion.reason)?;
    let Judged { answer, is_blind } = chats::judged(app, who, opinion.message).await?;
    let now = app.clock.now();
    // A vote is kept where its chat is.
    let home = chats::home(app, who.id, answer.chat_id);
    let changed = changed(who, answer.chat_id, vec![answer.id]);
    let Some(vote) = opinion.thumb else {
        home.write(async |tx| {
            store::take_back(tx, who.id, answer.id).await?;
            tx.emit(&changed);
            Ok::<_, Error>(())
        })
        .await?;
        return Ok(None);
    };
    let row = message_vote::Model {
        user_id: who.id,
        message_id: answer.id,
        vote,
        reason,
        model: model_of(&answer),
        category: None,
        is_blind,
        created_at: now,
        updated_at: now,
    };
    home.write(async |tx| {
        tx.emit(&changed);
        store::put(tx, row.clone()).await
    })
    .await
    .map(Some)
}

/// Answers are shown with what their owner thinks of them, and what a vote revealed.
fn changed(who: &Principal, chat: ChatId, messages: Vec<MessageId>) -> Event {
    Event::MessagesChanged {
        chat,
        owner: who.id,
        messages,
    }
}

/// Stores the verdict; gives back the vote and, where there is something to show, both answers.
pub async fn decide(
    app: &App,
    who: &Principal,
    verdict: Verdict,
) -> Result<(pair_vote::Model, [message::Model; 2])> {
    let sides = (verdict.left, verdict.right);
    let (left, right) = chats::pair(app, who, verdict.chat, sides).await?;
    let now = app.clock.now();
    let comparison = left
        .answer
        .comparison_id
        .filter(|id| right.answer.comparison_id == Some(*id));
    let named = |answer: &message::Model| {
        model_of(answer).ok_or_else(|| {
            let detail = "One of these answers was not written by a model.";
            Error::new(MODEL_NOT_FOUND, detail)
        })
    };
    let row = pair_vote::Model {
        user_id: who.id,
        pair_key: pair_key(left.answer.id, right.answer.id),
        chat_id: verdict.chat,
        comparison_id: comparison,
        left_message_id: left.answer.id,
        right_message_id: right.answer.id,
        left_model: named(&left.answer)?,
        right_model: named(&right.answer)?,
        winner: verdict.winner,
        category: None,
        is_blind: left.is_blind || right.is_blind,
        created_at: now,
        updated_at: now,
    };
    let home = chats::home(app, who.id, verdict.chat);
    let is_decided = match comparison {
        Some(id) => chats::is_decided(&home, id).await?,
        None => false,
    };
    let vote = home
        .write(async |tx| {
            let old = store::verdict(tx, who.id, &row.pair_key).await?;
            let is_final = is_decided || old.as_ref().is_some_and(|old| old.is_blind);
            match old {
                Some(old) if is_final && is_same(&old, &row) => return Ok(old),
                Some(_) if is_final => {
                    let detail = "It was cast blind, and the models are known now.";
                    return Err(Error::new(VOTE_FINAL, detail));
                }
                _ => {}
            }
            let vote = store::put_verdict(tx, row.clone()).await?;
            tx.emit(&changed(
                who,
                verdict.chat,
                vec![left.answer.id, right.answer.id],
            ));
            if let Some(id) = comparison.filter(|_| row.is_blind) {
                chats::reveal(tx, id, now).await?;
            }
            Ok::<_, Error>(vote)
        })
        .await?;
    Ok((vote, [left.answer, right.answer]))
}

/// The same verdict, whichever answer is called the left one.
fn is_same(old: &pair_vote::Model, new: &pair_vote::Model) -> bool {
    let turned = match new.winner {
        Winner::Left => Winner::Right,
        Winner::Right => Winner::Left,
        other => other,
    };
    let is_turned = old.left_message_id != new.left_message_id;
    old.winner == if is_turned { turned } else { new.winner }
}

/// The pair, whichever way round.
fn pair_key(one: MessageId, other: MessageId) -> String {
    let (first, second) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    format!("{first}:{second}")
}

fn model_of(answer: &message::Model) -> Option<String> {
    answer.model_used.clone().or(answer.model_asked.clone())
}

fn checked_reason(reason: Option<String>) -> Result<Option<String>> {
    let reason = reason.map(|reason| reason.trim().to_owned());
    let reason = reason.filter(|reason| !reason.is_empty());
    if reason
        .as_deref()
        .is_some_and(|reason| reason.chars().count() > MAX_REASON)
    {
        let detail = "2,000 characters at the most";
        return Err(Error::field("reason", "length", detail));
    }
    Ok(reason)
}
