//! `LibreChat`: one chat a file, its messages in a list or each inside the one it answers.

use serde_json::Value;

use crate::{
    Chat, End, Role, json,
    tree::{self, Draft, Node, Part},
    value::{first_text, is_true, list, text, time},
};

/// The message above the first ones.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) fn chat(whole: &str) -> Result<Chat, String> {
    let mut parts = json::apart(whole).into_iter();
    let head = parts.next().map(|(head, _)| head).unwrap_or_default();
    let head = json::value(&head)?;
    // Place 0 is the chat itself.
    let mut ids: Vec<Option<String>> = vec![None];
    let mut nodes = Vec::new();
    for (place, (message, around)) in (1_usize..).zip(parts) {
        let message = json::value(&message)?;
        let id = first_text(&message, &["messageId", "id"]).unwrap_or_else(|| place.to_string());
        let said = text(&message["parentMessageId"]).filter(|parent| parent != NOBODY);
        let parent = said.or_else(|| ids.get(around?).cloned().flatten());
        ids.push(Some(id.clone()));
        nodes.push(Node {
            id,
            parent,
            at: time(&message["createdAt"]),
            part: part(&message),
        });
    }
    let (messages, leaf) = tree::messages(nodes, None, false)?;
    let options = &head["options"];
    Ok(Chat {
        source_id: text(&head["conversationId"]).unwrap_or_default(),
        title: text(&head["title"]).or_else(|| text(&options["title"])),
        created_at: time(&head["createdAt"]),
        updated_at: time(&head["updatedAt"]),
        is_archived: is_true(&head["isArchived"]),
        model: text(&options["model"]).or_else(|| text(&head["model"])),
        system_prompt: first_text(options, &["promptPrefix", "system", "instructions"]),
        tags: list(&head["tags"]).iter().filter_map(text).collect(),
        messages,
        leaf,
        ..Chat::default()
    })
}

fn part(message: &Value) -> Part {
    let is_users = message["isCreatedByUser"].as_bool().unwrap_or_else(|| {
        let sender = first_text(message, &["role", "sender"]).unwrap_or_default();
        sender.eq_ignore_ascii_case("user")
    });
    let mut said: Vec<String> = Vec::new();
    let mut thought: Vec<String> = Vec::new();
    for block in list(&message["content"]) {
        let kind = block["type"].as_str().unwrap_or_default();
        // The text of a block is text, or an object that has it.
        let body = text(&block[kind]).or_else(|| text(&block[kind]["value"]));
        match kind {
            "text" | "error" => said.extend(body),
            "think" => thought.extend(body),
            "image_file" | "image_url" => said.push("*[Image]*".to_owned()),
            _ => {}
        }
    }
    if said.is_empty() {
        let whole = text(&message["text"]).or_else(|| text(&message["content"]));
        let (words, inner) = without_thought(whole.unwrap_or_default());
        said.extend(Some(words).filter(|words| !words.is_empty()));
        thought.extend(inner);
    }
    let mut lines: Vec<String> = list(&message["files"]).iter().filter_map(file).collect();
    lines.append(&mut said);
    Part::Shown(Draft {
        role: if is_users {
            Role::User
        } else {
            Role::Assistant
        },
        end: match (
            is_users,
            is_true(&message["error"]),
            is_true(&message["unfinished"]),
        ) {
            (false, true, _) => End::Failed,
            (false, _, true) => End::Interrupted,
            _ => End::Complete,
        },
        content: lines.join("\n\n"),
        reasoning: Some(thought.join("\n\n")).filter(|thought| !thought.is_empty()),
        model: text(&message["model"]).filter(|_| !is_users),
        ..Draft::default()
    })
}

fn file(file: &Value) -> Option<String> {
    let kind = text(&file["type"]).unwrap_or_default();
    let what = if kind.starts_with("image/") {
        "Image"
    } else {
        "File"
    };
    let name = first_text(file, &["filename", "name"])?;
    Some(format!("*[{what}: {name}]*"))
}

/// Older versions keep a thought at the beginning of the text, between two lines of colons.
fn without_thought(whole: String) -> (String, Option<String>) {
    let inner = whole.trim_start().strip_prefix(":::thinking");
    match inner.and_then(|inner| inner.split_once("\n:::")) {
        Some((thought, words)) => {
            let thought = Some(thought.trim().to_owned()).filter(|thought| !thought.is_empty());
            (words.trim().to_owned(), thought)
        }
        None => (whole, None),
    }
}
