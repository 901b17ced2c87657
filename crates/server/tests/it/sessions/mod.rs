//! Sessions: tokens, cookies, and how a session ends for everybody at once.

mod bus;
mod cookies;
mod devices;
mod forgery;
mod logout;
mod origins;
mod refresh;

use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp, User};

/// The tokens of a program that has signed in.
struct Tokens {
    access: String,
    refresh: String,
}

impl From<&Value> for Tokens {
    fn from(body: &Value) -> Self {
        let text = |key: &str| body[key].as_str().unwrap().to_owned();
        Self {
            access: text("accessToken"),
            refresh: text("refreshToken"),
        }
    }
}

/// A session of a program: no cookies.
async fn program(app: &TestApp, user: &User) -> Tokens {
    let body = json!({ "email": user.email, "password": user.password, "tokens": "body" });
    let reply = app
        .anonymous()
        .header("origin", "")
        .post("/api/auth/login", &body)
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    Tokens::from(&reply.body)
}

async fn refresh(base: &str, token: &str) -> Reply {
    let body = json!({ "refreshToken": token });
    Client::new(base)
        .header("origin", "")
        .post("/api/auth/refresh", &body)
        .await
}

/// What `/api/auth/me` says to this access token.
async fn me(base: &str, access: &str) -> String {
    Client::bearer(base, access)
        .get("/api/auth/me")
        .await
        .line()
}
