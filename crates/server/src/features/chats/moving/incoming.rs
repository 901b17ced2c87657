//! Chats of other programs, as rows of ours.

use ::store::{
    ChatId, FolderId, MessageId, Tx, UserId,
    entity::{
        chat::{self, TitleSource},
        folder,
        message::{self, Role, Status},
    },
};
use chrono::{DateTime, Utc};
use exchange::{End, Source};
use serde_json::{Value, json};

use super::super::{
    organising::{
        self,
        service::{Tag, checked_tag},
    },
    search,
    service::blank,
    store as rows, titles, tree,
};
use crate::{app::App, error::Result, params::Params};

/// Characters of what a model is told to be; see `Params`.
const MOST_PROMPT: usize = 32_000;
const MOST_TAGS: usize = 20;
const MOST_FOLDERS: usize = 500;
/// Folders in folders.
const MOST_DEPTH: usize = 8;
const MOST_NAME: usize = 100;

/// A chat that is ready to be stored.
pub struct Incoming {
    chat: chat::Model,
    messages: Vec<message::Model>,
    tags: Vec<Tag>,
    folders: Vec<String>,
}

impl Incoming {
    pub fn id(&self) -> ChatId {
        self.chat.id
    }

    pub fn messages(&self) -> usize {
        self.messages.len()
    }

    /// Bytes of its texts.
    pub fn size(&self) -> usize {
        self.messages.iter().map(|row| row.content.len()).sum()
    }
}

/// Gives a chat of another program its rows; writes nothing.
pub fn prepare(app: &App, owner: UserId, from: Source, chat: exchange::Chat) -> Incoming {
    let now = app.clock.now();
    let id: ChatId = app.clock.id();
    // What lies in the future by another clock happened by now.
    let times = chat
        .messages
        .iter()
        .filter_map(|message| message.created_at);
    let first = chat.created_at.or_else(|| times.clone().min());
    let created_at = first.unwrap_or(now).min(now);
    let last = chat.updated_at.or_else(|| times.max());
    let updated_at = last.unwrap_or(created_at).min(now);
    let messages = messages(app, id, &chat, created_at, now);
    let question = messages.first().map_or("", |row| row.content.as_str());
    let (title, title_source) = match &chat.title {
        Some(title) => (title.clone(), TitleSource::User),
        None => (titles::first_words(question), TitleSource::Kept),
    };
    let leaf = chat.leaf.and_then(|leaf| messages.get(leaf));
    let model = chat.model.clone().or_else(|| {
        let mut used = messages.iter().rev();
        used.find_map(|row| row.model_used.clone())
    });
    let row = chat::Model {
        id,
        owner_id: owner,
        title_key: titles::key(&title),
        title,
        title_source,
        pinned: chat.is_pinned,
        archived: chat.is_archived,
        unread: false,
        folder_id: None,
        origin: Some(json!({
            "kind": "import",
            "source": from.name(),
            "sourceChatId": chat.source_id,
        })),
        active_leaf_id: leaf.or(messages.last()).map(|row| row.id),
        model_choice: model,
        params: params(&chat).to_row(),
        created_at,
        updated_at,
    };
    let tags = chat
        .tags
        .iter()
        .filter_map(|tag| checked_tag("tags", tag).ok());
    let mut tags: Vec<Tag> = tags.collect();
    tags.sort_by(|a, b| a.key.cmp(&b.key));
    tags.dedup_by(|a, b| a.key == b.key);
    tags.truncate(MOST_TAGS);
    Incoming {
        chat: row,
        messages,
        tags,
        folders: chat.folders,
    }
}

fn params(chat: &exchange::Chat) -> Params {
    let own = chat.params.as_ref().map(Params::from_row);
    let own = own.filter(|params| params.check().is_ok());
    let prompt = chat.system_prompt.as_ref().map(|prompt| {
        let prompt: String = prompt.chars().take(MOST_PROMPT).collect();
        Params {
            system_prompt: Some(prompt),
            ..Params::default()
        }
    });
    own.or(prompt).unwrap_or_default()
}

