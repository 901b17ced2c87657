//! Signing in with address and password.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use server::error::Error;

use super::{credentials, users};
use crate::support::{Client, Reply, TestApp, password};

const LOGIN: &str = "/api/auth/login";

async fn login(client: &Client, email: &str, password: &str) -> Reply {
    client.post(LOGIN, &credentials(email, password)).await
}

#[tokio::test]
async fn the_right_password_signs_in_whatever_the_case_of_the_address() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let client = app.anonymous();
    let reply = login(&client, " ADA@example.org ", &ada.password).await;
    assert_eq!(
        (reply.status, reply.body["user"]["id"].as_str()),
        (200, Some(ada.id.as_str()))
    );
    assert_eq!(client.get("/api/auth/me").await.status, 200);
    let bearer = Client::bearer(&app.base, reply.body["accessToken"].as_str().unwrap());
    assert_eq!(bearer.get("/api/auth/me").await.status, 200);
}

#[tokio::test]
async fn a_refusal_does_not_tell_whether_there_is_an_account() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let nobody = app.anonymous();
    let timed = async |email: &str| {
        let started = Instant::now();
        let mut reply = login(&nobody, email, "not the password").await;
        let elapsed = started.elapsed();
        reply.body["requestId"] = json!("");
        (reply.line(), reply.body, elapsed)
    };
    for n in 0..3 {
        let there = timed(&ada.email).await;
        let not_there = timed(&format!("nobody{n}@example.org")).await;
        assert_eq!(there.0, "401 invalid_credentials");
        assert_eq!((&there.0, &there.1), (&not_there.0, &not_there.1));
        // Whatever is compared, or not, takes less than the step that the answer waits for.
        let step = Duration::from_millis(300);
        assert!(
            there.2 >= step && not_there.2 >= step,
            "{:?} {:?}",
            there.2,
            not_there.2
        );
    }
    for odd in ["", "nobody", "a@b@c", &"a".repeat(5000)] {
        assert_eq!(
            login(&nobody, odd, "not the password").await.line(),
            "401 invalid_credentials"
        );
    }
    let long = "x".repeat(20_000);
    assert_eq!(
        login(&nobody, &ada.email, &long).await.line(),
        "401 invalid_credentials"
    );
}

#[tokio::test]
async fn guesses_at_one_account_end_by_the_tenth() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let spellings = ["ada@example.org", "ADA@example.org", " ada@EXAMPLE.org "];
    let mut lines = Vec::new();
    for n in 0..10 {
        // What a client says about its own address is not believed.
        let client = app
            .anonymous()
            .header("x-forwarded-for", &format!("198.51.100.{n}"))
            .header("x-real-ip", &format!("198.51.100.{n}"))
            .header("forwarded", &format!("for=198.51.100.{n}"));
        let reply = login(&client, spellings[n % 3], "not the password").await;
        if reply.status == 429 {
            let wait: u64 = reply.header("retry-after").parse().unwrap();
            assert!((1..=60).contains(&wait), "{wait}");
        }
        lines.push(reply.line());
    }
    assert_eq!(lines[7], "401 invalid_credentials");
    assert_eq!(
        lines[8..],
        ["429 too_many_attempts", "429 too_many_attempts"]
    );
    let right = login(&app.anonymous(), &ada.email, &ada.password).await;
    assert_eq!(
        right.line(),
        "429 too_many_attempts",
        "a guess must not be told from the others"
    );
    assert_eq!(
        login(&app.anonymous(), &bob.email, &bob.password)
            .await
            .status,
        200
    );
    assert_eq!(
        ada.get("/api/auth/me").await.status,
        200,
        "who is signed in stays so"
    );
    app.advance(TimeDelta::seconds(31));
    assert_eq!(
        login(&app.anonymous(), &ada.email, &ada.password)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_success_forgives_the_failures_before_it() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    for _ in 0..2 {
        let nobody = app.anonymous();
        let wrong = join_all((0..7).map(|_| login(&nobody, &ada.email, "not the password")));
        assert!(wrong.await.iter().all(|reply| reply.status == 401));
        assert_eq!(
            login(&app.anonymous(), &ada.email, &ada.password)
                .await
                .status,
            200
        );
    }
    // Many right ones are no attack.
    for _ in 0..12 {
        assert_eq!(
            login(&app.anonymous(), &ada.email, &ada.password)
                .await
                .status,
            200
        );
    }
}

