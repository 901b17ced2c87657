//! ZIP archives, friendly and hostile.

use std::io::{Cursor, Write};

use exchange::{Limits, Refused, Source};
use serde_json::json;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::all;

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn chats(ids: &[&str]) -> Vec<u8> {
    let chat = |id: &&str| json!({ "uuid": id, "name": id, "chat_messages": [{ "uuid": "q", "sender": "human", "text": "x" }] });
    serde_json::to_vec(&ids.iter().map(chat).collect::<Vec<_>>()).unwrap()
}

fn ids(bytes: &[u8]) -> Vec<String> {
    let found = all(bytes).unwrap();
    found
        .into_iter()
        .map(|one| one.chat.unwrap().source_id)
        .collect()
}

#[test]
fn chats_are_found_among_other_files() {
    let user = br#"{"email":"ada@example.org","conversations":[]}"#;
    let zip = packed(&[
        ("export/users.json", user),
        ("export/conversations-001.json", &chats(&["c"])),
        ("export/conversations-000.json", &chats(&["a", "b"])),
        ("export/other.json", &chats(&["not this"])),
        ("export/file-1.png", b"\x89PNG"),
        ("__MACOSX/export/._conversations.json", b"\0"),
    ]);
    assert_eq!(ids(&zip), ["a", "b", "c"]);
    assert_eq!(
        exchange::count(Cursor::new(&zip[..]), &Limits::default()),
        Ok(3)
    );
    let single = |id: &str| {
        json!({ "conversationId": id, "messages": [{ "messageId": "1", "isCreatedByUser": true, "text": "x" }] }).to_string()
    };
    let zip = packed(&[
        ("two.json", single("2").as_bytes()),
        ("one.json", single("1").as_bytes()),
        ("settings.json", b"{}"),
    ]);
    assert_eq!(ids(&zip), ["1", "2"]);
    let all = all(&zip).unwrap();
    assert!(all.iter().all(|one| one.source == Some(Source::LibreChat)));
}

#[test]
fn hostile_archives_are_refused() {
    let good = chats(&["a"]);
    for name in [
        "../conversations.json",
        "/etc/conversations.json",
        "a/../../conversations.json",
        "..\\conversations.json",
        "C:\\conversations.json",
    ] {
        let refused = all(&packed(&[(name, &good)])).unwrap_err();
        assert!(
            matches!(refused, Refused::Hostile(_)),
            "{name}: {refused:?}"
        );
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink(
        "conversations.json",
        "/etc/passwd",
        SimpleFileOptions::default(),
    )
    .unwrap();
    let refused = all(&zip.finish().unwrap().into_inner()).unwrap_err();
    assert!(matches!(refused, Refused::Hostile(_)), "{refused:?}");

    // A trap: a few kilobytes that unpack to hundreds of megabytes.
    let blank = vec![b' '; 20 << 20];
    let refused = all(&packed(&[("conversations.json", &blank)])).unwrap_err();
    assert!(matches!(refused, Refused::TooLarge(_)), "{refused:?}");

    let many: Vec<String> = (0..5_001).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let refused = all(&packed(&many)).unwrap_err();
    assert!(matches!(refused, Refused::TooLarge(_)), "{refused:?}");

    // Archives in archives are not looked into.
    let inner = packed(&[("conversations.json", &good)]);
    assert!(all(&packed(&[("inner.zip", &inner)])).is_err());
    assert!(all(&packed(&[("conversations.json", &inner)])).is_err());
}

#[test]
fn broken_archives_never_panic() {
    let zip = packed(&[
        ("conversations.json", &chats(&["a", "b"])),
        ("x.json", b"[]"),
    ]);
    for cut in 0..zip.len() {
        all(&zip[..cut]).ok();
        let mut bent = zip.clone();
        bent[cut] ^= 0xff;
        all(&bent).ok();
    }
}
