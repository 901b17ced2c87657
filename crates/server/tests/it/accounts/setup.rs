//! How an installation gets its administrator.

use chrono::TimeDelta;
use serde_json::json;
use server::features::accounts;

use super::{credentials, newcomer, token, users, with};
use crate::support::{Reply, TestApp, password};

async fn link(app: &TestApp) -> String {
    let link = accounts::setup_link(app)
        .await
        .unwrap()
        .expect("there is no administrator");
    assert!(link.starts_with(&format!("{}/setup#", app.base)), "{link}");
    token(&link)
}

async fn look_up(app: &TestApp, token: &str) -> Reply {
    app.anonymous()
        .post("/api/auth/link", &json!({ "token": token }))
        .await
}

async fn set_up(app: &TestApp, name: &str, token: &str) -> Reply {
    let body = with(newcomer(name), &json!({ "token": token }));
    app.anonymous().post("/api/auth/setup", &body).await
}

async fn needs_setup(app: &TestApp) -> bool {
    app.anonymous().get("/api/instance").await.body["needsSetup"] == true
}

#[tokio::test]
async fn the_link_makes_the_administrator_once() {
    let app = TestApp::new().await;
    assert!(needs_setup(&app).await);
    let token = link(&app).await;
    let seen = look_up(&app, &token).await;
    let expected =
        json!({ "kind": "setup", "email": null, "expiresAt": "2026-01-02T00:00:00.000Z" });
    assert_eq!((seen.status, seen.body), (200, expected));
    let weak = with(
        newcomer("root"),
        &json!({ "token": token, "password": "password1" }),
    );
    let weak = app.anonymous().post("/api/auth/setup", &weak).await;
    assert_eq!(
        (weak.line(), weak.fields()),
        ("422 invalid".into(), vec!["password common".into()])
    );
    let made = set_up(&app, "root", &token).await;
    assert_eq!(
        (made.status, &made.body["user"]["role"]),
        (201, &json!("admin"))
    );
    assert!(made.body["accessToken"].is_string() && !made.header("set-cookie").is_empty());
    assert!(!needs_setup(&app).await);
    assert_eq!(
        set_up(&app, "eve", &token).await.line(),
        "404 link_not_found"
    );
    assert_eq!(look_up(&app, &token).await.line(), "404 link_not_found");
    assert_eq!(accounts::setup_link(&app).await.unwrap(), None);
    assert_eq!(users(&app).await.len(), 1);
}

#[tokio::test]
async fn of_two_at_the_same_moment_one_becomes_administrator() {
    let app = TestApp::new().await;
    let token = link(&app).await;
    let (one, two) = tokio::join!(set_up(&app, "one", &token), set_up(&app, "two", &token));
    let mut lines = [one.line(), two.line()];
    lines.sort();
    assert_eq!(lines, ["201", "404 link_not_found"]);
    assert_eq!(users(&app).await.len(), 1);
}

#[tokio::test]
async fn a_link_that_is_old_or_was_replaced_is_none() {
    let app = TestApp::new().await;
    let first = link(&app).await;
    let second = link(&app).await;
    assert_eq!(
        set_up(&app, "root", &first).await.line(),
        "404 link_not_found"
    );
    app.advance(TimeDelta::hours(24));
    assert_eq!(look_up(&app, &second).await.line(), "404 link_not_found");
    assert_eq!(
        set_up(&app, "root", &second).await.line(),
        "404 link_not_found"
    );
    for odd in ["", "null", "undefined", &"x".repeat(5000)] {
        assert_eq!(set_up(&app, "root", odd).await.line(), "404 link_not_found");
    }
    let null = with(newcomer("root"), &json!({}));
    assert_eq!(
        app.anonymous()
            .post("/api/auth/setup", &null)
            .await
            .fields(),
        ["token required"]
    );
    assert!(users(&app).await.is_empty());
}

#[tokio::test]
async fn a_link_is_good_for_its_own_kind_only() {
    let app = TestApp::new().await;
    let token = link(&app).await;
    let reset = json!({ "token": token, "password": password("eve") });
    assert_eq!(
        app.anonymous().post("/api/auth/reset", &reset).await.line(),
        "404 link_not_found"
    );
    let invite = with(newcomer("eve"), &json!({ "invite": token }));
    let reply = app.anonymous().post("/api/auth/register", &invite).await;
    assert_eq!(reply.line(), "404 link_not_found");
    assert_eq!(
        look_up(&app, &token).await.status,
        200,
        "none of it used the link up"
    );
}

#[tokio::test]
async fn the_administrators_address_is_nobodys_without_the_link() {
    let app = TestApp::with(&[("ADMIN_EMAIL", "Root@example.org")]).await;
    let squatter = with(newcomer("eve"), &json!({ "email": "rOOt@example.org" }));
    let refused = app.anonymous().post("/api/auth/register", &squatter).await;
    let eve = app.user("eve").await;
    let taken = with(newcomer("eve"), &json!({ "password": password("eve") }));
    let mut taken = app.anonymous().post("/api/auth/register", &taken).await;
    taken.body["requestId"] = refused.body["requestId"].clone();
    assert_eq!(
        refused.body, taken.body,
        "nobody learns which address is kept"
    );
    let change = json!({ "email": "root@example.org", "currentPassword": eve.password });
    assert_eq!(
        eve.patch("/api/auth/me", &change).await.line(),
        "409 email_taken"
    );

    let token = link(&app).await;
    assert_eq!(
        look_up(&app, &token).await.body["email"],
        "Root@example.org"
    );
    let other = set_up(&app, "mallory", &token).await;
    assert_eq!(
        (other.line(), other.fields()),
        ("422 invalid".into(), vec!["email not_invited".into()])
    );
    let made = set_up(&app, "root", &token).await;
    assert_eq!(
        (made.status, &made.body["user"]["role"]),
        (201, &json!("admin"))
    );
    assert_eq!(accounts::setup_link(&app).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_becomes_administrators_only_with_its_own_password() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let token = link(&app).await;
    let stolen = with(
        newcomer("ada"),
        &json!({ "token": token, "password": password("eve") }),
    );
    let stolen = app.anonymous().post("/api/auth/setup", &stolen).await;
    assert_eq!(stolen.line(), "409 email_taken");
    let made = set_up(&app, "ada", &token).await;
    assert_eq!(
        (made.status, made.body["user"]["id"].as_str()),
        (201, Some(ada.id.as_str()))
    );
    assert_eq!(made.body["user"]["role"], "admin");
    assert_eq!(
        ada.get("/api/admin/settings").await.status,
        200,
        "the role counts at once"
    );
}

#[tokio::test]
async fn the_shell_makes_an_administrator_of_anybody() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let token = link(&app).await;
    let create = async |email: &str, password: &str| {
        accounts::cli::create_admin(&app, email, password, Some("Root")).await
    };
    create("root@example.org", &password("root")).await.unwrap();
    assert_eq!(
        look_up(&app, &token).await.line(),
        "404 link_not_found",
        "no longer needed"
    );
    create("ADA@example.org", "from the shell, anew")
        .await
        .unwrap();
    assert_eq!(ada.get("/api/auth/me").await.line(), "401 invalid_token");
    let login = credentials(&ada.email, "from the shell, anew");
    let reply = app.anonymous().post("/api/auth/login", &login).await;
    assert_eq!(reply.body["user"]["role"], "admin");
    let weak = create("eve@example.org", "password1").await.unwrap_err();
    assert_eq!(weak.fields[0].code, "common");
}
