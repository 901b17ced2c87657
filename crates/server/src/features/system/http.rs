//! Routes of the system.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Part, parts};
use crate::{
    app::App,
    config::Registration,
    error::{Error, NOT_FOUND, Result},
    features::accounts,
    platform::{
        http::{Json, Path, problem::Problem},
        telemetry,
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics))
        .routes(routes!(instance))
        .routes(routes!(openapi))
        .route("/api/docs", get(Redirect::permanent("/api/docs/")))
        .route("/api/docs/", get(docs_index))
        .route("/api/docs/{*file}", get(docs))
}

#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: the process answers.
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health", tag = "system", security(()),
    responses((status = 200, description = "It does", body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// `ok` or `unavailable`.
    status: &'static str,
    parts: Vec<ReadyPart>,
}

#[derive(Serialize, ToSchema)]
pub struct ReadyPart {
    name: &'static str,
    /// `ok`, `degraded` (works without it) or `unavailable`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<Part> for ReadyPart {
    fn from(part: Part) -> Self {
        Self {
            name: part.name,
            status: part.state.name(),
            detail: part.detail,
        }
    }
}

/// Whether requests should be sent here, part by part.
#[utoipa::path(get, path = "/ready", tag = "system", security(()), responses(
    (status = 200, description = "They should", body = Readiness),
    (status = 503, description = "They should not", body = Readiness)))]
async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let parts = parts(&app).await;
    let is_ready = parts.iter().all(Part::allows_work);
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let parts = parts.into_iter().map(Into::into).collect();
    (
        status,
        Json(Readiness {
            status: if is_ready { "ok" } else { "unavailable" },
            parts,
        }),
    )
}

/// Counters and histograms in Prometheus's text format.
#[utoipa::path(get, path = "/metrics", tag = "system", security(()),
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")))]
async fn metrics() -> impl IntoResponse {
    let text = telemetry::metrics().render();
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    name: &'static str,
    version: &'static str,
    registration: RegistrationMode,
    /// The port of a second listener for Socket.IO, which the main port serves too; null: none.
    socket_port: Option<u16>,
    /// There is no administrator yet; the set-up link is printed where the server was started.
    needs_setup: bool,
}

/// Who may register.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    Open,
    Invite,
    Closed,
}

impl From<Registration> for RegistrationMode {
    fn from(registration: Registration) -> Self {
        match registration {
            Registration::Open => Self::Open,
            Registration::Invite => Self::Invite,
            Registration::Closed => Self::Closed,
        }
    }
}

/// What the page needs to know before anybody signs in.
#[utoipa::path(get, path = "/api/instance", tag = "system", security(()), responses(
    (status = 200, description = "This installation", body = Instance),
    (status = 503, description = "The database does not answer", body = Problem,
        content_type = "application/problem+json")))]
async fn instance(State(app): State<App>) -> Result<Json<Instance>> {
    Ok(Json(Instance {
        name: "Sangam",
        version: env!("CARGO_PKG_VERSION"),
        registration: accounts::registration(&app).await?.into(),
        socket_port: app
            .config
            .server
            .socket_address
            .map(|address| address.port()),
        needs_setup: accounts::needs_setup(&app).await?,
    }))
}

/// This description of the API.
#[utoipa::path(get, path = "/api/openapi.json", tag = "system", security(()), responses(
    (status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn openapi() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| crate::app::openapi().to_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str())
}

async fn docs_index() -> Response {
    docs(Path("index.html".to_owned())).await
}

/// The page to read and try the API; its files are part of the binary.
async fn docs(Path(file): Path<String>) -> Response {
    let config = Arc::new(utoipa_swagger_ui::Config::from("/api/openapi.json"));
    match utoipa_swagger_ui::serve(&file, config) {
        Ok(Some(file)) => {
            let cache = (header::CACHE_CONTROL, "no-cache".to_owned());
            (
                [(header::CONTENT_TYPE, file.content_type), cache],
                file.bytes.into_owned(),
            )
                .into_response()
        }
        Ok(None) => Error::new(NOT_FOUND, "There is no such file.").into_response(),
        Err(error) => Error::internal(error.to_string()).into_response(),
    }
}
