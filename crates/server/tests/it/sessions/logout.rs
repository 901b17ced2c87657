//! Signing out: at once, on every node.

use chrono::TimeDelta;

use super::{me, program, refresh};
use crate::support::{Client, TestApp};

#[tokio::test]
async fn a_signed_out_token_is_refused_at_once() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let reply = ada.act("/api/auth/logout").await;
    assert_eq!(reply.status, 204);
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    assert!(
        cookies
            .iter()
            .all(|cookie| cookie.to_str().unwrap().contains("Max-Age=0"))
    );
    assert_eq!(me(&app.base, &ada.access_token).await, "401 invalid_token");
    assert_eq!(
        ada.get("/api/auth/me").await.line(),
        "401 unauthenticated",
        "no cookie is left"
    );
    assert_eq!(
        ada.act("/api/auth/refresh").await.line(),
        "401 unauthenticated"
    );
}

#[tokio::test]
async fn a_node_without_redis_refuses_what_another_node_signed_out() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (_, second) = app.second_node().await;
    let tokens = program(&app, &ada).await;
    assert_eq!(me(&second, &tokens.access).await, "200");
    assert_eq!(
        Client::bearer(&app.base, &tokens.access)
            .act("/api/auth/logout")
            .await
            .status,
        204
    );
    assert_eq!(me(&second, &tokens.access).await, "401 invalid_token");
    assert_eq!(
        refresh(&second, &tokens.refresh).await.line(),
        "401 invalid_token"
    );
    assert_eq!(
        me(&second, &ada.access_token).await,
        "200",
        "other sessions go on"
    );
}

#[tokio::test]
async fn an_expired_token_still_signs_out() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let tokens = program(&app, &ada).await;
    app.advance(TimeDelta::hours(1));
    assert_eq!(
        Client::bearer(&app.base, &tokens.access)
            .act("/api/auth/logout")
            .await
            .status,
        204
    );
    assert_eq!(
        refresh(&app.base, &tokens.refresh).await.line(),
        "401 invalid_token"
    );
    let again = Client::bearer(&app.base, &tokens.access)
        .act("/api/auth/logout")
        .await;
    assert_eq!(again.status, 204, "a second time changes nothing");
}

#[tokio::test]
async fn a_browser_whose_access_cookie_has_expired_signs_out_by_the_other() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let cookie = ada.act("/api/auth/refresh").await;
    let cookies = cookie.headers.get_all("set-cookie");
    let refresh_cookie = cookies
        .iter()
        .map(|c| c.to_str().unwrap())
        .find(|c| c.starts_with("sangam_refresh="))
        .unwrap();
    let refresh_cookie = refresh_cookie.split(';').next().unwrap();
    let browser = app.anonymous().header("cookie", refresh_cookie);
    assert_eq!(browser.act("/api/auth/logout").await.status, 204);
    assert_eq!(
        browser.act("/api/auth/refresh").await.line(),
        "401 invalid_token"
    );
    assert_eq!(me(&app.base, &ada.access_token).await, "401 invalid_token");
}

#[tokio::test]
async fn who_is_nobody_cannot_sign_out() {
    let app = TestApp::new().await;
    assert_eq!(
        app.anonymous().act("/api/auth/logout").await.line(),
        "401 unauthenticated"
    );
    let junk = Client::bearer(&app.base, "junk")
        .act("/api/auth/logout")
        .await;
    assert_eq!(junk.line(), "401 invalid_token");
    let junk = app
        .anonymous()
        .header("cookie", "sangam_refresh=junk")
        .act("/api/auth/logout")
        .await;
    assert_eq!(junk.line(), "401 invalid_token");
}
