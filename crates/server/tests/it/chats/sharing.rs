//! Links to chats: what they show, to whom, and for how long.

use chrono::TimeDelta;
use gateway::scripted::Script;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use store::entity::user;

use super::{Begun, ask, follow, id};
use crate::support::{Client, Reply, TestApp, User};

const SNAPSHOT: &str = r#"{"kind":"snapshot"}"#;
const LIVE: &str = r#"{"kind":"live"}"#;

/// A link: its id, and the path under which the API shows what it leads to.
struct Link {
    id: String,
    path: String,
}

async fn share(who: &User, chat: &Begun, body: &str) -> Link {
    let body: Value = serde_json::from_str(body).unwrap();
    let reply = who.post(&format!("{}/shares", chat.url()), &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let share = &reply.body["share"];
    let (_, token) = share["url"].as_str().unwrap().rsplit_once("/s/").unwrap();
    Link {
        id: id(share),
        path: format!("/api/shared/{token}"),
    }
}

async fn shown(client: &Client, link: &Link) -> Value {
    let reply = client.get(&link.path).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body
}

fn texts(page: &Value) -> Vec<&str> {
    let messages = page["messages"].as_array().unwrap().iter();
    messages.filter_map(|one| one["content"].as_str()).collect()
}

async fn say(who: &User, chat: &Begun, text: &str) -> String {
    let body = json!({ "content": text });
    let sent = who.post(&format!("{}/messages", chat.url()), &body).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let answer = id(&sent.body["assistantMessage"]);
    follow(who, &format!("{}/messages/{answer}", chat.url())).await;
    answer
}

#[tokio::test]
async fn a_snapshot_stays_as_it_was_and_a_living_link_follows() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "One").await;
    let (snapshot, live) = (
        share(&ada, &chat, SNAPSHOT).await,
        share(&ada, &chat, LIVE).await,
    );
    let nobody = app.anonymous();
    let before = shown(&nobody, &snapshot).await;
    assert_eq!(texts(&before), ["One", "Namaste, dost."]);
    assert_eq!(before["title"], "One");
    assert_eq!(before["messages"][1]["model"], "scripted");
    assert_eq!(before["prevCursor"], Value::Null);

    app.advance(TimeDelta::minutes(1));
    say(&ada, &chat, "Two").await;
    let edit = json!({ "content": "In my words." });
    let edited = ada
        .post(&format!("{}/edit", chat.answer_url()), &edit)
        .await;
    assert_eq!(edited.status, 201, "{}", edited.text);
    let renamed = ada.patch(&chat.url(), &json!({ "title": "Better" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    assert_eq!(shown(&nobody, &snapshot).await, before);
    let after = shown(&nobody, &live).await;
    assert_eq!(texts(&after), ["One", "In my words."]);
    assert_eq!(after["title"], "Better");
    assert_eq!(after["updatedAt"], "2026-01-01T00:01:00.000Z");
    assert_eq!(after["createdAt"], "2026-01-01T00:00:00.000Z");
}

#[tokio::test]
async fn an_answer_that_goes_on_does_not_grow_in_a_snapshot() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(
        Script::stream()
            .reasoning("Hm. ")
            .token("First half, ")
            .cut("x"),
    );
    let (chat, message) = ask(&ada, "Go on").await;
    assert_eq!(message["status"], "interrupted");
    let snapshot = share(&ada, &chat, r#"{"kind":"snapshot","showsReasoning":true}"#).await;
    let live = share(&ada, &chat, LIVE).await;
    let nobody = app.anonymous();
    let before = shown(&nobody, &snapshot).await;
    app.provider.next(
        Script::stream()
            .reasoning("Hm!")
            .token("second half.")
            .finish("stop")
            .done(),
    );
    let gone_on = ada.act(&format!("{}/continue", chat.answer_url())).await;
    assert_eq!(gone_on.status, 200, "{}", gone_on.text);
    follow(&ada, &chat.answer_url()).await;
    let page = shown(&nobody, &snapshot).await;
    assert_eq!(page, before);
    assert_eq!(page["messages"][1]["status"], "interrupted");
    assert_eq!(page["messages"][1]["reasoning"], "Hm. ");
    let now = shown(&nobody, &live).await;
    assert!(texts(&now)[1].ends_with("second half."), "{now}");
    assert_eq!(now["messages"][1]["reasoning"], Value::Null);
}

#[tokio::test]
async fn a_running_answer_is_shown_as_far_as_it_is_stored() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "One").await;
    let live = share(&ada, &chat, LIVE).await;
    app.provider.next(Script::silent());
    let body = json!({ "content": "Wait" });
    let sent = ada.post(&format!("{}/messages", chat.url()), &body).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let page = shown(&app.anonymous(), &live).await;
    assert_eq!(page["messages"][3]["status"], "streaming");
    let path = format!("{}/shares", chat.url());
    let refused = ada.post(&path, &json!({ "kind": "snapshot" })).await;
    assert_eq!(refused.line(), "409 answer_running");
}

