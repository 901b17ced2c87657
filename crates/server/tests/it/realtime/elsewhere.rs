//! Two nodes on one database: what one writes, the other's sockets hear.

use std::time::{Duration, Instant};

use gateway::scripted::Script;
use serde_json::json;

use super::Line;
use crate::{
    chats::begin,
    support::{TestApp, User, variable},
};

fn words(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("word{n} ")).collect()
}

/// Reads the pieces until the text is whole: no gap and nothing twice.
async fn reads(line: &mut Line, chat: &str, expected: &str) {
    let joined = line.ask("chat:join", &json!({ "chatId": chat })).await;
    assert_eq!(joined["ok"], true, "{joined}");
    let running = &joined["running"][0];
    let mut text = running["content"].as_str().unwrap().to_owned();
    let mut seen = running["seq"].as_i64().unwrap();
    let mut pieces = 0;
    while text.len() < expected.len() {
        let delta = line.event("message:delta").await;
        assert_eq!(delta["from"], seen + 1, "no gap and nothing twice");
        seen = delta["seq"].as_i64().unwrap();
        text.push_str(delta["text"].as_str().unwrap());
        pieces += 1;
    }
    assert_eq!(text, expected);
    assert!(pieces > 3, "it came in {pieces} pieces");
    assert_eq!(line.event("message:status").await["status"], "complete");
    assert_eq!(line.event("message:done").await["message"]["content"], text);
}

#[tokio::test]
async fn an_answer_of_another_node_arrives_whole_and_in_order() {
    let app = TestApp::new().await;
    if !app.db.is_shared() {
        return;
    }
    let ada = app.user("ada").await;
    let (_second, base) = app.second_node().await;
    // Longer than the text stays in the log before it moves into the row.
    let words = words(100);
    let script = Script::tokens(&words).every(Duration::from_millis(40));
    app.provider.otherwise(script);
    let mut early = Line::with_token(&base, &ada.access_token).await;
    let begun = begin(&ada, "Far away").await;
    let whole = words.concat();
    let late = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut late = Line::with_token(&base, &ada.access_token).await;
        reads(&mut late, &begun.chat, &whole).await;
    };
    tokio::join!(reads(&mut early, &begun.chat, &whole), late);
}

#[tokio::test]
async fn an_answer_that_begins_elsewhere_is_followed_by_who_is_there() {
    let app = TestApp::new().await;
    if !app.db.is_shared() {
        return;
    }
    let ada = app.user("ada").await;
    let (_second, base) = app.second_node().await;
    let begun = begin(&ada, "First").await;
    let mut line = Line::with_token(&base, &ada.access_token).await;
    line.ask("chat:join", &json!({ "chatId": begun.chat }))
        .await;
    let words = words(100);
    let script = Script::tokens(&words).every(Duration::from_millis(40));
    app.provider.otherwise(script);
    let body = json!({ "content": "And now?" });
    let sent = ada
        .post(&format!("{}/messages", begun.url()), &body)
        .await
        .body;
    let answer = &sent["assistantMessage"]["id"];
    let created = loop {
        let created = line.event("message:created").await;
        if created["assistantMessages"][0]["id"] == *answer {
            break created;
        }
    };
    // The fact may come late: then the row has some of the text already.
    let shown = &created["assistantMessages"][0];
    assert_eq!(shown["status"], "streaming");
    let mut text = shown["content"].as_str().unwrap().to_owned();
    let mut seen: Option<i64> = None;
    while text.len() < words.concat().len() {
        let delta = line.event("message:delta").await;
        if delta["messageId"] == *answer {
            let from = delta["from"].as_i64().unwrap();
            assert!(
                seen.is_none_or(|seen| from == seen + 1),
                "{from} after {seen:?}"
            );
            seen = delta["seq"].as_i64();
            text.push_str(delta["text"].as_str().unwrap());
        }
    }
    assert_eq!(text, words.concat());
}

async fn over_within(app: &TestApp, ada: &User, base: &str, most: Duration) {
    let mut line = Line::with_token(base, &ada.access_token).await;
    let begun = Instant::now();
    assert_eq!(ada.act("/api/auth/logout").await.status, 204);
    assert_eq!(line.packet().await.as_deref(), Some("41"));
    let took = begun.elapsed();
    assert!(took < most, "it took {took:?}");
    assert!(app.realtime.users().is_empty());
}

#[tokio::test]
async fn a_session_takes_its_sockets_with_it_at_once() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    over_within(&app, &ada, &app.base, Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_session_takes_its_sockets_with_it_on_other_nodes() {
    let redis = variable("SANGAM_TEST_REDIS_URL").expect("set by scripts/with-services");
    let app = TestApp::with(&[("REDIS_URL", &redis)]).await;
    let ada = app.user("ada").await;
    let (_second, base) = app.second_node().await;
    over_within(&app, &ada, &base, Duration::from_secs(5)).await;
}

#[tokio::test]
async fn whoever_is_disabled_or_demoted_is_dropped() {
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
    use store::entity::user::{self, Role};
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mira = app.user("mira").await;
    let mut first = Line::with_token(&app.base, &ada.access_token).await;
    let mut second = Line::with_token(&app.base, &mira.access_token).await;
    let begun = Instant::now();
    for (user, role, is_disabled) in [(&ada, Role::User, true), (&mira, Role::Admin, false)] {
        let id = store::UserId(user.id.parse().unwrap());
        let row = user::Entity::find_by_id(id)
            .one(&**app.db.read())
            .await
            .unwrap();
        let mut row = row.unwrap().into_active_model();
        (row.is_disabled, row.role) = (Set(is_disabled), Set(role));
        app.db
            .write(async |tx| row.clone().update(&**tx).await)
            .await
            .unwrap();
    }
    assert_eq!(first.packet().await.as_deref(), Some("41"));
    assert_eq!(second.packet().await.as_deref(), Some("41"));
    assert!(begun.elapsed() < Duration::from_secs(5));
}
