//! The life of an answer.

use std::time::Duration;

use gateway::scripted::Script;
use serde_json::json;

use super::{ask, begin, follow, id};
use crate::support::{TestApp, events::assembled};

#[tokio::test]
async fn a_question_is_answered_token_by_token_and_stays() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, message) = ask(&ada, "Kaise ho?").await;
    assert_eq!(message["content"], "Namaste, dost.");
    assert_eq!(message["status"], "complete");
    assert_eq!(message["finishReason"], "stop");
    assert_eq!(message["modelAsked"], "scripted");
    assert_eq!(
        message["usage"],
        json!({ "promptTokens": 7, "completionTokens": 2, "estimated": false })
    );
    let shown = ada.get(&chat.url()).await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.body["messages"][0]["content"], "Kaise ho?");
    assert_eq!(shown.body["messages"][1]["content"], "Namaste, dost.");
    assert_eq!(shown.body["chat"]["activeLeafId"], chat.answer.as_str());
    assert_eq!(shown.body["chat"]["title"], "Kaise ho?");
    let list = ada.get("/api/chats").await;
    assert_eq!(list.body["items"][0]["id"], chat.chat.as_str());
}

#[tokio::test]
async fn deltas_are_numbered_without_a_gap_and_can_be_resumed_exactly() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let words: Vec<String> = (0..30).map(|n| format!("{n} ")).collect();
    app.provider
        .next(Script::tokens(&words).every(Duration::from_millis(15)));
    let chat = begin(&ada, "Count").await;
    let url = format!("{}/stream", chat.answer_url());
    let mut first = ada.events(&url, None).await;
    let seen = first.until(|event| event.text().starts_with("9 ")).await;
    drop(first);
    let rest = ada.events(&url, Some(seen.id)).await.all().await;
    assert_eq!(
        rest[0].name, "delta",
        "an exact resumption needs no snapshot"
    );
    let ids: Vec<i64> = rest
        .iter()
        .filter(|event| event.name == "delta")
        .map(|event| event.id)
        .collect();
    let expected: Vec<i64> = (seen.id + 1..=30).collect();
    assert_eq!(ids, expected);
    assert_eq!(assembled(&rest), words[10..].concat());
}

#[tokio::test]
async fn many_viewers_see_the_same_and_leaving_loses_nothing() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider
        .next(Script::sized(2_000, 10).every(Duration::from_millis(1)));
    let chat = begin(&ada, "Long").await;
    let url = format!("{}/stream", chat.answer_url());
    let viewers = futures::future::join_all(
        (0..5).map(|_| async { ada.events(&url, None).await.all().await }),
    )
    .await;
    for events in viewers {
        assert_eq!(assembled(&events).len(), 2_000);
    }
    // Nobody watches this one.
    app.provider
        .next(Script::sized(1_000, 10).every(Duration::from_millis(1)));
    let alone = begin(&ada, "Alone").await;
    app.until("the answer is whole", async || {
        let shown = ada.get(&alone.url()).await;
        shown.body["messages"][1]["status"] == "complete"
    })
    .await;
    let shown = ada.get(&alone.url()).await;
    assert_eq!(
        shown.body["messages"][1]["content"].as_str().unwrap().len(),
        1_000
    );
}

#[tokio::test]
async fn an_answer_that_nobody_watched_is_unread_until_it_is_opened() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let chat = begin(&ada, "Hello").await;
    let unread = async || {
        ada.get("/api/chats").await.body["items"][0]["unread"]
            .as_bool()
            .unwrap()
    };
    app.until("the chat is unread", &unread).await;
    assert_eq!(ada.get(&chat.url()).await.status, 200);
    assert!(!unread().await);
}

#[tokio::test]
async fn stop_keeps_what_was_shown_and_lets_go_of_the_provider() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider
        .next(Script::stream().token("kept ").token("too ").silence());
    let chat = begin(&ada, "Stop me").await;
    let mut events = ada
        .events(&format!("{}/stream", chat.answer_url()), None)
        .await;
    events
        .until(|event| event.text() == "too " || event.data["content"] == "kept too ")
        .await;
    let stopped = ada.act(&format!("{}/stop", chat.answer_url())).await;
    assert_eq!(stopped.status, 200, "{}", stopped.text);
    assert_eq!(stopped.body["message"]["status"], "stopped");
    assert_eq!(stopped.body["message"]["content"], "kept too ");
    let done = events.until(|event| event.name == "done").await;
    assert_eq!(done.data["message"]["status"], "stopped");
    let gone = app
        .provider
        .until(Duration::from_secs(2), |asked| asked[0].gone.is_some())
        .await;
    assert!(gone, "the provider was let go of");
    // Stopping twice is no error.
    let again = ada.act(&format!("{}/stop", chat.answer_url())).await;
    assert_eq!(again.body["message"]["status"], "stopped");
}

#[tokio::test]
async fn stop_works_before_the_first_token() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(Script::silent());
    let chat = begin(&ada, "Nothing comes").await;
    let stopped = ada.act(&format!("{}/stop", chat.answer_url())).await;
    assert_eq!(stopped.body["message"]["status"], "stopped");
    assert_eq!(stopped.body["message"]["content"], "");
}

