//! The rules of folders, tags and acts on many chats.

use std::collections::{HashMap, HashSet};

use ::store::{
    ChatId, FolderId, Tx,
    entity::{chat, folder},
};

use super::store;
use crate::{
    app::App,
    error::{Error, Result},
    events::Event,
    features::{chats::service::checked_id, files},
    platform::auth::Principal,
};

const MAX_FOLDERS: usize = 500;
/// A folder in a folder in a folder …
const MAX_DEPTH: usize = 8;
const MAX_NAME: usize = 100;
const MAX_TAG: usize = 40;
/// Tags of one chat.
const MAX_TAGS: usize = 20;
/// Chats of one act.
const MAX_BULK: usize = 100;

/// A tag as it is compared, and as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub key: String,
    pub text: String,
}

/// What to do with many chats.
pub enum Act {
    Archive(bool),
    Pin(bool),
    Unread(bool),
    Move(Option<FolderId>),
    Tag(Tag),
    Untag(Tag),
    Delete,
}

pub struct Folder {
    pub row: folder::Model,
    pub chats: i64,
}

pub async fn folders(app: &App, who: &Principal) -> Result<Vec<Folder>> {
    let db = &**app.db.read();
    let rows = store::folders(db, who.id, false).await?;
    let counts = store::chats_per_folder(db, who.id).await?;
    let with_count = |row: folder::Model| Folder {
        chats: counts.get(&row.id).copied().unwrap_or_default(),
        row,
    };
    Ok(rows.into_iter().map(with_count).collect())
}

pub async fn create_folder(
    app: &App,
    who: &Principal,
    id: Option<uuid::Uuid>,
    name: &str,
    parent: Option<FolderId>,
) -> Result<Folder> {
    let name = checked_name(name)?;
    let id = checked_id("id", id)?;
    let row = folder::Model {
        id: id.map_or_else(|| app.clock.id(), FolderId),
        owner_id: who.id,
        parent_id: parent,
        name,
        created_at: app.clock.now(),
    };
    app.db
        .write(async |tx| {
            let tree = store::folders(&**tx, who.id, true).await?;
            if tree.len() >= MAX_FOLDERS {
                let detail = "500 folders at the most; delete one first";
                return Err(Error::field("name", "count", detail));
            }
            if let Some(parent) = parent {
                store::folder(&**tx, who.id, parent).await?;
            }
            check_place(&tree, &row)?;
            tx.emit(&Event::FoldersChanged { owner: who.id });
            store::insert_folder(&**tx, row.clone()).await
        })
        .await?;
    Ok(Folder { row, chats: 0 })
}

/// Renames a folder, moves it with all that is in it, or both.
pub async fn change_folder(
    app: &App,
    who: &Principal,
    id: FolderId,
    name: Option<&str>,
    parent: Option<Option<FolderId>>,
) -> Result<Folder> {
    let name = name.map(checked_name).transpose()?;
    app.db
        .write(async |tx| {
            let tree = store::folders(&**tx, who.id, true).await?;
            let mut row = store::folder(&**tx, who.id, id).await?;
            if let Some(name) = name.clone() {
                row.name = name;
            }
            if let Some(parent) = parent {
                if let Some(parent) = parent {
                    store::folder(&**tx, who.id, parent).await?;
                }
                row.parent_id = parent;
                check_place(&tree, &row)?;
            }
            store::save_folder(&**tx, &row).await?;
            tx.emit(&Event::FoldersChanged { owner: who.id });
            let counts = store::chats_per_folder(&**tx, who.id).await?;
            let chats = counts.get(&id).copied().unwrap_or_default();
            Ok(Folder { row, chats })
        })
        .await
}

/// Deletes a folder; what is in it moves up.
pub async fn delete_folder(app: &App, who: &Principal, id: FolderId) -> Result<()> {
    app.db
        .write(async |tx| {
            store::folders(&**tx, who.id, true).await?;
            let row = store::folder(&**tx, who.id, id).await?;
            tx.emit(&Event::FoldersChanged { owner: who.id });
            store::dissolve_folder(&**tx, &row).await
        })
        .await
}

