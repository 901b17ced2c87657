//! Routes of the catalogue.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Found, ProviderState, preferred};
use crate::{
    app::App,
    error::Result,
    features::accounts,
    platform::{
        auth::Principal,
        http::{Json, Time, problem::Problem},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelList {
    items: Vec<ModelView>,
    providers: Vec<ProviderView>,
    /// What answers a question that names no model: the user's default, else the last used, else
    /// the first that is available.
    default_model: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelView {
    /// The provider's own id; prefixed `<provider>:` where two providers offer the same.
    id: String,
    name: String,
    /// Id of the provider.
    provider: String,
    /// In tokens.
    context_length: Option<u32>,
    prompt_price_microusd_per_mtok: Option<i64>,
    completion_price_microusd_per_mtok: Option<i64>,
    /// What it takes in: `text`, `image`, `audio`, `file`.
    modalities: Vec<String>,
    is_local: bool,
    is_available: bool,
}

impl From<(Found, bool)> for ModelView {
    fn from((found, is_available): (Found, bool)) -> Self {
        Self {
            id: found.id,
            provider: found.provider.id().to_owned(),
            name: found.model.name,
            context_length: found.model.context_length,
            prompt_price_microusd_per_mtok: found.model.prompt_price_microusd_per_mtok,
            completion_price_microusd_per_mtok: found.model.completion_price_microusd_per_mtok,
            modalities: found.model.modalities,
            is_local: found.model.is_local,
            is_available,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    id: String,
    name: String,
    is_local: bool,
    is_available: bool,
    /// Why it is not available.
    error: Option<String>,
    refreshed_at: Option<Time>,
}

impl From<&ProviderState> for ProviderView {
    fn from(state: &ProviderState) -> Self {
        Self {
            id: state.provider.id().to_owned(),
            name: state.provider.name().to_owned(),
            is_local: state.provider.id() == "local",
            is_available: state.is_available(),
            error: state.error.clone(),
            refreshed_at: state.refreshed_at.map(Time),
        }
    }
}

/// The models that can be asked, as they were when the lists were last fetched.
#[utoipa::path(get, path = "/api/models", operation_id = "list_models", tag = "models", responses(
    (status = 200, description = "The catalogue", body = ModelList),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json")))]
async fn list(State(app): State<App>, who: Principal) -> Result<Json<ModelList>> {
    let snapshot = app.models.snapshot();
    let preferences = accounts::preferences(&app, who.id).await?;
    let wishes = [
        preferences.default_model.as_deref(),
        preferences.last_model.as_deref(),
    ];
    Ok(Json(ModelList {
        items: snapshot.list().into_iter().map(Into::into).collect(),
        providers: snapshot.providers.iter().map(Into::into).collect(),
        default_model: preferred(&app, &wishes).map(|found| found.id),
    }))
}
