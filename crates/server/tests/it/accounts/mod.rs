//! Accounts: making one, signing in, changing it, and who administers.

mod admin;
mod links;
mod profile;
mod register;
mod setup;
mod sign_in;

use sea_orm::EntityTrait;
use serde_json::{Value, json};
use server::features::accounts;
use store::entity::user;

use crate::support::{Client, TestApp, password};

/// What somebody called `name` registers with.
fn newcomer(name: &str) -> Value {
    json!({ "name": name, "email": format!("{name}@example.org"), "password": password(name) })
}

/// Somebody who tries to sign in.
fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

/// `body` with some values changed; null leaves one out.
fn with(mut body: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(key);
        } else {
            body[key] = value.clone();
        }
    }
    body
}

/// The part of a link behind its `#`.
fn token(link: &str) -> String {
    link.split_once('#').unwrap().1.to_owned()
}

/// An administrator who is signed in.
pub(crate) async fn administrator(app: &TestApp, name: &str) -> Client {
    let email = format!("{name}@example.org");
    accounts::cli::create_admin(app, &email, &password(name), None)
        .await
        .unwrap();
    let client = app.anonymous();
    let reply = client
        .post("/api/auth/login", &credentials(&email, &password(name)))
        .await;
    assert_eq!(
        (reply.status, reply.body["user"]["role"].as_str()),
        (200, Some("admin"))
    );
    client
}

/// The rows of all accounts.
async fn users(app: &TestApp) -> Vec<user::Model> {
    user::Entity::find().all(&**app.db.read()).await.unwrap()
}
