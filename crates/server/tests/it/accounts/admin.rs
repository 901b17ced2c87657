//! What an administrator decides about accounts.

use serde_json::json;
use server::features::accounts;

use super::{administrator, newcomer, token, with};
use crate::support::TestApp;

#[tokio::test]
async fn administration_is_for_administrators() {
    let app = TestApp::new().await;
    let (nobody, ada) = (app.anonymous(), app.user("ada").await);
    let change = json!({ "registration": "closed" });
    for (client, line) in [(&nobody, "401 unauthenticated"), (&*ada, "403 forbidden")] {
        assert_eq!(client.get("/api/admin/settings").await.line(), line);
        assert_eq!(
            client.patch("/api/admin/settings", &change).await.line(),
            line
        );
        assert_eq!(
            client.post("/api/admin/invites", &json!({})).await.line(),
            line
        );
    }
    let instance = nobody.get("/api/instance").await.body;
    assert_eq!(
        (&instance["registration"], &instance["needsSetup"]),
        (&json!("open"), &json!(true))
    );
}

#[tokio::test]
async fn an_administrator_says_who_may_register() {
    let app = TestApp::new().await;
    let root = administrator(&app, "root").await;
    assert_eq!(
        root.get("/api/admin/settings").await.body,
        json!({ "registration": "open" })
    );
    let register = async |name: &str| {
        app.anonymous()
            .post("/api/auth/register", &newcomer(name))
            .await
            .line()
    };
    assert_eq!(register("ada").await, "201");
    for mode in ["closed", "invite"] {
        let reply = root
            .patch("/api/admin/settings", &json!({ "registration": mode }))
            .await;
        assert_eq!(reply.body, json!({ "registration": mode }));
        assert_eq!(register("bob").await, "403 registration_closed");
        let instance = app.anonymous().get("/api/instance").await.body;
        assert_eq!(
            (&instance["registration"], &instance["needsSetup"]),
            (&json!(mode), &json!(false))
        );
    }
    let (_, base) = app.second_node().await;
    let elsewhere = crate::support::Client::new(&base);
    let reply = elsewhere.post("/api/auth/register", &newcomer("bob")).await;
    assert_eq!(reply.line(), "403 registration_closed", "on every node");
    root.patch("/api/admin/settings", &json!({ "registration": "open" }))
        .await;
    assert_eq!(register("bob").await, "201");
    let unknown = root
        .patch("/api/admin/settings", &json!({ "registration": "maybe" }))
        .await;
    assert_eq!(
        (unknown.line(), unknown.fields()),
        ("422 invalid".into(), vec!["registration type".into()])
    );
    let unknown = root
        .patch("/api/admin/settings", &json!({ "theme": "dark" }))
        .await;
    assert_eq!(unknown.line(), "400 unknown_field");
}

#[tokio::test]
async fn an_invitation_works_once_and_for_its_address_only() {
    let app = TestApp::with(&[("SANGAM_ACCOUNTS__REGISTRATION", "invite")]).await;
    let root = administrator(&app, "root").await;
    let any = root.post("/api/admin/invites", &json!({})).await;
    assert_eq!((any.status, &any.body["email"]), (201, &json!(null)));
    assert_eq!(any.body["expiresAt"], "2026-01-08T00:00:00.000Z");
    let link = any.body["link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/invite#", app.base)), "{link}");
    let register = async |name: &str, invite: &str| {
        let body = with(newcomer(name), &json!({ "invite": invite }));
        app.anonymous()
            .post("/api/auth/register", &body)
            .await
            .line()
    };
    assert_eq!(register("ada", "a guess").await, "404 link_not_found");
    assert_eq!(
        register("root", &token(link)).await,
        "409 email_taken",
        "does not use it up"
    );
    assert_eq!(register("ada", &token(link)).await, "201");
    assert_eq!(register("bob", &token(link)).await, "404 link_not_found");

    let named = root
        .post("/api/admin/invites", &json!({ "email": "bob@example.org" }))
        .await;
    let named = token(named.body["link"].as_str().unwrap());
    let seen = app
        .anonymous()
        .post("/api/auth/link", &json!({ "token": named }))
        .await;
    assert_eq!(
        (&seen.body["kind"], &seen.body["email"]),
        (&json!("invite"), &json!("bob@example.org"))
    );
    assert_eq!(register("eve", &named).await, "422 invalid");
    assert_eq!(register("bob", &named).await, "201");
    let bad = root
        .post("/api/admin/invites", &json!({ "email": "nowhere" }))
        .await;
    assert_eq!(bad.fields(), ["email format"]);
}

#[tokio::test]
async fn invitations_do_not_open_what_is_closed() {
    let app = TestApp::with(&[("SANGAM_ACCOUNTS__REGISTRATION", "invite")]).await;
    let root = administrator(&app, "root").await;
    let invite = root.post("/api/admin/invites", &json!({})).await;
    let invite = token(invite.body["link"].as_str().unwrap());
    root.patch("/api/admin/settings", &json!({ "registration": "closed" }))
        .await;
    assert_eq!(
        root.post("/api/admin/invites", &json!({})).await.line(),
        "403 registration_closed"
    );
    let body = with(newcomer("ada"), &json!({ "invite": invite }));
    let reply = app.anonymous().post("/api/auth/register", &body).await;
    assert_eq!(reply.line(), "403 registration_closed");
    let set = accounts::registration(&app).await.unwrap();
    assert_eq!(set, server::config::Registration::Closed);
}