/// A folder is never inside itself, and the tree stays shallow enough to show.
fn check_place(tree: &[folder::Model], moved: &folder::Model) -> Result<()> {
    let parents: HashMap<FolderId, Option<FolderId>> = tree
        .iter()
        .map(|row| (row.id, row.parent_id))
        .chain([(moved.id, moved.parent_id)])
        .collect();
    // How deep a folder is; nothing when the way up comes back to it.
    let depth = |start: FolderId| {
        let (mut at, mut depth) = (start, 1);
        while let Some(above) = parents.get(&at).copied().flatten() {
            if above == moved.id && start == moved.id {
                return None;
            }
            (at, depth) = (above, depth + 1);
        }
        Some(depth)
    };
    // A circle that was not there before goes through what was moved.
    if depth(moved.id).is_none() {
        let detail = "a folder cannot be inside itself";
        return Err(Error::field("parentId", "cycle", detail));
    }
    if parents.keys().any(|id| depth(*id) > Some(MAX_DEPTH)) {
        let detail = "folders nest 8 deep at the most";
        return Err(Error::field("parentId", "depth", detail));
    }
    Ok(())
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    let is_fine =
        (1..=MAX_NAME).contains(&name.chars().count()) && !name.contains(char::is_control);
    let detail = "must be 1 to 100 characters on one line";
    is_fine
        .then(|| name.to_owned())
        .ok_or_else(|| Error::field("name", "length", detail))
}

/// A tag of 1 to 40 characters; spaces inside count once.
pub fn checked_tag(field: &str, text: &str) -> Result<Tag> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_fine = (1..=MAX_TAG).contains(&text.chars().count())
        && !text.contains(|c: char| c.is_control() || c == ',');
    let detail = "a tag has 1 to 40 characters and no comma";
    is_fine
        .then(|| Tag {
            key: text.to_lowercase(),
            text,
        })
        .ok_or_else(|| Error::field(field, "length", detail))
}

/// All tags that a chat is to have.
pub fn checked_tags(tags: &[String]) -> Result<Vec<Tag>> {
    let mut seen = HashSet::new();
    let tags = tags
        .iter()
        .map(|tag| checked_tag("tags", tag))
        .collect::<Result<Vec<_>>>()?;
    let tags: Vec<_> = tags
        .into_iter()
        .filter(|tag| seen.insert(tag.key.clone()))
        .collect();
    if tags.len() > MAX_TAGS {
        return Err(Error::field("tags", "count", "20 tags at the most"));
    }
    Ok(tags)
}

/// Gives a chat exactly these tags.
pub async fn set_tags(tx: &Tx, chat: &chat::Model, tags: &[Tag]) -> Result<()> {
    store::remove_tags(&**tx, &[chat.id], None).await?;
    for tag in tags {
        add_tag(tx, chat, tag).await?;
    }
    Ok(())
}

/// A tag that the person has already keeps its spelling.
async fn add_tag(tx: &Tx, chat: &chat::Model, tag: &Tag) -> Result<()> {
    let before = store::spelling(&**tx, chat.owner_id, &tag.key).await?;
    let text = before.as_deref().unwrap_or(&tag.text);
    store::add_tag(&**tx, chat, (&tag.key, text)).await
}

/// Puts a chat into a folder of the same person, or into none.
pub async fn check_folder(tx: &Tx, who: &Principal, folder: Option<FolderId>) -> Result<()> {
    if let Some(id) = folder {
        store::folder(&**tx, who.id, id).await?;
    }
    Ok(())
}

pub async fn tags(app: &App, who: &Principal) -> Result<Vec<(String, i64)>> {
    store::tags(&**app.db.read(), who.id).await
}

/// The tags of chats whose owner has been checked.
pub async fn tags_of(app: &App, chats: &[ChatId]) -> Result<HashMap<ChatId, Vec<String>>> {
    store::tags_of(&**app.db.read(), chats).await
}

