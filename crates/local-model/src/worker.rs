//! The model's own thread: loads the weights when somebody asks, answers one request at a time, and
//! lets the weights go when nobody has asked for a while.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use gateway::{Error, ErrorKind};
use tracing::{error, info};

use crate::{
    Options,
    answer::{Answerer, Stopped},
    engine::Engine,
    gguf::{Gguf, LoadError},
    memory::Memories,
    prompt::Reader,
    queue::{Job, Next, Queue},
    sampler::Taste,
    template::Template,
    tokenizer::Tokenizer,
};

/// Conversations remembered at the same time.
const MEMORIES: usize = 2;

/// Everything the worker needs to know.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) options: Options,
    /// Threads of inference, one at least.
    pub(crate) threads: usize,
    pub(crate) name: String,
    pub(crate) queue: Arc<Queue>,
    /// Changes with each answer.
    pub(crate) seed: u64,
}

/// The model in memory.
#[derive(Debug)]
struct Loaded {
    engine: Engine,
    tokenizer: Tokenizer,
    template: Template,
    memories: Memories,
    context: usize,
}

impl Worker {
    pub(crate) fn run(mut self) {
        let mut loaded = None;
        loop {
            let patience = loaded.is_some().then_some(self.options.unload_after);
            match self.queue.next(patience) {
                Next::Job(job) => loaded = self.attend(loaded, &job),
                Next::Idle => {
                    info!(model = self.name, "unloading the built-in model");
                    loaded = None;
                }
                Next::Closed => return,
            }
        }
    }

    /// Answers `job`; what comes back is to be used for the next.
    fn attend(&mut self, loaded: Option<Loaded>, job: &Job) -> Option<Loaded> {
        let mut loaded = match loaded.map_or_else(|| self.load(), Ok) {
            Ok(loaded) => loaded,
            Err(reason) => {
                error!(%reason, "the built-in model cannot be loaded");
                fail(job, "The built-in model cannot be loaded.");
                return None;
            }
        };
        self.seed = self.seed.wrapping_add(1);
        // After a panic the engine's state is unknown: it is dropped, and nothing else was touched.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.answer(&mut loaded, job)));
        match outcome {
            Ok(Ok(()) | Err(Stopped::Cancelled)) => Some(loaded),
            Ok(Err(Stopped::Failed(error))) => {
                // Whoever asked may have gone: then nobody wants to know.
                drop(job.events.send(Err(error)));
                Some(loaded)
            }
            Ok(Err(Stopped::Broken)) | Err(_) => {
                error!(model = self.name, "the built-in model failed");
                fail(job, "The built-in model failed.");
                None
            }
        }
    }

    fn load(&self) -> Result<Loaded, LoadError> {
        let start = Instant::now();
        let gguf = Gguf::read(&self.options.path)?;
        let loaded = Loaded {
            tokenizer: Tokenizer::new(&gguf)?,
            template: Template::new(&gguf, &self.options.now)?,
            engine: Engine::from_gguf(&gguf, self.threads, MEMORIES)?,
            memories: Memories::new(MEMORIES),
            context: gguf.shape()?.context.min(self.options.context),
        };
        let elapsed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        info!(model = self.name, elapsed_ms, "loaded the built-in model");
        Ok(loaded)
    }

    fn answer(&self, loaded: &mut Loaded, job: &Job) -> Result<(), Stopped> {
        let options = &self.options;
        let answerer = Answerer {
            reader: Reader {
                tokenizer: &loaded.tokenizer,
                template: &loaded.template,
                context: loaded.context,
            },
            taste: Taste {
                temperature: options.temperature,
                top_p: options.top_p,
                repetition_penalty: options.repetition_penalty,
            },
            seed: self.seed,
            max_tokens: options.max_tokens,
            is_closing: &|| self.queue.is_closed(),
        };
        answerer.answer(
            &mut loaded.engine,
            &mut loaded.memories,
            &job.request,
            &job.events,
        )
    }
}

fn fail(job: &Job, message: &str) {
    drop(
        job.events
            .send(Err(Error::new(ErrorKind::Upstream, message))),
    );
}