#[tokio::test]
async fn nothing_but_the_path_is_shown() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let body = json!({ "message": "One", "params": { "systemPrompt": "Nobody-sees-this" } });
    let begun = ada.post("/api/chats", &body).await;
    let chat = Begun {
        chat: id(&begun.body["chat"]),
        question: id(&begun.body["userMessage"]),
        answer: id(&begun.body["assistantMessage"]),
    };
    app.provider.otherwise(Script::text("Off the path"));
    follow(&ada, &chat.answer_url()).await;
    let retried = ada.act(&format!("{}/retry", chat.answer_url())).await;
    let other = id(&retried.body["assistantMessage"]);
    follow(&ada, &format!("{}/messages/{other}", chat.url())).await;
    let back = ada
        .patch(&chat.url(), &json!({ "activeLeafId": chat.answer }))
        .await;
    assert_eq!(back.status, 200);
    let link = share(&ada, &chat, LIVE).await;
    let reply = app.anonymous().get(&link.path).await;
    for hidden in [
        "Nobody-sees-this",
        "example.org",
        "cost",
        "usage",
        "Tokens",
        "vote",
        &ada.id,
        &chat.chat,
        &other,
    ] {
        assert!(!reply.text.contains(hidden), "{hidden}: {}", reply.text);
    }
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-robots-tag"), "noindex, nofollow");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    // A cursor of another branch opens nothing.
    let elsewhere = format!("{}?before={other}", link.path);
    let refused = app.anonymous().get(&elsewhere).await;
    assert_eq!(refused.fields(), ["before format"]);
    let page = app
        .anonymous()
        .get(&link.path.replace("/api/shared/", "/s/"))
        .await;
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
    let token = link.path.trim_start_matches("/api/shared/");
    assert_eq!(app.stored_in(token).await, None);
}

#[tokio::test]
async fn a_blind_pair_stays_blind() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    for model in ["alpha", "beta"] {
        app.provider.model(model, Script::text("From somewhere."));
    }
    app.models.refresh(app.clock.now()).await;
    let body = json!({ "message": "Who?", "models": ["alpha", "beta"], "blind": true });
    let begun = ada.post("/api/chats", &body).await;
    let answers = begun.body["assistantMessages"].as_array().unwrap();
    let chat = Begun {
        chat: id(&begun.body["chat"]),
        question: id(&begun.body["userMessage"]),
        answer: id(&answers[0]),
    };
    for answer in answers {
        follow(&ada, &format!("{}/messages/{}", chat.url(), id(answer))).await;
    }
    let link = share(&ada, &chat, LIVE).await;
    let reply = app.anonymous().get(&link.path).await;
    assert!(!reply.text.contains("alpha") && !reply.text.contains("beta"));
    assert_eq!(reply.body["messages"][1]["model"], Value::Null);
}

#[tokio::test]
async fn long_chats_come_in_pages() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Question 0").await;
    for n in 1..27 {
        say(&ada, &chat, &format!("Question {n}")).await;
    }
    let link = share(&ada, &chat, SNAPSHOT).await;
    let page = shown(&app.anonymous(), &link).await;
    assert_eq!(texts(&page).len(), 50);
    let cursor = page["prevCursor"].as_str().unwrap();
    let above = app
        .anonymous()
        .get(&format!("{}?before={cursor}", link.path))
        .await;
    assert_eq!(texts(&above.body)[0], "Question 0");
    assert_eq!(texts(&above.body).len(), 4);
    assert_eq!(above.body["prevCursor"], Value::Null);
}

async fn missing(client: &Client, link: &Link) {
    let reply = client.get(&link.path).await;
    assert_eq!(reply.line(), "404 share_not_found");
}

#[tokio::test]
async fn a_link_ends_when_revoked_expired_or_without_its_chat() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let nobody = app.anonymous();
    let (chat, _) = ask(&ada, "One").await;
    let revoked = share(&ada, &chat, LIVE).await;
    let expiring = share(
        &ada,
        &chat,
        r#"{"kind":"live","expiresAt":"2026-01-01T00:10:00Z"}"#,
    )
    .await;
    let gone = share(&ada, &chat, SNAPSHOT).await;
    let path = format!("/api/shares/{}", revoked.id);
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(ada.delete(&path).await.line(), "404 share_not_found");
    missing(&nobody, &revoked).await;
    app.advance(TimeDelta::minutes(9));
    shown(&nobody, &expiring).await;
    app.advance(TimeDelta::minutes(1));
    missing(&nobody, &expiring).await;
    let open = ada.get("/api/shares").await;
    assert_eq!(open.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(ada.delete(&chat.url()).await.status, 204);
    missing(&nobody, &gone).await;
    let same = |reply: Reply| {
        (
            reply.status,
            reply.body["code"].clone(),
            reply.body["detail"].clone(),
        )
    };
    let unknown = nobody.get("/api/shared/unknown").await;
    assert_eq!(same(unknown), same(nobody.get(&gone.path).await));
}

