//! One running answer in memory: what its viewers read and what the journal writes down.
//!
//! Every delta has a sequence number, one more than the last. The text is kept once; a bounded
//! ring remembers where the last deltas begin, so that a viewer may resume exactly. A viewer that
//! is further behind gets a snapshot: nothing is ever queued for a slow reader.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use serde::{Deserialize, Serialize};
use store::{ChatId, GenerationId, MessageId, UserId, entity::message::Status};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Deltas that a viewer may be behind and still get one by one.
const RING: usize = 4096;

/// Which of the two texts a delta belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channel {
    #[serde(rename = "t")]
    Text,
    #[serde(rename = "r")]
    Reasoning,
}

/// Consecutive pieces, as the event log keeps them.
pub type Deltas = Vec<(Channel, String)>;

/// One piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    pub seq: i64,
    pub channel: Channel,
    pub text: String,
}

/// The whole of an answer at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub seq: i64,
    pub content: String,
    pub reasoning: String,
}

/// What a viewer has not seen yet.
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    Deltas(Vec<Delta>),
    Snapshot(Snapshot),
}

pub struct Live {
    pub generation: GenerationId,
    pub message: MessageId,
    pub chat: ChatId,
    pub owner: UserId,
    /// Asked to stop by the owner.
    pub stop: CancellationToken,
    /// The row is gone, or the server ends: what is here is not settled by the task.
    pub abandoned: CancellationToken,
    /// Sockets were told of the end.
    told: AtomicBool,
    /// The number of the last delta before this run of the model.
    began_at: i64,
    state: Mutex<State>,
    changed: watch::Sender<i64>,
}

struct State {
    content: String,
    reasoning: String,
    seq: i64,
    ring: VecDeque<Piece>,
    /// Deltas that the journal has not taken yet.
    unwritten: Deltas,
    /// The sequence number up to which the row holds the text.
    applied: i64,
    applied_at: Instant,
    ended: Option<Status>,
}

struct Piece {
    seq: i64,
    channel: Channel,
    start: usize,
    end: usize,
}

/// What the journal writes down of one answer in one go.
pub struct Unwritten {
    /// The sequence number of the first of `deltas`.
    pub first: i64,
    pub deltas: Deltas,
}

impl Live {
    pub fn new(
        (generation, message, chat, owner): (GenerationId, MessageId, ChatId, UserId),
        so_far: Snapshot,
    ) -> Self {
        let (changed, _) = watch::channel(so_far.seq);
        Self {
            generation,
            message,
            chat,
            owner,
            stop: CancellationToken::new(),
            abandoned: CancellationToken::new(),
            told: AtomicBool::new(false),
            began_at: so_far.seq,
            state: Mutex::new(State {
                applied: so_far.seq,
                applied_at: Instant::now(),
                content: so_far.content,
                reasoning: so_far.reasoning,
                seq: so_far.seq,
                ring: VecDeque::new(),
                unwritten: Vec::new(),
                ended: None,
            }),
            changed,
        }
    }

    /// No piece of it goes to sockets any more.
    pub fn tell(&self) {
        self.told.store(true, Ordering::Release);
    }

    pub fn is_told(&self) -> bool {
        self.told.load(Ordering::Acquire)
    }

    pub fn began_at(&self) -> i64 {
        self.began_at
    }

    /// Appends a piece and wakes the viewers.
    pub fn push(&self, channel: Channel, text: String) {
        let seq = {
            let mut state = self.state();
            state.seq += 1;
            let seq = state.seq;
            let buffer = match channel {
                Channel::Text => &mut state.content,
                Channel::Reasoning => &mut state.reasoning,
            };
            let start = buffer.len();
            buffer.push_str(&text);
            let end = buffer.len();
            if state.ring.len() == RING {
                state.ring.pop_front();
            }
            state.ring.push_back(Piece {
                seq,
                channel,
                start,
                end,
            });
            state.unwritten.push((channel, text));
            seq
        };
        self.changed.send_replace(seq);
    }

    /// What came after `seen`, and the status in which the answer ended, if it did. `None` asks
    /// for a snapshot.
    pub fn news(&self, seen: Option<i64>) -> (News, Option<Status>) {
        let state = self.state();
        let oldest = state.ring.front().map_or(state.seq + 1, |piece| piece.seq);
        let news = match seen {
            Some(seen) if seen <= state.seq && seen + 1 >= oldest => {
                News::Deltas(state.after(seen))
            }
            _ => News::Snapshot(state.snapshot()),
        };
        (news, state.ended)
    }

