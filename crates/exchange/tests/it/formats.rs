//! Each program's export as it usually is.

use exchange::Source;
use serde_json::{Value, json};

use super::{lines, only, time};

fn node(id: &str, parent: Option<&str>, children: &[&str], message: Value) -> (String, Value) {
    let node = json!({ "id": id, "parent": parent, "children": children, "message": message });
    (id.to_owned(), node)
}

fn said(role: &str, parts: Value, more: Value) -> Value {
    let mut message = json!({
        "id": "m", "author": { "role": role, "name": null, "metadata": {} },
        "create_time": 1_700_000_000.5, "status": "finished_successfully", "weight": 1.0,
        "content": { "content_type": "text", "parts": parts }, "metadata": {}, "recipient": "all",
    });
    for (key, value) in more.as_object().cloned().unwrap_or_default() {
        message[key] = value;
    }
    message
}

#[test]
fn chatgpt_with_branches_pictures_thoughts_and_tools() {
    let content = |value: Value| json!({ "content": value });
    let mapping: serde_json::Map<String, Value> = [
        node("root", None, &["sys"], Value::Null),
        node("sys", Some("root"), &["ctx"], said("system", json!([""]), json!({ "weight": 0 }))),
        node("ctx", Some("sys"), &["q1", "q1b"], said("user", json!(["I am Ada"]), json!({
            "metadata": { "is_visually_hidden_from_conversation": true } }))),
        node("q1", Some("ctx"), &["t1"], said("user", json!([]), json!({
            "content": { "content_type": "multimodal_text", "parts": [
                { "content_type": "image_asset_pointer", "asset_pointer": "sediment://file_1", "width": 1 },
                "What is this?" ] },
            "metadata": { "attachments": [ { "name": "a.png", "mimeType": "image/png" },
                { "name": "b.pdf", "mimeType": "application/pdf" } ] } }))),
        node("t1", Some("q1"), &["call"], said("assistant", json!([]), content(json!({
            "content_type": "thoughts", "thoughts": [ { "summary": "Looking", "content": "A cat." } ] })))),
        node("call", Some("t1"), &["tool"], said("assistant", json!([]), json!({
            "recipient": "python", "content": { "content_type": "code", "language": "unknown", "text": "look()" } }))),
        node("tool", Some("call"), &["recap"], said("tool", json!([]), content(json!({
            "content_type": "execution_output", "text": "cat" })))),
        node("recap", Some("tool"), &["a1", "a1b"], said("assistant", json!([]), content(json!({
            "content_type": "reasoning_recap", "content": "Thought for 3 seconds" })))),
        node("a1", Some("recap"), &[], said("assistant", json!(["A cat."]), json!({
            "metadata": { "model_slug": "gpt-4o" } }))),
        node("a1b", Some("recap"), &[], said("assistant", json!(["A small \u{e200}cite\u{e202}turn0\u{e201}cat\u{e200}x\u{e201}."]), json!({
            "create_time": 1_700_000_100,
            "metadata": { "model_slug": "o3", "content_references": [ { "matched_text": "\u{e200}x\u{e201}", "alt": " (Felis)" } ] } }))),
        node("q1b", Some("ctx"), &[], said("user", json!(["Other question"]), Value::Null)),
    ].into_iter().collect();
    let export = json!([{
        "title": "A  cat\n", "create_time": 1_700_000_000.123_456_7, "update_time": 1_700_000_200.0,
        "mapping": mapping, "moderation_results": [], "current_node": "a1b", "conversation_id": "c-1",
        "is_archived": true, "is_starred": null, "default_model_slug": "gpt-5", "id": "c-1",
    }]);
    let chat = only(&export.to_string(), Source::ChatGpt);
    assert_eq!(chat.source_id, "c-1");
    assert_eq!(chat.title.as_deref(), Some("A cat"));
    assert_eq!(chat.created_at, Some(time("2023-11-14T22:13:20.123457Z")));
    assert!(chat.is_archived && !chat.is_pinned);
    assert_eq!(chat.model.as_deref(), Some("gpt-5"));
    assert_eq!(
        lines(&chat),
        [
            "- user: *[File: b.pdf]*\n\n*[Image]*\n\nWhat is this?",
            "0 model: A cat. (**Looking**\n\nA cat.) @gpt-4o",
            "0 model: A small cat (Felis). @o3",
            "- user: Other question",
            "3 model:  Stopped",
        ]
    );
    assert_eq!(chat.leaf, Some(2));
    assert_eq!(
        chat.messages[2].created_at,
        Some(time("2023-11-14T22:15:00Z"))
    );
}

