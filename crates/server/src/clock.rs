//! Time, ids and randomness, from one place, so that tests decide all three.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

#[derive(Clone)]
pub struct Clock(Arc<Mutex<State>>);

struct State {
    /// The frozen time of a test's clock.
    manual: Option<DateTime<Utc>>,
    random: StdRng,
    last: (u64, u16),
}

impl Clock {
    /// The machine's clock and a generator seeded by the operating system.
    pub fn system() -> Self {
        Self::with(None, rand::make_rng())
    }

    /// A clock that stands still until it is advanced, with repeatable ids and randomness.
    pub fn manual(start: DateTime<Utc>, seed: u64) -> Self {
        Self::with(Some(start), StdRng::seed_from_u64(seed))
    }

    fn with(manual: Option<DateTime<Utc>>, random: StdRng) -> Self {
        Self(Arc::new(Mutex::new(State {
            manual,
            random,
            last: (0, 0),
        })))
    }

    /// Now, in whole microseconds: what both databases keep.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.state().manual.unwrap_or_else(Utc::now);
        now.duration_trunc(TimeDelta::microseconds(1))
            .unwrap_or(now)
    }

    /// Moves a manual clock; does nothing to the system's.
    pub fn advance(&self, by: TimeDelta) {
        let mut state = self.state();
        state.manual = state.manual.map(|now| now + by);
    }

    /// A new `UUIDv7` (RFC 9562), larger than every one this clock gave before.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let now = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        let mut state = self.state();
        let (millis, counter) = match state.last {
            // The counter fills the twelve bits after the time; when it is full, time moves on.
            (last, 0xfff) if now <= last => (last + 1, 0),
            (last, counter) if now <= last => (last, counter + 1),
            _ => (now, 0),
        };
        state.last = (millis, counter);
        let mut tail = [0; 10];
        state.random.fill_bytes(&mut tail);
        let [high, low] = counter.to_be_bytes();
        let [first, second, ..] = &mut tail;
        (*first, *second) = (high, low);
        Builder::from_unix_timestamp_millis(millis, &tail)
            .into_uuid()
            .into()
    }

    /// Bytes nobody can guess.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.state().random.fill_bytes(&mut bytes);
        bytes
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_while_time_stands_still() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000), 7);
        let ids: Vec<Uuid> = (0..10_000).map(|_| clock.id()).collect();
        assert!(ids.is_sorted());
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
