//! What people do with chats: the rules and the transactions.

use std::{sync::Arc, time::Duration};

use ::store::{
    ChatId, GenerationId, MessageId, Tx,
    entity::{
        chat::{self, TitleSource},
        generation,
        message::{self, Role, Status},
    },
};
use chrono::{DateTime, Utc};

use super::{
    generate,
    live::{Live, Snapshot},
    params::Params,
    store, titles,
};
use crate::{
    app::App,
    error::{ANSWER_COMPLETE, ANSWER_RUNNING, Error, NOT_AN_ANSWER, Result, UNAVAILABLE},
    events::Event,
    features::{accounts, models},
    platform::auth::Principal,
};

/// Characters of one message at the most; the body's limit bounds it too.
const MAX_CONTENT: usize = 1_000_000;
const MAX_TITLE: usize = 200;
/// How long a request to stop waits for the answer to have stopped.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

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

/// What to change of a chat; `None` leaves it.
#[derive(Default)]
pub struct ChangeChat {
    pub title: Option<String>,
    pub pinned: Option<bool>,
    pub archived: Option<bool>,
    pub model: Option<Option<String>>,
    pub params: Option<Params>,
    pub active_leaf: Option<MessageId>,
}

/// What a question made.
pub struct Sent {
    pub chat: chat::Model,
    pub question: message::Model,
    pub answer: message::Model,
    generation: GenerationId,
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

fn refuse_running(message: &message::Model) -> Result<()> {
    if message.status == Status::Streaming {
        let detail = "Wait for the answer, or stop it, before you go on from it.";
        return Err(Error::new(ANSWER_RUNNING, detail));
    }
    Ok(())
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

async fn insert_generation(app: &App, tx: &Tx, answer: &message::Model) -> Result<GenerationId> {
    let now = app.clock.now();
    let row = generation::Model {
        id: app.clock.id(),
        message_id: answer.id,
        chat_id: answer.chat_id,
        node_id: app.answers.node_id.clone(),
        is_running: true,
        stop_requested: false,
        heartbeat_at: now,
        started_at: now,
        ended_at: None,
    };
    let id = row.id;
    store::insert_generation(&**tx, row).await?;
    Ok(id)
}

/// Everything is stored: sets the task to work that fills the answer.
fn begin(app: &App, sent: &Sent, model: models::Found) {
    let Sent {
        chat,
        answer,
        generation,
        ..
    } = sent;
    let so_far = Snapshot {
        seq: answer.applied_seq,
        content: answer.content.clone(),
        reasoning: answer.reasoning.clone().unwrap_or_default(),
    };
    let live = Arc::new(Live::new(
        (*generation, answer.id, chat.id, chat.owner_id),
        so_far,
    ));
    app.answers.add(live.clone());
    app.tasks.spawn(generate::run(
        app.clone(),
        live,
        chat.clone(),
        answer.clone(),
        model,
    ));
}

/// A model for the next answer, and a place to make it in.
async fn ready(
    app: &App,
    who: &Principal,
    asked: Option<&str>,
    chat: Option<&str>,
) -> Result<models::Found> {
    if app.tasks.is_stopping() {
        let detail = "The server is stopping; try again in a moment.";
        return Err(Error::new(UNAVAILABLE, detail).retry_after(Duration::from_secs(5)));
    }
    app.answers.admit()?;
    if let Some(id) = asked {
        return models::find(app, id).await;
    }
    let preferences = accounts::preferences(app, who.id).await?;
    let wishes = [
        chat,
        preferences.default_model.as_deref(),
        preferences.last_model.as_deref(),
    ];
    models::choose(app, &wishes).await
}

pub async fn retry(
    app: &App,
    who: &Principal,
    chat: ChatId,
    id: MessageId,
    model: Option<String>,
) -> Result<message::Model> {
    let chat = store::owned(&**app.db.read(), who.id, chat).await?;
    let old = store::message_of(&**app.db.read(), chat.id, id).await?;
    let question = answered_by(&old)?;
    let asked = model.as_deref();
    let usual = old.model_asked.as_deref().or(chat.model_choice.as_deref());
    let ready = ready(app, who, asked, usual).await?;
    let sent = app
        .db
        .write(async |tx| {
            let mut chat = store::owned(&**tx, who.id, chat.id).await?;
            refuse_running(&store::message_of(&**tx, chat.id, id).await?)?;
            let question = store::message_of(&**tx, chat.id, question).await?;
            let answer = answer(app, &question, &ready.id, &Params::from_row(&old.params));
            let answer = store::insert_message(&**tx, answer).await?;
            if asked.is_some() {
                chat.model_choice = Some(ready.id.clone());
                accounts::remember_model(tx, who.id, &ready.id).await?;
            }
            chat.active_leaf_id = Some(answer.id);
            chat.updated_at = answer.created_at;
            let chat = store::save_chat(&**tx, chat).await?;
            let generation = insert_generation(app, tx, &answer).await?;
            Ok::<_, Error>(Sent {
                chat,
                question,
                answer,
                generation,
            })
        })
        .await?;
    begin(app, &sent, ready);
    Ok(sent.answer)
}

/// Only an answer can be made again, or gone on with.
fn answered_by(message: &message::Model) -> Result<MessageId> {
    match (message.role, message.parent_id) {
        (Role::Assistant, Some(question)) => Ok(question),
        _ => Err(Error::new(
            NOT_AN_ANSWER,
            "Name the message of a model, not a question.",
        )),
    }
}

/// Goes on with an answer that was cut short; its text only grows.
pub async fn go_on(
    app: &App,
    who: &Principal,
    chat: ChatId,
    id: MessageId,
) -> Result<message::Model> {
    let chat = store::owned(&**app.db.read(), who.id, chat).await?;
    let old = store::message_of(&**app.db.read(), chat.id, id).await?;
    let question = answered_by(&old)?;
    let usual = old.model_asked.as_deref().or(chat.model_choice.as_deref());
    let ready = ready(app, who, None, usual).await?;
    let sent = app
        .db
        .write(async |tx| {
            let chat = store::owned(&**tx, who.id, chat.id).await?;
            let row = store::message_of(&**tx, chat.id, id).await?;
            refuse_running(&row)?;
            let is_cut = row.finish_reason.as_deref() == Some("length");
            if row.status == Status::Complete && !is_cut {
                let detail = "There is nothing to go on with; retry makes another answer.";
                return Err(Error::new(ANSWER_COMPLETE, detail));
            }
            let row = message::Model {
                status: Status::Streaming,
                error: None,
                finish_reason: None,
                ..row
            };
            let answer = store::save_message(&**tx, row).await?;
            let question = store::message_of(&**tx, chat.id, question).await?;
            let generation = insert_generation(app, tx, &answer).await?;
            Ok(Sent {
                chat,
                question,
                answer,
                generation,
            })
        })
        .await?;
    begin(app, &sent, ready);
    Ok(sent.answer)
}

/// Ends an answer where it is; what was shown is kept. An answer that has ended stays as it is.
pub async fn stop(
    app: &App,
    who: &Principal,
    chat: ChatId,
    id: MessageId,
) -> Result<message::Model> {
    let chat = store::owned(&**app.db.read(), who.id, chat).await?.id;
    answered_by(&store::message_of(&**app.db.read(), chat, id).await?)?;
    if let Some(live) = app.answers.get(id) {
        live.stop.cancel();
    } else if let Some(generation) = store::running(&**app.db.read(), id).await? {
        // Another node writes it; that node looks here every second.
        app.db
            .write(async |tx| store::request_stop(&**tx, generation.id).await)
            .await?;
    }
    let ended = async {
        loop {
            let row = store::message_of(&**app.db.read(), chat, id).await?;
            if row.status != Status::Streaming {
                return Ok(row);
            }
            let ended = app.answers.ended.notified();
            tokio::time::timeout(Duration::from_millis(100), ended)
                .await
                .ok();
        }
    };
    tokio::time::timeout(STOP_PATIENCE, ended)
        .await
        .unwrap_or_else(|_| {
            let detail = "The answer will stop, but has not yet; look again in a moment.";
            Err(Error::new(UNAVAILABLE, detail).retry_after(Duration::from_secs(2)))
        })
}

pub async fn change(
    app: &App,
    who: &Principal,
    id: ChatId,
    change: ChangeChat,
) -> Result<chat::Model> {
    let title = change.title.as_deref().map(checked_title).transpose()?;
    if let Some(params) = &change.params {
        params.check()?;
    }
    if let Some(Some(model)) = &change.model {
        models::find(app, model).await?;
    }
    app.db
        .write(async |tx| {
            let mut chat = store::owned(&**tx, who.id, id).await?;
            if let Some(title) = title.clone() {
                chat.title_key = titles::key(&title);
                (chat.title, chat.title_source) = (title, TitleSource::User);
            }
            chat.pinned = change.pinned.unwrap_or(chat.pinned);
            chat.archived = change.archived.unwrap_or(chat.archived);
            if let Some(model) = change.model.clone() {
                chat.model_choice = model;
            }
            if let Some(params) = &change.params {
                chat.params = params.to_row();
            }
            if let Some(leaf) = change.active_leaf {
                store::message_of(&**tx, id, leaf).await?;
                chat.active_leaf_id = Some(store::newest_leaf_below(&**tx, id, leaf).await?);
            }
            store::save_chat(&**tx, chat).await
        })
        .await
}

pub async fn delete(app: &App, who: &Principal, id: ChatId) -> Result<()> {
    app.db
        .write(async |tx| {
            let chat = store::owned(&**tx, who.id, id).await?;
            store::delete_chat(&**tx, chat.id).await?;
            tx.emit(&Event::ChatDeleted {
                chat: chat.id,
                owner: who.id,
            });
            Ok::<_, Error>(())
        })
        .await?;
    for live in app.answers.of_chat(id) {
        live.abandoned.cancel();
    }
    Ok(())
}

fn question(
    app: &App,
    chat: ChatId,
    parent: Option<MessageId>,
    id: Option<uuid::Uuid>,
    content: String,
    params: &Params,
) -> message::Model {
    let id = id.map_or_else(|| app.clock.id(), MessageId);
    let row = blank(id, chat, app.clock.now());
    message::Model {
        parent_id: parent,
        content,
        params: params.to_row(),
        ..row
    }
}

fn answer(app: &App, question: &message::Model, model: &str, params: &Params) -> message::Model {
    message::Model {
        parent_id: Some(question.id),
        role: Role::Assistant,
        status: Status::Streaming,
        model_asked: Some(model.to_owned()),
        params: params.to_row(),
        ..blank(app.clock.id(), question.chat_id, app.clock.now())
    }
}

fn blank(id: MessageId, chat_id: ChatId, created_at: DateTime<Utc>) -> message::Model {
    message::Model {
        id,
        chat_id,
        parent_id: None,
        role: Role::User,
        status: Status::Complete,
        content: String::new(),
        reasoning: None,
        citations: serde_json::json!([]),
        annotations: serde_json::json!([]),
        params: serde_json::json!({}),
        comparison_id: None,
        context: None,
        route: None,
        model_asked: None,
        model_used: None,
        finish_reason: None,
        prompt_tokens: None,
        completion_tokens: None,
        usage_estimated: false,
        cost_microusd: None,
        ttft_ms: None,
        latency_ms: None,
        applied_seq: 0,
        error: None,
        created_at,
    }
}

fn check_content(field: &str, content: &str) -> Result<()> {
    if content.trim().is_empty() {
        return Err(Error::field(field, "required", "must not be empty"));
    }
    if content.chars().count() > MAX_CONTENT {
        return Err(Error::field(
            field,
            "length",
            "1,000,000 characters at the most",
        ));
    }
    Ok(())
}

fn checked_title(title: &str) -> Result<String> {
    let title = title.trim();
    let is_fine =
        (1..=MAX_TITLE).contains(&title.chars().count()) && !title.contains(char::is_control);
    let detail = "must be 1 to 200 characters on one line";
    is_fine
        .then(|| title.to_owned())
        .ok_or_else(|| Error::field("title", "length", detail))
}

/// An id that a client chose: `UUIDv7`, so that it sorts by time.
fn checked_id(field: &str, id: Option<uuid::Uuid>) -> Result<Option<uuid::Uuid>> {
    match id {
        Some(id) if id.get_version_num() != 7 => {
            Err(Error::field(field, "format", "must be a UUIDv7"))
        }
        id => Ok(id),
    }
}
