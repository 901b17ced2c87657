//! The model list, in the shapes that servers have for it.

use std::{collections::HashSet, time::Duration};

use outbound::{Response, Trusted};
use serde_json::Value;

use crate::{
    Error, Model,
    fault::{Faults, Refusal},
};

pub(crate) const MODALITY_TEXT: &str = "text";
pub(crate) const MODALITY_IMAGE: &str = "image";

/// How long a list may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of a list at the most; the largest known is about a megabyte.
const MOST_BYTES: usize = 32 << 20;
const MOST_MODELS: usize = 10_000;
/// Where servers keep the size of the context, the size in force before the size of the training.
const CONTEXT_FIELDS: [&str; 9] = [
    "/context_length",
    "/max_model_len",
    "/context_window",
    "/max_context_length",
    "/max_input_tokens",
    "/top_provider/context_length",
    "/meta/n_ctx",
    "/meta/n_ctx_train",
    "/details/context_length",
];

/// Asks for the list.
pub(super) async fn fetch(
    http: &Trusted,
    faults: &Faults,
    model: fn(&Value) -> Option<Model>,
) -> Result<Vec<Model>, Error> {
    let asking = async {
        let response = http.get("models").await;
        let response = response.map_err(|failure| faults.of_failure(&failure))?;
        match response.status() {
            200..300 => parse(&read(response, faults).await?, model),
            404 | 405 => None,
            _ => return Err(faults.of_refusal(&Refusal::read(response).await, None)),
        }
        .ok_or_else(|| faults.protocol("no list of models: its base URL may be wrong"))
    };
    let answered = tokio::time::timeout(TIMEOUT, asking).await;
    answered.unwrap_or_else(|_| Err(faults.late("list its models", TIMEOUT)))
}

async fn read(mut response: Response, faults: &Faults) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|failure| faults.of_failure(&failure))?
    {
        if body.len().saturating_add(chunk.len()) > MOST_BYTES {
            return Err(faults.protocol("a list of models that is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `{"data": […]}`, `{"models": […]}` or the list itself; null where a server has no model yet.
fn parse(body: &[u8], model: fn(&Value) -> Option<Model>) -> Option<Vec<Model>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let list = match &body {
        Value::Array(list) => list.as_slice(),
        Value::Object(fields) => match fields.get("data").or_else(|| fields.get("models"))? {
            Value::Array(list) => list.as_slice(),
            Value::Null => &[],
            _ => return None,
        },
        _ => return None,
    };
    let mut ids = HashSet::new();
    let models = list
        .iter()
        .filter_map(model)
        .filter(|model| ids.insert(model.id.clone()));
    Some(models.take(MOST_MODELS).collect())
}

/// Display name and id of an entry. A server that names its model by the path of a file gets the
/// file's name as display name.
pub(crate) fn name_and_id(entry: &Value) -> Option<(String, String)> {
    let text = |field: &str| entry.get(field).and_then(Value::as_str).map(str::trim);
    let id = entry
        .as_str()
        .or_else(|| text("id"))
        .or_else(|| text("model"))
        .or_else(|| text("name"));
    let id = id.filter(|id| !id.is_empty() && id.len() <= 512 && !id.contains('\0'))?;
    let named = text("display_name")
        .or_else(|| text("name"))
        .filter(|name| !name.is_empty());
    let name = named.unwrap_or_else(|| file_stem(id));
    Some((name.chars().take(200).collect(), id.to_owned()))
}

fn file_stem(id: &str) -> &str {
    match id.strip_suffix(".gguf") {
        Some(path) => path.rsplit(['/', '\\']).next().unwrap_or(path),
        None => id,
    }
}

/// Prompt plus answer in tokens, by whichever name; numbers in text count.
pub(crate) fn context_length(entry: &Value) -> Option<u32> {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    CONTEXT_FIELDS
        .iter()
        .filter_map(|field| number(entry.pointer(field)?))
        .find(|length| *length > 0)
        .and_then(|length| u32::try_from(length).ok())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::openai;

    /// Name, id and context.
    type Listed = Option<Vec<(String, String, Option<u32>)>>;

    fn listed(json: &str) -> Listed {
        let models = parse(json.as_bytes(), openai::DIALECT.model)?;
        Some(
            models
                .into_iter()
                .map(|model| (model.name, model.id, model.context_length))
                .collect(),
        )
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "compared with a list that may not be one"
    )]
    fn one(name: &str, id: &str, context: Option<u32>) -> Listed {
        Some(vec![(name.to_owned(), id.to_owned(), context)])
    }

    #[test]
    fn reads_the_lists_of_many_servers() {
        let openai = r#"{"object":"list","data":[{"id":"gpt-4o","object":"model","owned_by":"x"},
            {"id":"text-embedding-3-small"},{"id":"whisper-1"},{"id":"gpt-4o"}]}"#;
        assert_eq!(listed(openai), one("gpt-4o", "gpt-4o", None));
        let vllm = r#"{"data":[{"id":"Qwen/Qwen3-8B","max_model_len":40960,"parent":null}]}"#;
        assert_eq!(
            listed(vllm),
            one("Qwen/Qwen3-8B", "Qwen/Qwen3-8B", Some(40960))
        );
        let llama_cpp = r#"{"models":[{"name":"","model":""}],"object":"list","data":[
            {"id":"/m/gemma-3.gguf","meta":{"n_ctx_train":131072,"n_ctx":8192}}]}"#;
        assert_eq!(
            listed(llama_cpp),
            one("gemma-3", "/m/gemma-3.gguf", Some(8192))
        );
        let ollama = r#"{"models":[{"name":"llama3.2:1b","model":"llama3.2:1b","details":{}}]}"#;
        assert_eq!(listed(ollama), one("llama3.2:1b", "llama3.2:1b", None));
        let together = r#"[{"id":"a/b","display_name":"B","type":"chat","context_length":"4096"},
            {"id":"a/img","type":"image"}]"#;
        assert_eq!(listed(together), one("B", "a/b", Some(4096)));
        let mistral = r#"{"data":[{"id":"m","max_context_length":32768},
            {"id":"e","capabilities":{"completion_chat":false}}]}"#;
        assert_eq!(listed(mistral), one("m", "m", Some(32768)));
    }

    #[test]
    fn an_empty_list_is_one_and_anything_else_is_not() {
        assert_eq!(listed(r#"{"object":"list","data":null}"#), Some(vec![]));
        assert_eq!(listed(r#"{"data":[null,7,{"id":""},{}]}"#), Some(vec![]));
        for json in ["<html>", "{}", "null", r#"{"data":"x"}"#, ""] {
            assert_eq!(listed(json), None, "{json}");
        }
    }
}
