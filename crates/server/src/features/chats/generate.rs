//! The task behind one answer: from the prompt to the settled row.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ::store::entity::{
    chat,
    message::{self, Status},
};
use futures::StreamExt;
use gateway::{ErrorKind, Event as Piece, FinishReason, Usage};
use serde_json::json;

use super::{
    live::{Channel, Live},
    prompt, realtime, store,
    temporary::home,
};
use crate::{app::App, error::Result, events::Event, features::models::Found};

/// How long settling waits before it tries a database again that refused it.
const SETTLE_RETRY: Duration = Duration::from_millis(500);

/// What an answer turned out to be, beside its text.
#[derive(Default)]
struct Outcome {
    status: Option<Status>,
    error: Option<serde_json::Value>,
    finish: Option<String>,
    usage: Option<Usage>,
    /// What the model was told.
    context: Option<serde_json::Value>,
    citations: Vec<serde_json::Value>,
    annotations: Vec<serde_json::Value>,
    first_token: Option<Duration>,
    prompt_chars: usize,
}

/// Fills the answer and settles it, whatever happens.
pub async fn run(
    app: App,
    live: Arc<Live>,
    chat: chat::Model,
    answer: message::Model,
    model: Found,
) {
    let started = Instant::now();
    let mut outcome = Outcome::default();
    tokio::select! {
        biased;
        () = live.abandoned.cancelled() => {}
        () = live.stop.cancelled() => outcome.status = Some(Status::Stopped),
        () = out_of_time(&app) => {
            outcome.fail(&live, "server_stopped", "The server was stopped in the middle of this answer.");
        }
        result = stream(&app, &live, &chat, &answer, &model, &mut outcome, started) => {
            if let Err(error) = result {
                tracing::error!(message = %answer.id, cause = error.chain(), "answer {} failed", answer.id);
                outcome.fail(&live, error.code.name, &error.detail);
            }
        }
    }
    if live.abandoned.is_cancelled() {
        app.answers.remove(live.message);
        live.end(Status::Interrupted);
        return;
    }
    let status = outcome.status.unwrap_or(Status::Complete);
    let elapsed = started.elapsed();
    while let Err(error) = settle(&app, &live, &answer, &model, &outcome, elapsed).await {
        tracing::error!(message = %answer.id, cause = error.chain(), "answer {} cannot be settled", answer.id);
        if app.tasks.is_stopping() {
            // The next start finds the event log and marks the answer interrupted.
            break;
        }
        tokio::time::sleep(SETTLE_RETRY).await;
    }
    measure(&outcome, status);
    app.answers.remove(live.message);
    live.end(status);
}

/// Shutdown lets running answers come to their end for most of its grace.
async fn out_of_time(app: &App) {
    app.tasks.stopping().await;
    let grace = app.config.server.shutdown_grace;
    tokio::time::sleep(grace.saturating_sub(Duration::from_secs(3)).max(grace / 2)).await;
}

async fn stream(
    app: &App,
    live: &Live,
    chat: &chat::Model,
    answer: &message::Model,
    model: &Found,
    outcome: &mut Outcome,
    started: Instant,
) -> Result<()> {
    let prompt::Prompt { request, context } = prompt::build(app, chat, answer, model).await?;
    outcome.context = Some(context);
    outcome.prompt_chars = request
        .messages
        .iter()
        .map(|message| message.content.len())
        .sum();
    let mut pieces = gateway::generate(model.provider.clone(), request, limits(app));
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(Piece::Text(text)) => {
                outcome.first_token.get_or_insert_with(|| started.elapsed());
                live.push(Channel::Text, text);
            }
            Ok(Piece::Reasoning(text)) => {
                outcome.first_token.get_or_insert_with(|| started.elapsed());
                live.push(Channel::Reasoning, text);
            }
            Ok(Piece::Citation(citation)) => {
                outcome
                    .citations
                    .push(serde_json::to_value(citation).unwrap_or_default());
            }
            Ok(Piece::Annotation(annotation)) => outcome.annotations.push(annotation),
            Ok(Piece::Usage(usage)) => outcome.usage = Some(usage),
            Ok(Piece::Finish(reason)) => outcome.finish = Some(finish(reason)),
            Ok(Piece::Model(_)) => {}
            Err(error) => {
                outcome.upstream(live, &error);
                break;
            }
        }
    }
    Ok(())
}

fn limits(app: &App) -> gateway::Limits {
    let settings = &app.config.gateway;
    gateway::Limits {
        first_token: settings.first_token_timeout,
        idle: settings.idle_timeout,
        total: settings.total_timeout,
        retries: settings.retries,
        ..gateway::Limits::default()
    }
}

fn finish(reason: FinishReason) -> String {
    match reason {
        FinishReason::Stop => "stop".to_owned(),
        FinishReason::Length => "length".to_owned(),
        FinishReason::ContentFilter => "contentFilter".to_owned(),
        FinishReason::Other(other) => other,
    }
}

