//! Claude: a list of messages, each of blocks, that name the message above them or follow it.

use serde_json::Value;

use crate::{
    Chat, End, Role,
    tree::{self, Draft, Node, Part},
    value::{fenced, first_text, is_true, list, text, time},
};

pub(crate) fn chat(value: &Value) -> Result<Chat, String> {
    let sent = list(&value["chat_messages"]);
    let is_tree = sent
        .iter()
        .any(|message| message["parent_message_uuid"].is_string());
    let id = |(place, message): (usize, &Value)| {
        text(&message["uuid"]).unwrap_or_else(|| place.to_string())
    };
    let nodes = sent.iter().enumerate().map(|(place, message)| {
        let before = place.checked_sub(1);
        let parent = if is_tree {
            text(&message["parent_message_uuid"])
        } else {
            before.and_then(|before| Some(id((before, sent.get(before)?))))
        };
        Node {
            id: id((place, message)),
            parent,
            at: time(&message["created_at"]),
            part: part(message),
        }
    });
    let current = value["current_leaf_message_uuid"].as_str();
    let (messages, leaf) = tree::messages(nodes.collect(), current, true)?;
    Ok(Chat {
        source_id: first_text(value, &["uuid", "id"]).unwrap_or_default(),
        title: first_text(value, &["name", "title"]),
        created_at: time(&value["created_at"]),
        updated_at: time(&value["updated_at"]),
        is_pinned: is_true(&value["is_starred"]),
        model: text(&value["model"]),
        messages,
        leaf,
        ..Chat::default()
    })
}

fn part(message: &Value) -> Part {
    let role = match message["sender"].as_str() {
        Some("human" | "user") => Role::User,
        Some("assistant") => Role::Assistant,
        _ => return Part::Hidden,
    };
    let mut said: Vec<String> = Vec::new();
    let mut thought: Vec<String> = Vec::new();
    for block in list(&message["content"]) {
        match block["type"].as_str() {
            Some("text") => said.extend(text(&block["text"])),
            Some("thinking") => thought.extend(text(&block["thinking"])),
            Some("image") => said.push("*[Image]*".to_owned()),
            Some("tool_use") => said.extend(written(block)),
            _ => {}
        }
    }
    if said.is_empty() {
        // Also where there are no blocks, as in old exports, or only such that are not shown.
        said.extend(text(&message["text"]).or_else(|| text(&message["content"])));
    }
    said.extend(files(message));
    let is_cut = role == Role::Assistant && is_true(&message["truncated"]);
    Part::Shown(Draft {
        role,
        end: if is_cut {
            End::Interrupted
        } else {
            End::Complete
        },
        content: said.join("\n\n"),
        reasoning: Some(thought.join("\n\n")).filter(|thought| !thought.is_empty()),
        model: text(&message["model"]).filter(|_| role == Role::Assistant),
        ..Draft::default()
    })
}

/// A document or a file that the model wrote by a tool.
fn written(block: &Value) -> Option<String> {
    let input = &block["input"];
    match block["name"].as_str()? {
        "artifacts" => {
            let body = text(&input["content"])?;
            let name = first_text(input, &["title", "id"]).unwrap_or_default();
            let kind = input["type"].as_str().unwrap_or_default();
            let body = match input["language"].as_str() {
                Some(language) => fenced(language, &body),
                None if kind == "text/markdown" => body,
                None => fenced(language(kind), &body),
            };
            Some(format!("**{name}**\n\n{body}"))
        }
        "create_file" => {
            let name = text(&input["path"])?;
            let body = fenced("", &text(&input["file_text"])?);
            Some(format!("**{name}**\n\n{body}"))
        }
        _ => None,
    }
}

fn language(kind: &str) -> &str {
    match kind {
        "text/html" => "html",
        "image/svg+xml" => "svg",
        "application/vnd.ant.react" => "jsx",
        "application/vnd.ant.mermaid" => "mermaid",
        _ => "",
    }
}

/// What went with a message: pasted text, whole, and the names of files.
fn files(message: &Value) -> Vec<String> {
    let pasted = list(&message["attachments"]).iter().map(|file| {
        let name = text(&file["file_name"]).unwrap_or_else(|| "pasted".to_owned());
        match text(&file["extracted_content"]) {
            Some(body) => format!("*[File: {name}]*\n\n{}", fenced("", &body)),
            None => format!("*[File: {name}]*"),
        }
    });
    let sent = ["files", "files_v2"].into_iter();
    let sent = sent
        .map(|key| list(&message[key]))
        .find(|files| !files.is_empty());
    let named = sent.unwrap_or_default().iter().filter_map(|file| {
        let name = first_text(file, &["file_name", "name"])?;
        let is_picture = file["file_kind"] == "image";
        let what = if is_picture { "Image" } else { "File" };
        Some(format!("*[{what}: {name}]*"))
    });
    pasted.chain(named).collect()
}