#[test]
fn chatgpt_answers_in_pieces_are_one() {
    let mapping: serde_json::Map<String, Value> = [
        node("q", None, &["a"], said("user", json!(["Draw and tell"]), Value::Null)),
        node("a", Some("q"), &["t"], said("assistant", json!(["Drawing."]), Value::Null)),
        node("t", Some("a"), &["b"], said("tool", json!([]), json!({ "content": {
            "content_type": "multimodal_text", "parts": [ { "content_type": "image_asset_pointer" } ] } }))),
        node("b", Some("t"), &["d"], said("assistant", json!(["There."]), json!({
            "metadata": { "model_slug": "gpt-4o" } }))),
        node("d", Some("b"), &[], said("assistant", json!([]), json!({
            "recipient": "canmore.create_textdoc", "content": { "content_type": "code", "language": "json",
                "text": "{\"name\":\"Poem\",\"type\":\"document\",\"content\":\"Roses\"}" } }))),
    ].into_iter().collect();
    let export = json!([{ "title": null, "mapping": mapping, "current_node": "d" }]);
    let chat = only(&export.to_string(), Source::ChatGpt);
    let expected = "0 model: Drawing.\n\n*[Image]*\n\nThere.\n\n**Poem**\n\nRoses @gpt-4o";
    assert_eq!(lines(&chat), ["- user: Draw and tell", expected]);
    assert_eq!(chat.title, None);
    assert_eq!(chat.source_id.len(), 64, "named by its text");
    assert_eq!(chat.leaf, Some(1));
}

#[test]
fn claude_as_a_tree_of_blocks() {
    let root = "00000000-0000-4000-8000-000000000000";
    let message = |id: &str, sender: &str, above: &str, content: Value, more: Value| {
        let mut message = json!({ "uuid": id, "sender": sender, "parent_message_uuid": above, "text": "flat",
            "content": content, "created_at": "2025-03-01T10:00:00.000000Z", "updated_at": "2025-03-01T10:00:00.000000Z",
            "attachments": [], "files": [] });
        for (key, value) in more.as_object().cloned().unwrap_or_default() {
            message[key] = value;
        }
        message
    };
    let export = json!([{
        "uuid": "u-1", "name": "Rivers", "created_at": "2025-03-01T09:59:00Z", "updated_at": "2025-03-01T11:00:00Z",
        "account": { "uuid": "me" }, "current_leaf_message_uuid": "a2",
        "chat_messages": [
            message("q1", "human", root, json!([{ "type": "text", "text": "Which river?" }]), json!({
                "attachments": [{ "file_name": "", "file_type": "txt", "extracted_content": "Ganga ``` Yamuna" }],
                "files": [{ "file_name": "map.png", "file_kind": "image" }] })),
            message("a1", "assistant", "q1", json!([{ "type": "thinking", "thinking": "Hm." },
                { "type": "tool_use", "name": "web_search", "input": {} }, { "type": "tool_result", "content": [] },
                { "type": "text", "text": "Ganga." }, { "type": "tool_use", "name": "artifacts", "input": {
                    "command": "create", "title": "Page", "type": "text/html", "content": "<p>" } }]), Value::Null),
            message("a2", "assistant", "q1", json!([{ "type": "text", "text": "Yamuna." }]), Value::Null),
            message("q2", "human", "a1", json!([]), json!({ "text": "Old style" })),
        ],
    }]);
    let chat = only(&export.to_string(), Source::Claude);
    assert_eq!(chat.title.as_deref(), Some("Rivers"));
    assert_eq!(
        lines(&chat),
        [
            "- user: Which river?\n\n*[File: pasted]*\n\n````\nGanga ``` Yamuna\n````\n\n*[Image: map.png]*",
            "0 model: Ganga.\n\n**Page**\n\n```html\n<p>\n``` (Hm.)",
            "1 user: Old style",
            "0 model: Yamuna.",
            "2 model:  Stopped",
        ]
    );
    assert_eq!(chat.leaf, Some(3));
}

