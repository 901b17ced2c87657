//! Folders, tags, the list's filters, and acts on many chats.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ask, id};
use crate::support::{TestApp, User};

async fn folder(who: &User, name: &str, parent: Option<&str>) -> String {
    let body = json!({ "name": name, "parentId": parent });
    let made = who.post("/api/folders", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    id(&made.body["folder"])
}

/// The titles of a list, in its order, over as many pages of two as it has.
async fn titles(who: &User, query: &str) -> Vec<String> {
    let (mut titles, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/api/chats?limit=2{query}{cursor}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let items = page.body["items"].as_array().unwrap();
        titles.extend(
            items
                .iter()
                .map(|chat| chat["title"].as_str().unwrap().to_owned()),
        );
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return titles,
        }
    }
}

/// Seven chats a minute apart, A the oldest.
async fn seven(app: &TestApp, who: &User) -> Vec<String> {
    let mut ids = Vec::new();
    for title in ["A", "B", "C", "D", "E", "F", "G"] {
        app.advance(TimeDelta::minutes(1));
        ids.push(ask(who, title).await.0.chat);
    }
    ids
}

async fn change(who: &User, chat: &str, body: Value) -> Value {
    let changed = who.patch(&format!("/api/chats/{chat}"), &body).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    changed.body["chat"].clone()
}

#[tokio::test]
async fn folders_nest_hold_chats_and_give_back_what_they_held() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let ids = seven(&app, &ada).await;
    let outer = folder(&ada, "  Work ", None).await;
    let inner = folder(&ada, "Rust", Some(&outer)).await;
    let moved = change(&ada, &ids[0], json!({ "folderId": inner })).await;
    assert_eq!(moved["folderId"], inner.as_str());
    for n in [1, 2, 3] {
        change(&ada, &ids[n], json!({ "folderId": inner })).await;
    }
    change(&ada, &ids[2], json!({ "pinned": true })).await;
    change(&ada, &ids[3], json!({ "archived": true })).await;
    assert_eq!(
        titles(&ada, &format!("&folder={inner}")).await,
        ["C", "B", "A"]
    );
    assert_eq!(titles(&ada, "&folder=none").await, ["G", "F", "E"]);
    let list = ada.get("/api/folders").await;
    let shown: Vec<_> = list.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            (
                f["name"].as_str().unwrap(),
                f["chatCount"].as_i64().unwrap(),
                &f["parentId"],
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("Work", 0, &Value::Null), ("Rust", 3, &json!(outer))]
    );
    // What was inside moves up, level by level.
    assert_eq!(
        ada.delete(&format!("/api/folders/{inner}")).await.status,
        204
    );
    assert_eq!(
        titles(&ada, &format!("&folder={outer}")).await,
        ["C", "B", "A"]
    );
    assert_eq!(
        ada.delete(&format!("/api/folders/{outer}")).await.status,
        204
    );
    assert_eq!(titles(&ada, "&folder=none").await.len(), 6);
    assert_eq!(ada.get("/api/folders").await.body["items"], json!([]));
    let out = change(&ada, &ids[0], json!({ "folderId": null })).await;
    assert_eq!(out["folderId"], Value::Null);
}

#[tokio::test]
async fn a_folder_is_never_inside_itself() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let outer = folder(&ada, "Outer", None).await;
    let inner = folder(&ada, "Inner", Some(&outer)).await;
    let into = async |what: &str, parent: Value| {
        ada.patch(
            &format!("/api/folders/{what}"),
            &json!({ "parentId": parent }),
        )
        .await
    };
    assert_eq!(
        into(&outer, json!(inner)).await.fields(),
        ["parentId cycle"]
    );
    assert_eq!(
        into(&outer, json!(outer)).await.fields(),
        ["parentId cycle"]
    );
    assert_eq!(
        into(&inner, Value::Null).await.body["folder"]["parentId"],
        Value::Null
    );
    assert_eq!(into(&outer, json!(inner)).await.status, 200);
    let renamed = ada
        .patch(&format!("/api/folders/{inner}"), &json!({ "name": "In" }))
        .await;
    assert_eq!(renamed.body["folder"]["name"], "In");
    let mut deepest = outer;
    for n in 3..=8 {
        deepest = folder(&ada, &format!("Level {n}"), Some(&deepest)).await;
    }
    let ninth = ada
        .post("/api/folders", &json!({ "name": "9", "parentId": deepest }))
        .await;
    assert_eq!(ninth.fields(), ["parentId depth"]);
    for name in ["", "  ", "a\nb", &"x".repeat(101)] {
        let refused = ada.post("/api/folders", &json!({ "name": name })).await;
        assert_eq!(refused.fields(), ["name length"], "{name:?}");
    }
}

#[tokio::test]
async fn there_are_so_many_folders_and_no_more() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    for n in 0..500 {
        folder(&ada, &format!("{n}"), None).await;
    }
    let refused = ada
        .post("/api/folders", &json!({ "name": "One more" }))
        .await;
    assert_eq!(refused.fields(), ["name count"]);
}

