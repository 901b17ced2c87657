//! Requests that a page of another site makes a browser send.

use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp, password};

const FOREIGN: [&str; 4] = [
    "http://evil.example",
    "null",
    "https://127.0.0.1",
    "http://127.0.0.1.evil.example",
];

/// Somebody's browser, as a page of `origin` can use it; none for no header.
fn page(app: &TestApp, access: &str, origin: &str) -> Client {
    let cookie = format!("sangam_access={access}");
    app.anonymous()
        .header("cookie", &cookie)
        .header("origin", origin)
}

#[tokio::test]
async fn a_foreign_page_changes_nothing() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let rename = json!({ "name": "Mallory" });
    for origin in FOREIGN.into_iter().chain([""]) {
        let page = page(&app, &ada.access_token, origin);
        for reply in [
            page.patch("/api/auth/me", &rename).await,
            page.delete("/api/auth/sessions").await,
            page.act("/api/auth/logout").await,
            page.post("/api/chats", &json!({ "message": "hi" })).await,
        ] {
            assert_eq!(reply.line(), "403 origin_refused", "{origin}");
        }
        assert_eq!(
            page.get("/api/auth/me").await.status,
            200,
            "reading is left to CORS"
        );
    }
    assert_eq!(ada.patch("/api/auth/me", &rename).await.status, 200);
    let cross = page(&app, &ada.access_token, &app.base).header("sec-fetch-site", "cross-site");
    assert_eq!(
        cross.patch("/api/auth/me", &rename).await.line(),
        "403 origin_refused"
    );
    let same = page(&app, &ada.access_token, &app.base).header("sec-fetch-site", "same-origin");
    assert_eq!(same.patch("/api/auth/me", &rename).await.status, 200);
}

#[tokio::test]
async fn a_program_with_a_token_comes_from_nowhere() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let program = Client::bearer(&app.base, &ada.access_token);
    assert_eq!(
        program
            .patch("/api/auth/me", &json!({ "name": "A" }))
            .await
            .status,
        200
    );
    let elsewhere =
        Client::bearer(&app.base, &ada.access_token).header("origin", "http://evil.example");
    let reply = elsewhere
        .patch("/api/auth/me", &json!({ "name": "B" }))
        .await;
    assert_eq!(reply.status, 200, "a token in a header is no ambient right");
}

#[tokio::test]
async fn a_foreign_page_signs_nobody_in_or_out() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let account = json!({ "name": "x", "email": "x@example.org", "password": password("x") });
    let calls: [(&str, Value); 6] = [
        (
            "/api/auth/login",
            json!({ "email": ada.email, "password": ada.password }),
        ),
        ("/api/auth/register", account),
        ("/api/auth/refresh", json!({ "refreshToken": "x" })),
        ("/api/auth/link", json!({ "token": "x" })),
        (
            "/api/auth/setup",
            json!({ "token": "x", "name": "x", "email": "x@y.z", "password": "x" }),
        ),
        ("/api/auth/reset", json!({ "token": "x", "password": "x" })),
    ];
    for (path, body) in &calls {
        for origin in FOREIGN {
            let reply = app
                .anonymous()
                .header("origin", origin)
                .post(path, body)
                .await;
            assert_eq!(reply.line(), "403 origin_refused", "{path} from {origin}");
        }
        let program = app.anonymous().header("origin", "").post(path, body).await;
        assert_ne!(program.status, 403, "{path} from a program");
    }
    let refreshed: Reply = ada.act("/api/auth/refresh").await;
    assert_eq!(refreshed.status, 200);
    let cookie = refreshed
        .headers
        .get_all("set-cookie")
        .iter()
        .nth(1)
        .unwrap();
    let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
    for origin in FOREIGN.into_iter().chain([""]) {
        let page = app
            .anonymous()
            .header("cookie", cookie)
            .header("origin", origin);
        assert_eq!(
            page.act("/api/auth/refresh").await.line(),
            "403 origin_refused"
        );
    }
}

#[tokio::test]
async fn a_listed_origin_is_no_foreign_one() {
    let app = TestApp::with(&[("CORS_ORIGINS", "https://app.example.org")]).await;
    let ada = app.user("ada").await;
    let page = page(&app, &ada.access_token, "https://app.example.org");
    let page = page.header("sec-fetch-site", "cross-site");
    assert_eq!(
        page.patch("/api/auth/me", &json!({ "name": "A" }))
            .await
            .status,
        200
    );
}