#[test]
fn claude_as_a_list() {
    let message = |sender: &str, text: &str| {
        json!({ "uuid": format!("{sender}-{text}"), "sender": sender, "text": text,
            "created_at": "2024-01-01T00:00:00+05:30", "attachments": [], "files": [] })
    };
    let export = json!([{ "uuid": "u", "name": "", "chat_messages": [
        message("human", "One?"), message("assistant", "One."), message("human", "Two?"), message("assistant", "Two."),
    ] }]);
    let chat = only(&export.to_string(), Source::Claude);
    assert_eq!(chat.title, None);
    assert_eq!(
        lines(&chat),
        [
            "- user: One?",
            "0 model: One.",
            "1 user: Two?",
            "2 model: Two."
        ]
    );
    assert_eq!(
        chat.messages[0].created_at,
        Some(time("2023-12-31T18:30:00Z"))
    );
}

#[test]
fn open_webui_with_two_models_reasoning_and_failures() {
    let export = json!([{
        "id": "w-1", "user_id": "u", "title": "Two of them", "updated_at": 1_700_000_300, "created_at": 1_700_000_000,
        "archived": false, "pinned": true, "share_id": null, "meta": { "tags": ["math", "homework"] }, "folder_id": null,
        "chat": { "id": "", "title": "Two of them", "models": ["a", "b"], "params": {}, "system": "Be brief.",
            "tags": ["math"], "timestamp": 1_700_000_000_000_i64, "files": [], "messages": [],
            "history": { "currentId": "a2", "messages": {
                "q": { "id": "q", "parentId": null, "childrenIds": ["a1", "a2", "a3"], "role": "user", "content": "15*17?",
                    "timestamp": 1_700_000_001, "models": ["a", "b"],
                    "files": [{ "type": "image", "url": "data:image/png;base64,AA" }, { "type": "file", "name": "n.txt" }] },
                "a1": { "id": "a1", "parentId": "q", "childrenIds": [], "role": "assistant", "model": "a", "modelIdx": 0,
                    "content": "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 seconds</summary>\n&gt; 15 &lt; 17\n&gt; so\n</details>\n255",
                    "timestamp": 1_700_000_002, "done": true },
                "a2": { "id": "a2", "parentId": "q", "childrenIds": ["q2"], "role": "assistant", "model": "b", "content": "",
                    "output": [{ "type": "reasoning", "content": [{ "type": "output_text", "text": "hm" }] },
                        { "type": "message", "content": [{ "type": "output_text", "text": "256" }] }], "timestamp": 1_700_000_002 },
                "a3": { "id": "a3", "parentId": "q", "childrenIds": [], "role": "assistant", "model": "c", "content": "",
                    "error": { "content": "No such model" }, "done": true, "timestamp": 1_700_000_003 },
                "q2": { "id": "q2", "parentId": "a2", "childrenIds": [], "role": "user", "content": [{ "type": "text", "text": "Sure?" }], "timestamp": 1_700_000_009 },
            } } } }]);
    let chat = only(&export.to_string(), Source::OpenWebUi);
    assert!(chat.is_pinned);
    assert_eq!(chat.tags, ["math", "homework", "math"]);
    assert_eq!(chat.system_prompt.as_deref(), Some("Be brief."));
    assert_eq!(
        lines(&chat),
        [
            "- user: *[Image]*\n\n*[File: n.txt]*\n\n15*17?",
            "0 model: 255 (15 < 17\nso) @a",
            "0 model: 256 (hm) @b",
            "2 user: Sure?",
            "0 model: > No such model @c Failed",
            "3 model:  Stopped",
        ]
    );
    assert_eq!(chat.leaf, Some(5), "below the one that was looked at");
}

#[test]
fn open_webui_of_old_and_alone() {
    let listed = json!({ "title": "Old", "messages": [
        { "id": "1", "role": "user", "content": "Hi" }, { "id": "2", "role": "assistant", "content": "<think>hm</think>Hello" } ],
        "history": { "messages": {} } });
    let chat = only(&listed.to_string(), Source::OpenWebUi);
    assert_eq!(lines(&chat), ["- user: Hi", "0 model: Hello (hm)"]);
    let children = json!({ "chat": { "title": "Children only", "history": { "messages": {
        "b": { "role": "assistant", "content": "B" }, "z": { "role": "user", "content": "A", "childrenIds": ["b"] } } } } });
    let chat = only(&children.to_string(), Source::OpenWebUi);
    assert_eq!(lines(&chat), ["- user: A", "0 model: B"]);
}

