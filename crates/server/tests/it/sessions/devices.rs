//! The devices on which a person is signed in.

use serde_json::json;

use super::{me, program};
use crate::support::{Client, TestApp};

async fn ids(client: &Client) -> Vec<(String, bool)> {
    let list = client.get("/api/auth/sessions").await;
    assert_eq!((list.status, &list.body["nextCursor"]), (200, &json!(null)));
    let items = list.body["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| {
            (
                item["id"].as_str().unwrap().to_owned(),
                item["isCurrent"] == true,
            )
        })
        .collect()
}

#[tokio::test]
async fn a_person_sees_where_he_is_signed_in() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let phone = app.anonymous().header("user-agent", "Phone/1.0");
    let login = json!({ "email": ada.email, "password": ada.password });
    app.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(phone.post("/api/auth/login", &login).await.status, 200);
    let list = ada.get("/api/auth/sessions").await;
    let items = list.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["userAgent"], "Phone/1.0", "the latest first");
    assert_eq!(items[0]["ip"], "127.0.0.1");
    assert_eq!(items[0]["createdAt"], "2026-01-01T00:01:00.000Z");
    assert_eq!(items[0]["lastUsedAt"], "2026-01-01T00:01:00.000Z");
    assert_eq!(items[0]["expiresAt"], "2026-01-08T00:01:00.000Z");
    assert_eq!(
        (&items[0]["isCurrent"], &items[1]["isCurrent"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn a_person_ends_one_session_or_all_others() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut programs = Vec::new();
    for _ in 0..3 {
        programs.push(program(&app, &ada).await);
    }
    let current = ids(&ada)
        .await
        .into_iter()
        .find(|(_, is_current)| *is_current)
        .unwrap()
        .0;
    let of_first = ids(&Client::bearer(&app.base, &programs[0].access)).await;
    let first = of_first
        .into_iter()
        .find(|(_, is_current)| *is_current)
        .unwrap()
        .0;
    assert_eq!(
        ada.delete(&format!("/api/auth/sessions/{first}"))
            .await
            .status,
        204
    );
    assert_eq!(
        me(&app.base, &programs[0].access).await,
        "401 invalid_token"
    );
    assert_eq!(me(&app.base, &programs[1].access).await, "200");
    let again = ada.delete(&format!("/api/auth/sessions/{first}")).await;
    assert_eq!(again.line(), "404 session_not_found");
    assert_eq!(ada.delete("/api/auth/sessions").await.status, 204);
    assert_eq!(
        me(&app.base, &programs[1].access).await,
        "401 invalid_token"
    );
    assert_eq!(ids(&ada).await, [(current.clone(), true)]);
    assert_eq!(
        ada.delete(&format!("/api/auth/sessions/{current}"))
            .await
            .status,
        204
    );
    assert_eq!(ada.get("/api/auth/me").await.line(), "401 invalid_token");
}

#[tokio::test]
async fn somebody_elses_session_does_not_exist() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.user("ada").await, app.user("eve").await);
    let theirs = ids(&ada).await.remove(0).0;
    let missing = "01900000-0000-7000-8000-000000000000";
    let one = eve.delete(&format!("/api/auth/sessions/{theirs}")).await;
    let other = eve.delete(&format!("/api/auth/sessions/{missing}")).await;
    assert_eq!(
        (one.line(), other.line()),
        (
            "404 session_not_found".into(),
            "404 session_not_found".into()
        )
    );
    assert_eq!(eve.delete("/api/auth/sessions/junk").await.status, 404);
    eve.delete("/api/auth/sessions").await;
    assert_eq!(ada.get("/api/auth/me").await.status, 200);
    assert_eq!(ids(&eve).await.len(), 1);
}
