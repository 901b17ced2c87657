//! The network on its threads: tokens in, scores of the next token out.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    thread::Builder,
};

use crate::{
    gguf::{Gguf, LoadError, Shape},
    shard::{Shard, Step},
    team::{Over, Seat, Team},
    weights::Weights,
};

/// Tokens that go through the network together while a prompt is read: between two such pieces a
/// cancelled answer stops.
pub const PIECE: usize = 64;

/// A loaded model.
#[derive(Debug)]
pub struct Engine {
    shape: Shape,
    weights: Weights,
    shards: Vec<Shard>,
}

/// The threads of an [`Engine`] at work; see [`Engine::run`].
#[derive(Debug)]
pub struct Run<'a> {
    shape: &'a Shape,
    weights: &'a Weights,
    shard: &'a mut Shard,
    seat: Seat<'a>,
    next: &'a Mutex<Step>,
    scores: Vec<f32>,
}

/// One of the engine's threads failed.
#[derive(Debug, thiserror::Error)]
#[error("a thread of the built-in model failed")]
pub struct Broken;

impl From<Over> for Broken {
    fn from(_: Over) -> Self {
        Self
    }
}

impl Engine {
    /// Reads the weights of the GGUF at `path`, for `threads` threads and `memories` remembered conversations.
    pub fn load(path: &Path, threads: usize, memories: usize) -> Result<Self, LoadError> {
        let gguf = Gguf::read(path)?;
        Self::from_gguf(&gguf, threads, memories)
    }

    pub(crate) fn from_gguf(
        gguf: &Gguf,
        threads: usize,
        memories: usize,
    ) -> Result<Self, LoadError> {
        let shape = gguf.shape()?;
        let weights = Weights::load(gguf, &shape)?;
        let shards = (0..threads.max(1))
            .map(|at| Shard::new(at, threads.max(1), &shape, memories))
            .collect();
        Ok(Self {
            shape,
            weights,
            shards,
        })
    }

    /// Starts the threads, hands them to `work`, and stops them.
    ///
    /// # Errors
    /// The system's, when a thread cannot be started.
    pub fn run<T>(&mut self, work: impl FnOnce(&mut Run<'_>) -> T) -> std::io::Result<T> {
        let Self {
            shape,
            weights,
            shards,
        } = self;
        let (shape, weights) = (&*shape, &*weights);
        let team = Team::new(shards.len());
        let next = Mutex::new(Step::default());
        std::thread::scope(|scope| {
            // The first seat is dropped at the end of this closure, also by an early return: that
            // sends the others home before the scope waits for them.
            let seat = team.seat(0);
            let mut shards = shards.iter_mut().enumerate();
            let Some((_, shard)) = shards.next() else {
                return Err(std::io::Error::other("an engine has at least one thread"));
            };
            for (at, shard) in shards {
                let (team, next) = (&team, &next);
                Builder::new()
                    .name(format!("local-model-{at}"))
                    .spawn_scoped(scope, move || {
                        follow(weights, shape, shard, team.seat(at), next);
                    })?;
            }
            Ok(work(&mut Run {
                shape,
                weights,
                shard,
                seat,
                next: &next,
                scores: Vec::new(),
            }))
        })
    }
}

/// What all threads but the first do: the next step, until the first has left.
fn follow(
    weights: &Weights,
    shape: &Shape,
    shard: &mut Shard,
    mut seat: Seat<'_>,
    next: &Mutex<Step>,
) {
    let mut scores = Vec::new();
    loop {
        if seat.meet().is_err() {
            return;
        }
        let step = next.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if shard
            .walk(weights, shape, &step, &mut seat, &mut scores)
            .is_err()
        {
            return;
        }
    }
}

impl Run<'_> {
    /// Reads at most [`PIECE`] tokens into memory number `memory`, from position `start` on; what was
    /// remembered from there on is forgotten.
    ///
    /// # Errors
    /// When a thread failed; the engine cannot be used any more.
    pub fn read(&mut self, memory: usize, start: usize, tokens: &[u32]) -> Result<(), Broken> {
        self.walk(memory, start, tokens, false)
    }

    /// As [`Self::read`], and gives the score of each token of the vocabulary to come next.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub fn scores(
        &mut self,
        memory: usize,
        start: usize,
        tokens: &[u32],
    ) -> Result<&mut [f32], Broken> {
        self.walk(memory, start, tokens, true)?;
        Ok(&mut self.scores)
    }

    fn walk(
        &mut self,
        memory: usize,
        start: usize,
        tokens: &[u32],
        wants_scores: bool,
    ) -> Result<(), Broken> {
        let step = Step {
            memory,
            start,
            tokens: tokens.to_vec(),
            wants_scores,
        };
        self.next
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(&step);
        self.seat.meet()?;
        self.shard.walk(
            self.weights,
            self.shape,
            &step,
            &mut self.seat,
            &mut self.scores,
        )?;
        Ok(())
    }
}