#[tokio::test]
async fn a_disabled_owners_links_lead_nowhere() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "One").await;
    let link = share(&ada, &chat, LIVE).await;
    shown(&app.anonymous(), &link).await;
    app.db
        .write(async |tx| {
            user::Entity::update_many()
                .col_expr(user::Column::IsDisabled, Expr::value(true))
                .filter(user::Column::EmailKey.eq(&ada.email))
                .exec(&**tx)
                .await
        })
        .await
        .unwrap();
    missing(&app.anonymous(), &link).await;
}

#[tokio::test]
async fn guessing_is_slowed_down_and_reading_is_not() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "One").await;
    let link = share(&ada, &chat, LIVE).await;
    let nobody = app.anonymous();
    for _ in 0..40 {
        assert_eq!(nobody.get(&link.path).await.status, 200);
    }
    let mut last = nobody.get("/api/shared/x").await;
    for n in 0..30 {
        last = nobody.get(&format!("/api/shared/{n}")).await;
    }
    assert_eq!(last.line(), "429 too_many_attempts");
}

#[tokio::test]
async fn links_are_their_owners() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let (chat, _) = ask(&ada, "Mine").await;
    let link = share(&ada, &chat, LIVE).await;
    let (shares, one) = (
        format!("{}/shares", chat.url()),
        format!("/api/shares/{}", link.id),
    );
    let body = json!({ "kind": "live" });
    assert_eq!(bob.get(&shares).await.line(), "404 chat_not_found");
    assert_eq!(bob.post(&shares, &body).await.line(), "404 chat_not_found");
    assert_eq!(bob.delete(&one).await.line(), "404 share_not_found");
    assert_eq!(bob.get("/api/shares").await.body["items"], json!([]));
    let nobody = app.anonymous();
    assert_eq!(nobody.get(&shares).await.line(), "401 unauthenticated");
    assert_eq!(
        nobody.post(&shares, &body).await.line(),
        "401 unauthenticated"
    );
    assert_eq!(nobody.delete(&one).await.line(), "401 unauthenticated");
    assert_eq!(
        nobody.get("/api/shares").await.line(),
        "401 unauthenticated"
    );
    shown(&nobody, &link).await;
}

#[tokio::test]
async fn links_are_listed_counted_and_checked() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Mine").await;
    let path = format!("{}/shares", chat.url());
    let past = json!({ "kind": "live", "expiresAt": "2025-01-01T00:00:00Z" });
    assert_eq!(ada.post(&path, &past).await.fields(), ["expiresAt range"]);
    let unknown = json!({ "kind": "copy" });
    assert_eq!(ada.post(&path, &unknown).await.fields(), ["kind type"]);
    for _ in 0..20 {
        share(&ada, &chat, LIVE).await;
    }
    let more = ada.post(&path, &json!({ "kind": "live" })).await;
    assert_eq!(more.line(), "409 too_many_shares");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ada.get(&format!("{path}?limit=8{cursor}")).await;
        seen.extend(page.body["items"].as_array().unwrap().iter().map(id));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 20);
    assert!(seen.is_sorted_by(|newer, older| newer > older));
    assert_eq!(
        ada.get("/api/shares?limit=0").await.fields(),
        ["limit range"]
    );
    assert_eq!(
        ada.get("/api/shares?cursor=x").await.fields(),
        ["cursor format"]
    );
    // The address is a secret: a repeat is refused instead of kept.
    let keyed = async || {
        let request = ada
            .request(reqwest::Method::POST, &path)
            .json(&json!({ "kind": "live" }));
        ada.send(request.header("idempotency-key", "one")).await
    };
    assert_eq!(
        ada.delete(&format!("/api/shares/{}", seen[0])).await.status,
        204
    );
    assert_eq!(keyed().await.status, 201);
    assert_eq!(keyed().await.line(), "409 answer_not_kept");

    let body = json!({ "message": "Temporary", "temporary": true });
    let temporary = ada.post("/api/chats", &body).await;
    let path = format!("/api/chats/{}/shares", id(&temporary.body["chat"]));
    let refused = ada.post(&path, &json!({ "kind": "live" })).await;
    assert_eq!(refused.line(), "409 chat_is_temporary");
}