#[tokio::test]
async fn one_address_cannot_try_one_password_on_everybody() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let emails: Vec<_> = (0..70).map(|n| format!("user{n}@example.org")).collect();
    let replies = join_all(
        emails
            .iter()
            .map(|email| login(&nobody, email, "Winter 2026 again")),
    );
    let lines: Vec<_> = replies.await.iter().map(Reply::line).collect();
    let refused = lines
        .iter()
        .filter(|line| *line == "429 too_many_attempts")
        .count();
    assert_eq!(refused, 10, "{lines:?}");
}

#[tokio::test]
async fn imported_bcrypt_passwords_hold_and_are_hashed_anew() {
    let app = TestApp::new().await;
    for (n, version) in [
        bcrypt::Version::TwoA,
        bcrypt::Version::TwoB,
        bcrypt::Version::TwoY,
    ]
    .into_iter()
    .enumerate()
    {
        let person = app.user(&format!("user{n}")).await;
        // As it comes from an older installation, where shorter ones were allowed.
        let hash = bcrypt::hash_with_result("s3cret", 4)
            .unwrap()
            .format_for_version(version);
        set_hash(&app, &person.email, &hash).await;
        let wrong = login(&app.anonymous(), &person.email, "s3crets").await;
        assert_eq!(wrong.line(), "401 invalid_credentials");
        assert_eq!(hash_of(&app, &person.email).await, hash);
        assert_eq!(
            login(&app.anonymous(), &person.email, "s3cret")
                .await
                .status,
            200
        );
        assert!(
            hash_of(&app, &person.email).await.starts_with("$argon2id$"),
            "{hash}"
        );
        assert_eq!(
            login(&app.anonymous(), &person.email, "s3cret")
                .await
                .status,
            200
        );
        assert_eq!(
            person.get("/api/auth/me").await.status,
            200,
            "no session ends by that"
        );
    }
}

async fn hash_of(app: &TestApp, email: &str) -> String {
    let all = users(app).await;
    all.into_iter()
        .find(|user| user.email == email)
        .unwrap()
        .password_hash
}

async fn set_hash(app: &TestApp, email: &str, hash: &str) {
    let all = users(app).await;
    let mut row = all
        .into_iter()
        .find(|user| user.email == email)
        .unwrap()
        .into_active_model();
    row.password_hash = Set(hash.to_owned());
    let mut row = Some(row);
    let written = app.db.write(async |tx| {
        row.take().unwrap().update(&**tx).await?;
        Ok::<_, Error>(())
    });
    written.await.unwrap();
}

#[tokio::test]
async fn a_disabled_account_stays_out_and_is_told_so_only_with_its_password() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut row = users(&app).await.remove(0).into_active_model();
    row.is_disabled = Set(true);
    let mut row = Some(row);
    let written = app.db.write(async |tx| {
        row.take().unwrap().update(&**tx).await?;
        Ok::<_, Error>(())
    });
    written.await.unwrap();
    assert_eq!(
        ada.get("/api/auth/me").await.line(),
        "401 invalid_token",
        "at once"
    );
    assert_eq!(
        ada.act("/api/auth/refresh").await.line(),
        "401 invalid_token"
    );
    let wrong = login(&app.anonymous(), &ada.email, &password("eve")).await;
    assert_eq!(wrong.line(), "401 invalid_credentials");
    let right = login(&app.anonymous(), &ada.email, &ada.password).await;
    assert_eq!(right.line(), "403 account_disabled");
}
