//! Questions: a new chat, or the next message of one.

use ::store::{
    ChatId, GenerationId, MessageId, Tx,
    entity::{
        chat::{self, TitleSource},
        message::{self, Role},
    },
};

use super::{
    answering::{begin, insert_generation, ready, refuse_running},
    checks::{check_content, checked_id, checked_title},
    rows::{answer, question},
};
use crate::{
    app::App,
    error::{Error, Result},
    events::Event,
    features::{
        accounts,
        chats::{params::Params, store, titles},
    },
    platform::auth::Principal,
};

/// A question that begins a chat.
pub struct NewChat {
    pub id: Option<ChatId>,
    pub user_message_id: Option<MessageId>,
    pub message: String,
    pub model: Option<String>,
    pub params: Params,
    pub title: Option<String>,
}

/// A question in a chat.
pub struct NewMessage {
    pub id: Option<MessageId>,
    pub content: String,
    pub parent: Parent,
    pub model: Option<String>,
    pub params: Params,
}

/// Where a question is put in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Below what is shown.
    ActiveLeaf,
    /// A new first message.
    Root,
    Message(MessageId),
}

/// What a question made.
pub struct Sent {
    pub chat: chat::Model,
    pub question: message::Model,
    pub answer: message::Model,
    pub(super) generation: GenerationId,
}

pub async fn create(app: &App, who: &Principal, new: NewChat) -> Result<Sent> {
    check_content("message", &new.message)?;
    let title = new.title.as_deref().map(checked_title).transpose()?;
    new.params.check()?;
    let ready = ready(app, who, new.model.as_deref(), None).await?;
    let now = app.clock.now();
    let (title, title_source) = match title {
        Some(title) => (title, TitleSource::User),
        None => (titles::first_words(&new.message), TitleSource::Words),
    };
    let chat = chat::Model {
        id: checked_id("id", new.id.map(|id| id.0))?.map_or_else(|| app.clock.id(), ChatId),
        owner_id: who.id,
        title_source,
        title_key: titles::key(&title),
        title,
        pinned: false,
        archived: false,
        unread: false,
        folder_id: None,
        origin: None,
        active_leaf_id: None,
        model_choice: Some(ready.id.clone()),
        params: new.params.to_row(),
        created_at: now,
        updated_at: now,
    };
    let question_id = checked_id("userMessageId", new.user_message_id.map(|id| id.0))?;
    let question = question(
        app,
        chat.id,
        None,
        question_id,
        new.message,
        &Params::default(),
    );
    let answer = answer(app, &question, &ready.id, &Params::default());
    let sent = app
        .db
        .write(async |tx| {
            store::insert_chat(&**tx, chat.clone()).await?;
            tx.emit(&Event::ChatCreated {
                chat: chat.id,
                owner: who.id,
            });
            put(app, tx, who, chat.clone(), question.clone(), answer.clone()).await
        })
        .await?;
    begin(app, &sent, ready);
    Ok(sent)
}

pub async fn send(app: &App, who: &Principal, chat: ChatId, new: NewMessage) -> Result<Sent> {
    check_content("content", &new.content)?;
    new.params.check()?;
    let chat = store::owned(&**app.db.read(), who.id, chat).await?;
    let ready = ready(app, who, new.model.as_deref(), chat.model_choice.as_deref()).await?;
    let id = checked_id("id", new.id.map(|id| id.0))?;
    let chosen = new.model.is_some();
    let sent = app
        .db
        .write(async |tx| {
            let mut chat = store::owned(&**tx, who.id, chat.id).await?;
            let parent = match new.parent {
                Parent::Root => None,
                Parent::ActiveLeaf => chat.active_leaf_id,
                Parent::Message(id) => Some(id),
            };
            if let Some(parent) = parent {
                check_parent(tx, chat.id, parent).await?;
            }
            if chosen {
                chat.model_choice = Some(ready.id.clone());
            }
            let question = question(app, chat.id, parent, id, new.content.clone(), &new.params);
            let answer = answer(app, &question, &ready.id, &new.params);
            put(app, tx, who, chat, question, answer).await
        })
        .await?;
    begin(app, &sent, ready);
    Ok(sent)
}

/// A question follows an answer that has come to its end.
async fn check_parent(tx: &Tx, chat: ChatId, parent: MessageId) -> Result<()> {
    let parent = store::message_of(&**tx, chat, parent).await?;
    if parent.role != Role::Assistant {
        return Err(Error::field(
            "parentId",
            "role",
            "must be an answer, or null for a new beginning",
        ));
    }
    refuse_running(&parent)
}

/// Stores a question with its unfinished answer, and the generation that will fill it.
async fn put(
    app: &App,
    tx: &Tx,
    who: &Principal,
    chat: chat::Model,
    question: message::Model,
    answer: message::Model,
) -> Result<Sent> {
    let question = store::insert_message(&**tx, question).await?;
    let answer = store::insert_message(&**tx, answer).await?;
    let chat = chat::Model {
        active_leaf_id: Some(answer.id),
        updated_at: answer.created_at,
        ..chat
    };
    let chat = store::save_chat(&**tx, chat).await?;
    if let Some(model) = &answer.model_asked {
        accounts::remember_model(tx, who.id, model).await?;
    }
    let generation = insert_generation(app, tx, &answer).await?;
    Ok(Sent {
        chat,
        question,
        answer,
        generation,
    })
}
