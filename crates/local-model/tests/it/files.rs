//! Files that are no model, or none that runs here.

use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{self, Value};
use local_model::{LoadError, LocalModel, Options};
use tempfile::TempDir;

fn load(path: &Path) -> LoadError {
    LocalModel::new(Options::new(path)).unwrap_err()
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

/// A file with the head of a small model, changed by `alter`.
fn head(folder: &TempDir, alter: impl Fn(&str) -> Option<Value>) -> PathBuf {
    let texts = |values: &[&str]| Value::Array(values.iter().map(|value| text(value)).collect());
    let keys = [
        ("general.architecture", text("llama")),
        ("llama.block_count", Value::U32(1)),
        ("llama.context_length", Value::U32(64)),
        ("llama.embedding_length", Value::U32(64)),
        ("llama.feed_forward_length", Value::U32(64)),
        ("llama.attention.head_count", Value::U32(2)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", texts(&["a", "b", "ab"])),
        ("tokenizer.ggml.merges", texts(&["a b"])),
        ("tokenizer.chat_template", text("{{ messages[0].content }}")),
    ];
    let keys = keys.map(|(key, value)| (key, alter(key).unwrap_or(value)));
    let keys: Vec<_> = keys.iter().map(|(key, value)| (*key, value)).collect();
    let path = folder.path().join("small.gguf");
    gguf_file::write(&mut std::fs::File::create(&path).unwrap(), &keys, &[]).unwrap();
    path
}

fn fault(key: &'static str, value: impl Fn() -> Value) -> String {
    let folder = TempDir::new().unwrap();
    load(&head(&folder, |name| (name == key).then(&value))).to_string()
}

#[test]
fn a_head_that_fits_is_accepted() {
    let folder = TempDir::new().unwrap();
    LocalModel::new(Options::new(head(&folder, |_| None))).unwrap();
}

#[test]
fn a_file_that_is_not_there_or_no_model_is_named() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("none.gguf");
    let error = load(&missing);
    assert!(matches!(error, LoadError::Open { .. }), "{error}");
    assert!(error.to_string().contains("none.gguf"), "{error}");
    std::fs::write(&missing, "no model").unwrap();
    assert!(matches!(load(&missing), LoadError::Unreadable { .. }));
}

#[test]
fn what_does_not_run_here_says_what_does() {
    let error = fault("general.architecture", || text("mamba"));
    assert!(error.contains("llama, qwen2 and qwen3"), "{error}");
    let error = fault("tokenizer.ggml.model", || text("llama"));
    assert!(error.contains(r#"tokenizer model is "llama""#), "{error}");
    let error = fault("tokenizer.ggml.pre", || text("tekken"));
    assert!(error.contains(r#""tekken""#), "{error}");
    let error = fault("llama.embedding_length", || Value::U32(80));
    assert!(error.contains("multiple of 32"), "{error}");
    let error = fault("tokenizer.chat_template", || text("{% for %}"));
    assert!(error.contains("chat template"), "{error}");
    let error = fault("llama.context_length", || text("long"));
    assert!(error.contains("llama.context_length"), "{error}");
}

#[test]
fn weights_that_are_missing_fail_the_request_and_not_the_process() {
    let folder = TempDir::new().unwrap();
    let model = LocalModel::new(Options::new(head(&folder, |_| None))).unwrap();
    for _ in 0..2 {
        let mut request = crate::support::greedy(vec![crate::support::user("ab")], 1);
        request.model = "small".to_owned();
        let (kind, message) = crate::support::refusal(&model, request);
        assert_eq!(kind, gateway::ErrorKind::Upstream);
        assert!(
            !message.contains(folder.path().to_str().unwrap()),
            "{message}"
        );
    }
}
