//! Full-text search through the door.

use chrono::TimeDelta;
use gateway::scripted::Script;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use store::entity::{search_document, setting};

use super::{ask, begin, follow, id};
use crate::support::{MODEL, TestApp, User};

/// The snippets of everything found, over as many pages of two as there are.
async fn found(who: &User, query: &str) -> Vec<String> {
    let (mut snippets, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who
            .get(&format!("/api/search?limit=2&q={query}{cursor}"))
            .await;
        assert_eq!(page.status, 200, "{}", page.text);
        let items = page.body["items"].as_array().unwrap();
        snippets.extend(
            items
                .iter()
                .map(|hit| hit["snippet"].as_str().unwrap().to_owned()),
        );
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return snippets,
        }
    }
}

/// A chat with a title of its own, so that the title is not the question again.
async fn chat(app: &TestApp, who: &User, title: &str, question: &str, answer: &str) -> Value {
    app.advance(TimeDelta::minutes(1));
    app.provider.next(Script::text(answer));
    let body = json!({ "message": question, "title": title });
    let made = who.post("/api/chats", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let chat = id(&made.body["chat"]);
    let answer = id(&made.body["assistantMessage"]);
    follow(who, &format!("/api/chats/{chat}/messages/{answer}")).await;
    made.body
}

#[tokio::test]
async fn messages_of_every_branch_and_titles_are_found_the_newest_first() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let first = chat(
        &app,
        &ada,
        "Mausam",
        "Tum kaise ho?",
        "Main theek hoon, shukriya.",
    )
    .await;
    chat(
        &app,
        &ada,
        "Safar",
        "Delhi kese jaye",
        "Train lijiye, yaar.",
    )
    .await;
    // Another beginning: what was said before is on a branch that is not shown.
    let chat_id = id(&first["chat"]);
    app.advance(TimeDelta::minutes(1));
    app.provider.next(Script::text("Sab badhiya, नहीं?"));
    let body = json!({ "content": "Sab kaisaa hai", "parentId": null });
    let sent = ada
        .post(&format!("/api/chats/{chat_id}/messages"), &body)
        .await;
    let answer = id(&sent.body["assistantMessage"]);
    follow(&ada, &format!("/api/chats/{chat_id}/messages/{answer}")).await;

    assert_eq!(
        found(&ada, "KAISE").await,
        ["Delhi kese jaye", "Tum kaise ho?"]
    );
    assert_eq!(found(&ada, "thik").await, ["Main theek hoon, shukriya."]);
    assert_eq!(found(&ada, "nahin").await, ["Sab badhiya, नहीं?"]);
    assert_eq!(found(&ada, "मैं%20ठीक").await, ["Main theek hoon, shukriya."]);
    assert_eq!(found(&ada, "mausam").await, ["Mausam"]);
    assert_eq!(
        found(&ada, "sab%20badh").await,
        ["Sab badhiya, नहीं?"],
        "a beginning"
    );
    assert_eq!(found(&ada, "%22theek%20hoon%22").await.len(), 1, "together");
    assert_eq!(found(&ada, "%22hoon%20theek%22").await, [""; 0]);
    assert_eq!(found(&ada, "kaise%20-delhi").await, ["Tum kaise ho?"]);
    assert_eq!(
        found(&ada, "delhi%20train").await,
        [""; 0],
        "in one message"
    );

    let hits = ada.get("/api/search?q=kaise").await;
    let hit = &hits.body["items"][1];
    assert_eq!(hit["chatId"], chat_id.as_str());
    assert_eq!(hit["messageId"], id(&first["userMessage"]).as_str());
    assert_eq!(
        (&hit["role"], &hit["title"]),
        (&json!("user"), &json!("Mausam"))
    );
    assert_eq!(hit["highlights"], json!([[4, 9]]));
    assert_eq!(hit["createdAt"], "2026-01-01T00:01:00.000Z");
    // From the hit to the place: its branch is shown when it is the leaf that is asked for.
    let leaf = hit["messageId"].as_str().unwrap();
    let view = ada.get(&format!("/api/chats/{chat_id}?leaf={leaf}")).await;
    assert_eq!(
        view.body["messages"].as_array().unwrap().last().unwrap()["id"],
        leaf
    );
    let title = &ada.get("/api/search?q=mausam").await.body["items"][0];
    assert_eq!(
        (&title["messageId"], &title["role"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn what_changes_is_found_as_it_is_now() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let made = chat(&app, &ada, "Oldtitle", "Question", "Answer").await;
    let url = format!("/api/chats/{}", id(&made["chat"]));
    assert_eq!(
        ada.patch(&url, &json!({ "title": "Newtitle" }))
            .await
            .status,
        200
    );
    assert_eq!(found(&ada, "oldtitle").await, [""; 0]);
    assert_eq!(found(&ada, "newtitle").await, ["Newtitle"]);
    // An answer that was cut short and gone on with is found with its whole text.
    app.provider
        .next(Script::stream().token("alphaword ").cut("an ans"));
    app.provider.otherwise(Script::text("betaword"));
    let begun = begin(&ada, "Go").await;
    let (_, message) = follow(&ada, &begun.answer_url()).await;
    assert_eq!(message["status"], "interrupted");
    assert_eq!(found(&ada, "alphaword").await.len(), 1);
    assert_eq!(
        ada.act(&format!("{}/continue", begun.answer_url()))
            .await
            .status,
        200
    );
    follow(&ada, &begun.answer_url()).await;
    assert_eq!(found(&ada, "alphaword%20betaword").await.len(), 1);
    // Gone with its chat.
    assert_eq!(ada.delete(&begun.url()).await.status, 204);
    assert_eq!(found(&ada, "alphaword").await, [""; 0]);
}

#[tokio::test]
async fn a_search_is_narrowed_by_model_and_time() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    for n in 1..=3 {
        chat(
            &app,
            &ada,
            &format!("T{n}"),
            &format!("kitab {n}"),
            &format!("kitaab {n}!"),
        )
        .await;
    }
    assert_eq!(found(&ada, "kitab").await.len(), 6);
    let model = format!("kitab&model={MODEL}");
    assert_eq!(
        found(&ada, &model).await,
        ["kitaab 3!", "kitaab 2!", "kitaab 1!"]
    );
    assert_eq!(found(&ada, "kitab&model=other").await, [""; 0]);
    let second = "&from=2026-01-01T00:02:00Z&to=2026-01-01T00:03:00Z";
    assert_eq!(found(&ada, &format!("kitab{second}")).await.len(), 2);
}

#[tokio::test]
async fn nobody_finds_what_is_somebody_elses() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    ask(&ada, "Mera raaz").await;
    ask(&bob, "Uska sawaal").await;
    assert_eq!(found(&ada, "raaz").await.len(), 2, "question and title");
    assert_eq!(found(&bob, "raaz").await, [""; 0]);
    let nobody = app.anonymous();
    assert_eq!(
        nobody.get("/api/search?q=raaz").await.line(),
        "401 unauthenticated"
    );
    let gone = json!({ "password": ada.password });
    assert_eq!(ada.delete_with("/api/auth/me", &gone).await.status, 204);
    assert_eq!(found(&bob, "sawaal").await.len(), 2);
}

#[tokio::test]
async fn whatever_is_typed_is_no_error() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    ask(&ada, "C++ and \"quotes\"; it's 100% (sure) 日本語").await;
    for q in [
        "%22",
        "%22%22",
        "-",
        "*",
        "'",
        "()",
        "a%22b",
        "NEAR(",
        "%5C",
        "%3A*",
        "%26%7C!",
        "%00x",
        "AND",
        "OR%20NOT",
        "%F0%9F%92%A5",
        "x%20-%22",
        "%3C-%3E",
        "a:b",
        "words:x",
        "%25_",
    ] {
        let reply = ada.get(&format!("/api/search?q={q}")).await;
        assert!([200, 400].contains(&reply.status), "{q}: {}", reply.text);
    }
    assert_eq!(found(&ada, "it's").await.len(), 2);
    assert_eq!(found(&ada, "日本").await.len(), 2);
    assert_eq!(found(&ada, "100%25").await.len(), 2);
    assert_eq!(ada.get("/api/search?q=%20").await.fields(), ["q required"]);
    assert_eq!(ada.get("/api/search").await.fields(), ["q required"]);
    let long = "x".repeat(401);
    assert_eq!(
        ada.get(&format!("/api/search?q={long}")).await.fields(),
        ["q length"]
    );
    assert_eq!(
        ada.get("/api/search?q=x&limit=0").await.fields(),
        ["limit range"]
    );
    assert_eq!(
        ada.get("/api/search?q=x&cursor=zz").await.fields(),
        ["cursor format"]
    );
    assert_eq!(
        ada.get("/api/search?q=x&colour=red").await.line(),
        "400 unknown_field"
    );
}

