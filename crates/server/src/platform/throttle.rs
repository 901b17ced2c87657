//! How often something may be tried: a generic cell rate algorithm per limit and key, in memory.
//!
//! Nothing is stored, so a restart forgives everybody, and each node counts for itself. The memory
//! is bounded; when it is full, those who are least in debt are forgotten first, so that a flood
//! of new names does not wash out the one under attack.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    clock::Clock,
    error::{Error, Result, TOO_MANY_ATTEMPTS},
};

/// Keys remembered at the same time, some 40 bytes each.
const CAPACITY: usize = 50_000;

/// So many at once, then one more each `every`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Names what is limited: keys of two limits never meet.
    pub name: &'static str,
    pub burst: i32,
    pub every: TimeDelta,
}

#[derive(Clone)]
pub struct Throttle(Arc<Inner>);

struct Inner {
    clock: Clock,
    hasher: RandomState,
    /// When each key will be free of debt.
    debts: Mutex<HashMap<u64, DateTime<Utc>>>,
    capacity: usize,
}

impl Throttle {
    pub fn new(clock: Clock) -> Self {
        Self::with_capacity(clock, CAPACITY)
    }

    fn with_capacity(clock: Clock, capacity: usize) -> Self {
        let (hasher, debts) = (RandomState::new(), Mutex::default());
        Self(Arc::new(Inner {
            clock,
            hasher,
            debts,
            capacity,
        }))
    }

    /// Counts one try, or says how long to wait; a refused try is not counted.
    pub fn take(&self, limit: &Limit, key: &str) -> Result<()> {
        let now = self.0.clock.now();
        let key = self.key(limit, key);
        let mut debts = self.0.debts.lock().unwrap_or_else(PoisonError::into_inner);
        let free_at = debts.get(&key).copied().unwrap_or(now).max(now) + limit.every;
        let wait = free_at - now - limit.every * limit.burst;
        if wait > TimeDelta::zero() {
            let wait = wait
                .to_std()
                .unwrap_or(Duration::from_secs(1))
                .as_millis()
                .div_ceil(1000);
            let wait = Duration::from_secs(u64::try_from(wait).unwrap_or(1));
            let detail = format!("Try again in {} s.", wait.as_secs());
            return Err(Error::new(TOO_MANY_ATTEMPTS, detail).retry_after(wait));
        }
        if debts.len() >= self.0.capacity && !debts.contains_key(&key) {
            make_room(&mut debts, now);
        }
        debts.insert(key, free_at);
        Ok(())
    }

    /// Takes back one try, which turned out to be none.
    pub fn refund(&self, limit: &Limit, key: &str) {
        let mut debts = self.0.debts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(free_at) = debts.get_mut(&self.key(limit, key)) {
            *free_at -= limit.every;
        }
    }

    /// Forgives a key all its tries.
    pub fn reset(&self, limit: &Limit, key: &str) {
        let mut debts = self.0.debts.lock().unwrap_or_else(PoisonError::into_inner);
        debts.remove(&self.key(limit, key));
    }

    fn key(&self, limit: &Limit, key: &str) -> u64 {
        self.0.hasher.hash_one((limit.name, key))
    }
}

/// Drops those without debt, and if that is not enough, the half with the least.
fn make_room(debts: &mut HashMap<u64, DateTime<Utc>>, now: DateTime<Utc>) {
    let before = debts.len();
    debts.retain(|_, free_at| *free_at > now);
    if debts.len() < before / 2 {
        return;
    }
    let mut times: Vec<_> = debts.values().copied().collect();
    let middle = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let median = *median;
    debts.retain(|_, free_at| *free_at > median);
}

/// Who an address stands for: one IPv6 customer has a whole /64.
pub fn address_key(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit {
        name: "test",
        burst: 3,
        every: TimeDelta::seconds(10),
    };

    fn throttle(capacity: usize) -> (Clock, Throttle) {
        let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000), 1);
        (clock.clone(), Throttle::with_capacity(clock, capacity))
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let (clock, throttle) = throttle(100);
        let allowed = |n: usize| {
            (0..n)
                .filter(|_| throttle.take(&LIMIT, "ada").is_ok())
                .count()
        };
        assert_eq!(allowed(10), 3);
        let error = throttle.take(&LIMIT, "ada").unwrap_err();
        assert_eq!(error.retry_after, Some(Duration::from_secs(10)));
        clock.advance(TimeDelta::milliseconds(9_999));
        assert_eq!(allowed(1), 0);
        clock.advance(TimeDelta::milliseconds(1));
        assert_eq!(allowed(2), 1);
        clock.advance(TimeDelta::hours(1));
        assert_eq!(allowed(10), 3);
    }

    #[test]
    fn keys_and_limits_do_not_meet() {
        let (_, throttle) = throttle(100);
        let other = Limit {
            name: "other",
            ..LIMIT
        };
        for _ in 0..3 {
            throttle.take(&LIMIT, "ada").unwrap();
        }
        assert!(throttle.take(&LIMIT, "ada").is_err());
        assert!(throttle.take(&LIMIT, "bob").is_ok());
        assert!(throttle.take(&other, "ada").is_ok());
    }

    #[test]
    fn refund_takes_one_back_and_reset_all() {
        let (_, throttle) = throttle(100);
        for _ in 0..3 {
            throttle.take(&LIMIT, "ada").unwrap();
        }
        throttle.refund(&LIMIT, "ada");
        assert!(throttle.take(&LIMIT, "ada").is_ok());
        assert!(throttle.take(&LIMIT, "ada").is_err());
        throttle.reset(&LIMIT, "ada");
        assert!((0..3).all(|_| throttle.take(&LIMIT, "ada").is_ok()));
    }

    #[test]
    fn a_flood_of_names_does_not_wash_out_the_one_under_attack() {
        let (_, throttle) = throttle(100);
        while throttle.take(&LIMIT, "ada").is_ok() {}
        for n in 0..10_000 {
            throttle.take(&LIMIT, &n.to_string()).unwrap();
        }
        assert!(throttle.take(&LIMIT, "ada").is_err());
        assert!(throttle.0.debts.lock().unwrap().len() <= 100);
    }

    #[test]
    fn addresses_of_one_customer_are_one_key() {
        let key = |ip: &str| address_key(ip.parse().unwrap());
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
