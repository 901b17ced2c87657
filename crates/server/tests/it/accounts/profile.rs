//! A person's own account.

use sea_orm::EntityTrait;
use serde_json::{Value, json};
use store::entity::{chat, session, user};

use super::{administrator, credentials, users};
use crate::support::{Client, TestApp, password};

#[tokio::test]
async fn nobody_but_its_owner_has_an_account() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    for reply in [
        nobody.get("/api/auth/me").await,
        nobody
            .patch("/api/auth/me", &json!({ "name": "Eve" }))
            .await,
        nobody
            .delete_with("/api/auth/me", &json!({ "password": "x" }))
            .await,
        nobody.post("/api/auth/password", &json!({})).await,
        nobody.get("/api/auth/sessions").await,
        nobody.delete("/api/auth/sessions").await,
        nobody
            .delete("/api/auth/sessions/01900000-0000-7000-8000-000000000000")
            .await,
    ] {
        assert_eq!(reply.line(), "401 unauthenticated");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn name_and_default_model_change_at_will() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let set = ada
        .patch(
            "/api/auth/me",
            &json!({ "name": " Ada L. ", "defaultModel": "x/y" }),
        )
        .await;
    assert_eq!(set.body["user"]["name"], "Ada L.");
    assert_eq!(set.body["user"]["defaultModel"], "x/y");
    let untouched = ada.patch("/api/auth/me", &json!({})).await;
    assert_eq!(untouched.body, set.body);
    let cleared = ada
        .patch("/api/auth/me", &json!({ "defaultModel": null }))
        .await;
    assert_eq!(cleared.body["user"]["defaultModel"], Value::Null);
    assert_eq!(cleared.body["user"]["name"], "Ada L.");
    assert_eq!(ada.get("/api/auth/me").await.body, cleared.body);
}

#[tokio::test]
async fn changes_that_are_none_are_refused() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let cases = [
        (json!({ "name": " " }), "422 invalid", "name length"),
        (json!({ "email": "nowhere" }), "422 invalid", "email format"),
        (
            json!({ "defaultModel": "" }),
            "422 invalid",
            "defaultModel format",
        ),
        (
            json!({ "defaultModel": "x".repeat(201) }),
            "422 invalid",
            "defaultModel format",
        ),
        (
            json!({ "defaultModel": 7 }),
            "422 invalid",
            "defaultModel type",
        ),
        (
            json!({ "role": "admin" }),
            "400 unknown_field",
            "role unknown",
        ),
        (
            json!({ "email": "new@example.org" }),
            "422 invalid",
            "currentPassword required",
        ),
        (
            json!({ "email": "new@example.org", "currentPassword": password("bob") }),
            "422 invalid",
            "currentPassword wrong",
        ),
    ];
    for (body, line, field) in cases {
        let reply = ada.patch("/api/auth/me", &body).await;
        assert_eq!(
            (reply.line().as_str(), reply.fields()),
            (line, vec![field.to_owned()]),
            "{body}"
        );
    }
    let taken = json!({ "email": "BOB@example.org", "currentPassword": ada.password });
    assert_eq!(
        ada.patch("/api/auth/me", &taken).await.line(),
        "409 email_taken"
    );
    assert_eq!(
        bob.get("/api/auth/me").await.body["user"]["email"],
        bob.email
    );
}

