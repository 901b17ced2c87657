//! One answer within limits: time-outs, and retries before the first piece of it.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{Error, ErrorKind, Event, EventStream, Provider, Request};

/// How long an answer may take, and how often it is tried.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the start to the first piece of text or reasoning, all tries and waits together.
    pub first_token: Duration,
    /// Between two events.
    pub idle: Duration,
    /// From the start to the end.
    pub total: Duration,
    /// How often a failed try is repeated, before the first piece only.
    pub retries: u32,
    /// The most that is waited before the first repetition; it doubles with each.
    pub backoff: Duration,
    /// What the doubling stops at.
    pub max_backoff: Duration,
    /// The longest wait asked for by a provider that is sat out; a longer one is reported at once.
    pub max_retry_after: Duration,
    /// A number from 0 up to, not including, 1, by which waits are spread.
    pub jitter: fn() -> f64,
}

impl Default for Limits {
    /// 60 s to the first piece, 30 s of silence, 10 minutes in all; three repetitions after up to
    /// 0.5, 1 and 2 s, or as long as the provider asks, if that is not beyond 20 s.
    fn default() -> Self {
        Self {
            first_token: Duration::from_mins(1),
            idle: Duration::from_secs(30),
            total: Duration::from_mins(10),
            retries: 3,
            backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(20),
            jitter: random,
        }
    }
}

/// Chance enough to spread waits: the standard library keys every hasher afresh.
fn random() -> f64 {
    let bits = RandomState::new().hash_one(0_u8) >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}

/// Starts one answer within the limits, and gives its events as they come: each as soon as the
/// provider sent it, then [`Event::Finish`], or one `Err` after which nothing follows.
///
/// A try that is limited (429), fails (5xx), cannot connect or is cut is repeated with exponential
/// backoff and full jitter, or after the wait that the provider asks for; never once a piece of text
/// or reasoning was given. What a failed try said of model and sources is dropped with it. Dropping
/// the stream ends the work behind it.
pub fn generate(provider: Arc<dyn Provider>, request: Request, limits: Limits) -> EventStream {
    let task = Task {
        provider,
        limits,
        started: Instant::now(),
    };
    let generation = Generation {
        task,
        phase: Phase::Waiting(request),
    };
    Box::pin(stream::unfold(Box::new(generation), Generation::next))
}

struct Generation {
    task: Task,
    phase: Phase,
}

enum Phase {
    Waiting(Request),
    Running(Running),
    Over,
}

/// A try that brought a first piece: what came up to it, and what follows.
struct Running {
    held: VecDeque<Event>,
    stream: EventStream,
}

impl Generation {
    async fn next(mut self: Box<Self>) -> Option<(Result<Event, Error>, Box<Self>)> {
        let phase = std::mem::replace(&mut self.phase, Phase::Over);
        let begun = match phase {
            Phase::Over => return None,
            Phase::Running(running) => Ok(running),
            Phase::Waiting(request) => self.task.begin(request).await,
        };
        let outcome = match begun {
            Ok(mut running) => {
                let event = self.task.following(&mut running).await;
                if !matches!(event, Ok(Event::Finish(_)) | Err(_)) {
                    self.phase = Phase::Running(running);
                }
                event
            }
            Err(error) => Err(error),
        };
        Some((outcome, self))
    }
}

/// What is asked of whom, since when, within which limits.
struct Task {
    provider: Arc<dyn Provider>,
    limits: Limits,
    started: Instant,
}

impl Task {
    async fn following(&self, running: &mut Running) -> Result<Event, Error> {
        if let Some(event) = running.held.pop_front() {
            return Ok(event);
        }
        let idle_end = Instant::now() + self.limits.idle;
        let end = idle_end.min(self.total_end());
        match timeout_at(end, running.stream.next()).await {
            Ok(Some(event)) => event,
            Ok(None) => Err(self.cut()),
            Err(_) if end == idle_end => Err(self.idle_timeout()),
            Err(_) => Err(self.total_timeout()),
        }
    }

    /// Tries until a first piece has come, as often and as long as the limits allow.
    async fn begin(&self, request: Request) -> Result<Running, Error> {
        let first_end = self.started + self.limits.first_token;
        let end = first_end.min(self.total_end());
        let mut tries = 0;
        loop {
            let error = match timeout_at(end, self.attempt(request.clone())).await {
                Ok(Ok(running)) => return Ok(running),
                Ok(Err(error)) => error,
                Err(_) if end == first_end => return Err(self.first_token_timeout()),
                Err(_) => return Err(self.total_timeout()),
            };
            let Some(wait) = self.wait(&error, tries) else {
                return Err(error);
            };
            if Instant::now() + wait >= end {
                return Err(error);
            }
            tracing::debug!(
                provider = self.provider.id(), kind = ?error.kind, tries, wait_ms = wait.as_millis(),
                "{} failed, trying again", self.provider.id()
            );
            sleep(wait).await;
            tries += 1;
        }
    }

    async fn attempt(&self, request: Request) -> Result<Running, Error> {
        let mut stream = self.provider.stream(request).await?;
        let mut held = VecDeque::new();
        loop {
            let event = stream.next().await.ok_or_else(|| self.cut())??;
            let is_first = matches!(
                event,
                Event::Text(_) | Event::Reasoning(_) | Event::Finish(_)
            );
            held.push_back(event);
            if is_first {
                return Ok(Running { held, stream });
            }
        }
    }

    /// How long to wait before trying again after `tries` repetitions; `None` is not to.
    fn wait(&self, error: &Error, tries: u32) -> Option<Duration> {
        let is_passing = matches!(
            error.kind,
            ErrorKind::RateLimited | ErrorKind::Upstream | ErrorKind::Unreachable | ErrorKind::Cut
        );
        if !is_passing || tries >= self.limits.retries {
            return None;
        }
        let jitter = (self.limits.jitter)().clamp(0.0, 1.0);
        match error.retry_after {
            // A little more than asked, or all who wait would come at once.
            Some(asked) if asked <= self.limits.max_retry_after => {
                Some(asked + self.limits.backoff.mul_f64(jitter))
            }
            Some(_) => None,
            None => {
                let doubled = self
                    .limits
                    .backoff
                    .saturating_mul(2_u32.saturating_pow(tries));
                Some(doubled.min(self.limits.max_backoff).mul_f64(jitter))
            }
        }
    }

    fn total_end(&self) -> Instant {
        self.started + self.limits.total
    }

    fn cut(&self) -> Error {
        let name = self.provider.name();
        Error::new(
            ErrorKind::Cut,
            format!("{name} ended the answer before it was whole."),
        )
    }

    fn first_token_timeout(&self) -> Error {
        let (name, limit) = (self.provider.name(), self.limits.first_token);
        Error::new(
            ErrorKind::FirstTokenTimeout,
            format!("{name} did not begin to answer within {limit:?}."),
        )
    }

    fn idle_timeout(&self) -> Error {
        let (name, limit) = (self.provider.name(), self.limits.idle);
        Error::new(
            ErrorKind::IdleTimeout,
            format!("{name} fell silent for {limit:?} in mid-answer."),
        )
    }

    fn total_timeout(&self) -> Error {
        let (name, limit) = (self.provider.name(), self.limits.total);
        Error::new(
            ErrorKind::TotalTimeout,
            format!("The answer of {name} took longer than {limit:?}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::random;

    #[test]
    fn chance_is_spread_over_the_whole_range() {
        let numbers: Vec<f64> = (0..1000).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        let low = numbers.iter().filter(|number| **number < 0.5).count();
        assert!(
            (350..650).contains(&low),
            "{low} of 1000 are in the lower half"
        );
    }
}