    pub fn snapshot(&self) -> Snapshot {
        self.state().snapshot()
    }

    /// Resolves when there may be news; subscribe before reading them.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.changed.subscribe()
    }

    /// Somebody is looking at it.
    pub fn is_watched(&self) -> bool {
        self.changed.receiver_count() > 0
    }

    /// The answer has ended, and its row says so.
    pub fn end(&self, status: Status) {
        self.state().ended = Some(status);
        self.changed.send_modify(|_| {});
    }

    /// Takes what is not written down yet.
    pub fn take_unwritten(&self) -> Option<Unwritten> {
        let mut state = self.state();
        let deltas = std::mem::take(&mut state.unwritten);
        let count = i64::try_from(deltas.len()).unwrap_or_default();
        (count > 0).then(|| Unwritten {
            first: state.seq - count + 1,
            deltas,
        })
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, unwritten: Unwritten) {
        let mut state = self.state();
        let later = std::mem::replace(&mut state.unwritten, unwritten.deltas);
        state.unwritten.extend(later);
    }

    /// The text for the row, when it is time to move it there: every second and a half, and more
    /// rarely the longer it is, as every move writes all of it.
    pub fn due(&self) -> Option<Snapshot> {
        let state = self.state();
        let kilobytes = u64::try_from((state.content.len() + state.reasoning.len()) / 1024);
        let wait = 1500 + kilobytes.unwrap_or_default() * 8;
        let is_due =
            state.seq > state.applied && state.applied_at.elapsed().as_millis() >= wait.into();
        is_due.then(|| state.snapshot())
    }

    /// The row holds the text up to `seq`.
    pub fn applied(&self, seq: i64) {
        let mut state = self.state();
        state.applied = seq;
        state.applied_at = Instant::now();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn snapshot(&self) -> Snapshot {
        Snapshot {
            seq: self.seq,
            content: self.content.clone(),
            reasoning: self.reasoning.clone(),
        }
    }

    fn after(&self, seen: i64) -> Vec<Delta> {
        let first = self.ring.partition_point(|piece| piece.seq <= seen);
        let text = |piece: &Piece| {
            let buffer = match piece.channel {
                Channel::Text => &self.content,
                Channel::Reasoning => &self.reasoning,
            };
            buffer
                .get(piece.start..piece.end)
                .unwrap_or_default()
                .to_owned()
        };
        self.ring
            .iter()
            .skip(first)
            .map(|piece| Delta {
                seq: piece.seq,
                channel: piece.channel,
                text: text(piece),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    fn live() -> Live {
        let clock = Clock::manual(DateTime::UNIX_EPOCH, 1);
        let ids = (clock.id(), clock.id(), clock.id(), clock.id());
        Live::new(
            ids,
            Snapshot {
                seq: 0,
                content: String::new(),
                reasoning: String::new(),
            },
        )
    }

    #[test]
    fn a_viewer_resumes_exactly_where_it_was() {
        let live = live();
        for word in ["Nam", "as", "te"] {
            live.push(Channel::Text, word.to_owned());
        }
        let (News::Deltas(deltas), None) = live.news(Some(1)) else {
            panic!("no deltas")
        };
        let seen: Vec<_> = deltas
            .iter()
            .map(|delta| (delta.seq, delta.text.as_str()))
            .collect();
        assert_eq!(seen, [(2, "as"), (3, "te")]);
        assert_eq!(live.news(Some(3)).0, News::Deltas(vec![]));
    }

    #[test]
    fn a_viewer_too_far_behind_or_ahead_gets_a_snapshot() {
        let live = live();
        for _ in 0..RING + 10 {
            live.push(Channel::Text, "x".to_owned());
        }
        for seen in [None, Some(0), Some(9), Some(1_000_000)] {
            let (News::Snapshot(snapshot), None) = live.news(seen) else {
                panic!("{seen:?}")
            };
            assert_eq!(snapshot.content.len(), RING + 10);
        }
        assert!(matches!(live.news(Some(10)).0, News::Deltas(deltas) if deltas.len() == RING));
    }

    #[test]
    fn what_could_not_be_written_is_written_later_in_order() {
        let live = live();
        live.push(Channel::Text, "a".to_owned());
        let first = live.take_unwritten().unwrap();
        live.push(Channel::Reasoning, "b".to_owned());
        live.put_back(first);
        let all = live.take_unwritten().unwrap();
        assert_eq!(all.first, 1);
        let texts: Vec<_> = all.deltas.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["a", "b"]);
        assert!(live.take_unwritten().is_none());
    }
}
