//! A chat as a document of our own, and as Markdown.

use std::collections::HashMap;

use ::store::{
    ChatId, MessageId, UserId,
    entity::{
        file,
        message::{self, Role, Status},
        message_vote,
    },
};
use exchange::{
    markdown,
    sangam::{Attachment, Document, Entry, FORMAT, Facts, VERSION},
};

use crate::{
    app::App,
    error::Result,
    features::{
        chats::{self, Shown, Whole},
        files,
    },
    params::Params,
};

/// Messages that one query asks for.
const BATCH: usize = 1_000;

/// What an export looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// What is shown, from the first message to the last, for people.
    Markdown,
    /// Every branch, for programs.
    Json,
}

/// An export as a file.
pub(super) struct Exported {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) body: String,
}

type Attached = HashMap<MessageId, Vec<file::Model>>;

/// A chat of one's own as a file.
pub(super) async fn one(app: &App, owner: UserId, id: ChatId, format: Format) -> Result<Exported> {
    let whole = chats::whole(app, owner, id).await?;
    let attached = attached(app, &whole).await?;
    let name = slug(&whole.chat.title);
    Ok(match format {
        Format::Markdown => Exported {
            name: format!("{name}.md"),
            media_type: "text/markdown; charset=utf-8",
            body: as_markdown(&whole, &attached),
        },
        Format::Json => Exported {
            name: format!("{name}.json"),
            media_type: "application/json",
            body: serde_json::to_string_pretty(&as_document(whole, attached))?,
        },
    })
}

/// A chat as the archive of everything holds it.
pub(super) async fn document(app: &App, owner: UserId, id: ChatId) -> Result<Document> {
    let whole = chats::whole(app, owner, id).await?;
    let attached = attached(app, &whole).await?;
    Ok(as_document(whole, attached))
}

async fn attached(app: &App, whole: &Whole) -> Result<Attached> {
    let ids: Vec<MessageId> = whole.messages.iter().map(|one| one.row().id).collect();
    let mut all = Attached::new();
    for batch in ids.chunks(BATCH) {
        all.extend(files::attached(app, batch).await?);
    }
    Ok(all)
}

fn as_document(whole: Whole, mut attached: Attached) -> Document {
    let Whole {
        chat,
        tags,
        folders,
        messages,
    } = whole;
    let entries = messages.into_iter().map(|shown| {
        let files = attached.remove(&shown.row().id).unwrap_or_default();
        entry(shown, files)
    });
    Document {
        format: FORMAT.to_owned(),
        version: VERSION,
        id: chat.id.to_string(),
        title: chat.title,
        created_at: chat.created_at,
        updated_at: chat.updated_at,
        pinned: chat.pinned,
        archived: chat.archived,
        model: chat.model_choice,
        params: chat.params,
        folders,
        tags,
        active_leaf_id: chat.active_leaf_id.map(|id| id.to_string()),
        messages: entries.collect(),
    }
}

fn entry(shown: Shown, files: Vec<file::Model>) -> Entry {
    let (row, vote) = shown.into_parts();
    let attachments = files.into_iter().map(|file| Attachment {
        id: file.id.to_string(),
        name: file.name,
    });
    Entry {
        id: row.id.to_string(),
        parent_id: row.parent_id.map(|id| id.to_string()),
        role: role(row.role),
        status: status(row.status).to_owned(),
        content: row.content,
        reasoning: row.reasoning,
        model: row.model_used.or(row.model_asked.clone()),
        created_at: row.created_at,
        facts: Facts {
            model_asked: row.model_asked,
            params: row.params,
            citations: row.citations,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
            usage_estimated: row.usage_estimated,
            cost_microusd: row.cost_microusd,
            ttft_ms: row.ttft_ms,
            latency_ms: row.latency_ms,
            vote: vote.map(|vote| thumb(&vote)),
            attachments: attachments.collect(),
        },
    }
}

fn as_markdown(whole: &Whole, attached: &Attached) -> String {
    let params = Params::from_row(&whole.chat.params);
    let heading = markdown::Heading {
        title: &whole.chat.title,
        created_at: whole.chat.created_at,
        system_prompt: params.system_prompt.as_deref(),
    };
    let lines: Vec<markdown::Line<'_>> = whole
        .path()
        .into_iter()
        .map(|shown| line(shown.row(), attached))
        .collect();
    markdown::write(&heading, &lines)
}

fn line<'a>(row: &'a message::Model, attached: &'a Attached) -> markdown::Line<'a> {
    let files = attached.get(&row.id).map_or(&[][..], Vec::as_slice);
    markdown::Line {
        role: role(row.role),
        model: row.model_used.as_deref().or(row.model_asked.as_deref()),
        content: &row.content,
        reasoning: row.reasoning.as_deref(),
        files: files.iter().map(|file| file.name.as_str()).collect(),
        note: match row.status {
            Status::Complete => None,
            other => Some(status(other)),
        },
    }
}

fn role(role: Role) -> exchange::Role {
    match role {
        Role::User => exchange::Role::User,
        Role::Assistant => exchange::Role::Assistant,
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Streaming => "streaming",
        Status::Complete => "complete",
        Status::Stopped => "stopped",
        Status::Interrupted => "interrupted",
        Status::Failed => "failed",
    }
}

fn thumb(vote: &message_vote::Model) -> String {
    match vote.vote {
        message_vote::Thumb::Up => "up",
        message_vote::Thumb::Down => "down",
    }
    .to_owned()
}

/// The title as the name of a file, in whatever script it is.
fn slug(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let name: String = words.join("-").chars().take(60).collect();
    let name = name.trim_end_matches('-');
    if name.is_empty() {
        "chat".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_the_name_of_a_file() {
        assert_eq!(slug("How do I \"quote\"? /../x"), "how-do-i-quote-x");
        assert_eq!(slug("…"), "chat");
        assert_eq!(slug(&"word ".repeat(40)).chars().count(), 59);
    }
}
