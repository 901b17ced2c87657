//! The sessions known to be over, as long as an access token of theirs could still be presented.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use ::store::SessionId;
use chrono::{DateTime, TimeDelta, Utc};

use super::token;

/// What the bus calls them.
pub(super) const TOPIC: &str = "session-revoked";

/// How long other nodes are told when they ask.
pub(super) const KEPT: Duration = Duration::from_mins(16);

/// Beyond this many, old entries are looked for with every new one.
const SWEEP_ABOVE: usize = 1024;

/// When it overflows it forgets: the session's row is the truth.
const CAPACITY: usize = 100_000;

#[derive(Default)]
pub(super) struct Revoked(RwLock<HashMap<SessionId, DateTime<Utc>>>);

impl Revoked {
    pub(super) fn insert(&self, session: SessionId, now: DateTime<Utc>) {
        let mut sessions = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SWEEP_ABOVE {
            sessions.retain(|_, until| *until > now);
        }
        if sessions.len() >= CAPACITY {
            sessions.clear();
        }
        sessions.insert(
            session,
            now + token::LIFE + token::LEEWAY + TimeDelta::minutes(1),
        );
    }

    pub(super) fn contains(&self, session: SessionId) -> bool {
        let sessions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        sessions.contains_key(&session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn memory_is_bounded_by_time_and_number() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000), 1);
        let revoked = Revoked::default();
        let old: SessionId = clock.id();
        revoked.insert(old, clock.now());
        clock.advance(TimeDelta::hours(1));
        for _ in 0..2000 {
            revoked.insert(clock.id(), clock.now());
        }
        assert!(!revoked.contains(old));
        let new: SessionId = clock.id();
        revoked.insert(new, clock.now());
        assert!(revoked.contains(new));
    }
}
