//! The models that can be asked: what every provider offers, in one catalogue.
//!
//! Lists are fetched in the background and read from a published snapshot, so a provider that is
//! slow or down never blocks anybody. A model's id is the provider's own; only where two providers
//! offer the same id is it prefixed with `<provider>:`. It owns no rows and knows no chats.

mod catalogue;
pub mod http;

use std::{sync::Arc, time::Duration};

use gateway::{Model, Provider};

pub use catalogue::{Catalogue, ProviderState, Snapshot};

use crate::{
    app::App,
    error::{Error, MODEL_NOT_FOUND, NO_MODEL, Result},
};

/// How long a question waits for a provider that may have its model after all.
const PATIENCE: Duration = Duration::from_secs(3);

/// A model and who offers it.
#[derive(Clone)]
pub struct Found {
    /// As the catalogue lists it.
    pub id: String,
    pub model: Model,
    pub provider: Arc<dyn Provider>,
}

/// The model of this id; asks the providers again before it says that there is none.
pub async fn find(app: &App, id: &str) -> Result<Found> {
    if let Some(found) = app.models.snapshot().find(id) {
        return Ok(found);
    }
    let is_settled = app.models.snapshot().is_fresh(app.clock.now());
    if !is_settled {
        tokio::time::timeout(PATIENCE, app.models.refresh(app.clock.now()))
            .await
            .ok();
    }
    app.models.snapshot().find(id).ok_or_else(|| {
        let detail = format!("No provider offers a model {id:?}; GET /api/models lists them.");
        Error::new(MODEL_NOT_FOUND, detail)
    })
}

/// The first of `wishes` that can be asked now, else the first model that can.
pub async fn choose(app: &App, wishes: &[Option<&str>]) -> Result<Found> {
    if available(app) == 0 {
        let refresh = app.models.refresh(app.clock.now());
        tokio::time::timeout(PATIENCE, refresh).await.ok();
    }
    preferred(app, wishes).ok_or_else(|| {
        let detail =
            "No provider answers and the built-in model is not there; sangam doctor says why.";
        Error::new(NO_MODEL, detail).retry_after(Duration::from_secs(5))
    })
}

/// The same from what is known now, without waiting for anybody.
pub fn preferred(app: &App, wishes: &[Option<&str>]) -> Option<Found> {
    let snapshot = app.models.snapshot();
    let wished = wishes.iter().flatten().find_map(|id| {
        let found = snapshot.find(id);
        found.filter(|found| snapshot.is_available(&found.id))
    });
    wished.or_else(|| snapshot.first_available())
}

/// How many models can be asked now.
pub fn available(app: &App) -> usize {
    let snapshot = app.models.snapshot();
    snapshot
        .providers
        .iter()
        .filter(|state| state.is_available())
        .map(|state| state.models.len())
        .sum()
}

/// Fetches the lists now and then; soon again while a provider is down.
pub fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        let mut wait = Duration::from_secs(1);
        loop {
            background.models.refresh(background.clock.now()).await;
            let regular = background.config.providers.refresh;
            let is_whole = background
                .models
                .snapshot()
                .providers
                .iter()
                .all(ProviderState::is_available);
            wait = if is_whole {
                regular
            } else {
                (wait * 2).min(regular)
            };
            tokio::time::sleep(wait).await;
            if is_whole {
                wait = Duration::from_secs(1);
            }
        }
    });
}
