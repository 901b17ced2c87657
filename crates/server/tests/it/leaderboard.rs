//! Votes through the door.

use gateway::scripted::Script;
use serde_json::json;

use crate::{
    chats::{ask, begin, follow, id},
    support::TestApp,
};

const VOTE: &str = "/api/leaderboard/vote";

#[tokio::test]
async fn a_thumb_is_kept_replaced_and_taken_back() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Judge me").await;
    let shown = async || ada.get(&chat.url()).await.body["messages"][1]["vote"].clone();
    let up = json!({ "messageId": chat.answer, "vote": "up" });
    assert_eq!(ada.post(VOTE, &up).await.status, 200);
    assert_eq!(shown().await, json!({ "vote": "up", "reason": null }));
    let down = json!({ "messageId": chat.answer, "vote": "down", "reason": " Too short. " });
    let voted = ada.post(VOTE, &down).await;
    assert_eq!(voted.body["vote"]["reason"], "Too short.");
    assert_eq!(
        shown().await,
        json!({ "vote": "down", "reason": "Too short." })
    );
    let none = json!({ "messageId": chat.answer, "vote": "none" });
    assert_eq!(ada.post(VOTE, &none).await.body["vote"]["vote"], "none");
    assert_eq!(shown().await, json!(null));
}

#[tokio::test]
async fn two_answers_to_one_question_can_be_compared_later() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Again").await;
    let retried = ada.act(&format!("{}/retry", chat.answer_url())).await;
    let second = id(&retried.body["assistantMessage"]);
    follow(&ada, &format!("{}/messages/{second}", chat.url())).await;
    let vote = |left: &str, right: &str, winner: &str| json!({ "chatId": chat.chat, "leftMessageId": left, "rightMessageId": right, "winner": winner });
    let first = ada.post(VOTE, &vote(&chat.answer, &second, "left")).await;
    assert_eq!(first.body["vote"]["winner"], "left", "{}", first.text);
    // In the open one may think again; it is still one vote.
    let again = ada
        .post(VOTE, &vote(&second, &chat.answer, "bothBad"))
        .await;
    assert_eq!(again.body["vote"]["winner"], "bothBad");
    let same = ada.post(VOTE, &vote(&second, &second, "tie")).await;
    assert_eq!(same.fields(), ["rightMessageId pair"]);
    let question = ada.post(VOTE, &vote(&chat.question, &second, "tie")).await;
    assert_eq!(question.line(), "409 not_an_answer");
}

#[tokio::test]
async fn only_ones_own_answers_are_judged() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let bob = app.user("bob").await;
    let (chat, _) = ask(&ada, "Mine").await;
    let thumb = json!({ "messageId": chat.answer, "vote": "up" });
    let pair = json!({ "chatId": chat.chat, "leftMessageId": chat.answer,
        "rightMessageId": chat.answer, "winner": "tie" });
    assert_eq!(bob.post(VOTE, &thumb).await.line(), "404 message_not_found");
    assert_eq!(bob.post(VOTE, &pair).await.line(), "404 chat_not_found");
    assert_eq!(
        app.anonymous().post(VOTE, &thumb).await.line(),
        "401 unauthenticated"
    );
}

#[tokio::test]
async fn what_a_vote_lacks_is_named() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(Script::silent());
    let chat = begin(&ada, "Wait").await;
    for (body, expected) in [
        (json!({}), "chatId required"),
        (json!({ "messageId": chat.answer }), "vote required"),
        (
            json!({ "messageId": chat.answer, "vote": "up", "winner": "left" }),
            "messageId exclusive",
        ),
        (
            json!({ "chatId": chat.chat, "leftMessageId": chat.answer, "rightMessageId": chat.answer }),
            "winner required",
        ),
        (
            json!({ "messageId": chat.answer, "vote": "up", "reason": "x".repeat(2001) }),
            "reason length",
        ),
    ] {
        assert_eq!(ada.post(VOTE, &body).await.fields(), [expected], "{body}");
    }
}
