//! Files on messages: shown, told to models, copied, and gone with their chat.

use std::time::Duration;

use base64::Engine;
use gateway::scripted::Script;
use serde_json::{Value, json};

use super::{Begun, follow, id};
use crate::{
    files::{bytes, samples, send, sent, stored},
    support::{TestApp, User},
};

async fn with_models(settings: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(settings).await;
    let list = json!({ "data": [
        { "id": "plain", "context_length": 4000 },
        { "id": "some-vision-model", "context_length": 4000 },
    ]});
    app.provider.list(Script::json(&list));
    app.models.refresh(app.clock.now()).await;
    app
}

/// Begins a chat with files and waits for the answer.
async fn ask(ada: &User, message: &str, model: &str, files: &[&Value]) -> (Begun, Value, Value) {
    let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
    let body = json!({ "message": message, "model": model, "attachments": ids });
    let reply = ada.post("/api/chats", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let begun = Begun {
        chat: id(&reply.body["chat"]),
        question: id(&reply.body["userMessage"]),
        answer: id(&reply.body["assistantMessage"]),
    };
    let (_, answer) = follow(ada, &begun.answer_url()).await;
    (begun, reply.body, answer)
}

/// The last message of the last request.
fn told(app: &TestApp) -> Value {
    let request = app.provider.completions().pop().unwrap();
    let messages = request.body["messages"].as_array().unwrap().clone();
    messages.last().unwrap()["content"].clone()
}

fn names(message: &Value) -> Vec<&str> {
    let files = message["attachments"].as_array().unwrap().iter();
    files.map(|file| file["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_text_of_files_is_told_before_the_question() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let menu = sent(&app, &ada, "menu.pdf", &samples::pdf("Fish costs nine")).await;
    let notes = sent(&app, &ada, "notes.md", b"# Allergic to nuts").await;
    let (chat, body, answer) = ask(&ada, "What can I eat?", "plain", &[&menu, &notes]).await;
    assert_eq!(names(&body["userMessage"]), ["menu.pdf", "notes.md"]);
    let shown = &body["userMessage"]["attachments"][0];
    for field in [
        "id",
        "kind",
        "mediaType",
        "sizeBytes",
        "status",
        "tokens",
        "pages",
    ] {
        assert_eq!(shown[field], menu[field], "{field}");
    }
    assert_eq!(answer["status"], "complete", "{answer}");
    let said = told(&app);
    let said = said.as_str().unwrap();
    let place = |part: &str| said.find(part).unwrap_or_else(|| panic!("{part}: {said}"));
    assert!(place("Fish costs nine") < place("Allergic to nuts"));
    assert!(place("Allergic to nuts") < place("What can I eat?"));
    let end = format!("[File \"menu.pdf\" ends: {}]", menu["id"].as_str().unwrap());
    assert!(place("Fish costs nine") < place(&end));
    // Wherever the message is looked at, its files are there.
    let view = ada.get(&chat.url()).await.body;
    assert_eq!(names(&view["messages"][0]), ["menu.pdf", "notes.md"]);
    assert_eq!(names(&view["messages"][1]), Vec::<&str>::new());
    let gauge = ada.get(&format!("{}/context", chat.url())).await.body;
    let part = &gauge["parts"][3];
    assert_eq!(
        (&part["kind"], &part["count"]),
        (&json!("attachments"), &json!(2))
    );
    let tokens = menu["tokens"].as_u64().unwrap() + notes["tokens"].as_u64().unwrap();
    assert!(part["tokens"].as_u64().unwrap() > tokens, "{gauge}");

    // The next question, another answer, and another wording tell them again.
    let body = json!({ "content": "And for dessert?" });
    let next = ada.post(&format!("{}/messages", chat.url()), &body).await;
    let answer = format!(
        "{}/messages/{}",
        chat.url(),
        id(&next.body["assistantMessage"])
    );
    follow(&ada, &answer).await;
    let request = app.provider.completions().pop().unwrap();
    assert!(
        request.body["messages"]
            .to_string()
            .contains("Fish costs nine")
    );
    let again = ada.act(&format!("{}/retry", chat.answer_url())).await;
    let again = id(&again.body["assistantMessage"]);
    follow(&ada, &format!("{}/messages/{again}", chat.url())).await;
    assert!(told(&app).as_str().unwrap().contains("Fish costs nine"));
    let edited =
        json!({ "content": "What may I eat?", "parentId": null, "attachments": [menu["id"]] });
    let edited = ada.post(&format!("{}/messages", chat.url()), &edited).await;
    assert_eq!(
        names(&edited.body["userMessage"]),
        ["menu.pdf"],
        "{}",
        edited.text
    );
    let answer = format!(
        "{}/messages/{}",
        chat.url(),
        id(&edited.body["assistantMessage"])
    );
    follow(&ada, &answer).await;
    let said = told(&app);
    assert!(!said.as_str().unwrap().contains("Allergic"), "{said}");
}

#[tokio::test]
async fn images_are_shown_to_those_who_see_and_the_others_are_told() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let photo = send(&ada, "photo.jpg", &samples::jpeg()).await.body["file"].clone();
    let (_, _, answer) = ask(&ada, "What is it?", "some-vision-model", &[&photo]).await;
    assert_eq!(answer["context"]["unseenImages"], 0, "{answer}");
    let said = told(&app);
    assert_eq!(said[1], json!({ "type": "text", "text": "What is it?" }));
    let url = said[0]["image_url"]["url"].as_str().unwrap();
    let data = url.strip_prefix("data:image/jpeg;base64,").unwrap();
    let shown = base64::prelude::BASE64_STANDARD.decode(data).unwrap();
    let path = format!("/api/files/{}/content", photo["id"].as_str().unwrap());
    assert_eq!(shown, bytes(&ada, &path).await.2);

    let (_, _, answer) = ask(&ada, "What is it?", "plain", &[&photo]).await;
    assert_eq!(answer["context"]["unseenImages"], 1, "{answer}");
    let said = told(&app);
    let said = said.as_str().unwrap();
    assert!(
        said.contains("photo.jpg") && said.contains("cannot see"),
        "{said}"
    );
}

#[tokio::test]
async fn an_answer_waits_for_files_that_are_being_read() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let file = send(&ada, "notes.txt", b"The password is marigold.")
        .await
        .body["file"]
        .clone();
    assert_eq!(file["status"], "pending");
    let (_, _, answer) = ask(&ada, "What is it?", "plain", &[&file]).await;
    assert_eq!(answer["context"]["unreadFiles"], 0);
    assert!(told(&app).as_str().unwrap().contains("marigold"));

    // Nobody reads files here.
    let settings = [
        ("SANGAM_JOBS__WORKERS", "0"),
        ("SANGAM_FILES__PATIENCE_MS", "300"),
    ];
    let app = with_models(&settings).await;
    let ada = app.user("ada").await;
    let file = send(&ada, "notes.txt", b"The password is marigold.")
        .await
        .body["file"]
        .clone();
    let (_, _, answer) = ask(&ada, "What is it?", "plain", &[&file]).await;
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["context"]["unreadFiles"], 1, "{answer}");
    let said = told(&app);
    assert!(
        said.as_str().unwrap().contains("not been read yet"),
        "{said}"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_hurts_nobody() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let broken = sent(&app, &ada, "broken.pdf", b"%PDF-1.7 nothing").await;
    assert_eq!(broken["status"], "failed");
    let (_, body, answer) = ask(&ada, "What is it?", "plain", &[&broken]).await;
    assert_eq!(
        body["userMessage"]["attachments"][0]["error"]["code"],
        "file_unreadable"
    );
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["context"]["unreadFiles"], 1);
    assert!(told(&app).as_str().unwrap().contains("could not be read"));
}

