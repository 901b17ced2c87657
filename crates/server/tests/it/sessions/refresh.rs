//! Refresh tokens: each is good for one refresh.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures::future::join_all;
use sea_orm::{DbBackend, EntityTrait};
use server::features::accounts;
use store::entity::{refresh_token, session};

use super::{Tokens, me, program, refresh};
use crate::support::{Reply, TestApp};

#[tokio::test]
async fn a_browser_refreshes_by_its_cookie() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.advance(TimeDelta::minutes(16));
    assert_eq!(ada.get("/api/auth/me").await.line(), "401 invalid_token");
    let reply = ada.act("/api/auth/refresh").await;
    assert_eq!(
        (reply.status, reply.body["user"]["id"].as_str()),
        (200, Some(ada.id.as_str()))
    );
    assert_eq!(reply.body["expiresAt"], "2026-01-01T00:31:00.000Z");
    assert_eq!(reply.body.get("refreshToken"), None);
    assert_eq!(ada.get("/api/auth/me").await.status, 200);
    let nobody = app.anonymous().act("/api/auth/refresh").await;
    assert_eq!(nobody.line(), "401 unauthenticated");
}

#[tokio::test]
async fn a_program_refreshes_by_the_body() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let first = program(&app, &ada).await;
    let reply = refresh(&app.base, &first.refresh).await;
    assert_eq!((reply.status, reply.header("set-cookie")), (200, ""));
    let second = Tokens::from(&reply.body);
    assert_ne!(first.refresh, second.refresh);
    assert_eq!(me(&app.base, &second.access).await, "200");
    for odd in ["", "null", "a guess", &first.access, &"x".repeat(5000)] {
        assert_eq!(
            refresh(&app.base, odd).await.line(),
            "401 invalid_token",
            "{odd}"
        );
    }
    let rows = refresh_token::Entity::find()
        .all(&**app.db.read())
        .await
        .unwrap();
    assert!(
        rows.iter().all(|row| row.hash.len() == 32),
        "only hashes are stored"
    );
}

#[tokio::test]
async fn eight_tabs_at_the_same_moment_get_one_successor() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let tokens = program(&app, &ada).await;
    // Nodes that write at the same moment share a PostgreSQL; an SQLite file has one server.
    let other = match app.db.backend() {
        DbBackend::Postgres => app.second_node().await.1,
        _ => app.base.clone(),
    };
    let bases = [&app.base, &other];
    let replies = join_all((0..8).map(|n| refresh(bases[n % 2], &tokens.refresh))).await;
    let lines: Vec<_> = replies.iter().map(Reply::line).collect();
    assert!(lines.iter().all(|line| line == "200"), "{lines:?}");
    let successors: BTreeSet<_> = replies
        .iter()
        .map(|reply| Tokens::from(&reply.body).refresh)
        .collect();
    assert_eq!(successors.len(), 1);
    for reply in &replies {
        assert_eq!(
            me(&app.base, &Tokens::from(&reply.body).access).await,
            "200"
        );
    }
    let successor = successors.first().unwrap();
    assert_eq!(
        refresh(&app.base, successor).await.status,
        200,
        "and it is good"
    );
}

#[tokio::test]
async fn within_the_grace_nobody_is_handed_a_used_token() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let first = program(&app, &ada).await.refresh;
    let second = Tokens::from(&refresh(&app.base, &first).await.body).refresh;
    let third = Tokens::from(&refresh(&app.base, &second).await.body).refresh;
    app.advance(TimeDelta::seconds(9));
    let late = Tokens::from(&refresh(&app.base, &first).await.body).refresh;
    assert_eq!(late, third, "the last of the chain");
    app.advance(TimeDelta::minutes(14));
    assert_eq!(refresh(&app.base, &late).await.status, 200);
}

#[tokio::test]
async fn a_token_used_again_later_ends_the_session_for_both() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let first = program(&app, &ada).await;
    let other = program(&app, &ada).await;
    let second = Tokens::from(&refresh(&app.base, &first.refresh).await.body);
    app.advance(TimeDelta::seconds(11));
    assert_eq!(me(&app.base, &second.access).await, "200");
    assert_eq!(
        refresh(&app.base, &first.refresh).await.line(),
        "401 invalid_token"
    );
    assert_eq!(me(&app.base, &second.access).await, "401 invalid_token");
    assert_eq!(
        refresh(&app.base, &second.refresh).await.line(),
        "401 invalid_token"
    );
    assert_eq!(
        me(&app.base, &other.access).await,
        "200",
        "other sessions go on"
    );
}

#[tokio::test]
async fn a_session_ends_after_a_week_of_idleness() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let first = program(&app, &ada).await.refresh;
    app.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    let second = refresh(&app.base, &first).await;
    assert_eq!(second.status, 200);
    app.advance(TimeDelta::days(7));
    let second = Tokens::from(&second.body).refresh;
    assert_eq!(
        refresh(&app.base, &second).await.line(),
        "401 invalid_token"
    );
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_it_is_used() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut tokens = program(&app, &ada).await;
    for _ in 0..5 {
        app.advance(TimeDelta::days(6) - TimeDelta::seconds(1));
        let reply = refresh(&app.base, &tokens.refresh).await;
        assert_eq!(reply.status, 200);
        tokens = Tokens::from(&reply.body);
    }
    app.advance(TimeDelta::seconds(4));
    assert_eq!(me(&app.base, &tokens.access).await, "200");
    app.advance(TimeDelta::seconds(1));
    assert_eq!(me(&app.base, &tokens.access).await, "401 invalid_token");
    assert_eq!(
        refresh(&app.base, &tokens.refresh).await.line(),
        "401 invalid_token"
    );
}

#[tokio::test]
async fn what_is_over_is_forgotten_in_the_end() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let tokens = program(&app, &ada).await;
    let second = Tokens::from(&refresh(&app.base, &tokens.refresh).await.body).refresh;
    assert_eq!(accounts::prune(&app).await.unwrap(), 0);
    app.advance(TimeDelta::days(5));
    let third = Tokens::from(&refresh(&app.base, &second).await.body).refresh;
    app.advance(TimeDelta::days(4));
    // The session of the browser is over, and the first token was used nine days ago.
    assert!(accounts::prune(&app).await.unwrap() >= 2);
    let db = &**app.db.read();
    assert_eq!(session::Entity::find().all(db).await.unwrap().len(), 1);
    assert_eq!(
        refresh_token::Entity::find().all(db).await.unwrap().len(),
        2
    );
    assert_eq!(refresh(&app.base, &third).await.status, 200);
}
