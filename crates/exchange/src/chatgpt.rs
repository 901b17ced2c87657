//! `ChatGPT`: a map of nodes, of which many are not for reading: tool calls, what tools answered,
//! instructions, thoughts.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    Chat, End, Role,
    tree::{self, Draft, Node, Part},
    value::{fenced, first_text, is_true, list, text, time},
};

pub(crate) fn chat(value: &Value) -> Result<Chat, String> {
    let Some(mapping) = value["mapping"].as_object() else {
        return Err("It holds no messages.".to_owned());
    };
    let nodes = tree::ordered(mapping, "parent", "children")
        .into_iter()
        .map(|(id, parent, node)| Node {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            at: time(&node["message"]["create_time"]),
            part: part(&node["message"]),
        })
        .collect();
    let current = value["current_node"].as_str();
    let (messages, leaf) = tree::messages(nodes, current, true)?;
    Ok(Chat {
        source_id: first_text(value, &["conversation_id", "id"]).unwrap_or_default(),
        title: text(&value["title"]),
        created_at: time(&value["create_time"]),
        updated_at: time(&value["update_time"]),
        is_archived: is_true(&value["is_archived"]),
        is_pinned: is_true(&value["is_starred"]),
        model: text(&value["default_model_slug"]),
        messages,
        leaf,
        ..Chat::default()
    })
}

fn part(message: &Value) -> Part {
    let (content, metadata) = (&message["content"], &message["metadata"]);
    let kind = content["content_type"].as_str().unwrap_or("text");
    if is_true(&metadata["is_visually_hidden_from_conversation"]) {
        return Part::Hidden;
    }
    let role = match message["author"]["role"].as_str() {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        // The pictures that a tool has made are shown as the model's.
        Some("tool") if kind == "multimodal_text" && has_picture(content) => Role::Assistant,
        _ => return Part::Hidden,
    };
    match kind {
        "thoughts" => return thoughts(content),
        "reasoning_recap"
        | "user_editable_context"
        | "model_editable_context"
        | "execution_output"
        | "system_error"
        | "tether_quote"
        | "tether_browsing_display" => {
            return Part::Hidden;
        }
        _ => {}
    }
    let recipient = message["recipient"].as_str().unwrap_or("all");
    if role == Role::Assistant && recipient == "canmore.create_textdoc" {
        return document(content, metadata);
    }
    if role == Role::Assistant && !matches!(recipient, "all" | "") {
        return Part::Hidden;
    }
    let said = unmarked(&said(kind, content), metadata);
    if message["channel"].as_str() == Some("analysis") {
        return Part::Thought(said);
    }
    Part::Shown(Draft {
        role,
        end: end(message),
        content: with_files(said, metadata),
        model: model(metadata).filter(|_| role == Role::Assistant),
        ..Draft::default()
    })
}

fn model(metadata: &Value) -> Option<String> {
    first_text(metadata, &["model_slug", "default_model_slug"])
}

fn end(message: &Value) -> End {
    let finish = message["metadata"]["finish_details"]["type"].as_str();
    match (message["status"].as_str(), finish) {
        (_, Some("interrupted")) => End::Stopped,
        (Some("in_progress"), _) => End::Interrupted,
        _ => End::Complete,
    }
}

fn has_picture(content: &Value) -> bool {
    list(&content["parts"])
        .iter()
        .any(|part| part["content_type"] == "image_asset_pointer")
}

fn thoughts(content: &Value) -> Part {
    let thoughts = list(&content["thoughts"]).iter().filter_map(|thought| {
        let (summary, words) = (text(&thought["summary"]), text(&thought["content"]));
        match (summary, words) {
            (Some(summary), Some(words)) => Some(format!("**{summary}**\n\n{words}")),
            (summary, words) => summary.or(words),
        }
    });
    Part::Thought(thoughts.collect::<Vec<_>>().join("\n\n"))
}

/// A text that the model wrote beside the chat.
fn document(content: &Value, metadata: &Value) -> Part {
    let written = first_text(content, &["text"]);
    let written = written.or_else(|| list(&content["parts"]).first().and_then(text));
    let parsed: Option<Value> = written.and_then(|text| serde_json::from_str(&text).ok());
    let Some((document, body)) = parsed.and_then(|document| {
        let body = text(&document["content"])?;
        Some((document, body))
    }) else {
        return Part::Hidden;
    };
    let name = text(&document["name"]).unwrap_or_else(|| "Document".to_owned());
    let body = match document["type"]
        .as_str()
        .unwrap_or_default()
        .split_once('/')
    {
        Some(("code", language)) => fenced(language, &body),
        _ => body,
    };
    Part::Shown(Draft {
        role: Role::Assistant,
        content: format!("**{name}**\n\n{body}"),
        model: model(metadata),
        ..Draft::default()
    })
}

fn said(kind: &str, content: &Value) -> String {
    if kind == "code" {
        let code = text(&content["text"]).unwrap_or_default();
        let language = content["language"].as_str().unwrap_or_default();
        let language = if language == "unknown" { "" } else { language };
        return if code.is_empty() {
            code
        } else {
            fenced(language, &code)
        };
    }
    let parts: Vec<String> = list(&content["parts"]).iter().filter_map(piece).collect();
    if parts.is_empty() {
        return first_text(content, &["text", "result"]).unwrap_or_default();
    }
    parts.join("\n\n")
}

fn piece(part: &Value) -> Option<String> {
    if let Some(said) = text(part) {
        return Some(said);
    }
    match part["content_type"].as_str() {
        Some("image_asset_pointer") => Some("*[Image]*".to_owned()),
        Some("video_container_asset_pointer") => Some("*[Video]*".to_owned()),
        _ => text(&part["text"]),
    }
}

/// Names the files that went with a message; pictures have shown themselves.
fn with_files(said: String, metadata: &Value) -> String {
    let names = list(&metadata["attachments"]).iter().filter_map(|file| {
        let kind = first_text(file, &["mimeType", "mime_type"]).unwrap_or_default();
        let name = text(&file["name"]).filter(|_| !kind.starts_with("image/"))?;
        Some(format!("*[File: {name}]*"))
    });
    let mut lines: Vec<String> = names.collect();
    if lines.is_empty() {
        return said;
    }
    lines.push(said);
    lines.join("\n\n")
}

const MARK_BEGINS: char = '\u{e200}';
const MARK_ENDS: char = '\u{e201}';

/// Takes out the marks that the program puts sources and names in place of.
fn unmarked(said: &str, metadata: &Value) -> String {
    if !said.contains(MARK_BEGINS) {
        return said.to_owned();
    }
    let instead: HashMap<&str, &str> = list(&metadata["content_references"])
        .iter()
        .filter_map(|reference| {
            let matched = reference["matched_text"].as_str()?;
            Some((matched, reference["alt"].as_str().unwrap_or_default()))
        })
        .collect();
    let mut out = String::with_capacity(said.len());
    let mut rest = said;
    while let Some(begin) = rest.find(MARK_BEGINS) {
        let (before, marked) = rest.split_at(begin);
        out.push_str(before);
        let end = marked.find(MARK_ENDS).map(|end| end + MARK_ENDS.len_utf8());
        let (mark, behind) = marked.split_at(end.unwrap_or(MARK_BEGINS.len_utf8()));
        out.push_str(instead.get(mark).copied().unwrap_or_default());
        rest = behind;
    }
    out.push_str(rest);
    out
}
