//! What exports have that they should not.

use exchange::{Refused, Source};
use serde_json::{Value, json};

use super::{all, lines, read};

fn claude(id: &str, text: &str) -> Value {
    json!({ "uuid": id, "name": id, "chat_messages": [
        { "uuid": "q", "sender": "human", "text": text }, { "uuid": "a", "sender": "assistant", "text": "ok" } ] })
}

#[test]
fn one_broken_conversation_is_left_out_and_the_rest_comes_in() {
    let circle = json!({ "title": "Circle", "id": "c", "mapping": {
        "a": { "parent": "b", "children": ["b"], "message": { "author": { "role": "user" }, "content": { "parts": ["x"] } } },
        "b": { "parent": "a", "children": ["a"], "message": null } } });
    let fine = |id: &str| {
        json!({ "title": id, "id": id, "mapping": {
        "a": { "parent": null, "children": [], "message": { "author": { "role": "user" }, "content": { "parts": ["x"] } } } } })
    };
    let export = json!([
        fine("one"), circle, { "title": "Corrupted", "id": "x", "create_time": 1 }, 7, null, "text", [],
        { "title": 5, "mapping": [] }, { "title": "Empty", "mapping": {} }, { "title": "Odd", "mapping": { "a": null, "b": 7 } },
        fine("two"),
    ]);
    let found = read(&export.to_string());
    let seen: Vec<String> = found
        .iter()
        .map(|(_, chat)| match chat {
            Ok(chat) => format!("+ {}", chat.title.clone().unwrap_or_default()),
            Err(left) => format!("{}: {}", left.title, left.reason),
        })
        .collect();
    assert_eq!(seen[0], "+ one");
    assert_eq!(seen.last().unwrap(), "+ two");
    assert!(
        seen.contains(&"Circle: Its messages form a circle.".to_owned()),
        "{seen:#?}"
    );
    assert!(
        seen.contains(&"Corrupted: It holds no messages.".to_owned()),
        "{seen:#?}"
    );
    assert!(
        seen.contains(&"Odd: It holds no messages.".to_owned()),
        "{seen:#?}"
    );
    assert_eq!(seen.len(), 11);
}

#[test]
fn nulls_and_odd_types_are_done_without() {
    let export = json!([{ "title": ["no"], "create_time": "soon", "update_time": null, "current_node": 5, "mapping": {
        "r": { "message": null },
        "a": { "parent": "r", "children": null, "message": { "author": null, "content": null } },
        "b": { "parent": "r", "message": { "author": { "role": "user" }, "create_time": null, "metadata": null,
            "content": { "content_type": "text", "parts": [null, 5, "Hi", { "no": "text" }, { "text": "there" }] } } },
        "c": { "parent": "b", "message": { "author": { "role": "assistant" }, "recipient": null, "metadata": [],
            "content": { "content_type": "something_new", "parts": ["New"] } } },
        "d": { "parent": "gone", "message": { "author": { "role": "assistant" }, "content": { "content_type": "text" } } } } }]);
    let (_, chat) = read(&export.to_string()).remove(0);
    let chat = chat.unwrap();
    assert_eq!(lines(&chat), ["- user: Hi\n\nthere", "0 model: New"]);
    assert_eq!((chat.title.as_deref(), chat.created_at), (None, None));
}

