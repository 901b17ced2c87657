//! Making an account.

use futures::future::join_all;
use serde_json::json;

use super::{newcomer, users, with};
use crate::support::{Reply, TestApp, password};

#[tokio::test]
async fn a_newcomer_is_registered_and_signed_in() {
    let app = TestApp::new().await;
    let client = app.anonymous();
    let body = with(
        newcomer("ada"),
        &json!({ "name": "  Ada ", "email": " Ada@Example.org " }),
    );
    let reply = client.post("/api/auth/register", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let user = &reply.body["user"];
    assert_eq!(user["name"], "Ada");
    assert_eq!(user["email"], "Ada@Example.org");
    assert_eq!(user["role"], "user");
    assert_eq!(user["defaultModel"], json!(null));
    assert_eq!(user["createdAt"], "2026-01-01T00:00:00.000Z");
    assert_eq!(reply.body["expiresAt"], "2026-01-01T00:15:00.000Z");
    assert_eq!(reply.body.get("refreshToken"), None);
    assert_eq!(client.get("/api/auth/me").await.body["user"], *user);
    let stored = users(&app).await.remove(0);
    assert!(stored.password_hash.starts_with("$argon2id$"));
}

#[tokio::test]
async fn a_program_gets_its_tokens_in_the_body_and_no_cookie() {
    let app = TestApp::new().await;
    let program = app.anonymous().header("origin", "");
    let body = with(newcomer("ada"), &json!({ "tokens": "body" }));
    let reply = program.post("/api/auth/register", &body).await;
    assert_eq!(reply.status, 201);
    assert!(reply.body["refreshToken"].as_str().unwrap().len() >= 43);
    assert_eq!(reply.header("set-cookie"), "");
    assert_eq!(
        program.get("/api/auth/me").await.line(),
        "401 unauthenticated"
    );
}

#[tokio::test]
async fn what_is_wrong_is_named_field_by_field() {
    let app = TestApp::new().await;
    let cases = [
        (json!({ "name": "" }), "name length"),
        (json!({ "name": "x".repeat(101) }), "name length"),
        (json!({ "name": "A\u{7}da" }), "name format"),
        (json!({ "name": null }), "name required"),
        (json!({ "email": "nowhere" }), "email format"),
        (
            json!({ "email": "ada@example.org\r\nbcc: x@y.z" }),
            "email format",
        ),
        (
            json!({ "email": format!("{}@example.org", "a".repeat(65)) }),
            "email format",
        ),
        (json!({ "password": "k7#Qz!m" }), "password too_short"),
        (json!({ "password": "password1" }), "password common"),
        (
            json!({ "password": "ada@example.org" }),
            "password own_word",
        ),
        (json!({ "password": "Sangam 2026" }), "password own_word"),
        (
            json!({ "password": "kT9#v".repeat(205) }),
            "password too_long",
        ),
        (json!({ "password": 12_345_678 }), "password type"),
        (json!({ "tokens": "header" }), "tokens type"),
    ];
    for (change, expected) in cases {
        let reply = app
            .anonymous()
            .post("/api/auth/register", &with(newcomer("ada"), &change))
            .await;
        assert_eq!(
            (reply.line(), reply.fields()),
            ("422 invalid".to_owned(), vec![expected.to_owned()])
        );
    }
    assert!(users(&app).await.is_empty());
}

#[tokio::test]
async fn bodies_that_are_no_such_request_are_refused() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let role = with(newcomer("ada"), &json!({ "role": "admin" }));
    let reply = nobody.post("/api/auth/register", &role).await;
    assert_eq!(
        (reply.line(), reply.fields()),
        ("400 unknown_field".into(), vec!["role unknown".into()])
    );
    let nul = with(newcomer("ada"), &json!({ "name": "a\0da" }));
    assert_eq!(
        nobody.post("/api/auth/register", &nul).await.line(),
        "400 malformed"
    );
    let text = |kind: &str, body: &str| {
        let request = nobody.request(reqwest::Method::POST, "/api/auth/register");
        request.header("content-type", kind).body(body.to_owned())
    };
    let json = newcomer("ada").to_string();
    assert_eq!(
        nobody.send(text("application/json", "{")).await.line(),
        "400 malformed"
    );
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        assert_eq!(
            nobody.send(text(kind, &json)).await.line(),
            "415 unsupported_media_type"
        );
    }
    assert!(users(&app).await.is_empty());
}

#[tokio::test]
async fn an_address_belongs_to_one_account_whatever_its_case() {
    let app = TestApp::new().await;
    app.user("ada").await;
    for email in ["ada@example.org", "ADA@EXAMPLE.ORG", "  Ada@example.org "] {
        let body = with(newcomer("eve"), &json!({ "email": email }));
        let reply = app.anonymous().post("/api/auth/register", &body).await;
        assert_eq!(reply.line(), "409 email_taken", "{email}");
    }
    let body = newcomer("bob");
    let clients: Vec<_> = (0..8).map(|_| app.anonymous()).collect();
    let replies = join_all(
        clients
            .iter()
            .map(|client| client.post("/api/auth/register", &body)),
    );
    let mut lines: Vec<_> = replies.await.iter().map(Reply::line).collect();
    lines.sort();
    assert_eq!(lines[0], "201");
    assert!(
        lines[1..].iter().all(|line| line == "409 email_taken"),
        "{lines:?}"
    );
    assert_eq!(users(&app).await.len(), 2);
}

#[tokio::test]
async fn passwords_are_what_was_typed_in_any_script_and_length() {
    let app = TestApp::new().await;
    let long = format!("{} end", "kT9#v".repeat(204));
    for (n, password) in ["नदी के उस पार कौन", &long, "correct horse battery staple"]
        .iter()
        .enumerate()
    {
        let body = with(
            newcomer(&format!("user{n}")),
            &json!({ "password": password }),
        );
        assert_eq!(
            app.anonymous()
                .post("/api/auth/register", &body)
                .await
                .status,
            201
        );
        let mut attempt = super::credentials(&format!("user{n}@example.org"), password);
        assert_eq!(
            app.anonymous()
                .post("/api/auth/login", &attempt)
                .await
                .status,
            200
        );
        attempt["password"] = json!(&password[..password.len() - 3]);
        let reply = app.anonymous().post("/api/auth/login", &attempt).await;
        assert_eq!(reply.line(), "401 invalid_credentials", "no truncation");
    }
}

#[tokio::test]
async fn one_address_cannot_flood_the_accounts() {
    let mut refused = None;
    // Nothing is hashed for an address that is kept, so this is quick.
    let app = TestApp::with(&[("ADMIN_EMAIL", "root@example.org")]).await;
    for _ in 0..250 {
        let body = with(newcomer("root"), &json!({ "password": password("root") }));
        let reply = app.anonymous().post("/api/auth/register", &body).await;
        if reply.status == 429 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("the flood is noticed");
    assert_eq!(refused.line(), "429 too_many_attempts");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
}
