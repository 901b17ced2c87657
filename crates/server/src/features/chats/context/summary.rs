//! Summaries: older turns told in fewer words by a model, in the open and to be undone.

use std::time::Duration;

use ::store::{
    ChatId, MessageId, SummaryId,
    entity::{chat, chat_summary, message::Role},
};
use futures::StreamExt;
use gateway::{Event as Piece, Message, Request};

use super::{Room, Told, Turn, estimate, store, told};
use crate::{
    app::App,
    error::{CONTEXT_TOO_LONG, Error, NOTHING_TO_COMPACT, Result, UNAVAILABLE, UPSTREAM},
    features::{
        chats::{store as rows, temporary::home},
        models::{self, Found},
    },
    params::Params,
    platform::auth::Principal,
};

/// How long one call of the model may take.
const PATIENCE: Duration = Duration::from_mins(3);
/// How long a request waits for the summary that it asked for.
const REQUEST_PATIENCE: Duration = Duration::from_secs(25);
/// Calls for one summary at the most; what is longer is refused.
const MOST_CALLS: usize = 40;
/// The least that is worth a summary.
const FEWEST: usize = 2;
/// The turns that are kept as they are fill at most this much of the room.
const KEPT_PERCENT: u64 = 40;
const SUMMARY_TOKENS: u32 = 700;

const INSTRUCTION: &str = "You keep the memory of a conversation. Write a summary that lets \
    another assistant go on with it: facts, names, numbers, decisions, code that matters, what the \
    person wants and what is still open. Keep the language of the conversation. Reply with the \
    summary alone.";

/// Tells the older turns in a summary, so that what is told fits with room to spare; gives back
/// what is told then.
pub async fn make_room(
    app: &App,
    chat: &chat::Model,
    answering: &Found,
    params: &Params,
    told_now: Told,
) -> Result<Told> {
    let room = told_now.room;
    let fixed = told_now.system_tokens();
    let budget = room.for_prompt().saturating_sub(fixed) * KEPT_PERCENT / 100;
    let keep = kept(&told_now.turns, budget, 1);
    let leaf = told_now.turns.last().map(|turn| turn.row.id);
    if told_now.turns.len().saturating_sub(keep) < FEWEST {
        return Ok(told_now);
    }
    write(app, chat, answering, told_now, keep).await?;
    told(app, chat, leaf, params, room).await
}

/// How many of the newest turns stay as they are: `least`, and as many as the budget holds. They
/// begin with a question, as some models insist on.
fn kept(turns: &[Turn], budget: u64, least: usize) -> usize {
    let mut used = 0;
    let mut count = 0;
    let mut best = least;
    for turn in turns.iter().rev() {
        used += turn.tokens();
        count += 1;
        if used > budget {
            break;
        }
        if turn.row.role == Role::User {
            best = best.max(count);
        }
    }
    best.min(turns.len())
}

/// Writes the summary of all turns but the newest `keep`, with the summary before it.
async fn write(
    app: &App,
    chat: &chat::Model,
    answering: &Found,
    told: Told,
    keep: usize,
) -> Result<chat_summary::Model> {
    let model = match &app.config.chats.summary_model {
        Some(id) => models::find(app, id).await?,
        None => answering.clone(),
    };
    let (older, _) = told.turns.split_at(told.turns.len().saturating_sub(keep));
    let Some(last) = older.last() else {
        return Err(nothing());
    };
    let covered: u64 = older.iter().map(Turn::tokens).sum();
    let before = told.summary.as_ref();
    let text = summarise(app, &model, before.map(|one| one.content.clone()), older).await?;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = chat_summary::Model {
        id: app.clock.id(),
        chat_id: chat.id,
        upto_message_id: last.row.id,
        tokens: count(estimate(&text)),
        content: text,
        covered_messages: i64::try_from(older.len()).unwrap_or(i64::MAX)
            + before.map_or(0, |one| one.covered_messages),
        covered_tokens: count(covered) + before.map_or(0, |one| one.covered_tokens),
        model: model.id.clone(),
        created_at: app.clock.now(),
    };
    home(app, chat.owner_id, chat.id)
        .write(async |tx| {
            rows::hold(&**tx, &[chat.id]).await?;
            store::insert(&**tx, row.clone()).await
        })
        .await
}

/// Goes through the turns in portions that fit the model, taking the summary so far along.
async fn summarise(
    app: &App,
    model: &Found,
    mut so_far: Option<String>,
    turns: &[Turn],
) -> Result<String> {
    let room = Room::of(model, &Params::default());
    let portion = room
        .for_prompt()
        .saturating_sub(u64::from(SUMMARY_TOKENS) * 2)
        * 8
        / 10;
    let mut spoken = Vec::with_capacity(turns.len());
    for turn in turns {
        // Of images there are only words: a summary is told to models that cannot see, too.
        let blind = Turn {
            sees: false,
            ..turn.clone()
        };
        spoken.push((turn.row.role, blind.say(app).await?.text));
    }
    let portions = portions(&spoken, portion.max(256));
    if portions.len() > MOST_CALLS {
        let detail = "There is more before it than can be summed up; fork the chat at a later \
                      message, or choose a model that takes more.";
        return Err(Error::new(CONTEXT_TOO_LONG, detail));
    }
    for portion in portions {
        so_far = Some(ask(app, model, so_far.as_deref(), &portion).await?);
    }
    so_far.ok_or_else(nothing)
}

