//! A small instruct model run in-process, behind the same trait as every other provider.
//!
//! [`LocalModel::new`] reads only the head of a GGUF file. The first request loads the weights on the
//! model's own threads; after a while without requests they are let go. One answer is made at a time,
//! others wait in a bounded line. Dropping an answer's stream stops its work within one token.
//!
//! The network is computed by our own kernels on the quantised weights; candle reads the file and its
//! many number formats. Nothing here knows of users, chats or storage.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers are the point here: sizes are checked once, when a model is loaded"
)]
#![expect(
    clippy::inline_always,
    reason = "a call inside the innermost loops costs more than the work"
)]

mod answer;
mod attention;
pub mod cpu;
mod engine;
mod gguf;
mod kernels;
mod math;
mod memory;
mod prompt;
mod queue;
mod sampler;
mod shard;
mod team;
mod template;
mod text;
mod tokenizer;
mod weights;
mod worker;

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{Builder, available_parallelism},
    time::{Duration, SystemTime},
};

use futures::future::BoxFuture;
use gateway::{Error, ErrorKind, EventStream, Model, Provider, Request};
use tokio::sync::mpsc::unbounded_channel;

pub use crate::{
    engine::{Broken, Engine, PIECE, Run},
    gguf::LoadError,
    template::Now,
};
use crate::{
    gguf::Gguf,
    queue::{Job, Queue},
    template::Template,
    worker::Worker,
};

/// Name of the built-in model's file, in whichever folder it lies.
pub const FILE_NAME: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
const BUILT_IN_ID: &str = "smollm2-135m-instruct";
const BUILT_IN_NAME: &str = "SmolLM2 135M, built in";
/// More threads than this only wait for each other.
const MOST_THREADS: usize = 16;

/// How the model is run.
#[derive(Clone)]
pub struct Options {
    /// The GGUF file.
    pub path: PathBuf,
    /// Threads of inference; 0 is one per core.
    pub threads: usize,
    /// Requests that may wait; further ones are refused with [`ErrorKind::Busy`].
    pub queue: usize,
    /// Tokens of prompt and answer together; what the model holds, if that is less.
    pub context: usize,
    /// How long the weights stay in memory without a request.
    pub unload_after: Duration,
    /// 0 to 2, where a request names none; 0 takes the likeliest token always.
    pub temperature: f32,
    /// 0 to 1, where a request names none.
    pub top_p: f32,
    /// Scores of the latest tokens are divided by this; 1 is none.
    pub repetition_penalty: f32,
    /// Tokens of an answer at the most, where a request does not say.
    pub max_tokens: usize,
    /// Makes the choices of all answers repeatable.
    pub seed: Option<u64>,
    /// The present moment, for chat templates that write the date.
    pub now: Now,
}

impl Options {
    /// What suits the built-in model, for the file at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            threads: 0,
            queue: 32,
            context: 8192,
            unload_after: Duration::from_mins(10),
            temperature: 0.2,
            top_p: 0.9,
            repetition_penalty: 1.1,
            max_tokens: 1024,
            seed: None,
            now: Arc::new(|| SystemTime::now().into()),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("path", &self.path)
            .field("threads", &self.threads)
            .field("queue", &self.queue)
            .field("unload_after", &self.unload_after)
            .finish_non_exhaustive()
    }
}

/// The model inside this process. Dropping it cancels its answers and ends its threads.
#[derive(Debug)]
pub struct LocalModel {
    model: Model,
    queue: Arc<Queue>,
}

impl Drop for LocalModel {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl LocalModel {
    /// Checks that the file can be run here, and starts the model's thread; the weights stay on the disk.
    ///
    /// # Errors
    /// When the file cannot be read, or holds a model of a kind that does not run here.
    pub fn new(options: Options) -> Result<Self, LoadError> {
        let gguf = Gguf::read(&options.path)?;
        let shape = gguf.shape()?;
        tokenizer::check(&gguf)?;
        Template::new(&gguf, &options.now)?;
        let model = describe(&gguf, shape.context.min(options.context));
        let queue = Arc::new(Queue::new(options.queue));
        let worker = Worker {
            threads: threads(options.threads),
            name: model.name.clone(),
            queue: Arc::clone(&queue),
            seed: options
                .seed
                .unwrap_or_else(|| RandomState::new().hash_one(0)),
            options,
        };
        Builder::new()
            .name("local-model".to_owned())
            .spawn(move || worker.run())
            .map_err(LoadError::Thread)?;
        Ok(Self { model, queue })
    }