/// Does one thing to many chats; gives back those it was done to and those that are not there.
pub async fn act(
    app: &App,
    who: &Principal,
    ids: &[ChatId],
    act: Act,
) -> Result<(Vec<ChatId>, Vec<ChatId>)> {
    if !(1..=MAX_BULK).contains(&ids.len()) {
        return Err(Error::field("ids", "count", "1 to 100 chats at a time"));
    }
    let changed = app
        .db
        .write(async |tx| {
            let chats = store::owned_among(&**tx, who.id, ids).await?;
            let theirs: Vec<ChatId> = chats.iter().map(|chat| chat.id).collect();
            apply(tx, who, &chats, &theirs, &act).await?;
            Ok::<_, Error>(theirs)
        })
        .await?;
    if matches!(act, Act::Delete) {
        for live in changed.iter().flat_map(|id| app.answers.of_chat(*id)) {
            live.abandoned.cancel();
        }
        files::released(app);
    }
    let known: HashSet<ChatId> = changed.iter().copied().collect();
    let mut asked = HashSet::new();
    let (changed, missing) = ids
        .iter()
        .copied()
        .filter(|id| asked.insert(*id))
        .partition(|id| known.contains(id));
    Ok((changed, missing))
}

async fn apply(
    tx: &Tx,
    who: &Principal,
    chats: &[chat::Model],
    ids: &[ChatId],
    act: &Act,
) -> Result<()> {
    use chat::Column;
    if !matches!(act, Act::Delete) {
        for chat in ids {
            tx.emit(&Event::ChatUpdated {
                chat: *chat,
                owner: who.id,
            });
        }
    }
    match act {
        Act::Archive(yes) => store::set(&**tx, ids, Column::Archived, *yes).await,
        Act::Pin(yes) => store::set(&**tx, ids, Column::Pinned, *yes).await,
        Act::Unread(yes) => {
            for chat in ids.iter().filter(|_| !yes) {
                tx.emit(&Event::ChatRead {
                    chat: *chat,
                    owner: who.id,
                });
            }
            store::set(&**tx, ids, Column::Unread, *yes).await
        }
        Act::Move(folder) => {
            check_folder(tx, who, *folder).await?;
            store::set(&**tx, ids, Column::FolderId, *folder).await
        }
        Act::Tag(tag) => {
            let full: HashSet<ChatId> = store::count_tags(&**tx, ids)
                .await?
                .into_iter()
                .filter(|(_, tags)| usize::try_from(*tags).is_ok_and(|tags| tags >= MAX_TAGS))
                .map(|(chat, _)| chat)
                .collect();
            if !full.is_empty() {
                let detail = "a chat among these has 20 tags already, the most there can be";
                return Err(Error::field("tag", "count", detail));
            }
            for chat in chats {
                add_tag(tx, chat, tag).await?;
            }
            Ok(())
        }
        Act::Untag(tag) => store::remove_tags(&**tx, ids, Some(&tag.key)).await,
        Act::Delete => {
            store::delete_chats(&**tx, ids).await?;
            for chat in ids {
                tx.emit(&Event::ChatDeleted {
                    chat: *chat,
                    owner: who.id,
                });
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn row(id: FolderId, parent: Option<FolderId>) -> folder::Model {
        folder::Model {
            id,
            owner_id: ::store::UserId(uuid::Uuid::nil()),
            parent_id: parent,
            name: "x".to_owned(),
            created_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn folders_make_no_circle_and_do_not_nest_for_ever() {
        let clock = Clock::system();
        let ids: Vec<FolderId> = (0..9).map(|_| clock.id()).collect();
        let chain: Vec<_> = (0..8)
            .map(|n| row(ids[n], n.checked_sub(1).map(|above| ids[above])))
            .collect();
        assert!(check_place(&chain, &chain[7]).is_ok());
        let code = |moved: &folder::Model| check_place(&chain, moved).unwrap_err().fields[0].code;
        assert_eq!(code(&row(ids[8], Some(ids[7]))), "depth");
        assert_eq!(code(&row(ids[0], Some(ids[7]))), "cycle");
        assert_eq!(code(&row(ids[3], Some(ids[3]))), "cycle");
        assert!(check_place(&chain, &row(ids[3], None)).is_ok());
    }

    #[test]
    fn a_tag_is_the_same_in_upper_and_lower_case() {
        let tags = ["Work", "work ", "Ghar  ka kaam"].map(str::to_owned);
        let tags = checked_tags(&tags).unwrap();
        let texts: Vec<_> = tags.iter().map(|tag| tag.text.as_str()).collect();
        assert_eq!(texts, ["Work", "Ghar ka kaam"]);
        for bad in ["", "  ", "a,b", "a\u{7}b", &"x".repeat(41)] {
            assert!(checked_tag("tag", bad).is_err(), "{bad:?}");
        }
    }
}