#[tokio::test]
async fn only_ones_own_files_are_attached_and_each_once() {
    let app = with_models(&[]).await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let own = sent(&app, &ada, "a.txt", b"text").await;
    let foreign = sent(&app, &bob, "b.txt", b"secret").await;
    let unknown: uuid::Uuid = app.clock.id();
    let archive = crate::files::form("file", "x.json", b"[]");
    let archive = ada
        .send(crate::files::sending(
            &ada,
            "/api/files?for=import",
            archive,
        ))
        .await;
    let archive = &archive.body["file"]["id"];
    let many: Vec<uuid::Uuid> = (0..21).map(|_| app.clock.id()).collect();
    let (chat, _, _) = ask(&ada, "Hello", "plain", &[]).await;
    for (attachments, line, field) in [
        (
            json!([own["id"], foreign["id"]]),
            "404 file_not_found",
            "attachments.1 not_found",
        ),
        (
            json!([unknown]),
            "404 file_not_found",
            "attachments.0 not_found",
        ),
        (
            json!([own["id"], own["id"]]),
            "422 invalid",
            "attachments count",
        ),
        (json!(many), "422 invalid", "attachments count"),
        (json!([archive]), "422 invalid", "attachments.0 kind"),
    ] {
        let begin = json!({ "message": "Hello", "attachments": attachments });
        let reply = ada.post("/api/chats", &begin).await;
        assert_eq!(
            (reply.line().as_str(), reply.fields()),
            (line, vec![field.to_owned()])
        );
        let next = json!({ "content": "Hello", "attachments": attachments });
        let reply = ada.post(&format!("{}/messages", chat.url()), &next).await;
        assert_eq!(
            (reply.line().as_str(), reply.fields()),
            (line, vec![field.to_owned()])
        );
    }
    let temporary = json!({ "message": "Hello", "temporary": true, "attachments": [own["id"]] });
    let reply = ada.post("/api/chats", &temporary).await;
    assert_eq!(reply.line(), "409 chat_is_temporary", "{}", reply.text);
    // A file says it all.
    let silent = json!({ "message": "", "attachments": [own["id"]], "model": "plain" });
    let reply = ada.post("/api/chats", &silent).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(reply.body["chat"]["title"], "a.txt");
    let reply = ada.post("/api/chats", &json!({ "message": "" })).await;
    assert_eq!(reply.fields(), ["message required"]);
}