/// The turns as text, cut into portions of about so many tokens.
fn portions(turns: &[(Role, String)], most: u64) -> Vec<String> {
    let mut portions = Vec::new();
    let mut text = String::new();
    let mut used = 0;
    for (role, content) in turns {
        let speaker = match role {
            Role::User => "Person",
            Role::Assistant => "Assistant",
        };
        for piece in pieces(content, most) {
            let tokens = estimate(piece) + 4;
            if used + tokens > most && !text.is_empty() {
                portions.push(std::mem::take(&mut text));
                used = 0;
            }
            used += tokens;
            text.push_str(speaker);
            text.push_str(": ");
            text.push_str(piece);
            text.push_str("\n\n");
        }
    }
    if !text.is_empty() {
        portions.push(text);
    }
    portions
}

/// One message in pieces that each fit.
fn pieces(content: &str, most: u64) -> Vec<&str> {
    // No character takes more than two tokens.
    let most_chars = usize::try_from(most / 2).unwrap_or(usize::MAX).max(1);
    if estimate(content) <= most {
        return vec![content];
    }
    let ends = content
        .char_indices()
        .map(|(at, _)| at)
        .step_by(most_chars)
        .skip(1);
    let mut pieces = Vec::new();
    let mut begin = 0;
    for end in ends.chain(std::iter::once(content.len())) {
        pieces.push(content.get(begin..end).unwrap_or_default());
        begin = end;
    }
    pieces
}

async fn ask(app: &App, model: &Found, so_far: Option<&str>, turns: &str) -> Result<String> {
    let known = so_far.map_or_else(String::new, |text| format!("Summary so far:\n{text}\n\n"));
    let request = Request {
        model: model.model.id.clone(),
        messages: vec![
            Message::new(gateway::Role::System, INSTRUCTION),
            Message::new(
                gateway::Role::User,
                format!("{known}Conversation:\n{turns}\nSummary:"),
            ),
        ],
        params: gateway::Params {
            temperature: Some(0.2),
            max_tokens: Some(SUMMARY_TOKENS),
            ..gateway::Params::default()
        },
        ..Request::default()
    };
    let limits = gateway::Limits {
        total: PATIENCE,
        retries: app.config.gateway.retries,
        ..gateway::Limits::default()
    };
    let mut pieces = gateway::generate(model.provider.clone(), request, limits);
    let mut text = String::new();
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(Piece::Text(piece)) => text.push_str(&piece),
            Ok(_) => {}
            Err(error) => {
                let detail = format!("The older turns could not be summed up: {}", error.message);
                return Err(Error::new(UPSTREAM, detail));
            }
        }
    }
    let text = text.trim().to_owned();
    if text.is_empty() {
        let detail = "The older turns could not be summed up: the model said nothing.";
        return Err(Error::new(UPSTREAM, detail));
    }
    Ok(text)
}

/// Sums up all but the last question and its answer, as the owner asks.
pub async fn compact(
    app: &App,
    who: &Principal,
    id: ChatId,
    leaf: Option<MessageId>,
    model: Option<&str>,
) -> Result<chat_summary::Model> {
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
    let told = told(app, &chat, leaf.or(chat.active_leaf_id), &params, room).await?;
    let keep = kept(&told.turns, 0, 2);
    if told.turns.len().saturating_sub(keep) < FEWEST {
        return Err(nothing());
    }
    let background = app.clone();
    // It is written to its end also when the request has to be answered before.
    let work = app
        .tasks
        .spawn(async move { write(&background, &chat, &found, told, keep).await });
    match tokio::time::timeout(REQUEST_PATIENCE, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(failure)) => Err(Error::internal(failure)),
        Err(_) => {
            let detail = "The summary is still being written; look at the chat again in a moment.";
            Err(Error::new(UNAVAILABLE, detail).retry_after(Duration::from_secs(10)))
        }
    }
}

/// Takes a summary back: the turns that it stood for are told again.
pub async fn undo(app: &App, who: &Principal, chat: ChatId, id: SummaryId) -> Result<()> {
    home(app, who.id, chat)
        .write(async |tx| {
            let chat = rows::owned(&**tx, who.id, chat).await?;
            store::delete(&**tx, chat.id, id).await
        })
        .await
}

fn nothing() -> Error {
    let detail = "There are too few turns before the last to sum up.";
    Error::new(NOTHING_TO_COMPACT, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_and_none_of_it_is_lost() {
        let content = "नदी river 🌊 ".repeat(400);
        let pieces = pieces(&content, 100);
        assert!(pieces.len() > 10);
        assert_eq!(pieces.concat(), content);
        assert!(pieces.iter().all(|piece| estimate(piece) <= 100));
    }
}
