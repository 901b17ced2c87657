//! What a model is told: the system prompt, the summary of what is too much, and the path from
//! there to the question.

use ::store::entity::{
    chat,
    message::{self, Role as Speaker},
};
use gateway::{Message, Request, Role};

use super::context::{self, Missed, PER_MESSAGE, Room, Told, estimate, make_room};
use crate::{
    app::App,
    error::{CONTEXT_TOO_LONG, Error, Result},
    features::{files, models::Found},
    params::Params,
};

const SUMMARY_INTRODUCTION: &str = "Summary of the earlier conversation, which you no longer see:";

/// What is sent, and what is remembered of it.
pub struct Prompt {
    pub request: Request,
    /// Tokens and summary, as [`context::record`] has it.
    pub context: serde_json::Value,
}

/// The request whose answer fills `answer`. What does not fit is summed up first.
pub async fn build(
    app: &App,
    chat: &chat::Model,
    answer: &message::Model,
    model: &Found,
) -> Result<Prompt> {
    let params = Params::from_row(&answer.params).over(Params::from_row(&chat.params));
    let room = Room::of(model, &params);
    let mut told = context::told(app, chat, answer.parent_id, &params, room).await?;
    if files_are_read(app, &told).await? {
        told = context::told(app, chat, answer.parent_id, &params, room).await?;
    }
    let begun = if answer.content.is_empty() {
        0
    } else {
        estimate(&answer.content) + PER_MESSAGE
    };
    let settings = &app.config.chats;
    let is_full = |told: &Told, percent: u64| {
        (told.tokens() + begun) * 100 > told.room.for_prompt() * percent
    };
    if settings.auto_compact && is_full(&told, settings.compact_at_percent) {
        let is_needed = is_full(&told, 100);
        let before = context::told(app, chat, answer.parent_id, &params, room);
        told = match make_room(app, chat, model, &params, told).await {
            Ok(told) => told,
            // It would still fit as it is: no reason to fail.
            Err(error) if !is_needed => {
                tracing::warn!(chat = %chat.id, cause = error.chain(), "chat {} stays as it is", chat.id);
                before.await?
            }
            Err(error) => return Err(too_long(&error.detail)),
        };
    }
    if is_full(&told, 100) {
        return Err(too_long(
            "Shorten the question, fork the chat, or choose a model that takes more.",
        ));
    }
    let summary = told.summary.as_ref().map(|summary| summary.id);
    let tokens = told.tokens() + begun;
    let (messages, missed) = messages(app, told, answer).await?;
    Ok(Prompt {
        context: context::record(tokens, summary, missed),
        request: Request {
            model: model.model.id.clone(),
            messages,
            params: params.for_provider(),
            continues: begun > 0,
            conversation: Some(chat.id.to_string()),
        },
    })
}

fn too_long(detail: &str) -> Error {
    let detail = format!("The conversation is longer than the model takes. {detail}");
    Error::new(CONTEXT_TOO_LONG, detail)
}

/// Waits for files that are still being read, but not for ever; false where there is none.
async fn files_are_read(app: &App, told: &Told) -> Result<bool> {
    let waiting = told.waiting();
    if waiting.is_empty() {
        return Ok(false);
    }
    let read = files::until_ready(app, &waiting);
    // Whoever is not ready by then is told as not read.
    match tokio::time::timeout(app.config.files.patience, read).await {
        Ok(outcome) => outcome.map(|()| true),
        Err(_) => Ok(true),
    }
}

async fn messages(
    app: &App,
    told: Told,
    answer: &message::Model,
) -> Result<(Vec<Message>, Missed)> {
    // One system message, since some models take only one.
    let summary = told
        .summary
        .map(|summary| format!("{SUMMARY_INTRODUCTION}\n{}", summary.content));
    let system: Vec<String> = told.system.into_iter().chain(summary).collect();
    let mut messages = Vec::with_capacity(told.turns.len() + 2);
    let mut missed = Missed::default();
    if !system.is_empty() {
        messages.push(Message::new(Role::System, system.join("\n\n")));
    }
    for turn in told.turns {
        let role = match turn.row.role {
            Speaker::User => Role::User,
            Speaker::Assistant => Role::Assistant,
        };
        if turn.files.is_empty() {
            messages.push(Message::new(role, turn.row.content));
            continue;
        }
        let said = turn.say(app).await?;
        missed.images += said.missed.images;
        missed.files += said.missed.files;
        messages.push(Message {
            role,
            content: said.text,
            images: said.images,
        });
    }
    if !answer.content.is_empty() {
        messages.push(Message::new(Role::Assistant, answer.content.clone()));
    }
    Ok((messages, missed))
}