#[tokio::test]
async fn a_new_address_signs_in_and_the_old_one_is_free() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let change = json!({ "email": "Countess@example.org", "currentPassword": ada.password });
    let reply = ada.patch("/api/auth/me", &change).await;
    assert_eq!(reply.body["user"]["email"], "Countess@example.org");
    let login = async |email: &str| {
        app.anonymous()
            .post("/api/auth/login", &credentials(email, &ada.password))
            .await
            .line()
    };
    assert_eq!(login("countess@example.org").await, "200");
    assert_eq!(login("ada@example.org").await, "401 invalid_credentials");
    let again = json!({ "name": "x", "email": ada.email, "password": password("new") });
    assert_eq!(
        app.anonymous()
            .post("/api/auth/register", &again)
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let phone = app.anonymous();
    phone
        .post("/api/auth/login", &credentials(&ada.email, &ada.password))
        .await;
    assert_eq!(phone.get("/api/auth/me").await.status, 200);
    let old = Client::bearer(&app.base, &ada.access_token);
    let change =
        json!({ "currentPassword": ada.password, "newPassword": "a new song of the river" });
    let reply = ada.post("/api/auth/password", &change).await;
    assert_eq!(
        (reply.status, reply.body["user"]["id"].as_str()),
        (200, Some(ada.id.as_str()))
    );
    assert_eq!(
        ada.get("/api/auth/me").await.status,
        200,
        "this device goes on"
    );
    assert_eq!(phone.get("/api/auth/me").await.line(), "401 invalid_token");
    assert_eq!(
        phone.act("/api/auth/refresh").await.line(),
        "401 invalid_token"
    );
    assert_eq!(old.get("/api/auth/me").await.line(), "401 invalid_token");
    let login = async |password: &str| {
        app.anonymous()
            .post("/api/auth/login", &credentials(&ada.email, password))
            .await
            .line()
    };
    assert_eq!(login(&ada.password).await, "401 invalid_credentials");
    assert_eq!(login("a new song of the river").await, "200");
}

#[tokio::test]
async fn a_password_changes_only_with_the_one_before_and_not_by_guessing() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "currentPassword": current, "newPassword": new });
        let reply = ada.post("/api/auth/password", &body).await;
        format!("{} {}", reply.line(), reply.fields().join(","))
    };
    assert_eq!(
        change(&ada.password, "password1").await,
        "422 invalid newPassword common"
    );
    for _ in 0..8 {
        let outcome = change("a guess", "a new song of the river").await;
        assert_eq!(outcome, "422 invalid currentPassword wrong");
    }
    assert_eq!(
        change(&ada.password, "a new song of the river").await,
        "429 too_many_attempts "
    );
    assert_eq!(ada.get("/api/auth/me").await.status, 200);
}

#[tokio::test]
async fn a_deleted_account_is_gone_with_all_it_owned() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    for person in [&ada, &bob] {
        let reply = person
            .post("/api/chats", &json!({ "message": "Hello?" }))
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text);
    }
    let wrong = ada
        .delete_with("/api/auth/me", &json!({ "password": "a guess" }))
        .await;
    assert_eq!(
        (wrong.line(), wrong.fields()),
        ("422 invalid".into(), vec!["password wrong".into()])
    );
    assert_eq!(
        ada.delete("/api/auth/me").await.line(),
        "415 unsupported_media_type"
    );
    let right = json!({ "password": ada.password });
    let gone = ada.delete_with("/api/auth/me", &right).await;
    assert_eq!(gone.status, 204);
    let cookies: Vec<_> = gone.headers.get_all("set-cookie").iter().collect();
    assert!(
        cookies
            .iter()
            .all(|cookie| cookie.to_str().unwrap().contains("Max-Age=0"))
    );
    let old = Client::bearer(&app.base, &ada.access_token);
    assert_eq!(old.get("/api/auth/me").await.line(), "401 invalid_token");
    let login = credentials(&ada.email, &ada.password);
    assert_eq!(
        app.anonymous().post("/api/auth/login", &login).await.line(),
        "401 invalid_credentials"
    );
    let db = &**app.db.read();
    let owners: Vec<_> = chat::Entity::find().all(db).await.unwrap();
    assert!(
        owners
            .iter()
            .all(|chat| chat.owner_id.to_string() == bob.id)
    );
    assert_eq!((owners.len(), users(&app).await.len()), (1, 1));
    assert_eq!(session::Entity::find().all(db).await.unwrap().len(), 1);
    assert_eq!(bob.get("/api/auth/me").await.status, 200);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let root = administrator(&app, "root").await;
    let delete = |name: &str| json!({ "password": password(name) });
    let reply = root.delete_with("/api/auth/me", &delete("root")).await;
    assert_eq!(reply.line(), "409 last_administrator");
    let second = administrator(&app, "second").await;
    assert_eq!(
        root.delete_with("/api/auth/me", &delete("root"))
            .await
            .status,
        204
    );
    let reply = second.delete_with("/api/auth/me", &delete("second")).await;
    assert_eq!(reply.line(), "409 last_administrator");
    let left: Vec<user::Model> = users(&app).await;
    assert_eq!(left.len(), 1);
}
