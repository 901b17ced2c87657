//! Exports of other programs become chats like any other.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{chatgpt, ended, import, upload};
use crate::{chats::follow, realtime::line::Line, support::TestApp};

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn an_export_becomes_chats_that_are_listed_found_and_gone_on_with() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    let export = json!([
        chatgpt("c1", "Nadi", "Ganga kahan se nikalti hai?"),
        chatgpt("c2", "", "Second\u{0}")
    ]);
    let zip = packed(&[
        ("user.json", b"{}"),
        ("conversations.json", export.to_string().as_bytes()),
        ("chat.html", b"<html>"),
    ]);
    let job = import(&app, &ada, "export.zip", &zip).await;
    assert_eq!(job["status"], "done", "{job}");
    let expected = json!({ "source": "chatgpt", "chats": 2, "messages": 6, "existing": 0, "leftOut": [], "leftOutCount": 0 });
    assert_eq!(job["result"], expected);
    loop {
        let told = line.event("job:progress").await;
        if told["job"]["status"] == "done" {
            assert_eq!(told["job"]["result"], expected);
            break;
        }
    }

    let list = ada.get("/api/chats").await.body["items"].clone();
    let titles: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|chat| chat["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles.len(), 2);
    assert!(
        titles.contains(&"Nadi") && titles.contains(&"Second\u{fffd}"),
        "{titles:?}"
    );
    let chat = list
        .as_array()
        .unwrap()
        .iter()
        .find(|chat| chat["title"] == "Nadi")
        .unwrap();
    assert_eq!(chat["updatedAt"], "2023-11-14T22:15:00.000Z");
    assert_eq!(chat["unread"], false);
    assert_eq!(chat["titlePending"], false);

    let url = format!("/api/chats/{}", chat["id"].as_str().unwrap());
    let shown = ada.get(&url).await.body;
    assert_eq!(
        shown["chat"]["origin"],
        json!({ "kind": "import", "source": "chatgpt", "sourceChatId": "c1" })
    );
    let messages = shown["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["content"], "Ganga kahan se nikalti hai?");
    assert_eq!(messages[1]["content"], "First **answer**");
    assert_eq!(messages[1]["modelUsed"], "gpt-4o");
    assert_eq!(messages[1]["createdAt"], "2023-11-14T22:13:22.000Z");
    assert_eq!(
        messages[1]["siblingIds"].as_array().unwrap().len(),
        2,
        "every branch is there"
    );

    let found = ada.get("/api/search?q=second%20answer").await.body["items"].clone();
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    let sent = ada
        .post(
            &format!("{url}/messages"),
            &json!({ "content": "Aur Yamuna?" }),
        )
        .await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let answer = format!(
        "{url}/messages/{}",
        sent.body["assistantMessage"]["id"].as_str().unwrap()
    );
    let (_, message) = follow(&ada, &answer).await;
    assert_eq!(message["status"], "complete");

    let told = ada.get("/api/notifications").await.body;
    assert_eq!(told["items"][0]["kind"], "jobFinished", "{told}");
    assert_eq!(told["items"][0]["title"], "2 chats imported");
}

#[tokio::test]
async fn a_second_import_adds_nothing_and_other_people_have_their_own() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let export = |chats: &[Value]| serde_json::to_vec(chats).unwrap();
    let (one, two) = (chatgpt("c1", "One", "Q1"), chatgpt("c2", "Two", "Q2"));
    let job = import(&app, &ada, "a.json", &export(&[one.clone(), one.clone()])).await;
    assert_eq!(
        (&job["result"]["chats"], &job["result"]["existing"]),
        (&json!(1), &json!(1))
    );
    let job = import(&app, &ada, "b.json", &export(&[one.clone(), two.clone()])).await;
    assert_eq!(
        (&job["result"]["chats"], &job["result"]["existing"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        ada.get("/api/chats").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let job = import(&app, &mira, "b.json", &export(&[one.clone(), two])).await;
    assert_eq!(job["result"]["chats"], 2);
    // What was deleted may come again.
    let chat = ada.get("/api/chats?q=one").await.body["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(ada.delete(&format!("/api/chats/{chat}")).await.status, 204);
    let job = import(&app, &ada, "c.json", &export(&[one])).await;
    assert_eq!(job["result"]["chats"], 1);
}

#[tokio::test]
async fn what_is_broken_is_left_out_and_named() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let export = json!([
        chatgpt("c1", "Fine", "Q"), { "title": "Corrupted", "id": "c2" },
        { "title": "Circle", "mapping": { "a": { "parent": "a", "message": null } } }, chatgpt("c3", "Fine too", "Q"),
    ]);
    let job = import(
        &app,
        &ada,
        "conversations.json",
        export.to_string().as_bytes(),
    )
    .await;
    assert_eq!(job["status"], "done");
    assert_eq!(job["result"]["chats"], 2);
    assert_eq!(
        job["result"]["leftOut"],
        json!([
            { "title": "Corrupted", "reason": "It holds no messages." },
            { "title": "Circle", "reason": "Its messages form a circle." },
        ])
    );
    assert_eq!(job["progress"]["total"], 4);
}

#[tokio::test]
async fn tags_folders_and_settings_of_other_programs_come_too() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let export = json!([{ "id": "w", "title": "Tagged", "archived": true, "pinned": true, "meta": { "tags": ["Maths", "maths", "x".repeat(99)] },
        "chat": { "system": "Be brief.", "models": ["llama3"], "history": { "currentId": "q", "messages": {
            "q": { "role": "user", "content": "2+2", "childrenIds": [] } } } } }]);
    let job = import(&app, &ada, "chats.json", export.to_string().as_bytes()).await;
    assert_eq!(job["result"]["source"], "openWebui", "{job}");
    let list = ada.get("/api/chats?archived=true").await.body;
    let chat = &list["items"][0];
    assert_eq!(chat["tags"].as_array().unwrap().len(), 1);
    assert_eq!(chat["pinned"], true);
    let url = format!("/api/chats/{}", chat["id"].as_str().unwrap());
    let shown = ada.get(&url).await.body;
    assert_eq!(shown["chat"]["params"]["systemPrompt"], "Be brief.");
    // A question without an answer can be gone on from: its answer was stopped.
    assert_eq!(shown["messages"][1]["status"], "stopped");
    let retried = ada
        .act(&format!(
            "{url}/messages/{}/retry",
            shown["messages"][1]["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(retried.status, 201, "{}", retried.text);
}

#[tokio::test]
async fn what_is_no_export_fails_with_a_reason() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let trap = packed(&[("conversations.json", &vec![b' '; 30 << 20])]);
    let outside = packed(&[("../conversations.json", b"[]")]);
    for (bytes, word) in [
        (&b"{\"a\":1}"[..], "no chats"),
        (&trap, "as only a trap does"),
        (&outside, "leads out of it"),
    ] {
        let job = import(&app, &ada, "x", bytes).await;
        assert_eq!(job["status"], "failed", "{job}");
        assert_eq!(job["error"]["code"], "import_refused");
        assert!(
            job["error"]["detail"].as_str().unwrap().contains(word),
            "{job}"
        );
    }
    let told = ada.get("/api/notifications").await.body;
    assert_eq!(told["items"][0]["title"], "Import failed");

    let archive = upload(&ada, "x.json", b"[]").await;
    let picture = crate::files::send(&ada, "notes.txt", b"text").await.body["file"]["id"].clone();
    for (client, body, line) in [
        (
            &mira.client,
            json!({ "file": archive }),
            "404 file_not_found",
        ),
        (&ada.client, json!({ "file": picture }), "422 invalid"),
        (
            &ada.client,
            json!({ "file": archive, "source": "word" }),
            "422 invalid",
        ),
        (&ada.client, json!({}), "422 invalid"),
        (
            &ada.client,
            json!({ "file": archive, "more": 1 }),
            "400 unknown_field",
        ),
        (
            &app.anonymous(),
            json!({ "file": archive }),
            "401 unauthenticated",
        ),
    ] {
        assert_eq!(
            client.post("/api/imports", &body).await.line(),
            line,
            "{body}"
        );
    }
}

#[tokio::test]
async fn an_import_that_is_cut_off_goes_on_where_it_was() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let many: Vec<Value> = (0..300)
        .map(|n| chatgpt(&format!("c{n}"), &format!("Chat {n}"), "Q"))
        .collect();
    let (second, _) = app.second_node().await;
    let file = upload(&ada, "many.json", &serde_json::to_vec(&many).unwrap()).await;
    let reply = ada.post("/api/imports", &json!({ "file": file })).await;
    let job = reply.body["job"].clone();
    // Whichever node has it is stopped as soon as some of it is there; the other one goes on.
    let count = async || {
        ada.get("/api/chats?limit=100").await.body["items"]
            .as_array()
            .unwrap()
            .len()
    };
    app.until("some are there", async || count().await > 0)
        .await;
    second.tasks.stop();
    app.until("it is done", async || {
        ada.get(&format!("/api/jobs/{}", job["id"].as_str().unwrap()))
            .await
            .body["job"]["status"]
            == "done"
    })
    .await;
    let done = ended(&app, &ada, &job).await;
    assert_eq!(
        (&done["result"]["chats"], &done["result"]["existing"]),
        (&json!(300), &json!(0)),
        "{done}"
    );
}
