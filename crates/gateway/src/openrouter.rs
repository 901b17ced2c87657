//! `OpenRouter`: the common wire, with prices, charges and its own way to ask for reasoning.

use futures::future::BoxFuture;
use outbound::Secret;
use serde_json::Value;

use crate::{
    Error, EventStream, Model, Params, Provider, Request, Settings, SettingsError,
    compatible::{
        Dialect, Effort, Endpoint, Extras, Include, MODALITY_TEXT, context_length, name_and_id,
    },
    decimal::scaled,
};

/// Where `OpenRouter` is.
pub const BASE_URL: &str = "https://openrouter.ai/api/v1";
/// Dollars per token to micro-dollars per million tokens.
const PRICE_POWER: i32 = 12;

const DIALECT: Dialect = Dialect {
    extras,
    model,
    headers: &[("x-title", "Sangam")],
};

fn extras(params: &Params) -> Extras {
    Extras {
        reasoning: params
            .reasoning_effort
            .clone()
            .map(|effort| Effort { effort }),
        usage: Some(Include { include: true }),
        reasoning_effort: None,
    }
}

fn model(entry: &Value) -> Option<Model> {
    let (name, id) = name_and_id(entry)?;
    let modalities = |field: &str| -> Option<Vec<String>> {
        let list = entry.get("architecture")?.get(field)?.as_array()?;
        Some(
            list.iter()
                .filter_map(|kind| kind.as_str().map(str::to_owned))
                .collect(),
        )
    };
    let gives_text = |kinds: Vec<String>| kinds.iter().any(|kind| kind == MODALITY_TEXT);
    let is_for_else = modalities("output_modalities").is_some_and(|kinds| !gives_text(kinds));
    let takes = modalities("input_modalities").filter(|kinds| !kinds.is_empty());
    (!is_for_else).then(|| Model {
        context_length: context_length(entry),
        prompt_price_microusd_per_mtok: price(entry, "prompt"),
        completion_price_microusd_per_mtok: price(entry, "completion"),
        modalities: takes.unwrap_or_else(|| vec![MODALITY_TEXT.to_owned()]),
        is_local: false,
        name,
        id,
    })
}

/// A price per token, given as a decimal text; a negative one means that it varies.
fn price(entry: &Value, which: &str) -> Option<i64> {
    match entry.get("pricing")?.get(which)? {
        Value::String(text) => scaled(text, PRICE_POWER),
        Value::Number(number) => scaled(&number.to_string(), PRICE_POWER),
        _ => None,
    }
}

/// `OpenRouter`, or a server that speaks as it does.
#[derive(Debug)]
pub struct OpenRouterProvider(Endpoint);

impl OpenRouterProvider {
    /// The usual settings with this key.
    pub fn settings(api_key: Secret) -> Settings {
        Settings::new("openrouter", "OpenRouter", BASE_URL, Some(api_key))
    }

    /// A provider at the address in the settings; `site` is the platform's public address, by which
    /// `OpenRouter` tells applications apart. Nothing is sent yet.
    pub fn new(settings: Settings, site: Option<&str>) -> Result<Self, SettingsError> {
        Endpoint::new(settings, DIALECT, site).map(Self)
    }
}

impl Provider for OpenRouterProvider {
    fn id(&self) -> &str {
        &self.0.id
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, Error>> {
        Box::pin(self.0.models())
    }

    fn stream(&self, request: Request) -> BoxFuture<'_, Result<EventStream, Error>> {
        Box::pin(self.0.stream(request))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::model;
    use crate::Model;

    #[test]
    fn reads_prices_context_and_modalities() {
        let entry = json!({
            "id": "openai/gpt-4o-mini", "name": "OpenAI: GPT-4o-mini", "context_length": 128_000,
            "architecture": {"input_modalities": ["text", "image", "file"],
                "output_modalities": ["text"], "tokenizer": "GPT"},
            "pricing": {"prompt": "0.00000015", "completion": "0.0000006", "request": "0"},
            "top_provider": {"context_length": 128_000}
        });
        let expected = Model {
            id: "openai/gpt-4o-mini".to_owned(),
            name: "OpenAI: GPT-4o-mini".to_owned(),
            context_length: Some(128_000),
            prompt_price_microusd_per_mtok: Some(150_000),
            completion_price_microusd_per_mtok: Some(600_000),
            modalities: ["text", "image", "file"].map(str::to_owned).to_vec(),
            is_local: false,
        };
        assert_eq!(model(&entry), Some(expected));
    }

    #[test]
    fn unknown_prices_stay_unknown() {
        let router =
            json!({"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}});
        let router = model(&router).unwrap();
        assert_eq!(router.prompt_price_microusd_per_mtok, None);
        assert_eq!(router.completion_price_microusd_per_mtok, None);
        assert_eq!(router.modalities, ["text"]);

        let free = json!({"id": "x:free", "pricing": {"prompt": "0", "completion": 0}});
        let free = model(&free).unwrap();
        assert_eq!(free.prompt_price_microusd_per_mtok, Some(0));
        assert_eq!(free.completion_price_microusd_per_mtok, Some(0));
    }

    #[test]
    fn what_gives_no_text_is_left_out() {
        let painter = json!({"id": "x/img", "architecture": {"output_modalities": ["image"]}});
        assert_eq!(model(&painter), None);
    }
}
