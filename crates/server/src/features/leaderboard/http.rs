//! Routes of votes.

use ::store::{
    ChatId, MessageId,
    entity::{
        message,
        message_vote::{self, Thumb},
        pair_vote::{self, Winner},
    },
};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::service::{self, Opinion, Verdict};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, problem::Problem},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(vote))
}

/// Either `messageId` and `vote`, or `chatId`, `leftMessageId`, `rightMessageId` and `winner`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VoteBody {
    message_id: Option<Uuid>,
    vote: Option<ThumbBody>,
    /// Why; with `vote`.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    chat_id: Option<Uuid>,
    left_message_id: Option<Uuid>,
    right_message_id: Option<Uuid>,
    winner: Option<WinnerBody>,
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ThumbBody {
    Up,
    Down,
    /// Takes the vote back.
    None,
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum WinnerBody {
    Left,
    Right,
    Tie,
    BothBad,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VoteView {
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vote: Option<ThumbBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_message_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right_message_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    winner: Option<WinnerBody>,
}

/// What an answer turns out to be.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RevealView {
    message_id: Uuid,
    model: Option<String>,
    cost_microusd: Option<i64>,
    ttft_ms: Option<i64>,
    latency_ms: Option<i64>,
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct Voted {
    vote: VoteView,
    /// Both answers of a pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    reveal: Option<Vec<RevealView>>,
}

/// A thumb for an answer, or which of two answers is better. A repeat replaces the vote before;
/// the vote on a blind pair is final.
#[utoipa::path(post, path = "/api/leaderboard/vote", operation_id = "vote", tag = "leaderboard", request_body = VoteBody, responses(
    (status = 200, description = "The vote as it stands", body = Voted),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Chat or message are not there, or not yours", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Not an answer, still running, or the vote is final", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn vote(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<VoteBody>,
) -> Result<Json<Voted>> {
    match body.read()? {
        Vote::Opinion(opinion) => {
            let message = opinion.message;
            let vote = service::rate(&app, &who, opinion).await?;
            let vote = thumb_view(message, vote);
            Ok(Json(Voted { vote, reveal: None }))
        }
        Vote::Verdict(verdict) => {
            let (vote, answers) = service::decide(&app, &who, verdict).await?;
            let reveal = Some(answers.into_iter().map(RevealView::from).collect());
            let vote = verdict_view(&vote);
            Ok(Json(Voted { vote, reveal }))
        }
    }
}

enum Vote {
    Opinion(Opinion),
    Verdict(Verdict),
}

impl VoteBody {
    fn read(self) -> Result<Vote> {
        let missing = |field: &str, detail: &str| Error::field(field, "required", detail);
        if let Some(message) = self.message_id {
            let others = [self.chat_id, self.left_message_id, self.right_message_id];
            if others.iter().any(Option::is_some) || self.winner.is_some() {
                let detail = "goes with vote alone; name either an answer or a pair";
                return Err(Error::field("messageId", "exclusive", detail));
            }
            let vote = self
                .vote
                .ok_or_else(|| missing("vote", "must be up, down or none"))?;
            return Ok(Vote::Opinion(Opinion {
                message: MessageId(message),
                thumb: match vote {
                    ThumbBody::Up => Some(Thumb::Up),
                    ThumbBody::Down => Some(Thumb::Down),
                    ThumbBody::None => None,
                },
                reason: self.reason,
            }));
        }
        let id = |id: Option<Uuid>, field: &str| {
            id.ok_or_else(|| missing(field, "must be given, or messageId instead"))
        };
        Ok(Vote::Verdict(Verdict {
            chat: ChatId(id(self.chat_id, "chatId")?),
            left: MessageId(id(self.left_message_id, "leftMessageId")?),
            right: MessageId(id(self.right_message_id, "rightMessageId")?),
            winner: match self
                .winner
                .ok_or_else(|| missing("winner", "must be left, right, tie or bothBad"))?
            {
                WinnerBody::Left => Winner::Left,
                WinnerBody::Right => Winner::Right,
                WinnerBody::Tie => Winner::Tie,
                WinnerBody::BothBad => Winner::BothBad,
            },
        }))
    }
}

fn thumb_view(message: MessageId, vote: Option<message_vote::Model>) -> VoteView {
    VoteView {
        message_id: Some(message.0),
        vote: Some(match vote.as_ref().map(|vote| vote.vote) {
            Some(Thumb::Up) => ThumbBody::Up,
            Some(Thumb::Down) => ThumbBody::Down,
            None => ThumbBody::None,
        }),
        reason: vote.and_then(|vote| vote.reason),
        left_message_id: None,
        right_message_id: None,
        winner: None,
    }
}

fn verdict_view(vote: &pair_vote::Model) -> VoteView {
    VoteView {
        message_id: None,
        vote: None,
        reason: None,
        left_message_id: Some(vote.left_message_id.0),
        right_message_id: Some(vote.right_message_id.0),
        winner: Some(match vote.winner {
            Winner::Left => WinnerBody::Left,
            Winner::Right => WinnerBody::Right,
            Winner::Tie => WinnerBody::Tie,
            Winner::BothBad => WinnerBody::BothBad,
        }),
    }
}

impl From<message::Model> for RevealView {
    fn from(row: message::Model) -> Self {
        Self {
            message_id: row.id.0,
            model: row.model_used.or(row.model_asked),
            cost_microusd: row.cost_microusd,
            ttft_ms: row.ttft_ms,
            latency_ms: row.latency_ms,
            prompt_tokens: row.prompt_tokens,
            completion_tokens: row.completion_tokens,
        }
    }
}
