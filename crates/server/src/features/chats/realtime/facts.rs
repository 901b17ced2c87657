//! Facts about chats, told to the sockets of this node.

use serde_json::{Value, json};
use store::{ChatId, MessageId, UserId};

use super::{
    super::{
        compare,
        generate::status_name,
        http::views::{ChatSummary, MessageView},
        organising, reading, store as rows,
        temporary::{self, home},
    },
    deltas, room,
};
use crate::{app::App, error::Result, events::Event, platform::realtime::user_room};

/// What the sockets of this node are told of a fact.
pub(super) async fn tell(app: &App, event: &Event) -> Result<()> {
    match event {
        Event::ChatCreated { chat, owner } => summary(app, *owner, *chat, "chat:created").await,
        Event::ChatUpdated { chat, owner } | Event::ChatRead { chat, owner } => {
            summary(app, *owner, *chat, "chat:updated").await
        }
        Event::ChatDeleted { chat, owner } => {
            let payload = json!({ "chatId": chat });
            app.realtime
                .emit(&user_room(*owner), "chat:deleted", &payload);
            Ok(())
        }
        Event::MessageSent {
            chat,
            owner,
            messages,
        } => sent(app, *owner, *chat, messages).await,
        Event::AnswerEnded {
            chat,
            message,
            owner,
            ..
        } => ended(app, *owner, *chat, *message).await,
        Event::UserDeleted { user } => temporary::forget_owner(app, *user).await,
        _ => Ok(()),
    }
}

/// Whom facts of a chat are told: a temporary one is in no list, so those who have it open.
fn audience(app: &App, owner: UserId, chat: ChatId) -> String {
    if temporary::holds(app, owner, chat) {
        room(chat)
    } else {
        user_room(owner)
    }
}

async fn summary(app: &App, owner: UserId, chat: ChatId, event: &str) -> Result<()> {
    let to = user_room(owner);
    if app.realtime.is_empty(&to) || temporary::holds(app, owner, chat) {
        return Ok(());
    }
    let row = rows::owned(&**app.db.read(), owner, chat).await?;
    let mut tags = organising::service::tags_of(app, &[chat]).await?;
    let tags = tags.remove(&chat).unwrap_or_default();
    let payload = json!({ "chat": ChatSummary::of(app, row, tags) });
    app.realtime.emit(&to, event, &payload);
    Ok(())
}

/// A question with its answers, or an answer that is made again.
async fn sent(app: &App, owner: UserId, chat: ChatId, ids: &[MessageId]) -> Result<()> {
    let to = audience(app, owner, chat);
    if app.realtime.is_empty(&to) {
        return Ok(());
    }
    let mut question = Value::Null;
    let mut answers = Vec::with_capacity(ids.len());
    for id in ids {
        let (is_question, view) = shown(app, owner, chat, *id).await?;
        let view = serde_json::to_value(view)?;
        if is_question {
            question = view;
        } else {
            answers.push(view);
        }
    }
    let payload = json!({
        "chatId": chat,
        "userMessage": question,
        "assistantMessages": answers,
    });
    app.realtime.emit(&to, "message:created", &payload);
    summary(app, owner, chat, "chat:updated").await
}

async fn ended(app: &App, owner: UserId, chat: ChatId, id: MessageId) -> Result<()> {
    deltas::finish(app, id).await;
    let to = room(chat);
    if !app.realtime.is_empty(&to) {
        // The node that wrote it may not know who looks on here.
        reading::seen(app, owner, chat).await?;
        let home = home(app, owner, chat);
        let row = rows::message_of(&**home.read(), chat, id).await?;
        let mut status = json!({
            "chatId": chat,
            "messageId": id,
            "seq": row.applied_seq,
            "status": status_name(row.status),
        });
        if let (Some(error), Some(fields)) = (row.error, status.as_object_mut()) {
            fields.insert("error".to_owned(), error);
        }
        app.realtime.emit(&to, "message:status", &status);
        let (_, message) = shown(app, owner, chat, id).await?;
        let done = json!({ "chatId": chat, "message": message });
        app.realtime.emit(&to, "message:done", &done);
    }
    summary(app, owner, chat, "chat:updated").await
}

/// A message as its owner may see it, and whether it is a question.
async fn shown(
    app: &App,
    owner: UserId,
    chat: ChatId,
    id: MessageId,
) -> Result<(bool, MessageView)> {
    let home = home(app, owner, chat);
    let row = rows::message_of(&**home.read(), chat, id).await?;
    let is_question = row.role == store::entity::message::Role::User;
    let siblings = reading::siblings_of(app, owner, &row).await?;
    let shown = compare::show_one(app, owner, row).await?;
    Ok((is_question, MessageView::of(shown, &siblings)))
}
