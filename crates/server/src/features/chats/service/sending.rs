//! Questions: a new chat, or the next message of one.

use std::collections::HashSet;

use ::store::{
    ChatId, FileId, MessageId, Tx,
    entity::{
        chat::{self, TitleSource},
        comparison,
        message::{self, Role},
    },
};

use super::{
    answering::{Stored, begin, insert_answer, ready, refuse_running},
    checks::{check_content, check_length, checked_id, checked_title},
    rows::{answer, question},
};
use crate::{
    app::App,
    error::{CHAT_IS_TEMPORARY, Error, Result},
    events::Event,
    features::{
        accounts,
        chats::{
            compare, store,
            temporary::{self, home},
            titles,
        },
        files, models,
    },
    params::Params,
    platform::auth::Principal,
};

/// Whom a question is put to.
pub struct Asked {
    /// One model; absent: the chat's, the user's, the last used, the first.
    pub model: Option<String>,
    /// Two to four models instead, whose answers stand side by side.
    pub models: Option<Vec<String>>,
    /// Which model wrote which answer is hidden until the vote; with two of them.
    pub blind: bool,
}

/// A question that begins a chat.
pub struct NewChat {
    pub id: Option<ChatId>,
    pub user_message_id: Option<MessageId>,
    pub message: String,
    pub attachments: Vec<FileId>,
    pub asked: Asked,
    pub params: Params,
    pub title: Option<String>,
    /// Kept in memory alone.
    pub is_temporary: bool,
}

/// A question in a chat.
pub struct NewMessage {
    pub id: Option<MessageId>,
    pub content: String,
    pub attachments: Vec<FileId>,
    pub parent: Parent,
    pub asked: Asked,
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
    answers: Vec<Stored>,
}

impl Sent {
    /// The question and its answers, in the order of their columns.
    pub fn messages(&self) -> Vec<message::Model> {
        let answers = self.answers.iter().map(|answer| answer.row.clone());
        std::iter::once(self.question.clone())
            .chain(answers)
            .collect()
    }
}

/// The models that answer, and whether they are compared.
struct Ready {
    models: Vec<models::Found>,
    compared: Option<Compared>,
}

struct Compared {
    is_blind: bool,
}

