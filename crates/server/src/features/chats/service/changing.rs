//! A chat as a whole: what is changed about it, and its end.

use ::store::{
    ChatId, FolderId, MessageId,
    entity::chat::{self, TitleSource},
};

use super::checks::checked_title;
use crate::{
    app::App,
    error::{CHAT_IS_TEMPORARY, Error, Result},
    events::Event,
    features::{
        chats::{
            organising, search, store,
            temporary::{self, home},
            titles,
        },
        files, models,
    },
    params::Params,
    platform::auth::Principal,
};

/// What to change of a chat; `None` leaves it.
#[derive(Default)]
pub struct ChangeChat {
    pub title: Option<String>,
    pub pinned: Option<bool>,
    pub archived: Option<bool>,
    pub model: Option<Option<String>>,
    pub params: Option<Params>,
    pub active_leaf: Option<MessageId>,
    pub folder: Option<Option<FolderId>>,
    pub tags: Option<Vec<String>>,
    pub unread: Option<bool>,
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
    let tags = change.tags.as_deref();
    let tags = tags.map(organising::service::checked_tags).transpose()?;
    if let Some(Some(model)) = &change.model {
        models::find(app, model).await?;
    }
    let home = home(app, who.id, id);
    if !home.is(&app.db) && (change.folder.is_some() || tags.is_some()) {
        let detail = "It is not in the list, so it has no folder and no tags.";
        return Err(Error::new(CHAT_IS_TEMPORARY, detail));
    }
    home.write(async |tx| {
        let mut chat = store::owned(&**tx, who.id, id).await?;
        if let Some(title) = title.clone() {
            chat.title_key = titles::key(&title);
            (chat.title, chat.title_source) = (title, TitleSource::User);
        }
        chat.pinned = change.pinned.unwrap_or(chat.pinned);
        chat.archived = change.archived.unwrap_or(chat.archived);
        chat.unread = change.unread.unwrap_or(chat.unread);
        if let Some(folder) = change.folder {
            organising::service::check_folder(tx, who, folder).await?;
            chat.folder_id = folder;
        }
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
        let chat = store::save_chat(&**tx, chat).await?;
        if title.is_some() {
            search::remember_title(&**tx, &chat).await?;
        }
        if let Some(tags) = &tags {
            organising::service::set_tags(tx, &chat, tags).await?;
        }
        tx.emit(&Event::ChatUpdated {
            chat: chat.id,
            owner: who.id,
        });
        if change.unread == Some(false) {
            tx.emit(&Event::ChatRead {
                chat: chat.id,
                owner: who.id,
            });
        }
        Ok(chat)
    })
    .await
}

pub async fn delete(app: &App, who: &Principal, id: ChatId) -> Result<()> {
    home(app, who.id, id)
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
    temporary::forget(app, id);
    files::released(app);
    for live in app.answers.of_chat(id) {
        live.abandoned.cancel();
    }
    Ok(())
}