#[tokio::test]
async fn files_stay_as_long_as_a_message_shows_them() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let file = sent(&app, &ada, "a.txt", b"The password is marigold.").await;
    let lone = sent(&app, &ada, "b.txt", b"text").await;
    let (chat, _, _) = ask(&ada, "What is it?", "plain", &[&file]).await;
    let url = format!("/api/files/{}", file["id"].as_str().unwrap());

    // Thrown away, it is listed no more, and still shown where it was.
    assert_eq!(ada.delete(&url).await.status, 204);
    let list = ada.get("/api/files").await.body;
    assert_eq!(list["items"][0]["id"], lone["id"]);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(ada.get(&format!("{url}/text")).await.status, 200);
    let again = json!({ "message": "Again?", "attachments": [file["id"]] });
    assert_eq!(
        ada.post("/api/chats", &again).await.line(),
        "404 file_not_found"
    );

    // A fork shows it too, so it outlives the first chat.
    let fork = json!({ "messageId": chat.answer });
    let fork = ada.post(&format!("{}/fork", chat.url()), &fork).await;
    assert_eq!(fork.status, 201, "{}", fork.text);
    let fork = format!("/api/chats/{}", id(&fork.body["chat"]));
    assert_eq!(names(&ada.get(&fork).await.body["messages"][0]), ["a.txt"]);
    assert_eq!(ada.delete(&chat.url()).await.status, 204);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(ada.get(&format!("{url}/text")).await.status, 200);
    let bulk = json!({ "ids": [fork.rsplit('/').next().unwrap()], "action": "delete" });
    let bulk = ada.post("/api/chats/bulk", &bulk).await;
    assert_eq!(bulk.status, 200, "{}", bulk.text);
    app.until("the file is gone", || async {
        ada.get(&url).await.line() == "404 file_not_found" && stored(&app) == 2
    })
    .await;
    let left = ada.get("/api/files").await.body;
    assert_eq!(
        left["items"].as_array().unwrap().len(),
        1,
        "what was never attached stays"
    );
}

