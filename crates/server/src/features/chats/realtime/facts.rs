//! Facts about chats, told to the sockets of this node.

use serde_json::{Value, json};
use store::{
    ChatId, GenerationId, MessageId, UserId,
    entity::message::{self, Role, Status},
};

use super::{
    super::{
        compare::{self, Shown},
        generate::status_name,
        http::views::{ChatSummary, MessageView},
        organising, reading, store as rows,
        temporary::{self, home},
    },
    deltas, elsewhere, room,
};
use crate::{
    app::App,
    error::Result,
    events::Event,
    platform::realtime::user_room,
    signals::{self, Signal},
};

/// What the sockets of this node are told of a fact.
pub(super) async fn tell(app: &App, event: &Event) -> Result<()> {
    match event {
        Event::ChatCreated { chat, owner } => {
            summary(app, *owner, *chat, signals::CHAT_CREATED).await
        }
        Event::ChatUpdated { chat, owner } | Event::ChatRead { chat, owner } => {
            summary(app, *owner, *chat, signals::CHAT_UPDATED).await
        }
        Event::ChatDeleted { chat, owner } => {
            let payload = json!({ "chatId": chat });
            app.realtime
                .emit(&user_room(*owner), signals::CHAT_DELETED, &payload);
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
            generation,
            ..
        } => ended(app, *owner, (*chat, *message), *generation).await,
        Event::MessagesChanged {
            chat,
            owner,
            messages,
        } => changed(app, *owner, *chat, messages).await,
        Event::FoldersChanged { owner } => {
            app.realtime
                .emit(&user_room(*owner), signals::FOLDERS_CHANGED, &json!({}));
            Ok(())
        }
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

async fn summary(app: &App, owner: UserId, chat: ChatId, signal: Signal) -> Result<()> {
    let to = user_room(owner);
    if app.realtime.is_empty(&to) || temporary::holds(app, owner, chat) {
        return Ok(());
    }
    let row = rows::owned(&**app.db.read(), owner, chat).await?;
    let mut tags = organising::service::tags_of(app, &[chat]).await?;
    let tags = tags.remove(&chat).unwrap_or_default();
    let payload = json!({ "chat": ChatSummary::of(app, row, tags) });
    app.realtime.emit(&to, signal, &payload);
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
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let row = rows::message_of(&**home(app, owner, chat).read(), chat, *id).await?;
        let view = serde_json::to_value(view(app, owner, row.clone()).await?)?;
        match row.role {
            Role::User => question = view,
            Role::Assistant => answers.push(view),
        }
        rows.push(row);
    }
    let payload = json!({
        "chatId": chat,
        "userMessage": question,
        "assistantMessages": answers,
    });
    app.realtime.emit(&to, signals::MESSAGE_CREATED, &payload);
    for row in &rows {
        elsewhere::follow(app, row).await?;
    }
    summary(app, owner, chat, signals::CHAT_UPDATED).await
}

/// Messages that are shown otherwise than before, or gone on with.
async fn changed(app: &App, owner: UserId, chat: ChatId, ids: &[MessageId]) -> Result<()> {
    let to = audience(app, owner, chat);
    if app.realtime.is_empty(&to) {
        return Ok(());
    }
    for id in ids {
        let row = rows::message_of(&**home(app, owner, chat).read(), chat, *id).await?;
        let message = view(app, owner, row.clone()).await?;
        let payload = json!({ "chatId": chat, "message": message });
        app.realtime.emit(&to, signals::MESSAGE_UPDATED, &payload);
        elsewhere::follow(app, &row).await?;
    }
    Ok(())
}

/// The rest of the pieces, then the status, then the whole.
async fn ended(
    app: &App,
    owner: UserId,
    (chat, id): (ChatId, MessageId),
    generation: Option<GenerationId>,
) -> Result<()> {
    deltas::finish(app, chat, id, generation).await?;
    let to = room(chat);
    if !app.realtime.is_empty(&to) {
        // The node that wrote it may not know who looks on here.
        reading::seen(app, owner, chat).await?;
        let row = rows::message_of(&**home(app, owner, chat).read(), chat, id).await?;
        let siblings = reading::siblings_of(app, owner, &row).await?;
        let shown = compare::show_one(app, owner, row).await?;
        // Gone on with since: it will end again.
        if shown.row().status != Status::Streaming {
            app.realtime
                .emit(&to, signals::MESSAGE_STATUS, &status(&shown));
            let message = MessageView::of(shown, &siblings);
            let done = json!({ "chatId": chat, "message": message });
            app.realtime.emit(&to, signals::MESSAGE_DONE, &done);
        }
    }
    summary(app, owner, chat, signals::CHAT_UPDATED).await
}

fn status(shown: &Shown) -> Value {
    let row = shown.row();
    let mut status = json!({
        "chatId": row.chat_id,
        "messageId": row.id,
        "seq": row.applied_seq,
        "status": status_name(row.status),
    });
    if let (Some(error), Some(fields)) = (&row.error, status.as_object_mut()) {
        fields.insert("error".to_owned(), error.clone());
    }
    status
}

/// A message as its owner may see it.
async fn view(app: &App, owner: UserId, row: message::Model) -> Result<MessageView> {
    let siblings = reading::siblings_of(app, owner, &row).await?;
    let shown = compare::show_one(app, owner, row).await?;
    Ok(MessageView::of(shown, &siblings))
}
