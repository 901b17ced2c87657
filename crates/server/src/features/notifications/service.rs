//! The rules of notifications.

use ::store::{
    ChatId, NotificationId, Tx, UserId,
    entity::notification::{self, Kind},
};
use url::Url;

pub use super::store::Position;
use super::store::{self, Which};
use crate::{
    app::App,
    error::{Error, FieldError, NOTIFICATION_NOT_FOUND, Result},
    events::Event,
    features::accounts,
    platform::auth::Principal,
};

/// Characters of what the platform writes by itself; more is cut.
const MOST_OF_TITLE: usize = 200;
const MOST_OF_DETAIL: usize = 300;
/// Characters that an administrator may write.
pub const MAX_TITLE: usize = 200;
pub const MAX_DETAIL: usize = 2_000;
pub const MAX_LINK: usize = 2_000;
/// People that one statement tells.
const BATCH: u64 = 500;

/// What somebody is to be told.
#[derive(Clone, Debug)]
pub struct NewNotification {
    pub user: UserId,
    pub kind: Kind,
    pub title: String,
    pub detail: Option<String>,
    /// The chat it is about.
    pub chat: Option<ChatId>,
    /// Where to look: an https address, or a path of this server.
    pub link: Option<String>,
    /// What it is about: of one thing there is one unread notification. `None`: a thing of its own.
    pub key: Option<String>,
}

/// Tells somebody, in the transaction that makes it true; their devices hear of it after the commit.
pub async fn tell(app: &App, tx: &Tx, new: NewNotification) -> Result<NotificationId> {
    let id: NotificationId = app.clock.id();
    let row = notification::Model {
        id,
        user_id: new.user,
        kind: new.kind,
        title: shortened(&new.title, MOST_OF_TITLE),
        detail: new.detail.map(|detail| shortened(&detail, MOST_OF_DETAIL)),
        chat_id: new.chat,
        link: new.link,
        unread_key: Some(new.key.unwrap_or_else(|| id.to_string())),
        read_at: None,
        created_at: app.clock.now(),
    };
    let notification = store::put(&**tx, row).await?;
    let user = new.user;
    tx.emit(&Event::NotificationAdded { user, notification });
    Ok(notification)
}

/// On one line, and not longer than so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    let head: String = words.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

/// One page of a person's own, and how many are unread.
pub struct Page {
    pub rows: Vec<notification::Model>,
    pub next: Option<Position>,
    pub unread: u64,
}

pub async fn list(
    app: &App,
    who: &Principal,
    only_unread: bool,
    after: Option<Position>,
    limit: u32,
) -> Result<Page> {
    let db = &**app.db.read();
    let one_more = u64::from(limit) + 1;
    let mut rows = store::page_of(db, who.id, only_unread, after, one_more).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| Position {
        created_at: row.created_at,
        id: row.id,
    });
    let unread = store::unread_count(db, who.id).await?;
    Ok(Page { rows, next, unread })
}

/// Marks these as read, or all; ids that are not there change nothing. Tells how many are left.
pub async fn mark_read(app: &App, who: &Principal, ids: Option<&[NotificationId]>) -> Result<u64> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let which = ids.map_or(Which::All, Which::These);
            if store::mark_read(&**tx, who.id, which, now).await? {
                tx.emit(&Event::NotificationsRead { user: who.id });
            }
            store::unread_count(&**tx, who.id).await
        })
        .await
}

/// What the owner was told about a thing is read: the thing was looked at.
pub(super) async fn mark_key_read(app: &App, tx: &Tx, user: UserId, key: &str) -> Result<()> {
    if store::mark_read(&**tx, user, Which::Key(key), app.clock.now()).await? {
        tx.emit(&Event::NotificationsRead { user });
    }
    Ok(())
}

pub async fn delete(app: &App, who: &Principal, id: NotificationId) -> Result<()> {
    app.db
        .write(async |tx| {
            if !store::delete(&**tx, who.id, id).await? {
                return Err(Error::not_found(NOTIFICATION_NOT_FOUND));
            }
            tx.emit(&Event::NotificationsRead { user: who.id });
            Ok(())
        })
        .await
}

/// An administrator's word to everybody.
#[derive(Clone, Debug)]
pub struct Notice {
    pub title: String,
    pub detail: Option<String>,
    pub link: Option<String>,
}

/// Tells every account that is not disabled, all or none of them; tells how many.
pub async fn announce(app: &App, notice: Notice) -> Result<u64> {
    let notice = checked(notice)?;
    let now = app.clock.now();
    let id: NotificationId = app.clock.id();
    app.db
        .write(async |tx| {
            let mut notified = 0;
            let mut after = None;
            loop {
                let users = accounts::some_after(tx, after, BATCH).await?;
                let Some(last) = users.last().copied() else {
                    break;
                };
                after = Some(last);
                let rows = users.into_iter().map(|user| notification::Model {
                    id: app.clock.id(),
                    user_id: user,
                    kind: Kind::Notice,
                    title: notice.title.clone(),
                    detail: notice.detail.clone(),
                    chat_id: None,
                    link: notice.link.clone(),
                    unread_key: Some(notice_key(id)),
                    read_at: None,
                    created_at: now,
                });
                let rows: Vec<notification::Model> = rows.collect();
                notified += u64::try_from(rows.len()).unwrap_or_default();
                store::insert_all(&**tx, rows).await?;
            }
            tx.emit(&Event::NoticeSent { notice: id });
            Ok(notified)
        })
        .await
}

/// Under which every person has a notice, as long as it is unread.
pub(super) fn notice_key(notice: NotificationId) -> String {
    format!("notice:{notice}")
}

fn checked(notice: Notice) -> Result<Notice> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, code: &'static str, detail: &str| {
        wrong.push(FieldError {
            field: field.to_owned(),
            code,
            detail: detail.to_owned(),
        });
    };
    let title = notice.title.trim().to_owned();
    if title.is_empty() || title.chars().count() > MAX_TITLE {
        refuse("title", "length", "must have 1 to 200 characters");
    }
    let filled = |text: Option<String>| {
        let text = text.map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let detail = filled(notice.detail);
    if detail
        .as_ref()
        .is_some_and(|text| text.chars().count() > MAX_DETAIL)
    {
        refuse("detail", "length", "2,000 characters at the most");
    }
    let link = filled(notice.link);
    if link.as_deref().is_some_and(|link| !is_link(link)) {
        let allowed = "must be an https address or a path of this server, such as /settings";
        refuse("link", "format", allowed);
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    Ok(Notice {
        title,
        detail,
        link,
    })
}

/// An https address, or a path that cannot lead to another server.
fn is_link(link: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '\\';
    if link.len() > MAX_LINK || !link.chars().all(is_plain) {
        return false;
    }
    if let Some(path) = link.strip_prefix('/') {
        return !path.starts_with('/');
    }
    Url::parse(link).is_ok_and(|url| {
        url.scheme() == "https"
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_https_or_to_this_server() {
        for link in [
            "https://example.org/a?b=c#d",
            "/settings",
            "/",
            "/c/1?x=%2F",
        ] {
            assert!(is_link(link), "{link}");
        }
        for link in [
            "http://example.org",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "https://",
            "https://a:b@example.org",
            "https://example.org/a b",
            "settings",
            "data:text/html,x",
            "/a\nb",
        ] {
            assert!(!is_link(link), "{link}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shortened(" one\n two ", 20), "one two");
        assert_eq!(shortened("नमस्ते दुनिया", 8), "नमस्ते…");
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "abcde…");
    }
}
