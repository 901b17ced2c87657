//! The bounded line in front of the model.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use gateway::Request;

use crate::answer::Events;

/// A request and where its answer goes.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) events: Events,
}

/// Requests that wait, the oldest first.
#[derive(Debug)]
pub(crate) struct Queue {
    limit: usize,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// What the worker does next.
#[derive(Debug)]
pub(crate) enum Next {
    /// Answer this.
    Job(Box<Job>),
    /// Nothing came for the time given.
    Idle,
    /// No more will come.
    Closed,
}

impl Queue {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            waiting: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Puts `job` at the end, unless the line is full: then its length is given back.
    pub(crate) fn push(&self, job: Job) -> Result<(), usize> {
        let mut waiting = self.lock();
        if waiting.jobs.len() >= self.limit {
            // Whoever has gone away does not keep others out.
            waiting.jobs.retain(|job| !job.events.is_closed());
        }
        if waiting.jobs.len() >= self.limit {
            return Err(waiting.jobs.len());
        }
        waiting.jobs.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// The next job somebody still waits for; [`Next::Idle`] after `patience`, if that is given.
    pub(crate) fn next(&self, patience: Option<Duration>) -> Next {
        let start = Instant::now();
        let mut waiting = self.lock();
        loop {
            if waiting.is_closed {
                return Next::Closed;
            }
            while let Some(job) = waiting.jobs.pop_front() {
                if !job.events.is_closed() {
                    return Next::Job(Box::new(job));
                }
            }
            waiting = match patience {
                None => self
                    .changed
                    .wait(waiting)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    let Some(left) = patience.checked_sub(start.elapsed()) else {
                        return Next::Idle;
                    };
                    let woken = self.changed.wait_timeout(waiting, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    pub(crate) fn close(&self) {
        let mut waiting = self.lock();
        waiting.is_closed = true;
        waiting.jobs.clear();
        self.changed.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    type Answer = UnboundedReceiver<Result<gateway::Event, gateway::Error>>;

    fn job(model: &str) -> (Job, Answer) {
        let (events, answer) = unbounded_channel();
        let request = Request {
            model: model.to_owned(),
            ..Request::default()
        };
        (Job { request, events }, answer)
    }

    #[test]
    fn a_full_line_refuses_until_somebody_leaves() {
        let queue = Queue::new(1);
        let (first, answer) = job("first");
        queue.push(first).unwrap();
        assert_eq!(queue.push(job("second").0), Err(1));
        drop(answer);
        let (third, _answer) = job("third");
        queue.push(third).unwrap();
        let Next::Job(next) = queue.next(None) else {
            unreachable!("a job waits")
        };
        assert_eq!(next.request.model, "third");
    }

    #[test]
    fn patience_ends_and_closing_wakes() {
        let queue = Queue::new(1);
        assert!(matches!(
            queue.next(Some(Duration::from_millis(5))),
            Next::Idle
        ));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| queue.next(None));
            queue.close();
            assert!(matches!(waiting.join().unwrap(), Next::Closed));
        });
    }
}