#[tokio::test]
async fn stop_works_from_another_node() {
    let app = TestApp::new().await;
    if !app.db.is_shared() {
        // One SQLite file has one node; the other engine's run shows this.
        return;
    }
    let ada = app.user("ada").await;
    let (second, base) = app.second_node().await;
    let elsewhere = crate::support::Client::bearer(&base, &ada.access_token);
    app.provider.next(Script::stream().token("here ").silence());
    let chat = begin(&ada, "Across").await;
    // The other node shows what this one writes.
    let mut events = elsewhere
        .events(&format!("{}/stream", chat.answer_url()), None)
        .await;
    events
        .until(|event| event.text() == "here " || event.data["content"] == "here ")
        .await;
    let stopped = elsewhere.act(&format!("{}/stop", chat.answer_url())).await;
    assert_eq!(
        stopped.body["message"]["status"], "stopped",
        "{}",
        stopped.text
    );
    let done = events.until(|event| event.name == "done").await;
    assert_eq!(done.data["message"]["content"], "here ");
    drop(second);
}

#[tokio::test]
async fn retry_makes_a_sibling_and_the_prompt_is_the_same() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Once more").await;
    app.provider.next(Script::text("Another one."));
    let reply = ada.act(&format!("{}/retry", chat.answer_url())).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let second = &reply.body["assistantMessage"];
    assert_eq!(second["siblingIds"], json!([chat.answer, id(second)]));
    let (_, message) = follow(&ada, &format!("{}/messages/{}", chat.url(), id(second))).await;
    assert_eq!(message["content"], "Another one.");
    let asked = app.provider.completions();
    assert_eq!(asked[0].body["messages"], asked[1].body["messages"]);
    // The first answer is still there, one arrow away.
    let change = json!({ "activeLeafId": chat.answer });
    assert_eq!(ada.patch(&chat.url(), &change).await.status, 200);
    let shown = ada.get(&chat.url()).await;
    assert_eq!(shown.body["messages"][1]["content"], "Namaste, dost.");
}

#[tokio::test]
async fn continue_only_ever_adds_to_the_answer() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(
        Script::stream()
            .token("First half, ")
            .finish("length")
            .done(),
    );
    let (chat, message) = ask(&ada, "Go on").await;
    assert_eq!(message["finishReason"], "length");
    app.provider.next(Script::text("second half."));
    let reply = ada.act(&format!("{}/continue", chat.answer_url())).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.body["message"]["id"], chat.answer.as_str());
    let (events, message) = follow(&ada, &chat.answer_url()).await;
    assert_eq!(message["content"], "First half, second half.");
    assert_eq!(message["status"], "complete");
    assert!(events.iter().all(|event| event.id >= 1));
    let asked = app.provider.completions();
    let told: Vec<_> = asked[1].body["messages"].as_array().unwrap().clone();
    assert!(
        told.iter()
            .any(|turn| turn["role"] == "assistant" && turn["content"] == "First half, ")
    );
    let again = ada.act(&format!("{}/continue", chat.answer_url())).await;
    assert_eq!(again.line(), "409 answer_complete");
}

#[tokio::test]
async fn a_running_answer_is_neither_answered_nor_retried_nor_continued() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(Script::stream().token("…").silence());
    let chat = begin(&ada, "Wait").await;
    let more = json!({ "content": "Me first" });
    assert_eq!(
        ada.post(&format!("{}/messages", chat.url()), &more)
            .await
            .line(),
        "409 answer_running"
    );
    assert_eq!(
        ada.act(&format!("{}/retry", chat.answer_url()))
            .await
            .line(),
        "409 answer_running"
    );
    assert_eq!(
        ada.act(&format!("{}/continue", chat.answer_url()))
            .await
            .line(),
        "409 answer_running"
    );
    let question = format!("{}/messages/{}", chat.url(), chat.question);
    assert_eq!(
        ada.act(&format!("{question}/stop")).await.line(),
        "409 not_an_answer"
    );
}

#[tokio::test]
async fn the_conversation_so_far_and_the_system_prompt_are_told() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let params = json!({ "systemPrompt": "Be brief.", "temperature": 0.5, "maxTokens": 99, "stop": ["END"] });
    let reply = ada
        .post("/api/chats", &json!({ "message": "One", "params": params }))
        .await;
    let url = format!("/api/chats/{}", id(&reply.body["chat"]));
    follow(
        &ada,
        &format!("{url}/messages/{}", id(&reply.body["assistantMessage"])),
    )
    .await;
    let sent = json!({ "content": "Two", "params": { "temperature": 0.0 } });
    let reply = ada.post(&format!("{url}/messages"), &sent).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    follow(
        &ada,
        &format!("{url}/messages/{}", id(&reply.body["assistantMessage"])),
    )
    .await;
    let asked = app.provider.completions();
    let last = &asked[1].body;
    assert_eq!(
        last["messages"],
        json!([
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "One" },
            { "role": "assistant", "content": "Namaste, dost." },
            { "role": "user", "content": "Two" },
        ])
    );
    assert_eq!(last["temperature"], 0.0);
    assert_eq!(last["stop"], json!(["END"]));
    assert_eq!(asked[0].body["temperature"], 0.5);
}

#[tokio::test]
async fn reasoning_and_citations_are_kept_and_shown() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let script = Script::stream()
        .reasoning("Let me think. ")
        .token("Delhi")
        .citation("https://example.org/delhi", "Delhi")
        .finish("stop")
        .done();
    app.provider.next(script);
    let (chat, message) = ask(&ada, "Capital?").await;
    assert_eq!(message["reasoning"], "Let me think. ");
    assert_eq!(message["content"], "Delhi");
    assert_eq!(message["citations"][0]["url"], "https://example.org/delhi");
    assert_eq!(message["usage"]["estimated"], true);
    let shown = ada.get(&chat.url()).await;
    assert_eq!(shown.body["messages"][1]["citations"][0]["title"], "Delhi");
}
