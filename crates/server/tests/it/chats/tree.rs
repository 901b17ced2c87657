//! Lists, pages and branches.

use chrono::TimeDelta;
use serde_json::json;

use super::{ask, follow, id};
use crate::support::TestApp;

#[tokio::test]
async fn the_list_goes_page_by_page_pinned_first_and_skips_the_archived() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut ids = Vec::new();
    for n in 0..7 {
        app.advance(TimeDelta::seconds(1));
        let (chat, _) = ask(&ada, &format!("Chat {n}")).await;
        ids.push(chat.chat);
    }
    assert_eq!(
        ada.patch(
            &format!("/api/chats/{}", ids[1]),
            &json!({ "pinned": true })
        )
        .await
        .status,
        200
    );
    assert_eq!(
        ada.patch(
            &format!("/api/chats/{}", ids[3]),
            &json!({ "archived": true })
        )
        .await
        .status,
        200
    );
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = ada.get(&format!("/api/chats?limit=2{cursor}")).await;
        seen.extend(page.body["items"].as_array().unwrap().iter().map(id));
        match page.body["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected = [1, 6, 5, 4, 2, 0].map(|n: usize| ids[n].clone());
    assert_eq!(seen, expected);
    let archived = ada.get("/api/chats?archived=true").await;
    assert_eq!(id(&archived.body["items"][0]), ids[3]);
}

#[tokio::test]
async fn a_long_chat_opens_with_its_last_page_and_goes_upward() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Question 0").await;
    for n in 1..6 {
        let body = json!({ "content": format!("Question {n}") });
        let sent = ada.post(&format!("{}/messages", chat.url()), &body).await;
        follow(
            &ada,
            &format!(
                "{}/messages/{}",
                chat.url(),
                id(&sent.body["assistantMessage"])
            ),
        )
        .await;
    }
    let mut texts: Vec<String> = Vec::new();
    let mut before = String::new();
    loop {
        let page = ada.get(&format!("{}?limit=5{before}", chat.url())).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let messages = page.body["messages"].as_array().unwrap();
        let above: Vec<String> = messages
            .iter()
            .map(|m| m["content"].as_str().unwrap().to_owned())
            .collect();
        texts.splice(0..0, above);
        match page.body["prevCursor"].as_str() {
            Some(cursor) => before = format!("&before={cursor}"),
            None => break,
        }
    }
    assert_eq!(texts.len(), 12);
    assert_eq!(texts[0], "Question 0");
    assert_eq!(texts[10], "Question 5");
}

#[tokio::test]
async fn a_branch_is_shown_from_any_of_its_messages() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Root").await;
    let messages = format!("{}/messages", chat.url());
    let mut leaves = Vec::new();
    for text in ["Left", "Right"] {
        let body = json!({ "content": text, "parentId": chat.answer });
        let sent = ada.post(&messages, &body).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let answer = id(&sent.body["assistantMessage"]);
        follow(&ada, &format!("{messages}/{answer}")).await;
        leaves.push((id(&sent.body["userMessage"]), answer));
    }
    let shown = async || {
        let view = ada.get(&chat.url()).await;
        view.body["messages"][2]["content"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(shown().await, "Right");
    // Naming the question is enough: the newest leaf below it is shown.
    let change = json!({ "activeLeafId": leaves[0].0 });
    let changed = ada.patch(&chat.url(), &change).await;
    assert_eq!(changed.body["chat"]["activeLeafId"], leaves[0].1.as_str());
    assert_eq!(shown().await, "Left");
    let root = json!({ "content": "Another beginning", "parentId": null });
    let sent = ada.post(&messages, &root).await;
    assert_eq!(
        sent.body["userMessage"]["siblingIds"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let question = json!({ "content": "Below a question", "parentId": chat.question });
    assert_eq!(
        ada.post(&messages, &question).await.fields(),
        ["parentId role"]
    );
}

#[tokio::test]
async fn a_chat_can_be_renamed_and_given_another_model() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Rename me").await;
    let changed = ada
        .patch(
            &chat.url(),
            &json!({ "title": "  Better  ", "model": null }),
        )
        .await;
    assert_eq!(changed.body["chat"]["title"], "Better");
    assert_eq!(changed.body["chat"]["model"], serde_json::Value::Null);
    let refused = ada.patch(&chat.url(), &json!({ "title": "" })).await;
    assert_eq!(refused.fields(), ["title length"]);
    assert_eq!(
        ada.patch(&chat.url(), &json!({ "model": "none" }))
            .await
            .line(),
        "404 model_not_found"
    );
}
