//! The link that lets a locked-out person back in.

use chrono::TimeDelta;
use serde_json::json;
use server::features::accounts;

use super::{credentials, token};
use crate::support::{Reply, TestApp, password};

const NEW: &str = "a new song of the river";

async fn reset_link(app: &TestApp, email: &str) -> String {
    let link = accounts::cli::reset_link(app, email).await.unwrap();
    assert!(link.starts_with(&format!("{}/reset#", app.base)), "{link}");
    token(&link)
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Reply {
    let body = json!({ "token": token, "password": password });
    app.anonymous().post("/api/auth/reset", &body).await
}

#[tokio::test]
async fn a_locked_out_person_comes_back_and_everybody_else_is_out() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let login = async |password: &str| {
        app.anonymous()
            .post("/api/auth/login", &credentials(&ada.email, password))
            .await
            .line()
    };
    while login("a guess").await != "429 too_many_attempts" {}
    let token = reset_link(&app, " ADA@example.org").await;
    let seen = app
        .anonymous()
        .post("/api/auth/link", &json!({ "token": token }))
        .await
        .body;
    assert_eq!(
        (&seen["kind"], &seen["email"]),
        (&json!("reset"), &json!("ada@example.org"))
    );
    let weak = reset(&app, &token, "ada@example.org").await;
    assert_eq!(
        (weak.line(), weak.fields()),
        ("422 invalid".into(), vec!["password own_word".into()])
    );
    let back = reset(&app, &token, NEW).await;
    assert_eq!(
        (back.status, back.body["user"]["id"].as_str()),
        (200, Some(ada.id.as_str()))
    );
    assert_eq!(ada.get("/api/auth/me").await.line(), "401 invalid_token");
    assert_eq!(
        ada.act("/api/auth/refresh").await.line(),
        "401 invalid_token"
    );
    assert_eq!(login(NEW).await, "200", "not throttled any more");
    assert_eq!(login(&ada.password).await, "401 invalid_credentials");
    assert_eq!(
        reset(&app, &token, &password("eve")).await.line(),
        "404 link_not_found"
    );
}

#[tokio::test]
async fn a_link_is_short_lived_and_the_newest_counts() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let first = reset_link(&app, &ada.email).await;
    let second = reset_link(&app, &ada.email).await;
    assert_eq!(reset(&app, &first, NEW).await.line(), "404 link_not_found");
    app.advance(TimeDelta::minutes(15));
    assert_eq!(reset(&app, &second, NEW).await.line(), "404 link_not_found");
    let third = reset_link(&app, &ada.email).await;
    let (one, two) = tokio::join!(reset(&app, &third, NEW), reset(&app, &third, NEW));
    let mut lines = [one.line(), two.line()];
    lines.sort();
    assert_eq!(lines, ["200", "404 link_not_found"]);
}

#[tokio::test]
async fn a_changed_password_voids_the_link() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let token = reset_link(&app, &ada.email).await;
    let change = json!({ "currentPassword": ada.password, "newPassword": NEW });
    assert_eq!(ada.post("/api/auth/password", &change).await.status, 200);
    assert_eq!(
        reset(&app, &token, &password("eve")).await.line(),
        "404 link_not_found"
    );
}

#[tokio::test]
async fn there_is_no_link_for_nobody_and_no_guessing_of_links() {
    let app = TestApp::new().await;
    let error = accounts::cli::reset_link(&app, "nobody@example.org")
        .await
        .unwrap_err();
    assert_eq!(error.code.name, "not_found");
    let mut lines = Vec::new();
    for n in 0..31 {
        let body = json!({ "token": format!("guess {n}") });
        lines.push(app.anonymous().post("/api/auth/link", &body).await.line());
    }
    assert!(lines[..30].iter().all(|line| line == "404 link_not_found"));
    assert_eq!(lines[30], "429 too_many_attempts");
}