/// The code that clients tell failures apart by.
fn code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Refused => "upstream_refused",
        ErrorKind::Unauthorized => "upstream_key_refused",
        ErrorKind::ModelNotFound => "model_not_found",
        ErrorKind::RateLimited => "upstream_rate_limited",
        ErrorKind::Upstream => "upstream_failed",
        ErrorKind::Unreachable => "upstream_unreachable",
        ErrorKind::Protocol => "upstream_protocol",
        ErrorKind::Cut => "upstream_cut",
        ErrorKind::FirstTokenTimeout => "first_token_timeout",
        ErrorKind::IdleTimeout => "idle_timeout",
        ErrorKind::TotalTimeout => "total_timeout",
        ErrorKind::Busy => "too_busy",
        ErrorKind::ContextTooLong => "context_too_long",
    }
}

impl Outcome {
    fn upstream(&mut self, live: &Live, error: &gateway::Error) {
        let code = code(error.kind);
        tracing::warn!(message = %live.message, code, "answer {}: {code}: {}", live.message, error.message);
        self.fail(live, code, &error.message);
        if let (Some(wait), Some(shown)) = (error.retry_after, &mut self.error) {
            let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            shown["retryAfterMs"] = json!(millis);
        }
    }

    /// What has been shown is kept and can be gone on with; nothing is a failure.
    fn fail(&mut self, live: &Live, code: &str, detail: &str) {
        let so_far = live.snapshot();
        let is_empty = so_far.content.is_empty() && so_far.reasoning.is_empty();
        self.status = Some(if is_empty {
            Status::Failed
        } else {
            Status::Interrupted
        });
        self.error = Some(json!({ "code": code, "detail": detail }));
    }
}

/// Text, status, usage, cost and the end of the generation, in one transaction.
async fn settle(
    app: &App,
    live: &Live,
    answer: &message::Model,
    model: &Found,
    outcome: &Outcome,
    elapsed: Duration,
) -> Result<()> {
    let text = live.snapshot();
    let status = outcome.status.unwrap_or(Status::Complete);
    let estimated = Usage {
        prompt_tokens: tokens(outcome.prompt_chars),
        completion_tokens: tokens(
            text.content.len() + text.reasoning.len()
                - answer.content.len().min(text.content.len()),
        ),
        cost_microusd: None,
    };
    let usage = outcome.usage.unwrap_or(estimated);
    let cost = gateway::cost_microusd(usage, &model.model);
    let row = message::Model {
        status,
        content: text.content,
        reasoning: Some(text.reasoning).filter(|reasoning| !reasoning.is_empty()),
        citations: joined(&answer.citations, &outcome.citations),
        annotations: joined(&answer.annotations, &outcome.annotations),
        model_used: Some(model.id.clone()),
        context: outcome.context.clone().or(answer.context.clone()),
        finish_reason: outcome.finish.clone(),
        prompt_tokens: Some(sum(answer.prompt_tokens, usage.prompt_tokens)),
        completion_tokens: Some(sum(answer.completion_tokens, usage.completion_tokens)),
        usage_estimated: answer.usage_estimated || outcome.usage.is_none(),
        cost_microusd: match (answer.cost_microusd, cost) {
            (Some(before), Some(now)) => Some(before.saturating_add(now)),
            (before, now) => before.or(now),
        },
        ttft_ms: answer.ttft_ms.or(outcome.first_token.map(millis)),
        latency_ms: Some(
            answer
                .latency_ms
                .unwrap_or(0)
                .saturating_add(millis(elapsed)),
        ),
        applied_seq: text.seq,
        error: outcome.error.clone(),
        ..answer.clone()
    };
    let now = app.clock.now();
    let is_seen = live.is_watched() || !app.realtime.is_empty(&realtime::room(live.chat));
    home(app, live.owner, live.chat)
        .write(async |tx| {
            store::hold(&**tx, &[live.chat]).await?;
            // Somebody else ended it: a node that took us for dead, or the owner deleted the chat.
            if !store::end_generation(&**tx, live.generation, now).await? {
                return Ok(());
            }
            store::save_message(&**tx, row.clone()).await?;
            store::touch(&**tx, live.chat, now, !is_seen).await?;
            tx.emit(&Event::AnswerEnded {
                chat: live.chat,
                message: live.message,
                owner: live.owner,
                status: status_name(status).to_owned(),
                generation: Some(live.generation),
            });
            Ok(())
        })
        .await
}

/// As the API writes it.
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::Streaming => "streaming",
        Status::Complete => "complete",
        Status::Stopped => "stopped",
        Status::Interrupted => "interrupted",
        Status::Failed => "failed",
    }
}

fn joined(before: &serde_json::Value, now: &[serde_json::Value]) -> serde_json::Value {
    let before = before.as_array().cloned().unwrap_or_default();
    before.into_iter().chain(now.iter().cloned()).collect()
}

fn sum(before: Option<i64>, now: u32) -> i64 {
    before.unwrap_or(0).saturating_add(now.into())
}

/// About four bytes make a token, where the provider does not count.
fn tokens(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(4)).unwrap_or(u32::MAX)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn measure(outcome: &Outcome, status: Status) {
    metrics::counter!("sangam_answers_total", "status" => status_name(status)).increment(1);
    if let Some(first) = outcome.first_token {
        metrics::histogram!("sangam_answer_first_token_seconds").record(first);
    }
}
