//! The same files in a bucket of a server that speaks S3.

use serde_json::json;

use super::{bytes, form, samples, send, sending, sent, stored};
use crate::support::{TestApp, variable};

/// An app that keeps its files in a new bucket, and the bucket's address.
async fn in_bucket(settings: &[(&str, &str)]) -> (TestApp, String) {
    let server =
        variable("SANGAM_TEST_S3_URL").expect("SANGAM_TEST_S3_URL is set by scripts/with-services");
    let id: uuid::Uuid = server::clock::Clock::system().id();
    let url = format!("s3://test-{id}/some/where?endpoint={server}&region=eu-central-1");
    let own = [
        ("STORAGE_URL", &*url),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
    ];
    let settings: Vec<_> = own.into_iter().chain(settings.iter().copied()).collect();
    let app = TestApp::with(&settings).await;
    let bucket = format!("{server}/test-{id}");
    let made = app
        .anonymous()
        .anywhere(reqwest::Method::PUT, &bucket)
        .await;
    assert!(made.status == 200, "{}", made.text);
    (app, bucket)
}

/// The names of what is in the bucket.
async fn objects(app: &TestApp, bucket: &str) -> Vec<String> {
    let list = app.anonymous().anywhere(reqwest::Method::GET, bucket).await;
    let keys = list.text.split("<Key>").skip(1);
    keys.map(|rest| rest.split("</Key>").next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn files_are_kept_read_and_cleared_away_in_a_bucket() {
    let (app, bucket) = in_bucket(&[]).await;
    let ada = app.user("ada").await;
    let file = sent(&app, &ada, "menu.pdf", &samples::pdf("Fish and chips")).await;
    assert_eq!(file["status"], "ready", "{file}");
    let image = send(&ada, "holiday.jpg", &samples::jpeg()).await;
    assert_eq!(image.status, 201, "{}", image.text);
    let names = objects(&app, &bucket).await;
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("some/where/")));
    assert_eq!(stored(&app), 0, "nothing is left on this machine");

    let url = format!("/api/files/{}", file["id"].as_str().unwrap());
    let (status, _, whole) = bytes(&ada, &format!("{url}/content")).await;
    assert_eq!((status, whole), (200, samples::pdf("Fish and chips")));
    assert!(ada.get(&format!("{url}/text")).await.text.contains("Fish"));
    assert_eq!(ada.delete(&url).await.status, 204);
    app.until("its bytes are gone", || async {
        objects(&app, &bucket).await.len() == 2
    })
    .await;
}

#[tokio::test]
async fn a_large_file_goes_in_parts() {
    let (app, bucket) = in_bucket(&[]).await;
    let ada = app.user("ada").await;
    let mut archive = vec![b' '; 19 << 20];
    archive[0] = b'[';
    archive[(19 << 20) - 1] = b']';
    let body = form("file", "export.json", &archive);
    let reply = ada.send(sending(&ada, "/api/files?for=import", body)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(objects(&app, &bucket).await.len(), 1);
    let id = reply.body["file"]["id"].as_str().unwrap();
    let (_, _, whole) = bytes(&ada, &format!("/api/files/{id}/content")).await;
    assert!(whole == archive, "{} bytes came back", whole.len());
    let owner = ada.id.parse().unwrap();
    let opened = server::features::files::open(&app, owner, id.parse().unwrap()).await;
    let opened = opened.unwrap();
    let copy = opened.local.path().to_owned();
    assert_eq!(std::fs::metadata(&copy).unwrap().len(), 19 << 20);
    drop(opened);
    assert!(!copy.exists(), "a copy is there as long as it is used");
}

#[tokio::test]
async fn a_bucket_that_does_not_answer_is_said_so() {
    let settings = [
        ("STORAGE_URL", "s3://bucket?endpoint=http://127.0.0.1:9"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ];
    let app = TestApp::with(&settings).await;
    let ada = app.user("ada").await;
    let reply = send(&ada, "a.txt", b"text").await;
    assert_eq!(reply.line(), "503 unavailable");
    assert_eq!(ada.get("/api/files").await.body["items"], json!([]));
}