#[tokio::test]
async fn somebody_elses_folders_tags_and_chats_do_not_exist() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let (chat, _) = ask(&ada, "Mine").await;
    let (his, _) = ask(&bob, "His").await;
    let mine = folder(&ada, "Mine", None).await;
    change(
        &ada,
        &chat.chat,
        json!({ "folderId": mine, "tags": ["secret"] }),
    )
    .await;
    let url = format!("/api/folders/{mine}");
    let missing = "404 folder_not_found";
    assert_eq!(
        bob.patch(&url, &json!({ "name": "Taken" })).await.line(),
        missing
    );
    assert_eq!(bob.delete(&url).await.line(), missing);
    let below = json!({ "name": "Below", "parentId": mine });
    assert_eq!(bob.post("/api/folders", &below).await.line(), missing);
    let own = folder(&bob, "Own", None).await;
    let under = json!({ "parentId": mine });
    assert_eq!(
        bob.patch(&format!("/api/folders/{own}"), &under)
            .await
            .line(),
        missing
    );
    let into = json!({ "folderId": mine });
    assert_eq!(bob.patch(&his.url(), &into).await.line(), missing);
    let act = json!({ "ids": [his.chat], "action": "move", "folderId": mine });
    assert_eq!(bob.post("/api/chats/bulk", &act).await.line(), missing);
    assert_eq!(titles(&bob, &format!("&folder={mine}")).await, [""; 0]);
    assert_eq!(titles(&bob, "&tag=secret").await, [""; 0]);
    assert_eq!(bob.get("/api/tags").await.body["items"], json!([]));
    let taken = json!({ "id": mine, "name": "Taken" });
    assert_eq!(
        bob.post("/api/folders", &taken).await.line(),
        "409 id_taken"
    );
    for action in ["archive", "delete"] {
        let act = json!({ "ids": [chat.chat, his.chat], "action": action });
        let done = bob.post("/api/chats/bulk", &act).await;
        let expected = json!({ "changed": [his.chat], "missing": [chat.chat] });
        assert_eq!(done.body, expected, "{action}");
    }
    assert_eq!(titles(&ada, "").await, ["Mine"]);
    let nobody = app.anonymous();
    for (method, path) in [
        ("GET", "/api/folders"),
        ("POST", "/api/folders"),
        ("GET", "/api/tags"),
        ("POST", "/api/chats/bulk"),
        ("PATCH", url.as_str()),
        ("DELETE", url.as_str()),
    ] {
        let request = nobody
            .request(method.parse().unwrap(), path)
            .json(&json!({}));
        assert_eq!(
            nobody.send(request).await.line(),
            "401 unauthenticated",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn tags_follow_their_chats_through_the_list() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let ids = seven(&app, &ada).await;
    let first = change(&ada, &ids[0], json!({ "tags": ["Ghar  kaam", "x"] })).await;
    assert_eq!(first["tags"], json!(["Ghar kaam", "x"]));
    // The spelling that came first stays.
    let second = change(&ada, &ids[1], json!({ "tags": ["ghar KAAM"] })).await;
    assert_eq!(second["tags"], json!(["Ghar kaam"]));
    let act = json!({ "ids": [ids[2], ids[3], ids[4]], "action": "tag", "tag": "GHAR kaam" });
    assert_eq!(ada.post("/api/chats/bulk", &act).await.status, 200);
    assert_eq!(
        titles(&ada, "&tag=ghar%20kaam").await,
        ["E", "D", "C", "B", "A"]
    );
    // A new answer, a pin and the archive move a chat in this list too.
    app.advance(TimeDelta::minutes(1));
    let chat = &ids[1];
    let sent = ada
        .post(
            &format!("/api/chats/{chat}/messages"),
            &json!({ "content": "More" }),
        )
        .await;
    let answer = id(&sent.body["assistantMessage"]);
    super::follow(&ada, &format!("/api/chats/{chat}/messages/{answer}")).await;
    change(&ada, &ids[0], json!({ "pinned": true })).await;
    change(&ada, &ids[3], json!({ "archived": true })).await;
    assert_eq!(titles(&ada, "&tag=ghar%20kaam").await, ["A", "B", "E", "C"]);
    assert_eq!(titles(&ada, "&tag=Ghar%20kaam&archived=true").await, ["D"]);
    let counts = json!([{ "tag": "Ghar kaam", "count": 5 }, { "tag": "x", "count": 1 }]);
    assert_eq!(ada.get("/api/tags").await.body["items"], counts);
    let listed = ada.get("/api/chats?limit=1").await;
    assert_eq!(listed.body["items"][0]["tags"], json!(["Ghar kaam", "x"]));
    let off = json!({ "ids": ids, "action": "untag", "tag": "ghar kaam" });
    assert_eq!(ada.post("/api/chats/bulk", &off).await.status, 200);
    assert_eq!(titles(&ada, "&tag=ghar%20kaam").await, [""; 0]);
    assert_eq!(
        ada.delete(&format!("/api/chats/{}", ids[0])).await.status,
        204
    );
    assert_eq!(ada.get("/api/tags").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_chat_has_so_many_tags_and_no_more() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Tagged").await;
    let many: Vec<String> = (0..21).map(|n| format!("tag {n}")).collect();
    let refused = ada.patch(&chat.url(), &json!({ "tags": many })).await;
    assert_eq!(refused.fields(), ["tags count"]);
    change(&ada, &chat.chat, json!({ "tags": many[..20] })).await;
    let one_more = json!({ "ids": [chat.chat], "action": "tag", "tag": "new" });
    assert_eq!(
        ada.post("/api/chats/bulk", &one_more).await.fields(),
        ["tag count"]
    );
    for bad in ["", "a,b", &"x".repeat(41)] {
        let refused = ada.patch(&chat.url(), &json!({ "tags": [bad] })).await;
        assert_eq!(refused.fields(), ["tags length"], "{bad}");
    }
    assert_eq!(ada.get("/api/chats?tag=a,b").await.fields(), ["tag length"]);
}

#[tokio::test]
async fn the_list_is_filtered_by_title_model_and_date() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let ids = seven(&app, &ada).await;
    for (n, title) in [
        (0, "Rust ka mausam"),
        (1, "Mausam in Delhi"),
        (2, "50% off_er"),
    ] {
        change(&ada, &ids[n], json!({ "title": title })).await;
    }
    let mausam = ["Mausam in Delhi", "Rust ka mausam"];
    assert_eq!(titles(&ada, "&q=MAUSAM").await, mausam);
    assert_eq!(titles(&ada, "&q=mausam%20rust").await, ["Rust ka mausam"]);
    assert_eq!(titles(&ada, "&q=nothing").await, [""; 0]);
    assert_eq!(titles(&ada, "&q=off_er").await, ["50% off_er"]);
    assert_eq!(
        titles(&ada, &format!("&model={}", crate::support::MODEL))
            .await
            .len(),
        7
    );
    assert_eq!(titles(&ada, "&model=other").await, [""; 0]);
    // The third was last used at 00:03.
    let range = "&from=2026-01-01T00:04:00Z&to=2026-01-01T00:06:00Z";
    assert_eq!(titles(&ada, range).await, ["E", "D"]);
    assert_eq!(
        ada.get("/api/chats?from=yesterday").await.line(),
        "422 invalid"
    );
    assert_eq!(
        ada.get("/api/chats?folder=all").await.fields(),
        ["folder format"]
    );
    let long = "x".repeat(201);
    assert_eq!(
        ada.get(&format!("/api/chats?q={long}")).await.fields(),
        ["q length"]
    );
}

#[tokio::test]
async fn one_act_changes_many_chats() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let ids = seven(&app, &ada).await;
    let two = [&ids[1], &ids[3]];
    let act = async |action: &str| {
        let body = json!({ "ids": two, "action": action });
        let done = ada.post("/api/chats/bulk", &body).await;
        assert_eq!(
            done.body,
            json!({ "changed": two, "missing": [] }),
            "{action}"
        );
    };
    act("pin").await;
    assert_eq!(titles(&ada, "").await[..2], ["D", "B"]);
    act("unpin").await;
    act("archive").await;
    assert_eq!(titles(&ada, "&archived=true").await, ["D", "B"]);
    act("unarchive").await;
    // An answer whose reader had just gone leaves its chat unread.
    let all = json!({ "ids": ids, "action": "read" });
    assert_eq!(ada.post("/api/chats/bulk", &all).await.status, 200);
    act("unread").await;
    let unread = async || {
        let list = ada.get("/api/chats").await;
        let items = list.body["items"].as_array().unwrap().clone();
        items
            .iter()
            .filter(|chat| chat["unread"] == true)
            .map(id)
            .collect::<Vec<_>>()
    };
    assert_eq!(unread().await, [ids[3].clone(), ids[1].clone()]);
    assert_eq!(
        change(&ada, &ids[1], json!({ "unread": false })).await["unread"],
        false
    );
    act("read").await;
    assert_eq!(unread().await, [""; 0]);
    let home = folder(&ada, "Home", None).await;
    let into = json!({ "ids": two, "action": "move", "folderId": home });
    assert_eq!(ada.post("/api/chats/bulk", &into).await.status, 200);
    assert_eq!(titles(&ada, &format!("&folder={home}")).await, ["D", "B"]);
    act("delete").await;
    assert_eq!(titles(&ada, "").await, ["G", "F", "E", "C", "A"]);
    let bad = async |body: Value| ada.post("/api/chats/bulk", &body).await.fields();
    assert_eq!(
        bad(json!({ "ids": [], "action": "pin" })).await,
        ["ids count"]
    );
    let many = vec![&ids[0]; 101];
    assert_eq!(
        bad(json!({ "ids": many, "action": "pin" })).await,
        ["ids count"]
    );
    assert_eq!(
        bad(json!({ "ids": two, "action": "move" })).await,
        ["folderId required"]
    );
    assert_eq!(
        bad(json!({ "ids": two, "action": "tag" })).await,
        ["tag required"]
    );
    assert_eq!(
        bad(json!({ "ids": two, "action": "explode" })).await,
        ["action type"]
    );
}