#[test]
fn characters_that_are_none_are_replaced() {
    let text = format!("\u{feff}{}", json!([claude("u", "a")])).replace("\"a\"}", "\"a\"}");
    let text = text.replace("\"text\":\"a\"", r#""text":"a\u0000\ud83d \uD83D\uDE00""#);
    let (_, chat) = read(&text).remove(0);
    let content = chat.unwrap().messages[0].content.clone();
    assert_eq!(content, "a\u{fffd}\u{fffd} 😀");
}

#[test]
fn a_file_that_breaks_off_gives_what_it_has() {
    let whole = json!([claude("one", "x"), claude("two", "y")]).to_string();
    let found = read(&whole[..whole.len() - 30]);
    assert_eq!(found.len(), 2);
    assert!(found[0].1.is_ok());
    let left = found[1].1.as_ref().unwrap_err();
    assert!(
        left.reason
            .starts_with("From here on the file is no JSON (line 1"),
        "{left:?}"
    );
}

#[test]
fn wrappers_single_chats_and_lines_are_read() {
    for text in [
        claude("one", "x").to_string(),
        json!({ "conversations": [claude("one", "x")] }).to_string(),
        format!("{}\n{}\n", claude("one", "x"), claude("two", "x")),
    ] {
        let found = read(&text);
        assert!(!found.is_empty(), "{text}");
        assert!(
            found
                .iter()
                .all(|(source, chat)| *source == Some(Source::Claude) && chat.is_ok())
        );
    }
}

#[test]
fn what_is_no_export_is_refused() {
    for bytes in [
        &b""[..],
        b"   ",
        b"hello",
        b"[]",
        b"{}",
        b"[1,2]",
        b"{\"a\":[]}",
        b"\x89PNG",
        b"PK\x05\x06",
    ] {
        let refused = all(bytes).unwrap_err();
        assert!(
            matches!(refused, Refused::Unknown(_)),
            "{refused:?} of {bytes:?}"
        );
    }
    let deep = "[".repeat(1_000_000);
    assert!(all(deep.as_bytes()).is_err() || all(deep.as_bytes()).unwrap()[0].chat.is_err());
    let deep = format!(
        "[{{\"title\":\"Deep\",\"mapping\":{{\"a\":{}1{}}}}}]",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let left = all(deep.as_bytes()).unwrap().remove(0).chat.unwrap_err();
    assert_eq!(
        (left.title.as_str(), left.reason.as_str()),
        ("Deep", "It is nested too deeply.")
    );
}

#[test]
fn what_would_take_much_memory_is_left_out_before_it_does() {
    let many = |piece: &str, count: usize| vec![piece; count].join(",");
    for (title, inside) in [
        ("Objects", many(r#"{"a":1}"#, 400_000)),
        ("Values", many("1", 2_100_000)),
    ] {
        let text = format!(r#"[{{"title":"{title}","mapping":{{"a":[{inside}]}}}}]"#);
        let left = read(&text).remove(0).1.unwrap_err();
        assert_eq!(left.title, title);
        assert_eq!(left.reason, "It has more parts than can be read.");
    }
}

#[test]
fn too_much_is_refused() {
    let limits = exchange::Limits {
        unpacked_bytes: 300_000,
        chat_bytes: 200_000,
        messages: 3,
        message_bytes: 50_000,
        ..exchange::Limits::default()
    };
    let read = |text: &str| {
        let mut found = Vec::new();
        let file = std::io::Cursor::new(text.as_bytes());
        exchange::read(file, None, &limits, &mut |one| {
            found.push(one.chat);
            true
        })
        .map(|()| found)
    };
    let long = json!([claude("a", &"x".repeat(60_000)), claude("b", "x")]).to_string();
    let found = read(&long).unwrap();
    assert!(found[0].is_err() && found[1].is_ok());
    let many = json!([{ "uuid": "m", "chat_messages": (0..5).map(|n| json!({ "sender": "human", "text": "x", "uuid": n.to_string() })).collect::<Vec<_>>() }]);
    assert!(read(&many.to_string()).unwrap()[0].is_err());
    for text in [
        json!([claude("a", &"x".repeat(250_000))]).to_string(),
        json!(
            (0..10)
                .map(|n| claude(&n.to_string(), &"x".repeat(40_000)))
                .collect::<Vec<_>>()
        )
        .to_string(),
    ] {
        assert!(
            matches!(read(&text), Err(Refused::TooLarge(_))),
            "{}",
            text.len()
        );
    }
}
