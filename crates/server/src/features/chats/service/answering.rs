//! Answers: begun, made again, gone on with, stopped.

use std::{sync::Arc, time::Duration};

use ::store::{
    ChatId, GenerationId, MessageId, Tx,
    entity::{
        chat, generation,
        message::{self, Role, Status},
    },
};

use super::rows::answer;
use crate::{
    app::App,
    error::{ANSWER_COMPLETE, ANSWER_RUNNING, Error, NOT_AN_ANSWER, Result, UNAVAILABLE},
    events::Event,
    features::{
        accounts,
        chats::{
            compare, generate,
            live::{Live, Snapshot},
            store,
            temporary::home,
        },
        models,
    },
    params::Params,
    platform::auth::Principal,
};

/// How long a request to stop waits for the answer to have stopped.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// A model for the next answer, and a place to make it in.
pub(super) async fn ready(
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

/// An answer that is stored and waits to be written.
pub(super) struct Stored {
    pub(super) row: message::Model,
    generation: GenerationId,
}

/// Stores an unfinished answer and the generation that will fill it.
pub(super) async fn insert_answer(app: &App, tx: &Tx, row: message::Model) -> Result<Stored> {
    let row = store::insert_message(&**tx, row).await?;
    let generation = insert_generation(app, tx, &row).await?;
    Ok(Stored { row, generation })
}

/// Everything is stored: sets the task to work that fills the answer.
pub(super) fn begin(app: &App, chat: &chat::Model, answer: &Stored, model: models::Found) {
    let Stored { row, generation } = answer;
    let so_far = Snapshot {
        seq: row.applied_seq,
        content: row.content.clone(),
        reasoning: row.reasoning.clone().unwrap_or_default(),
    };
    let live = Arc::new(Live::new(
        (*generation, row.id, chat.id, chat.owner_id),
        so_far,
    ));
    app.answers.add(live.clone());
    app.tasks.spawn(generate::run(
        app.clone(),
        live,
        chat.clone(),
        row.clone(),
        model,
    ));
}

pub(in super::super) fn refuse_running(message: &message::Model) -> Result<()> {
    if message.status == Status::Streaming {
        let detail = "Wait for the answer, or stop it, before you go on from it.";
        return Err(Error::new(ANSWER_RUNNING, detail));
    }
    Ok(())
}

pub async fn retry(
    app: &App,
    who: &Principal,
    chat: ChatId,
    id: MessageId,
    model: Option<String>,
) -> Result<message::Model> {
    let home = home(app, who.id, chat);
    let chat = store::owned(&**home.read(), who.id, chat).await?;
    let old = store::message_of(&**home.read(), chat.id, id).await?;
    let question = answered_by(&old)?;
    if model.is_none() {
        compare::refuse_hidden(&home, std::slice::from_ref(&old)).await?;
    }
    let asked = model.as_deref();
    let usual = old.model_asked.as_deref().or(chat.model_choice.as_deref());
    let ready = ready(app, who, asked, usual).await?;
    let (chat, answer) = home
        .write(async |tx| {
            store::hold(&**tx, &[chat.id]).await?;
            let mut chat = store::owned(&**tx, who.id, chat.id).await?;
            refuse_running(&store::message_of(&**tx, chat.id, id).await?)?;
            let question = store::message_of(&**tx, chat.id, question).await?;
            // The question's own parameters, and the chat's as they are now.
            let params = Params::from_row(&question.params).over(Params::from_row(&chat.params));
            let answer = answer(app, &question, &ready.id, &params);
            let answer = insert_answer(app, tx, answer).await?;
            if asked.is_some() {
                chat.model_choice = Some(ready.id.clone());
                accounts::remember_model(tx, who.id, &ready.id).await?;
            }
            chat.active_leaf_id = Some(answer.row.id);
            chat.updated_at = answer.row.created_at;
            let chat = store::save_chat(&**tx, chat).await?;
            tx.emit(&Event::MessageSent {
                chat: chat.id,
                owner: who.id,
                messages: vec![answer.row.id],
            });
            Ok::<_, Error>((chat, answer))
        })
        .await?;
    begin(app, &chat, &answer, ready);
    Ok(answer.row)
}

/// Only an answer can be made again, or gone on with.
pub(in super::super) fn answered_by(message: &message::Model) -> Result<MessageId> {
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
    let home = home(app, who.id, chat);
    let chat = store::owned(&**home.read(), who.id, chat).await?;
    let old = store::message_of(&**home.read(), chat.id, id).await?;
    answered_by(&old)?;
    let usual = old.model_asked.as_deref().or(chat.model_choice.as_deref());
    let ready = ready(app, who, None, usual).await?;
    let (chat, answer) = home
        .write(async |tx| {
            store::hold(&**tx, &[chat.id]).await?;
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
            let row = store::save_message(&**tx, row).await?;
            let generation = insert_generation(app, tx, &row).await?;
            tx.emit(&Event::MessagesChanged {
                chat: chat.id,
                owner: who.id,
                messages: vec![row.id],
            });
            Ok((chat, Stored { row, generation }))
        })
        .await?;
    begin(app, &chat, &answer, ready);
    Ok(answer.row)
}

/// Ends an answer where it is; what was shown is kept. An answer that has ended stays as it is.
pub async fn stop(
    app: &App,
    who: &Principal,
    chat: ChatId,
    id: MessageId,
) -> Result<message::Model> {
    let home = home(app, who.id, chat);
    let chat = store::owned(&**home.read(), who.id, chat).await?.id;
    answered_by(&store::message_of(&**home.read(), chat, id).await?)?;
    if let Some(live) = app.answers.get(id) {
        live.stop.cancel();
    } else if let Some(generation) = store::running(&**home.read(), id).await? {
        // Another node writes it; that node looks here every second.
        home.write(async |tx| store::request_stop(&**tx, generation.id).await)
            .await?;
    }
    let ended = async {
        loop {
            let row = store::message_of(&**home.read(), chat, id).await?;
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
