//! What a model is told: the system prompt and the path from the root to the question.

use ::store::{
    MessageId,
    entity::{
        chat,
        message::{self, Status},
    },
};
use gateway::{Message, Request, Role};

use super::store;
use crate::{app::App, error::Result, features::models::Found, params::Params};

/// Messages read at the first look; a chat of ten thousand costs no more than one that fits.
const PAGE: u32 = 200;
/// Where a model does not say how much it takes.
const USUAL_CONTEXT: u32 = 32_768;
/// Characters of a token, at the least, in the languages that need most of them.
const CHARS_PER_TOKEN: u32 = 4;

/// The request whose answer fills `answer`.
pub async fn build(
    app: &App,
    chat: &chat::Model,
    answer: &message::Model,
    model: &Found,
) -> Result<Request> {
    let params = Params::from_row(&answer.params).over(Params::from_row(&chat.params));
    let mut messages = Vec::new();
    if let Some(text) = params
        .system_prompt
        .clone()
        .filter(|text| !text.trim().is_empty())
    {
        messages.push(Message {
            role: Role::System,
            content: text,
        });
    }
    let budget = model
        .model
        .context_length
        .unwrap_or(USUAL_CONTEXT)
        .saturating_mul(CHARS_PER_TOKEN);
    let budget = usize::try_from(budget).unwrap_or(usize::MAX);
    if let Some(question) = answer.parent_id {
        messages.extend(conversation(app, chat, question, budget).await?);
    }
    let continues = !answer.content.is_empty();
    if continues {
        messages.push(Message {
            role: Role::Assistant,
            content: answer.content.clone(),
        });
    }
    Ok(Request {
        model: model.model.id.clone(),
        messages,
        params: params.for_provider(),
        continues,
        conversation: Some(chat.id.to_string()),
    })
}

/// The path to the question, oldest first, from where it still fits.
async fn conversation(
    app: &App,
    chat: &chat::Model,
    question: MessageId,
    budget: usize,
) -> Result<Vec<Message>> {
    let mut newest_first: Vec<Message> = Vec::new();
    let mut used = 0;
    let mut from = Some(question);
    'pages: while let Some(leaf) = from {
        let page = store::path(&**app.db.read(), chat.id, leaf, PAGE).await?;
        from = page.first().and_then(|first| first.parent_id);
        for message in page.into_iter().rev() {
            used += message.content.len();
            // The question itself always goes along; the provider says so if it is too long.
            if used > budget && !newest_first.is_empty() {
                break 'pages;
            }
            let is_empty = message.content.is_empty() || message.status == Status::Failed;
            if !is_empty || message.role == message::Role::User {
                newest_first.push(turn(message));
            }
        }
    }
    newest_first.reverse();
    Ok(newest_first)
}

fn turn(message: message::Model) -> Message {
    let role = match message.role {
        message::Role::User => Role::User,
        message::Role::Assistant => Role::Assistant,
    };
    Message {
        role,
        content: message.content,
    }
}
