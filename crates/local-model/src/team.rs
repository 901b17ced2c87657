//! Threads that walk through the network side by side, each with its share of every matrix.
//!
//! They meet several times a layer, so a meeting must cost about a microsecond: whoever is early
//! spins for a moment before letting others run. A thread that leaves for good breaks the team up,
//! so that nobody waits for it for ever.

use std::{
    hint::spin_loop,
    ops::Range,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::yield_now,
};

use crate::kernels::GROUP;

/// Turns spun before the processor is offered to others: some ten microseconds.
const SPINS: u32 = 400;

/// What the threads of one run share.
#[derive(Debug)]
pub(crate) struct Team {
    size: usize,
    arrived: AtomicUsize,
    round: AtomicUsize,
    is_over: AtomicBool,
    /// What each thread has to show. Two sets in turn: a thread may already write for the next meeting
    /// while a slower one still reads what was shown at the last.
    shown: [Vec<RwLock<Vec<f32>>>; 2],
}

/// The team is broken up.
#[derive(Debug)]
pub(crate) struct Over;

impl Team {
    pub(crate) fn new(size: usize) -> Self {
        let set = || (0..size).map(|_| RwLock::default()).collect();
        Self {
            size,
            arrived: AtomicUsize::new(0),
            round: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
            shown: [set(), set()],
        }
    }

    /// The place of thread `at`; it is broken up when the seat is dropped.
    pub(crate) fn seat(&self, at: usize) -> Seat<'_> {
        Seat {
            team: self,
            at,
            meetings: 0,
        }
    }

    /// Waits until all have come.
    fn meet(&self) -> Result<(), Over> {
        let round = self.round.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.size {
            self.arrived.store(0, Ordering::Relaxed);
            self.round.store(round.wrapping_add(1), Ordering::Release);
            return Ok(());
        }
        let mut spins = 0_u32;
        while self.round.load(Ordering::Acquire) == round {
            if self.is_over.load(Ordering::Relaxed) {
                return Err(Over);
            }
            if spins < SPINS {
                spins += 1;
                spin_loop();
            } else {
                yield_now();
            }
        }
        Ok(())
    }
}

/// One thread's place in a [`Team`].
#[derive(Debug)]
pub(crate) struct Seat<'a> {
    team: &'a Team,
    at: usize,
    meetings: usize,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.team.is_over.store(true, Ordering::Relaxed);
    }
}

impl Seat<'_> {
    pub(crate) fn meet(&mut self) -> Result<(), Over> {
        if self.team.size == 1 {
            Ok(())
        } else {
            self.team.meet()
        }
    }

    /// This thread's share of the `count` rows of a matrix: whole groups, but for the last.
    pub(crate) fn share(&self, count: usize) -> Range<usize> {
        let groups = share(self.at, self.team.size, count.div_ceil(GROUP));
        groups.start * GROUP..(groups.end * GROUP).min(count)
    }

    /// Shows `own` (swapped for an old buffer) and joins what all show, column by column.
    ///
    /// `own` holds `rows` rows of this thread's columns; `out` gets `rows` rows of all columns.
    pub(crate) fn gather(
        &mut self,
        own: &mut Vec<f32>,
        rows: usize,
        out: &mut Vec<f32>,
    ) -> Result<(), Over> {
        if self.team.size == 1 {
            std::mem::swap(own, out);
            return Ok(());
        }
        let set = &self.team.shown[self.meetings % 2];
        self.meetings += 1;
        std::mem::swap(
            own,
            &mut *set[self.at].write().unwrap_or_else(PoisonError::into_inner),
        );
        self.team.meet()?;
        let parts: Vec<_> = set
            .iter()
            .map(|part| part.read().unwrap_or_else(PoisonError::into_inner))
            .collect();
        out.clear();
        for row in 0..rows {
            for part in &parts {
                let width = part.len() / rows;
                out.extend_from_slice(&part[row * width..][..width]);
            }
        }
        Ok(())
    }
}

/// Part `at` of `count` things dealt out evenly to `size`, in order.
pub(crate) fn share(at: usize, size: usize, count: usize) -> Range<usize> {
    count * at / size..count * (at + 1) / size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gathered_is_the_same_for_all_over_many_meetings() {
        let team = Team::new(3);
        std::thread::scope(|scope| {
            for at in 0..3 {
                let team = &team;
                scope.spawn(move || {
                    let mut seat = team.seat(at);
                    let (mut own, mut all) = (Vec::new(), Vec::new());
                    for turn in 0..2000 {
                        own.clear();
                        let columns = share(at, 3, 7);
                        for row in 0..2 {
                            own.extend(columns.clone().map(|c| (turn * 100 + row * 10 + c) as f32));
                        }
                        seat.gather(&mut own, 2, &mut all).unwrap();
                        let expected: Vec<f32> = (0..2)
                            .flat_map(|row| (0..7).map(move |c| (turn * 100 + row * 10 + c) as f32))
                            .collect();
                        assert_eq!(all, expected);
                    }
                    // Nobody leaves before the last has read.
                    seat.meet().unwrap();
                });
            }
        });
    }

    #[test]
    fn nobody_waits_for_one_who_left() {
        let team = Team::new(2);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| team.seat(0).meet());
            drop(team.seat(1));
            assert!(waiting.join().unwrap().is_err());
        });
    }

    #[test]
    fn shares_are_even_and_cover_everything() {
        let shares: Vec<_> = (0..4).map(|at| share(at, 4, 10)).collect();
        assert_eq!(shares, [0..2, 2..5, 5..7, 7..10]);
    }
}
