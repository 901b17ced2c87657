//! The published snapshot of what the providers offer, and how it is renewed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use gateway::{Model, OpenAiProvider, OpenRouterProvider, Provider, Secret};
use local_model::LocalModel;
use secrecy::ExposeSecret;

use super::Found;
use crate::config::Config;

/// A list that takes longer is given up for this time.
const LIST_TIMEOUT: Duration = Duration::from_secs(10);
/// A question for an unknown model asks the providers again when their lists are older.
const FRESH: TimeDelta = TimeDelta::seconds(10);

pub struct Catalogue {
    providers: Vec<Arc<dyn Provider>>,
    snapshot: ArcSwap<Snapshot>,
    /// One refresh at a time; who waits for one finds it done.
    refreshing: tokio::sync::Mutex<()>,
}

/// What was offered when the lists were last fetched.
#[derive(Default)]
pub struct Snapshot {
    pub providers: Vec<ProviderState>,
    /// Catalogue id → (provider, model), by index.
    by_id: HashMap<String, (usize, usize)>,
}

#[derive(Clone)]
pub struct ProviderState {
    pub provider: Arc<dyn Provider>,
    /// The last list that was got, also while the provider is down.
    pub models: Vec<Model>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When the list was got.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// When it was last tried.
    tried_at: Option<DateTime<Utc>>,
}

impl ProviderState {
    pub fn is_available(&self) -> bool {
        self.error.is_none() && self.refreshed_at.is_some()
    }

    fn new(provider: Arc<dyn Provider>) -> Self {
        Self {
            provider,
            models: Vec::new(),
            error: None,
            refreshed_at: None,
            tried_at: None,
        }
    }
}

impl Catalogue {
    /// The providers that the settings name: remote ones first, then the built-in model.
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        let mut providers: Vec<Arc<dyn Provider>> = Vec::new();
        let settings = &config.providers;
        if let Some(url) = &settings.openai_base_url {
            let key = settings.openai_api_key.as_ref();
            let key = key.map(|key| Secret::new(key.expose_secret()));
            let settings = gateway::Settings::new("openai", "OpenAI-compatible", url.clone(), key);
            let provider = OpenAiProvider::new(settings).context("providers.openai_base_url")?;
            providers.push(Arc::new(provider));
        }
        if let Some(key) = &settings.openrouter_api_key {
            let mut openrouter = OpenRouterProvider::settings(Secret::new(key.expose_secret()));
            openrouter.base_url = settings.openrouter_base_url.to_string();
            let site = config.server.public_url.as_ref().map(url::Url::as_str);
            let provider = OpenRouterProvider::new(openrouter, site)
                .context("providers.openrouter_base_url")?;
            providers.push(Arc::new(provider));
        }
        if config.local_model.enabled {
            providers.push(local(config));
        }
        Ok(Self::new(providers))
    }

    pub fn new(providers: Vec<Arc<dyn Provider>>) -> Self {
        let states = providers.iter().cloned().map(ProviderState::new).collect();
        Self {
            providers,
            snapshot: ArcSwap::from_pointee(Snapshot::of(states)),
            refreshing: tokio::sync::Mutex::default(),
        }
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Asks every provider for its list, all at once, and publishes each as it comes.
    pub async fn refresh(&self, now: DateTime<Utc>) {
        let _one_at_a_time = self.refreshing.lock().await;
        let lists = self
            .providers
            .iter()
            .enumerate()
            .map(|(index, provider)| async move {
                let list = match tokio::time::timeout(LIST_TIMEOUT, provider.models()).await {
                    Ok(list) => list.map_err(|error| error.message),
                    Err(_) => Err("It does not answer.".to_owned()),
                };
                self.publish(index, &list, now);
            });
        futures::future::join_all(lists).await;
    }

    fn publish(&self, index: usize, list: &Result<Vec<Model>, String>, now: DateTime<Utc>) {
        self.snapshot.rcu(|current| {
            let mut states = current.providers.clone();
            if let Some(state) = states.get_mut(index) {
                state.tried_at = Some(now);
                match list {
                    Ok(models) => {
                        state.models.clone_from(models);
                        state.refreshed_at = Some(now);
                        state.error = None;
                    }
                    Err(error) => state.error = Some(error.clone()),
                }
            }
            Snapshot::of(states)
        });
    }
}

