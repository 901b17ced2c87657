//! Everything that one owns, out and in.

use std::io::{Cursor, Read};

use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipArchive;

use super::{ended, import};
use crate::{chats::ask, files::sent, support::TestApp};

#[tokio::test]
async fn everything_one_owns_goes_out_and_comes_in_again() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let folder = ada.post("/api/folders", &json!({ "name": "Work" })).await;
    assert_eq!(folder.status, 201, "{}", folder.text);
    for n in 0..3 {
        let (chat, _) = ask(&ada, &format!("Question {n}")).await;
        let change =
            json!({ "folderId": folder.body["folder"]["id"], "tags": [format!("tag{n}")] });
        let changed = ada.patch(&chat.url(), &change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }
    ask(&mira, "Somebody else's").await;
    sent(&app, &ada, "notes.txt", b"Some words").await;

    let reply = ada.act("/api/exports").await;
    assert_eq!(reply.status, 202, "{}", reply.text);
    let again = ada.post("/api/exports", &json!({})).await;
    assert_eq!(again.status, 202);
    let job = ended(&app, &ada, &reply.body["job"]).await;
    assert_eq!(job["status"], "done", "{job}");
    let file = job["result"]["file"].as_str().unwrap();
    let path = format!("/api/files/{file}/content");
    assert_eq!(mira.get(&path).await.status, 404);
    let shown = ada.get(&format!("/api/files/{file}")).await.body;
    assert_eq!(shown["file"]["name"], "sangam-2026-01-01.zip", "{shown}");
    assert_eq!(shown["file"]["kind"], "archive");

    let bytes = ada
        .request(Method::GET, &path)
        .send()
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&bytes[..])).unwrap();
    let mut names: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[0], "chats/000001.json");
    assert!(
        names[1].starts_with("files/") && names[1].ends_with("/notes.txt"),
        "{names:?}"
    );
    let mut manifest = String::new();
    archive
        .by_name("sangam.json")
        .unwrap()
        .read_to_string(&mut manifest)
        .unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["profile"]["email"], "ada@example.org");
    assert_eq!(manifest["folders"][0]["name"], "Work");

    let job = import(&app, &mira, "all.zip", &bytes).await;
    assert_eq!(job["result"]["chats"], 3, "{job}");
    let folders = mira.get("/api/folders").await.body;
    assert_eq!(folders["items"][0]["name"], "Work", "{folders}");
    assert_eq!(folders["items"].as_array().unwrap().len(), 1);
    let list = mira.get("/api/chats?tag=tag1").await.body;
    assert_eq!(list["items"][0]["folderId"], folders["items"][0]["id"]);
    assert_eq!(
        app.anonymous().act("/api/exports").await.line(),
        "401 unauthenticated"
    );
}