/// As it was before the index was there.
async fn forget_the_index(app: &TestApp) {
    app.db
        .write(async |tx| {
            search_document::Entity::delete_many().exec(&**tx).await?;
            setting::Entity::delete_by_id("chats.searchable".to_owned())
                .exec(&**tx)
                .await?;
            Ok::<_, sea_orm::DbErr>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn what_was_stored_before_there_was_an_index_is_made_findable() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    chat(&app, &ada, "Purana", "Puraani baat", "Haan").await;
    forget_the_index(&app).await;
    assert_eq!(found(&ada, "purani").await, [""; 0]);
    let (second, _) = app.second_node().await;
    app.until("the old message is found", async || {
        found(&ada, "purani").await.len() == 1
    })
    .await;
    app.until("the old title is found", async || {
        found(&ada, "purana").await == ["Purana"] && !second.tasks.is_stopping()
    })
    .await;
}

#[tokio::test]
async fn a_forked_chat_is_found_at_once() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Ek anokha sawaal").await;
    let fork = json!({ "messageId": chat.answer, "title": "Fork" });
    let made = ada.post(&format!("{}/fork", chat.url()), &fork).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let hits = ada.get("/api/search?q=anokha%20sawaal").await;
    let mut items = hits.body["items"].as_array().unwrap().iter();
    assert!(items.any(|hit| hit["chatId"] == made.body["chat"]["id"]));
}