/// The rows of all messages, parents before their children.
fn messages(
    app: &App,
    id: ChatId,
    chat: &exchange::Chat,
    begun: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<message::Model> {
    let mut rows: Vec<message::Model> = Vec::with_capacity(chat.messages.len());
    for one in &chat.messages {
        let parent = one.parent.and_then(|place| rows.get(place));
        let above_at = parent.map_or(begun, |row| row.created_at);
        let at = one.created_at.unwrap_or(above_at).min(now);
        let parent_id = parent.map(|row| row.id);
        let row = blank(app.clock.id::<MessageId>(), id, at);
        rows.push(message::Model {
            parent_id,
            ..row_of(row, one)
        });
    }
    rows
}

fn row_of(row: message::Model, one: &exchange::Message) -> message::Model {
    let (role, status) = match one.role {
        exchange::Role::User => (Role::User, Status::Complete),
        exchange::Role::Assistant => (Role::Assistant, status(one.end)),
    };
    let detail = "It had failed already where it was imported from.";
    let error = (status == Status::Failed).then(|| json!({ "code": "upstream", "detail": detail }));
    let row = message::Model {
        role,
        status,
        content: one.content.clone(),
        reasoning: one.reasoning.clone(),
        model_asked: one.model.clone(),
        model_used: one.model.clone(),
        error,
        ..row
    };
    let Some(facts) = &one.facts else {
        return row;
    };
    let facts = (**facts).clone();
    message::Model {
        citations: Some(facts.citations)
            .filter(Value::is_array)
            .unwrap_or(json!([])),
        params: Params::from_row(&facts.params).to_row(),
        model_asked: facts.model_asked.or(row.model_asked),
        prompt_tokens: facts.prompt_tokens,
        completion_tokens: facts.completion_tokens,
        usage_estimated: facts.usage_estimated,
        cost_microusd: facts.cost_microusd,
        ttft_ms: facts.ttft_ms,
        latency_ms: facts.latency_ms,
        ..row
    }
}

fn status(end: End) -> Status {
    match end {
        End::Complete => Status::Complete,
        End::Stopped => Status::Stopped,
        End::Interrupted => Status::Interrupted,
        End::Failed => Status::Failed,
    }
}

/// Stores a chat with its messages, findable at once. Nobody is told chat by chat: whoever brings in
/// many says when it is done.
pub async fn take_in(app: &App, tx: &Tx, incoming: &Incoming) -> Result<()> {
    let owner = incoming.chat.owner_id;
    let chat = chat::Model {
        folder_id: folder(app, tx, owner, &incoming.folders).await?,
        ..incoming.chat.clone()
    };
    let chat = rows::insert_chat(&**tx, chat).await?;
    tree::insert_all(&**tx, incoming.messages.clone()).await?;
    search::remember_copied(&**tx, owner, &incoming.messages).await?;
    organising::service::set_tags(tx, &chat, &incoming.tags).await
}

/// The folder of these names, made where it is not there; none once there are too many.
async fn folder(app: &App, tx: &Tx, owner: UserId, names: &[String]) -> Result<Option<FolderId>> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut tree = organising::store::folders(&**tx, owner, true).await?;
    let mut at = None;
    for name in names.iter().take(MOST_DEPTH) {
        let name: String = name
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(MOST_NAME)
            .collect();
        if name.is_empty() {
            continue;
        }
        let known = tree
            .iter()
            .find(|row| row.parent_id == at && row.name == name);
        if let Some(known) = known {
            at = Some(known.id);
            continue;
        }
        if tree.len() >= MOST_FOLDERS {
            break;
        }
        let row = folder::Model {
            id: app.clock.id(),
            owner_id: owner,
            parent_id: at,
            name,
            created_at: app.clock.now(),
        };
        organising::store::insert_folder(&**tx, row.clone()).await?;
        at = Some(row.id);
        tree.push(row);
    }
    Ok(at)
}
