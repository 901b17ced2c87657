//! What people look at: lists, one screen of a chat, one message, the log of a running answer.

use ::store::{
    ChatId, MessageId, UserId,
    entity::{
        chat, chat_summary, generation_event,
        message::{self, Status},
    },
};

pub use super::organising::store::{Position, Selection};
use super::{
    compare::{self, Compared, Shown},
    context,
    live::Deltas,
    organising, store,
    temporary::home,
};
use crate::{app::App, error::Result, events::Event, platform::auth::Principal};

/// (parent, child) of messages, oldest first.
pub type Siblings = Vec<(Option<MessageId>, MessageId)>;

/// Characters of an answer that tell which one it is.
const BEGINNING: usize = 400;

/// One screen of a chat.
pub struct View {
    pub chat: chat::Model,
    pub messages: Vec<Shown>,
    pub comparisons: Vec<Compared>,
    pub summaries: Vec<chat_summary::Model>,
    pub siblings: Siblings,
    /// There is more above.
    pub above: Option<MessageId>,
}

pub async fn list(
    app: &App,
    who: &Principal,
    selection: Selection,
) -> Result<(Vec<chat::Model>, Option<Position>)> {
    let limit = usize::try_from(selection.limit).unwrap_or(usize::MAX);
    let one_more = Selection {
        limit: selection.limit + 1,
        ..selection
    };
    let mut chats = organising::store::page_of(&**app.db.read(), who.id, &one_more).await?;
    let has_more = chats.len() > limit;
    chats.truncate(limit);
    let next = chats.last().filter(|_| has_more).map(Position::from);
    Ok((chats, next))
}

/// The last screen of the path to `leaf`, or the one above `before`.
pub async fn view(
    app: &App,
    who: &Principal,
    id: ChatId,
    leaf: Option<MessageId>,
    before: Option<MessageId>,
    limit: u32,
) -> Result<View> {
    let home = home(app, who.id, id);
    let db = &**home.read();
    let chat = store::owned(db, who.id, id).await?;
    let mut messages = match (before, leaf.or(chat.active_leaf_id)) {
        (Some(before), _) => {
            store::message_of(db, id, before).await?;
            let mut above = store::path(db, id, before, limit + 1).await?;
            above.pop();
            above
        }
        (None, Some(leaf)) => {
            store::message_of(db, id, leaf).await?;
            store::path(db, id, leaf, limit).await?
        }
        (None, None) => Vec::new(),
    };
    // A running answer is shown as far as it has come, not as far as its row holds.
    for message in messages
        .iter_mut()
        .filter(|message| message.status == Status::Streaming)
    {
        show_running(app, message);
    }
    let siblings = store::siblings(db, id, &messages).await?;
    let above = messages
        .first()
        .filter(|first| first.parent_id.is_some())
        .map(|first| first.id);
    if chat.unread {
        seen(app, who.id, id).await?;
    }
    Ok(View {
        chat: chat::Model {
            unread: false,
            ..chat
        },
        summaries: context::on_path(&home, id, leaf.or(chat.active_leaf_id)).await?,
        comparisons: compare::of_questions(app, who.id, id, &messages).await?,
        messages: compare::show(app, who.id, messages).await?,
        siblings,
        above,
    })
}

/// The owner has looked at what was new in a chat, if anything was.
pub async fn seen(app: &App, owner: UserId, chat: ChatId) -> Result<()> {
    let home = home(app, owner, chat);
    if !store::owned(&**home.read(), owner, chat).await?.unread {
        return Ok(());
    }
    home.write(async |tx| {
        if store::mark_read(&**tx, chat).await? {
            tx.emit(&Event::ChatRead { chat, owner });
        }
        Ok(())
    })
    .await
}

/// What can be said of an answer that has ended to somebody who has not seen it.
pub struct Ended {
    /// Of the chat.
    pub title: String,
    pub status: Status,
    /// The owner has not looked at the chat since.
    pub is_unread: bool,
    /// Another answer is still being written in the chat.
    pub is_going_on: bool,
    /// Nothing of a blind comparison that is still to be judged.
    pub beginning: Option<String>,
    pub error: Option<String>,
}

pub async fn ended(app: &App, owner: UserId, chat: ChatId, id: MessageId) -> Result<Ended> {
    let db = &**app.db.read();
    let chat = store::owned(db, owner, chat).await?;
    let row = store::message_of(db, chat.id, id).await?;
    let hidden = compare::hidden_among(&app.db, row.comparison_id.into_iter()).await?;
    let shown = compare::show_one(app, owner, row).await?;
    let row = shown.row();
    let error = row
        .error
        .as_ref()
        .and_then(|error| error["detail"].as_str());
    Ok(Ended {
        status: row.status,
        is_unread: chat.unread,
        is_going_on: store::is_going_on(db, chat.id).await?,
        beginning: hidden
            .is_empty()
            .then(|| row.content.chars().take(BEGINNING).collect()),
        error: error.map(str::to_owned),
        title: chat.title,
    })
}

pub fn show_running(app: &App, message: &mut message::Model) {
    if let Some(live) = app.answers.get(message.id) {
        let so_far = live.snapshot();
        message.content = so_far.content;
        message.reasoning = Some(so_far.reasoning).filter(|text| !text.is_empty());
        message.applied_seq = so_far.seq;
    }
}

/// (parent, child) of the messages that share their parent with this one, itself included.
pub async fn siblings_of(app: &App, owner: UserId, row: &message::Model) -> Result<Siblings> {
    let home = home(app, owner, row.chat_id);
    store::siblings(&**home.read(), row.chat_id, std::slice::from_ref(row)).await
}

/// One message of one's own.
pub async fn message(
    app: &App,
    who: &Principal,
    chat: ChatId,
    id: MessageId,
) -> Result<message::Model> {
    let home = home(app, who.id, chat);
    let chat = store::owned(&**home.read(), who.id, chat).await?;
    store::message_of(&**home.read(), chat.id, id).await
}

/// The event log of a running answer: (sequence number of the first delta, deltas), in order.
pub async fn logged(
    app: &App,
    who: &Principal,
    row: &message::Model,
) -> Result<Vec<(i64, Deltas)>> {
    let home = home(app, who.id, row.chat_id);
    let Some(generation) = store::running(&**home.read(), row.id).await? else {
        return Ok(Vec::new());
    };
    let events = store::events(&**home.read(), generation.id).await?;
    let read =
        |event: generation_event::Model| Ok((event.seq, serde_json::from_value(event.payload)?));
    events.into_iter().map(read).collect()
}
