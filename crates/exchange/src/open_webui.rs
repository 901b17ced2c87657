//! Open WebUI: a history of messages by id around which versions have put more and more.

use serde_json::{Map, Value};

use crate::{
    Chat, End, Role,
    tree::{self, Draft, Node, Part},
    value::{first_text, is_true, list, text, time},
};

pub(crate) fn chat(value: &Value) -> Result<Chat, String> {
    let inner = if value["chat"].is_object() {
        &value["chat"]
    } else {
        value
    };
    let history = &inner["history"];
    let listed = listed(list(&inner["messages"]));
    let stored = history["messages"].as_object();
    let objects = stored
        .filter(|stored| !stored.is_empty())
        .unwrap_or(&listed);
    let nodes = tree::ordered(objects, "parentId", "childrenIds")
        .into_iter()
        .map(|(id, parent, message)| Node {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            at: time(&message["timestamp"]),
            part: part(message),
        })
        .collect();
    let current = history["currentId"].as_str();
    let (messages, leaf) = tree::messages(nodes, current, false)?;
    let mut tags: Vec<String> = Vec::new();
    for list in [&value["meta"]["tags"], &inner["tags"], &value["tags"]] {
        tags.extend(self::list(list).iter().filter_map(name));
    }
    tags.dedup();
    Ok(Chat {
        source_id: text(&value["id"])
            .or_else(|| text(&inner["id"]))
            .unwrap_or_default(),
        title: text(&value["title"]).or_else(|| first_text(inner, &["title", "name"])),
        created_at: time(&value["created_at"]).or_else(|| time(&inner["timestamp"])),
        updated_at: time(&value["updated_at"]),
        is_archived: is_true(&value["archived"]),
        is_pinned: is_true(&value["pinned"]),
        model: list_of_one(&inner["models"]),
        system_prompt: text(&inner["system"]).or_else(|| text(&inner["params"]["system"])),
        tags,
        messages,
        leaf,
        ..Chat::default()
    })
}

fn name(tag: &Value) -> Option<String> {
    text(tag).or_else(|| first_text(tag, &["name", "id"]))
}

fn list_of_one(value: &Value) -> Option<String> {
    list(value).iter().find_map(text)
}

/// Old exports have a list alone: each message follows the one before, unless it says otherwise.
fn listed(messages: &[Value]) -> Map<String, Value> {
    let mut objects = Map::new();
    let mut before: Option<String> = None;
    for (place, message) in messages.iter().enumerate() {
        let id = text(&message["id"]).unwrap_or_else(|| format!("{place:08}"));
        let mut message = message.clone();
        if let (Some(fields), Some(before)) = (message.as_object_mut(), before)
            && !fields.contains_key("parentId")
        {
            fields.insert("parentId".to_owned(), Value::String(before));
        }
        before = Some(id.clone());
        objects.insert(id, message);
    }
    objects
}

fn part(message: &Value) -> Part {
    let role = match message["role"].as_str() {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        _ => return Part::Hidden,
    };
    let mut said = content(&message["content"]);
    let mut thought: Vec<String> = Vec::new();
    if role == Role::Assistant {
        (said, thought) = without_details(&said);
        for item in list(&message["output"]) {
            let body = content(&item["content"]);
            match item["type"].as_str() {
                Some("message") if said.trim().is_empty() => said = body,
                Some("reasoning") if thought.is_empty() && !body.is_empty() => thought.push(body),
                _ => {}
            }
        }
        if thought.is_empty() {
            thought.extend(first_text(message, &["reasoning_content", "reasoning"]));
        }
    }
    let mut lines = files(message);
    if !said.trim().is_empty() {
        lines.push(said);
    }
    let error = &message["error"];
    let failed = text(error).or_else(|| first_text(error, &["content", "message", "detail"]));
    let has_failed = failed.is_some() || is_true(error);
    lines.extend(failed.map(|words| format!("> {}", words.replace('\n', "\n> "))));
    let is_cut = message["done"].as_bool() == Some(false);
    Part::Shown(Draft {
        role,
        end: match role {
            Role::Assistant if has_failed => End::Failed,
            Role::Assistant if is_cut => End::Interrupted,
            _ => End::Complete,
        },
        content: lines.join("\n\n"),
        reasoning: Some(thought.join("\n\n")).filter(|thought| !thought.is_empty()),
        model: text(&message["model"]).filter(|_| role == Role::Assistant),
        ..Draft::default()
    })
}

/// Text, or the text among pieces of several kinds.
fn content(value: &Value) -> String {
    if let Some(said) = text(value) {
        return said;
    }
    let pieces = list(value).iter().filter_map(|piece| {
        if piece["type"] == "image_url" || piece["type"] == "input_image" {
            return Some("*[Image]*".to_owned());
        }
        text(piece).or_else(|| text(&piece["text"]))
    });
    pieces.collect::<Vec<_>>().join("\n\n")
}

/// Names what went with a message.
fn files(message: &Value) -> Vec<String> {
    let named = list(&message["files"]).iter().filter_map(|file| {
        if file["type"] == "image" {
            return Some("*[Image]*".to_owned());
        }
        let name = text(&file["name"]).or_else(|| text(&file["file"]["filename"]))?;
        Some(format!("*[File: {name}]*"))
    });
    named.collect()
}

/// The answer without the folded blocks in which the program keeps thoughts and calls of tools, and
/// the thoughts.
fn without_details(said: &str) -> (String, Vec<String>) {
    let mut out = String::with_capacity(said.len());
    let mut thoughts = Vec::new();
    let mut rest = said;
    if let Some((thought, answer)) = rest
        .trim_start()
        .strip_prefix("<think>")
        .and_then(|rest| rest.split_once("</think>"))
    {
        thoughts.extend(Some(thought.trim().to_owned()).filter(|thought| !thought.is_empty()));
        rest = answer;
    }
    while let Some(begin) = rest.find("<details type=\"") {
        let (before, block) = rest.split_at(begin);
        let Some((block, behind)) = block.split_once("</details>") else {
            break;
        };
        out.push_str(before);
        let kind = block.split('"').nth(1).unwrap_or_default();
        match kind {
            "reasoning" => {
                let body = block.split_once("</summary>").map_or("", |(_, body)| body);
                let body = unquoted(body);
                thoughts.extend(Some(body).filter(|body| !body.is_empty()));
            }
            "tool_calls" | "code_interpreter" => {}
            _ => {
                out.push_str(block);
                out.push_str("</details>");
            }
        }
        rest = behind.trim_start_matches('\n');
    }
    out.push_str(rest);
    (out.trim().to_owned(), thoughts)
}

/// Thoughts are quoted, and their quotes are escaped.
fn unquoted(body: &str) -> String {
    let body = body
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", "\"");
    let body = body.replace("&#x27;", "'").replace("&amp;", "&");
    let lines = body.trim().lines().map(|line| {
        let line = line.strip_prefix('>').unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
