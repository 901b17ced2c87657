//! Access tokens that nobody here has issued.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use server::error::Error;
use sha2::Sha256;
use store::entity::user;

use super::me;
use crate::support::TestApp;

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()
}

fn signed(head: &Value, body: &Value, key: &[u8]) -> String {
    let text = format!(
        "{}.{}",
        BASE64.encode(head.to_string()),
        BASE64.encode(body.to_string())
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

fn changed(value: &Value, changes: &Value) -> Value {
    let mut value = value.clone();
    value
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    value
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.user("ada").await, app.user("eve").await);
    let key = app
        .config
        .auth
        .jwt_secret
        .as_ref()
        .unwrap()
        .expose_secret()
        .as_bytes()
        .to_vec();
    let parts: Vec<&str> = eve.access_token.split('.').collect();
    let (head, body) = (decoded(parts[0]), decoded(parts[1]));
    assert_eq!(
        (&head["typ"], &head["alg"]),
        (&json!("at+jwt"), &json!("HS256"))
    );
    assert_eq!(
        body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap(),
        900
    );
    assert_eq!(
        me(&app.base, &signed(&head, &body, &key)).await,
        "200",
        "the forger can sign"
    );

    let theirs = changed(&body, &json!({ "sub": ada.id }));
    let unsigned = changed(&head, &json!({ "alg": "none" }));
    let unsigned = format!("{}.{}", BASE64.encode(unsigned.to_string()), parts[1]);
    let mut forged = vec![
        format!("{unsigned}."),
        format!("{unsigned}.{}", parts[2]),
        format!(
            "{}.{}.{}",
            parts[0],
            BASE64.encode(theirs.to_string()),
            parts[2]
        ),
        format!("{}.{}.", parts[0], parts[1]),
        signed(&head, &theirs, b"another secret of thirty-two bytes"),
        signed(&head, &theirs, b""),
        // Signed with our own key, which nobody has: even so they must not be understood.
        signed(&head, &theirs, &key),
    ];
    let heads = [
        json!({ "alg": "RS256" }),
        json!({ "alg": "HS512" }),
        json!({ "typ": "JWT" }),
        json!({ "kid": "other" }),
        json!({ "kid": "../../../../dev/null" }),
        json!({ "jku": "http://127.0.0.1:9/keys" }),
        json!({ "jwk": { "kty": "oct", "k": "c2VjcmV0" } }),
        json!({ "x5u": "http://127.0.0.1:9/cert" }),
        json!({ "crit": ["exp"] }),
    ];
    forged.extend(
        heads
            .iter()
            .map(|change| signed(&changed(&head, change), &body, &key)),
    );
    let bodies = [
        json!({ "iss": "evil" }),
        json!({ "aud": "evil" }),
        json!({ "exp": 0 }),
        json!({ "ver": 1 }),
        json!({ "sid": ada.id }),
        json!({ "role": "admin" }),
    ];
    forged.extend(
        bodies
            .iter()
            .map(|change| signed(&head, &changed(&body, change), &key)),
    );
    for token in forged {
        assert_eq!(me(&app.base, &token).await, "401 invalid_token", "{token}");
    }
}

#[tokio::test]
async fn an_access_token_ends_after_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.advance(TimeDelta::seconds(15 * 60 + 29));
    assert_eq!(
        me(&app.base, &ada.access_token).await,
        "200",
        "clocks of nodes may differ"
    );
    app.advance(TimeDelta::seconds(1));
    assert_eq!(me(&app.base, &ada.access_token).await, "401 invalid_token");
}

#[tokio::test]
async fn every_token_ends_when_the_epoch_moves_on() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let row = user::Entity::find()
        .one(&**app.db.read())
        .await
        .unwrap()
        .unwrap();
    let mut row = Some(row.into_active_model());
    let moved = app.db.write(async |tx| {
        let mut row = row.take().unwrap();
        row.epoch = Set(1);
        row.update(&**tx).await?;
        Ok::<_, Error>(())
    });
    moved.await.unwrap();
    assert_eq!(me(&app.base, &ada.access_token).await, "401 invalid_token");
    assert_eq!(
        ada.act("/api/auth/refresh").await.status,
        200,
        "the session itself goes on"
    );
}