#[tokio::test]
async fn texts_that_do_not_fit_are_summed_up_with_their_turns() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let words = "word ".repeat(2_000);
    let long = sent(&app, &ada, "long.txt", words.as_bytes()).await;
    let (chat, _, answer) = ask(&ada, "Read this.", "plain", &[&long]).await;
    assert_eq!(answer["status"], "complete", "{answer}");
    app.provider
        .when("Summary:", Script::text("They read two thousand words."));
    let body = json!({ "content": "more ".repeat(1_500) });
    let next = ada.post(&format!("{}/messages", chat.url()), &body).await;
    let answer = format!(
        "{}/messages/{}",
        chat.url(),
        id(&next.body["assistantMessage"])
    );
    let (_, answer) = follow(&ada, &answer).await;
    assert_eq!(answer["status"], "complete", "{answer}");
    let summed = app
        .provider
        .completions()
        .into_iter()
        .find(|request| request.prompt().contains("Summary:"));
    assert!(
        summed.unwrap().prompt().contains("word word"),
        "the text was summed up, too"
    );
    let long = format!("{words} {words}");
    let too_long = sent(&app, &ada, "longer.txt", long.as_bytes()).await;
    let (_, _, answer) = ask(&ada, "Read this.", "plain", &[&too_long]).await;
    assert_eq!(answer["error"]["code"], "context_too_long", "{answer}");
}

#[tokio::test]
async fn a_link_shows_the_files_of_what_it_shows() {
    let app = with_models(&[]).await;
    let ada = app.user("ada").await;
    let photo = send(&ada, "photo.jpg", &samples::jpeg()).await.body["file"].clone();
    let later = sent(&app, &ada, "later.txt", b"text").await;
    let (chat, _, _) = ask(&ada, "What is it?", "plain", &[&photo]).await;
    let made = json!({ "kind": "snapshot" });
    let made = ada.post(&format!("{}/shares", chat.url()), &made).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let token = made.body["share"]["url"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let next = json!({ "content": "And this?", "attachments": [later["id"]] });
    ada.post(&format!("{}/messages", chat.url()), &next).await;
    let anybody = app.anonymous();
    let page = anybody.get(&format!("/api/shared/{token}")).await.body;
    let shown = &page["messages"][0]["attachments"][0];
    assert_eq!(
        (&shown["id"], &shown["width"]),
        (&photo["id"], &json!(640)),
        "{page}"
    );
    let url = |file: &Value| format!("/api/shared/{token}/files/{}", file["id"].as_str().unwrap());
    let (status, headers, whole) = bytes(&anybody, &url(&photo)).await;
    assert_eq!(
        (status, whole.len()),
        (
            200,
            usize::try_from(photo["sizeBytes"].as_u64().unwrap()).unwrap()
        )
    );
    assert!(
        headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let (status, _, small) = bytes(&anybody, &format!("{}/thumbnail", url(&photo))).await;
    assert_eq!(
        (status, image::load_from_memory(&small).unwrap().width()),
        (200, 320)
    );
    assert_eq!(anybody.get(&url(&later)).await.line(), "404 file_not_found");
    let wrong = url(&photo).replace(&token, "nonsense");
    assert_eq!(anybody.get(&wrong).await.line(), "404 share_not_found");
    let revoke = format!("/api/shares/{}", id(&made.body["share"]));
    assert_eq!(ada.delete(&revoke).await.status, 204);
    assert_eq!(
        anybody.get(&url(&photo)).await.line(),
        "404 share_not_found"
    );
}