    fn start(&self, request: Request) -> Result<EventStream, Error> {
        if request.model != self.model.id {
            let message = format!("The built-in model is {}.", self.model.id);
            return Err(Error::new(ErrorKind::ModelNotFound, message));
        }
        // Unbounded, but no longer than one answer: a slow reader must not hold up the model.
        let (events, mut answer) = unbounded_channel();
        self.queue
            .push(Job { request, events })
            .map_err(|waiting| {
                let message = format!(
                    "The built-in model is busy ({waiting} waiting). Please try again in a moment."
                );
                Error::new(ErrorKind::Busy, message)
            })?;
        Ok(Box::pin(futures::stream::poll_fn(move |context| {
            answer.poll_recv(context)
        })))
    }
}

impl Provider for LocalModel {
    fn id(&self) -> &'static str {
        "local"
    }

    fn name(&self) -> &'static str {
        "Built in"
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, Error>> {
        Box::pin(std::future::ready(Ok(vec![self.model.clone()])))
    }

    fn stream(&self, request: Request) -> BoxFuture<'_, Result<EventStream, Error>> {
        Box::pin(std::future::ready(self.start(request)))
    }
}

fn threads(asked: usize) -> usize {
    let cores = || {
        available_parallelism()
            .map_or(1, usize::from)
            .min(MOST_THREADS)
    };
    if asked == 0 { cores() } else { asked }
}

fn describe(gguf: &Gguf, context: usize) -> Model {
    let id = id_of(&gguf.path);
    let name = if id == BUILT_IN_ID {
        BUILT_IN_NAME.to_owned()
    } else {
        format!("{}, built in", gguf.text("general.name").unwrap_or(&id))
    };
    Model {
        id,
        name,
        context_length: u32::try_from(context).ok(),
        prompt_price_microusd_per_mtok: Some(0),
        completion_price_microusd_per_mtok: Some(0),
        modalities: vec!["text".to_owned()],
        is_local: true,
    }
}

/// The file's name in small letters with hyphens, without what says how its numbers are packed.
fn id_of(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let is_packing = |part: &str| {
        let part = part.strip_prefix("ud-").unwrap_or(part);
        ["q", "iq"].iter().any(|prefix| {
            let rest = part.strip_prefix(prefix).unwrap_or_default();
            rest.starts_with(|c: char| c.is_ascii_digit())
        }) || ["f16", "bf16", "f32"].contains(&part)
    };
    let bare = match stem.rsplit_once(['.', '-']) {
        Some((bare, packing)) if is_packing(packing) => bare,
        _ => &stem,
    };
    let letters = bare.chars().map(|c| {
        if c.is_alphanumeric() || c == '.' {
            c
        } else {
            '-'
        }
    });
    let id: String = letters.collect();
    let id = id.trim_matches(['-', '.']);
    if id.is_empty() {
        "local-model".to_owned()
    } else {
        id.to_owned()
    }
}

/// The built-in model's file, as `scripts/weights.py` left it.
#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration to ask"
)]
fn test_weights() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(path) = set("SANGAM_LOCAL_MODEL__PATH") {
        return path.into();
    }
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| Path::new(&set("HOME").unwrap()).join(".cache"));
    let path = cache.join("sangam/models").join(FILE_NAME);
    assert!(
        path.exists(),
        "{} is missing: run python3 scripts/weights.py",
        path.display()
    );
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_the_file_name() {
        let id = |name: &str| id_of(Path::new(name));
        assert_eq!(id(FILE_NAME), BUILT_IN_ID);
        assert_eq!(id("/m/Qwen3-0.6B-Q8_0.gguf"), "qwen3-0.6b");
        assert_eq!(id("Llama 3.2 1B-BF16.gguf"), "llama-3.2-1b");
        assert_eq!(id("tiny.gguf"), "tiny");
        assert_eq!(id(".gguf"), "gguf");
    }
}
