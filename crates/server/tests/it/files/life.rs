//! Files from their coming to their end, and who may see them.

use reqwest::Method;
use serde_json::json;

use super::{form, samples, send, sending, sent, stored};
use crate::support::{Client, TestApp};

#[tokio::test]
async fn a_file_is_listed_shown_and_thrown_away_by_its_owner_alone() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let mut ids = Vec::new();
    for number in 0..5 {
        let name = format!("{number}.txt");
        let file = sent(&app, &ada, &name, b"Namaste").await;
        ids.push(file["id"].as_str().unwrap().to_owned());
    }
    let first = ada.get("/api/files?limit=3").await.body;
    let names = |page: &serde_json::Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&first), ["4.txt", "3.txt", "2.txt"]);
    let next = first["nextCursor"].as_str().unwrap();
    let second = ada.get(&format!("/api/files?cursor={next}")).await.body;
    assert_eq!(names(&second), ["1.txt", "0.txt"]);
    assert_eq!(second["nextCursor"], json!(null));
    assert_eq!(bob.get("/api/files").await.body["items"], json!([]));

    let url = format!("/api/files/{}", ids[0]);
    for path in ["", "/content", "/text", "/thumbnail"] {
        let path = format!("{url}{path}");
        assert_eq!(bob.get(&path).await.line(), "404 file_not_found");
        assert_eq!(
            app.anonymous().get(&path).await.line(),
            "401 unauthenticated"
        );
    }
    assert_eq!(bob.delete(&url).await.line(), "404 file_not_found");
    assert_eq!(
        app.anonymous().delete(&url).await.line(),
        "401 unauthenticated"
    );
    assert_eq!(ada.get(&url).await.status, 200, "it is still there");
    let before = stored(&app);
    assert_eq!(ada.delete(&url).await.status, 204);
    assert_eq!(ada.delete(&url).await.line(), "404 file_not_found");
    assert_eq!(ada.get(&url).await.line(), "404 file_not_found");
    app.until("its bytes are gone", || async {
        stored(&app) == before - 2
    })
    .await;
    assert_eq!(
        ada.get("/api/files?limit=0").await.fields(),
        ["limit range"]
    );
    assert_eq!(
        ada.get("/api/files?cursor=x").await.fields(),
        ["cursor format"]
    );
}

#[tokio::test]
async fn nobody_sends_files_unasked() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let body = || form("file", "a.txt", b"text");
    let anonymous = app.anonymous();
    let reply = anonymous
        .send(sending(&anonymous, "/api/files", body()))
        .await;
    assert_eq!(reply.line(), "401 unauthenticated");
    // A page of another site can make a browser send a form, cookies included.
    let mut foreign = sending(&ada, "/api/files", body()).build().unwrap();
    foreign
        .headers_mut()
        .insert("origin", "http://evil.example".parse().unwrap());
    let reply = ada.execute(foreign).await;
    assert_eq!(reply.line(), "403 origin_refused");
    let program = Client::bearer(&app.base, &ada.access_token);
    let reply = program.send(sending(&program, "/api/files", body())).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
}

#[tokio::test]
async fn an_account_has_so_much_room_and_no_more() {
    let app = TestApp::with(&[("SANGAM_FILES__ACCOUNT_BYTES", "5000")]).await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let content = vec![b'x'; 2_000];
    let first = sent(&app, &ada, "one.txt", &content).await;
    sent(&app, &ada, "two.txt", &content).await;
    let refused = send(&ada, "three.txt", &content).await;
    assert_eq!(refused.line(), "413 files_full");
    assert_eq!(refused.fields(), ["file quota"]);
    sent(&app, &bob, "three.txt", &content).await;
    ada.delete(&format!("/api/files/{}", first["id"].as_str().unwrap()))
        .await;
    sent(&app, &ada, "three.txt", &content).await;
}

#[tokio::test]
async fn a_repeat_with_the_same_key_is_answered_the_same() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let send = async |content: &[u8]| {
        let body = form("file", "a.txt", content);
        let request = sending(&ada, "/api/files", body).header("idempotency-key", "one");
        ada.send(request).await
    };
    let (first, second) = (send(b"text").await, send(b"text").await);
    assert_eq!((first.status, second.status), (201, 201), "{}", first.text);
    assert_eq!(first.body, second.body);
    let files = ada.get("/api/files").await.body;
    assert_eq!(files["items"].as_array().unwrap().len(), 1);
    let other = sending(&ada, "/api/files?for=import", form("file", "a.json", b"[]"));
    let other = ada.send(other.header("idempotency-key", "one")).await;
    assert_eq!(other.line(), "422 idempotency_mismatch");
}

#[tokio::test]
async fn files_go_with_their_account() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    sent(&app, &ada, "a.txt", b"text").await;
    send(&ada, "b.jpg", &samples::jpeg()).await;
    assert_eq!(stored(&app), 4);
    let body = json!({ "password": ada.password });
    let gone = ada.delete_with("/api/auth/me", &body).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    app.files.garbage.notify_one();
    app.until("the bytes are gone", || async { stored(&app) == 0 })
        .await;
}

#[tokio::test]
async fn a_browser_that_takes_compression_gets_the_whole_file() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let content = "a line of text\n".repeat(1000);
    let file = sent(&app, &ada, "a.txt", content.as_bytes()).await;
    let path = format!("/api/files/{}/content", file["id"].as_str().unwrap());
    let request = ada
        .request(Method::GET, &path)
        .header("accept-encoding", "gzip");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let packed = response.bytes().await.unwrap();
    assert!((10..content.len()).contains(&packed.len()));
}