pub async fn create(app: &App, who: &Principal, new: NewChat) -> Result<Sent> {
    check_words("message", &new.message, &new.attachments)?;
    if new.is_temporary {
        refuse_files(&new.attachments)?;
    }
    let files = files::check_attachable(app, who.id, &new.attachments).await?;
    let title = new.title.as_deref().map(checked_title).transpose()?;
    new.params.check()?;
    let ready = ready_for(app, who, &new.asked, None).await?;
    let defaults = accounts::preferences(app, who.id).await?.params;
    let params = new.params.over(defaults);
    let now = app.clock.now();
    let named = files.first().map(|file| file.name.clone());
    let (title, title_source) = match title {
        Some(title) => (title, TitleSource::User),
        // Nothing was said that a title could be made of.
        None if new.message.trim().is_empty() => {
            let name = named.unwrap_or_default();
            (titles::first_words(&name), TitleSource::Kept)
        }
        // No model is asked for a better title of what is soon gone.
        None if new.is_temporary => (titles::first_words(&new.message), TitleSource::Kept),
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
        model_choice: new.asked.choice(&ready.models),
        params: params.to_row(),
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
    let home = temporary::place(app, who.id, chat.id, new.is_temporary).await?;
    let sent = home
        .write(async |tx| {
            store::insert_chat(&**tx, chat.clone()).await?;
            tx.emit(&Event::ChatCreated {
                chat: chat.id,
                owner: who.id,
            });
            let question = question.clone();
            put(
                app,
                tx,
                who,
                chat.clone(),
                question,
                &new.attachments,
                &ready,
            )
            .await
        })
        .await;
    let sent = sent.inspect_err(|_| temporary::forget(app, chat.id))?;
    begin_all(app, &sent, ready);
    Ok(sent)
}

pub async fn send(app: &App, who: &Principal, chat: ChatId, new: NewMessage) -> Result<Sent> {
    check_words("content", &new.content, &new.attachments)?;
    new.params.check()?;
    let home = home(app, who.id, chat);
    let chat = store::owned(&**home.read(), who.id, chat).await?;
    if !home.is(&app.db) {
        refuse_files(&new.attachments)?;
    }
    files::check_attachable(app, who.id, &new.attachments).await?;
    let ready = ready_for(app, who, &new.asked, chat.model_choice.as_deref()).await?;
    let id = checked_id("id", new.id.map(|id| id.0))?;
    let sent = home
        .write(async |tx| {
            store::hold(&**tx, &[chat.id]).await?;
            let mut chat = store::owned(&**tx, who.id, chat.id).await?;
            let parent = match new.parent {
                Parent::Root => None,
                Parent::ActiveLeaf => chat.active_leaf_id,
                Parent::Message(id) => Some(id),
            };
            if let Some(parent) = parent {
                check_parent(tx, chat.id, parent).await?;
            }
            if new.asked.model.is_some() {
                chat.model_choice = new.asked.choice(&ready.models);
            }
            let question = question(app, chat.id, parent, id, new.content.clone(), &new.params);
            put(app, tx, who, chat, question, &new.attachments, &ready).await
        })
        .await?;
    begin_all(app, &sent, ready);
    Ok(sent)
}

/// A question says something, or shows something.
fn check_words(field: &str, content: &str, attachments: &[FileId]) -> Result<()> {
    if attachments.is_empty() {
        check_content(field, content)
    } else {
        check_length(field, content)
    }
}

fn refuse_files(attachments: &[FileId]) -> Result<()> {
    if attachments.is_empty() {
        return Ok(());
    }
    let detail = "Files are kept on disk, so a temporary chat shows none.";
    Err(Error::new(CHAT_IS_TEMPORARY, detail).about("attachments", "temporary"))
}

impl Asked {
    fn check(&self) -> Result<()> {
        let Some(models) = &self.models else {
            return if self.blind {
                let detail = "needs two models";
                Err(Error::field("blind", "models", detail))
            } else {
                Ok(())
            };
        };
        if self.model.is_some() {
            let detail = "name either model or models";
            return Err(Error::field("models", "exclusive", detail));
        }
        let distinct: HashSet<&String> = models.iter().collect();
        if !(2..=4).contains(&models.len()) || distinct.len() != models.len() {
            let detail = "must be two to four different models";
            return Err(Error::field("models", "count", detail));
        }
        if self.blind && models.len() != 2 {
            let detail = "must be two when they are compared blind";
            return Err(Error::field("models", "count", detail));
        }
        Ok(())
    }

    /// What the chat goes on with; a blind comparison says nothing by it.
    fn choice(&self, ready: &[models::Found]) -> Option<String> {
        match &self.models {
            Some(models) => models.first().cloned(),
            None => ready.first().map(|found| found.id.clone()),
        }
    }
}

async fn ready_for(app: &App, who: &Principal, asked: &Asked, chat: Option<&str>) -> Result<Ready> {
    asked.check()?;
    let Some(wanted) = &asked.models else {
        let model = ready(app, who, asked.model.as_deref(), chat).await?;
        let (models, compared) = (vec![model], None);
        return Ok(Ready { models, compared });
    };
    let mut models = Vec::with_capacity(wanted.len());
    for id in wanted {
        models.push(ready(app, who, Some(id), None).await?);
    }
    let [chance] = app.clock.random::<1>();
    if asked.blind && chance % 2 == 1 {
        models.reverse();
    }
    let is_blind = asked.blind;
    Ok(Ready {
        models,
        compared: Some(Compared { is_blind }),
    })
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

/// Stores a question with its unfinished answers, and the generations that will fill them.
async fn put(
    app: &App,
    tx: &Tx,
    who: &Principal,
    chat: chat::Model,
    question: message::Model,
    attachments: &[FileId],
    ready: &Ready,
) -> Result<Sent> {
    let question = store::insert_message(&**tx, question).await?;
    files::attach(tx, who.id, question.id, attachments).await?;
    let comparison = match &ready.compared {
        None => None,
        Some(compared) => {
            let row = comparison::Model {
                id: app.clock.id(),
                chat_id: chat.id,
                question_id: question.id,
                is_blind: compared.is_blind,
                revealed_at: None,
                created_at: question.created_at,
            };
            compare::insert(&**tx, row.clone()).await?;
            Some(row.id)
        }
    };
    // Kept with the answer as they were, whatever becomes of the chat's.
    let params = Params::from_row(&question.params).over(Params::from_row(&chat.params));
    let mut answers = Vec::with_capacity(ready.models.len());
    for model in &ready.models {
        let row = message::Model {
            comparison_id: comparison,
            ..answer(app, &question, &model.id, &params)
        };
        answers.push(insert_answer(app, tx, row).await?);
    }
    let first = answers.first().map(|answer| &answer.row);
    let chat = chat::Model {
        active_leaf_id: first.map(|row| row.id),
        updated_at: first.map_or(chat.updated_at, |row| row.created_at),
        ..chat
    };
    let chat = store::save_chat(&**tx, chat).await?;
    if let (None, Some(model)) = (comparison, first.and_then(|row| row.model_asked.as_ref())) {
        accounts::remember_model(tx, who.id, model).await?;
    }
    let answered = answers.iter().map(|answer| answer.row.id);
    tx.emit(&Event::MessageSent {
        chat: chat.id,
        owner: who.id,
        messages: std::iter::once(question.id).chain(answered).collect(),
    });
    Ok(Sent {
        chat,
        question,
        answers,
    })
}

fn begin_all(app: &App, sent: &Sent, ready: Ready) {
    for (answer, model) in sent.answers.iter().zip(ready.models) {
        begin(app, &sent.chat, answer, model);
    }
}
