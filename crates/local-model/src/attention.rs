//! Looking back: each new token weighs all tokens before it, one head at a time.
//!
//! Keys and values of the past are kept as f16, which halves memory and traffic, and are widened a
//! tile at a time. The sums run in the order of positions whatever the tile or the batch.

use std::ops::Range;

use half::{f16, slice::HalfFloatSliceExt};

use crate::math::{LANES, dot, multiply_add, softmax};

/// Positions widened together: a tile of keys stays in the nearest cache.
const TILE: usize = 64;

/// Positions for which memory is taken at a time.
const GROWTH: usize = 256;

/// Keys and values of one layer's heads, position by position.
#[derive(Debug, Default)]
pub(crate) struct Past {
    heads: Vec<(Vec<f16>, Vec<f16>)>,
}

impl Past {
    pub(crate) fn new(heads: usize) -> Self {
        Self {
            heads: std::iter::repeat_with(Default::default)
                .take(heads)
                .collect(),
        }
    }

    /// Forgets everything from `position` on.
    pub(crate) fn truncate(&mut self, position: usize, head_width: usize) {
        for (keys, values) in &mut self.heads {
            keys.truncate(position * head_width);
            values.truncate(position * head_width);
        }
    }

    /// Appends one position: as many keys and values as there are heads here.
    pub(crate) fn push(&mut self, keys: &[f32], values: &[f32], head_width: usize) {
        let rows = keys
            .chunks_exact(head_width)
            .zip(values.chunks_exact(head_width));
        for ((stored_keys, stored_values), (keys, values)) in self.heads.iter_mut().zip(rows) {
            append(stored_keys, keys);
            append(stored_values, values);
        }
    }
}

fn append(stored: &mut Vec<f16>, values: &[f32]) {
    let from = stored.len();
    if stored.capacity() < from + values.len() {
        // Doubling would waste much of a long conversation's memory.
        stored.reserve_exact(values.len() * GROWTH);
    }
    stored.resize(from + values.len(), f16::ZERO);
    stored[from..].convert_from_f32_slice(values);
}

/// Heads that ask, and which of the stored heads answers them.
#[derive(Clone, Debug)]
pub(crate) struct Heads {
    /// The asking heads of this thread.
    pub(crate) asking: Range<usize>,
    /// The stored heads they need.
    pub(crate) asked: Range<usize>,
    /// Asking heads that share one stored head.
    pub(crate) group: usize,
    pub(crate) width: usize,
}

/// Room for the work, kept between calls.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    tile: Vec<f32>,
    scores: Vec<f32>,
}

/// `out` (rows of this thread's asking heads) gets what `queries` (the same shape) find in `past`.
///
/// The last position of `past` belongs to the last row; each row sees the past up to its own position.
pub(crate) fn attend(
    heads: &Heads,
    past: &Past,
    queries: &[f32],
    rows: usize,
    scratch: &mut Scratch,
    out: &mut Vec<f32>,
) {
    out.clear();
    out.resize(queries.len(), 0.0);
    for (at, (keys, values)) in past.heads.iter().enumerate() {
        let answers = heads.asked.start + at;
        let from = (answers * heads.group).max(heads.asking.start) - heads.asking.start;
        let to = ((answers + 1) * heads.group).min(heads.asking.end) - heads.asking.start;
        let look = Look {
            width: heads.width,
            stride: heads.asking.len() * heads.width,
            heads: from..to,
            rows,
            length: keys.len() / heads.width,
        };
        look.score(keys, queries, scratch);
        look.mix(values, scratch, out);
    }
}

/// The heads `heads` of each row, which all look at the same stored head.
struct Look {
    width: usize,
    stride: usize,
    heads: Range<usize>,
    rows: usize,
    /// Positions stored, those of the rows themselves included.
    length: usize,
}

impl Look {
    /// Each pair of row and head: where its scores start, where its numbers start, how far it sees.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        (0..self.rows).flat_map(move |row| {
            self.heads.clone().enumerate().map(move |(at, head)| {
                let scores = (row * self.heads.len() + at) * self.length;
                let numbers = row * self.stride + head * self.width;
                (scores, numbers, self.length - self.rows + row + 1)
            })
        })
    }

    fn score(&self, keys: &[f16], queries: &[f32], scratch: &mut Scratch) {
        let scale = (self.width as f32).sqrt().recip();
        scratch
            .scores
            .resize(self.rows * self.heads.len() * self.length, 0.0);
        for (tile, keys) in keys.chunks(TILE * self.width).enumerate() {
            widen(keys, &mut scratch.tile);
            for (scores, numbers, seen) in self.pairs() {
                let query = &queries[numbers..numbers + self.width];
                let scores = &mut scratch.scores[scores..scores + seen];
                let Some(scores) = scores.get_mut(tile * TILE..) else {
                    continue;
                };
                for (score, key) in scores.iter_mut().zip(scratch.tile.chunks_exact(self.width)) {
                    *score = dot(query, key) * scale;
                }
            }
        }
        for (scores, _, seen) in self.pairs() {
            softmax(&mut scratch.scores[scores..scores + seen]);
        }
    }

    fn mix(&self, values: &[f16], scratch: &mut Scratch, out: &mut [f32]) {
        for (tile, values) in values.chunks(TILE * self.width).enumerate() {
            widen(values, &mut scratch.tile);
            for (scores, numbers, seen) in self.pairs() {
                let weights = &scratch.scores[scores..scores + seen];
                let Some(weights) = weights.get(tile * TILE..) else {
                    continue;
                };
                let out = &mut out[numbers..numbers + self.width];
                for (lane, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                    let mut totals = *out;
                    let values = scratch.tile.chunks_exact(self.width);
                    for (weight, value) in weights.iter().zip(values) {
                        let value = &value[lane * LANES..][..LANES];
                        for (total, value) in totals.iter_mut().zip(value) {
                            *total = multiply_add(*weight, *value, *total);
                        }
                    }
                    *out = totals;
                }
            }
        }
    }
}

fn widen(stored: &[f16], tile: &mut Vec<f32>) {
    tile.resize(stored.len(), 0.0);
    stored.convert_to_f32_slice(tile);
}