/// The built-in model, or a provider that says why it is not there.
fn local(config: &Config) -> Arc<dyn Provider> {
    let settings = &config.local_model;
    let mut options = local_model::Options::new(settings.path.clone());
    options.threads = settings.threads;
    options.queue = settings.queue;
    options.unload_after = settings.unload_after;
    match LocalModel::new(options) {
        Ok(model) => Arc::new(model),
        Err(error) => {
            tracing::warn!(%error, "the built-in model is not available: {error}");
            Arc::new(Missing(format!("{error} (scripts/weights.py fetches it)")))
        }
    }
}

/// Stands for the built-in model while its weights are not there.
struct Missing(String);

impl Missing {
    fn error(&self) -> gateway::Error {
        gateway::Error::new(gateway::ErrorKind::ModelNotFound, self.0.clone())
    }
}

impl Provider for Missing {
    fn id(&self) -> &'static str {
        "local"
    }

    fn name(&self) -> &'static str {
        "Built in"
    }

    fn models(&self) -> futures::future::BoxFuture<'_, Result<Vec<Model>, gateway::Error>> {
        Box::pin(async { Err(self.error()) })
    }

    fn stream(
        &self,
        _: gateway::Request,
    ) -> futures::future::BoxFuture<'_, Result<gateway::EventStream, gateway::Error>> {
        Box::pin(async { Err(self.error()) })
    }
}

impl Snapshot {
    fn of(providers: Vec<ProviderState>) -> Self {
        let mut offers: BTreeMap<&str, usize> = BTreeMap::new();
        for model in providers.iter().flat_map(|state| &state.models) {
            *offers.entry(&model.id).or_default() += 1;
        }
        let mut by_id = HashMap::new();
        for (provider, state) in providers.iter().enumerate() {
            for (index, model) in state.models.iter().enumerate() {
                let is_ambiguous = offers
                    .get(model.id.as_str())
                    .is_some_and(|count| *count > 1);
                let id = if is_ambiguous {
                    format!("{}:{}", state.provider.id(), model.id)
                } else {
                    model.id.clone()
                };
                by_id.entry(id).or_insert((provider, index));
            }
        }
        Self { providers, by_id }
    }

    pub fn find(&self, id: &str) -> Option<Found> {
        let (provider, model) = *self.by_id.get(id)?;
        let state = self.providers.get(provider)?;
        let model = state.models.get(model)?.clone();
        Some(Found {
            id: id.to_owned(),
            model,
            provider: state.provider.clone(),
        })
    }

    pub fn is_available(&self, id: &str) -> bool {
        let state = self
            .by_id
            .get(id)
            .and_then(|(provider, _)| self.providers.get(*provider));
        state.is_some_and(ProviderState::is_available)
    }

    pub fn first_available(&self) -> Option<Found> {
        self.list()
            .into_iter()
            .find(|(found, available)| *available && takes_text(&found.model))
            .map(|(found, _)| found)
    }

    /// Every model with whether it can be asked, in the providers' order.
    pub fn list(&self) -> Vec<(Found, bool)> {
        let mut places: Vec<(&(usize, usize), &String)> =
            self.by_id.iter().map(|(id, place)| (place, id)).collect();
        places.sort();
        let found = |id: &String| self.find(id);
        places
            .into_iter()
            .filter_map(|(_, id)| Some((found(id)?, self.is_available(id))))
            .collect()
    }

    /// Every provider was asked a moment ago.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let is_recent = |tried: DateTime<Utc>| now - tried < FRESH;
        self.providers
            .iter()
            .all(|state| state.tried_at.is_some_and(is_recent))
    }
}

fn takes_text(model: &Model) -> bool {
    model.modalities.iter().any(|modality| modality == "text")
}
