//! Cookies are named and marked by how people reach the server.

use super::Reply;
use crate::support::{Client, TestApp};

const REGISTER: &str =
    r#"{"name":"ada","email":"ada@example.org","password":"ada ki gupt kahani 7"}"#;

async fn register(client: &Client) -> Reply {
    client
        .post(
            "/api/auth/register",
            &serde_json::from_str(REGISTER).unwrap(),
        )
        .await
}

/// Name and attributes, without values.
fn cookies(reply: &Reply) -> Vec<String> {
    let cookies = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap());
    cookies
        .map(|cookie| {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            format!("{};{attributes}", pair.split('=').next().unwrap())
        })
        .collect()
}

fn pairs(reply: &Reply) -> Vec<String> {
    let cookies = reply
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap());
    cookies
        .map(|cookie| cookie.split(';').next().unwrap().to_owned())
        .collect()
}

const PLAIN: [&str; 2] = [
    "sangam_access; Path=/; Max-Age=900; HttpOnly; SameSite=Lax",
    "sangam_refresh; Path=/api/auth; Max-Age=604800; HttpOnly; SameSite=Strict",
];
const SECURE: [&str; 2] = [
    "__Host-sangam_access; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure",
    "__Secure-sangam_refresh; Path=/api/auth; Max-Age=604800; HttpOnly; SameSite=Strict; Secure",
];

fn at(app: &TestApp, origin: &str) -> Client {
    let host = origin.split_once("//").unwrap().1;
    Client::new(&app.base)
        .header("host", host)
        .header("origin", origin)
}

#[tokio::test]
async fn on_loopback_they_are_plain() {
    let app = TestApp::new().await;
    assert_eq!(cookies(&register(&app.anonymous()).await), PLAIN);
}

#[tokio::test]
async fn behind_https_they_are_bound_to_it() {
    let origin = "https://ai.example.org";
    let app = TestApp::with(&[("PUBLIC_URL", origin)]).await;
    assert_eq!(cookies(&register(&at(&app, origin)).await), SECURE);
}

#[tokio::test]
async fn over_plain_http_elsewhere_the_operator_must_insist() {
    let origin = "http://ai.example.org";
    let app = TestApp::with(&[("PUBLIC_URL", origin)]).await;
    assert_eq!(cookies(&register(&at(&app, origin)).await), SECURE);
    let insist = ("SANGAM_SERVER__INSECURE_COOKIES", "true");
    let app = TestApp::with(&[("PUBLIC_URL", origin), insist]).await;
    assert_eq!(cookies(&register(&at(&app, origin)).await), PLAIN);
}

#[tokio::test]
async fn only_the_names_of_the_mode_are_read() {
    let origin = "https://ai.example.org";
    let app = TestApp::with(&[("PUBLIC_URL", origin)]).await;
    let pairs = pairs(&register(&at(&app, origin)).await);
    let says = async |cookie: &str| {
        at(&app, origin)
            .header("cookie", cookie)
            .get("/api/auth/me")
            .await
            .line()
    };
    assert_eq!(says(&pairs[0]).await, "200");
    let plain = pairs[0].replace("__Host-", "");
    assert_eq!(says(&plain).await, "401 unauthenticated");
    let planted = pairs[1].replace("__Secure-", "");
    let reply = at(&app, origin)
        .header("cookie", &planted)
        .act("/api/auth/refresh")
        .await;
    assert_eq!(reply.line(), "401 unauthenticated");
    let reply = at(&app, origin)
        .header("cookie", &pairs[1])
        .act("/api/auth/refresh")
        .await;
    assert_eq!(
        (reply.status, cookies(&reply)),
        (200, SECURE.map(str::to_owned).to_vec())
    );
}

#[tokio::test]
async fn a_bearer_token_counts_before_a_cookie() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let cookie = format!("sangam_access={}", ada.access_token);
    let both = |bearer: &str| Client::bearer(&app.base, bearer).header("cookie", &cookie);
    let me = both(&bob.access_token).get("/api/auth/me").await;
    assert_eq!(me.body["user"]["id"], bob.id);
    assert_eq!(
        both("junk").get("/api/auth/me").await.line(),
        "401 invalid_token"
    );
}
