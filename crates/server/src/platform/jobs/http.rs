//! Routes of jobs: one's own are looked at and taken back here, and begun by the features.

use ::store::{
    JobId,
    entity::job::{self, State},
};
use axum::extract::State as Extension;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, Path, Query, Time, problem::Problem},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(cancel))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// How far the work has come.
#[derive(Serialize, ToSchema)]
pub struct JobProgress {
    done: i64,
    /// null while it is not known how much there is.
    total: Option<i64>,
    /// What is being done, for people.
    note: Option<String>,
}

/// Why it failed, the last time.
#[derive(Serialize, ToSchema)]
pub struct JobError {
    code: String,
    detail: String,
}

/// A piece of work in the background.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    id: Uuid,
    #[schema(example = "import")]
    kind: String,
    status: JobStatus,
    progress: JobProgress,
    /// What came of it, in a shape of the kind's own.
    #[schema(value_type = Option<Object>)]
    result: Option<Value>,
    error: Option<JobError>,
    created_at: Time,
    updated_at: Time,
}

impl From<job::Model> for JobView {
    fn from(job: job::Model) -> Self {
        let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
        Self {
            id: job.id.0,
            kind: job.kind,
            status: match job.state {
                State::Queued => JobStatus::Queued,
                State::Running => JobStatus::Running,
                State::Done => JobStatus::Done,
                State::Failed => JobStatus::Failed,
                State::Cancelled => JobStatus::Cancelled,
            },
            progress: JobProgress {
                done: job.progress_done,
                total: job.progress_total,
                note: job.progress_note,
            },
            result: job.result,
            error: job.error.map(|error| JobError {
                code: text(&error, "code"),
                detail: text(&error, "detail"),
            }),
            created_at: job.created_at.into(),
            updated_at: job.updated_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct JobEnvelope {
    pub job: JobView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JobPage {
    items: Vec<JobView>,
    next_cursor: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// One's jobs, the newest first; those that ended long ago are forgotten.
#[utoipa::path(get, path = "/api/jobs", operation_id = "list_jobs", tag = "jobs", params(ListQuery), responses(
    (status = 200, description = "One page", body = JobPage),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn list(
    Extension(app): Extension<App>,
    who: Principal,
    Query(query): Query<ListQuery>,
) -> Result<Json<JobPage>> {
    let limit = query.limit.unwrap_or(30);
    if !(1..=100).contains(&limit) {
        return Err(Error::field("limit", "range", "must be from 1 to 100"));
    }
    let before = query.cursor.as_deref().map(position).transpose()?;
    let (jobs, has_more) = super::list(&app, who.id, before, limit.into()).await?;
    let last = jobs.last().filter(|_| has_more).map(|job| job.id);
    Ok(Json(JobPage {
        items: jobs.into_iter().map(JobView::from).collect(),
        next_cursor: last.map(|id| BASE64_URL_SAFE_NO_PAD.encode(id.0)),
    }))
}

fn position(cursor: &str) -> Result<JobId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let id = bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok());
    id.map(JobId).ok_or_else(|| {
        let detail = "must be the nextCursor of a page before";
        Error::field("cursor", "format", detail)
    })
}

/// A job with its progress, and what came of it.
#[utoipa::path(get, path = "/api/jobs/{id}", operation_id = "show_job", tag = "jobs", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The job", body = JobEnvelope),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn show(
    Extension(app): Extension<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<Json<JobEnvelope>> {
    let job = super::owned(&app, who.id, JobId(id)).await?;
    Ok(Json(JobEnvelope { job: job.into() }))
}

/// Takes a job back. One that runs ends a moment later; what it has done already stays.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", operation_id = "cancel_job", tag = "jobs", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The job as it stands", body = JobEnvelope),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It has ended", body = Problem, content_type = "application/problem+json")))]
async fn cancel(
    Extension(app): Extension<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<Json<JobEnvelope>> {
    let job = super::cancel(&app, who.id, JobId(id)).await?;
    Ok(Json(JobEnvelope { job: job.into() }))
}