#[test]
fn librechat_in_a_list_and_nested() {
    let message = |id: &str, above: &str, by_user: bool, text: &str| {
        json!({ "messageId": id, "parentMessageId": above, "isCreatedByUser": by_user, "text": text,
            "createdAt": "2024-05-01T16:35:11.530Z", "sender": if by_user { "User" } else { "GPT" },
            "model": if by_user { Value::Null } else { json!("gpt-4o") }, "error": false, "unfinished": false })
    };
    let root = "00000000-0000-0000-0000-000000000000";
    let head = |messages: Value, is_nested: bool| {
        json!({ "conversationId": "l-1", "endpoint": "openAI", "title": "Venv", "exportAt": "13:18:04 GMT-0400",
            "branches": true, "recursive": is_nested, "options": { "model": "gpt-4-turbo", "promptPrefix": "Be an expert." },
            "messages": messages })
    };
    let mut blocks = message("a2", "q", false, "");
    blocks["content"] = json!([{ "type": "think", "think": "hm" }, { "type": "text", "text": { "value": "Two" } },
        { "type": "tool_call", "tool_call": {} }]);
    blocks["unfinished"] = json!(true);
    let flat = json!([
        message("q", root, true, "How?"),
        message("a", "q", false, "One"),
        blocks
    ]);
    let chat = only(&head(flat.clone(), false).to_string(), Source::LibreChat);
    let expected = [
        "- user: How?",
        "0 model: One @gpt-4o",
        "0 model: Two (hm) @gpt-4o Interrupted",
    ];
    assert_eq!(lines(&chat), expected);
    assert_eq!(chat.system_prompt.as_deref(), Some("Be an expert."));
    assert_eq!(chat.source_id, "l-1");

    let mut nested = flat[0].clone();
    nested["children"] = json!([flat[1], flat[2]]);
    // Not even the name of the one above is needed.
    nested["children"][1]["parentMessageId"] = Value::Null;
    let chat = only(&head(json!([nested]), true).to_string(), Source::LibreChat);
    assert_eq!(lines(&chat), expected);
}

#[test]
fn librechat_nests_as_deep_as_a_chat_is_long() {
    const LONG: usize = 5_000;
    let mut text = String::from(r#"{"conversationId":"deep","messages":["#);
    for n in 0..LONG {
        let by_user = n % 2 == 0;
        text.push_str(&format!(r#"{{"messageId":"{n}","isCreatedByUser":{by_user},"text":"\"children\":[ {n}","children":["#));
    }
    text.push_str(&"]}".repeat(LONG));
    text.push_str("]}");
    let chat = only(&text, Source::LibreChat);
    assert_eq!(chat.messages.len(), LONG);
    assert_eq!(chat.messages[LONG - 1].parent, Some(LONG - 2));
    assert_eq!(chat.messages[7].content, "\"children\":[ 7");
}

#[test]
fn our_own_comes_back_as_it_went() {
    let document = json!({
        "format": "sangam-chat", "version": 1, "id": "s-1", "title": "Mine", "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-02T00:00:00Z", "pinned": true, "archived": false, "model": "m", "folders": ["Work", "2026"],
        "tags": ["a"], "params": { "systemPrompt": "Hi" }, "activeLeafId": "2", "messages": [
            { "id": "1", "parentId": null, "role": "user", "status": "complete", "content": "Q", "createdAt": "2026-01-01T00:00:00Z" },
            { "id": "2", "parentId": "1", "role": "assistant", "status": "streaming", "content": "A", "reasoning": "r", "model": "m",
              "modelAsked": "auto", "promptTokens": 7, "costMicrousd": 12, "somethingNew": {}, "createdAt": "2026-01-01T00:00:01Z" },
            { "id": "3", "parentId": "1", "role": "assistant", "status": "failed", "content": "", "createdAt": "2026-01-01T00:00:02Z" } ] });
    let chat = only(&document.to_string(), Source::Sangam);
    assert_eq!(
        lines(&chat),
        [
            "- user: Q",
            "0 model: A (r) @m Interrupted",
            "0 model:  Failed"
        ]
    );
    assert_eq!(chat.folders, ["Work", "2026"]);
    assert_eq!(chat.leaf, Some(1));
    let facts = chat.messages[1].facts.as_ref().unwrap();
    assert_eq!(
        (facts.prompt_tokens, facts.cost_microusd),
        (Some(7), Some(12))
    );
}
