//! One thread's share of the network: the same steps for all threads, each with its own rows.

use std::ops::Range;

use crate::{
    attention::{Heads, Past, Scratch, attend},
    gguf::Shape,
    kernels::Rounded,
    math::{add, rms_norm, rotate, swiglu},
    team::{Over, Seat, share},
    weights::{Layer, Weights},
};

/// A step through the network: some tokens of one remembered conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    /// Which of the remembered conversations.
    pub(crate) memory: usize,
    /// Position of the first token; what is remembered from there on is forgotten.
    pub(crate) start: usize,
    pub(crate) tokens: Vec<u32>,
    /// Whether the scores of what comes after the last token are wanted.
    pub(crate) wants_scores: bool,
}

/// A thread's own memory and working space.
#[derive(Debug)]
pub(crate) struct Shard {
    heads: Heads,
    /// For each remembered conversation: keys and values of each layer.
    memories: Vec<Vec<Past>>,
    work: Work,
}

/// Buffers kept from step to step.
#[derive(Debug, Default)]
struct Work {
    state: Vec<f32>,
    normal: Vec<f32>,
    rounded: Rounded,
    queries: Vec<f32>,
    keys: Vec<f32>,
    values: Vec<f32>,
    own: Vec<f32>,
    up: Vec<f32>,
    joined: Vec<f32>,
    cosines: Vec<f32>,
    sines: Vec<f32>,
    scratch: Scratch,
}

impl Shard {
    pub(crate) fn new(at: usize, size: usize, shape: &Shape, memories: usize) -> Self {
        let asking = share(at, size, shape.heads);
        let group = shape.heads / shape.key_heads;
        let asked = if asking.is_empty() {
            0..0
        } else {
            asking.start / group..(asking.end - 1) / group + 1
        };
        let layer = || Past::new(asked.len());
        let memory = || std::iter::repeat_with(layer).take(shape.layers).collect();
        let memories = std::iter::repeat_with(memory).take(memories).collect();
        let heads = Heads {
            asking,
            asked,
            group,
            width: shape.head_width,
        };
        Self {
            heads,
            memories,
            work: Work::default(),
        }
    }

    /// Walks through the network; `scores` gets the whole vocabulary's, when they are wanted.
    pub(crate) fn walk(
        &mut self,
        weights: &Weights,
        shape: &Shape,
        step: &Step,
        seat: &mut Seat<'_>,
        scores: &mut Vec<f32>,
    ) -> Result<(), Over> {
        let Self {
            heads,
            memories,
            work,
        } = self;
        work.begin(weights, shape, step);
        let memory = &mut memories[step.memory];
        for (layer, past) in weights.layers.iter().zip(memory) {
            past.truncate(step.start, shape.head_width);
            work.look_back(weights, shape, layer, heads, past, seat)?;
            work.feed_forward(weights, shape, layer, seat)?;
        }
        if step.wants_scores {
            let last = &work.state[work.state.len() - shape.hidden..];
            work.normal.resize(shape.hidden, 0.0);
            rms_norm(last, &weights.final_norm, shape.epsilon, &mut work.normal);
            work.rounded.set(&work.normal, shape.hidden);
            let band = seat.share(shape.vocabulary);
            weights.multiply(weights.head, band, &work.rounded, &mut work.own);
            seat.gather(&mut work.own, 1, scores)?;
        }
        Ok(())
    }
}

impl Work {
    fn begin(&mut self, weights: &Weights, shape: &Shape, step: &Step) {
        self.state.resize(step.tokens.len() * shape.hidden, 0.0);
        for (token, row) in step
            .tokens
            .iter()
            .zip(self.state.chunks_exact_mut(shape.hidden))
        {
            weights.embed(*token, row);
        }
        self.cosines.clear();
        self.sines.clear();
        for position in step.start..step.start + step.tokens.len() {
            for pair in 0..shape.rotated / 2 {
                let turn = -2.0 * pair as f64 / shape.rotated as f64;
                let slower = weights
                    .rope_factors
                    .as_ref()
                    .map_or(1.0, |by| f64::from(by[pair]));
                let speed = shape.rope_base.powf(turn) / slower / shape.rope_scale;
                let (sin, cos) = (position as f64 * speed).sin_cos();
                self.cosines.push(cos as f32);
                self.sines.push(sin as f32);
            }
        }
    }

    /// Normalises and rounds the state.
    fn prepare(&mut self, norm: &[f32], shape: &Shape) {
        self.normal.resize(self.state.len(), 0.0);
        rms_norm(&self.state, norm, shape.epsilon, &mut self.normal);
        self.rounded.set(&self.normal, shape.hidden);
    }

    fn look_back(
        &mut self,
        weights: &Weights,
        shape: &Shape,
        layer: &Layer,
        heads: &Heads,
        past: &mut Past,
        seat: &mut Seat<'_>,
    ) -> Result<(), Over> {
        let rows = self.state.len() / shape.hidden;
        let width = heads.width;
        self.prepare(&layer.attention_norm, shape);
        let asking = numbers_of(&heads.asking, width);
        let asked = numbers_of(&heads.asked, width);
        weights.multiply(
            layer.query,
            asking.clone(),
            &self.rounded,
            &mut self.queries,
        );
        weights.multiply(layer.key, asked.clone(), &self.rounded, &mut self.keys);
        weights.multiply(layer.value, asked.clone(), &self.rounded, &mut self.values);
        bias(&mut self.queries, layer.query_bias.as_deref(), asking);
        bias(&mut self.keys, layer.key_bias.as_deref(), asked.clone());
        bias(&mut self.values, layer.value_bias.as_deref(), asked.clone());
        self.turn(shape, rows, layer);
        if !asked.is_empty() {
            let positions = self.keys.chunks_exact(asked.len());
            for (keys, values) in positions.zip(self.values.chunks_exact(asked.len())) {
                past.push(keys, values, width);
            }
        }
        attend(
            heads,
            past,
            &self.queries,
            rows,
            &mut self.scratch,
            &mut self.own,
        );
        seat.gather(&mut self.own, rows, &mut self.joined)?;
        self.rounded.set(&self.joined, shape.heads * width);
        let band = seat.share(shape.hidden);
        weights.multiply(layer.attention_out, band, &self.rounded, &mut self.own);
        seat.gather(&mut self.own, rows, &mut self.joined)?;
        add(&mut self.state, &self.joined);
        Ok(())
    }

    /// Normalises queries and keys where the model wants that, and turns them by their positions.
    fn turn(&mut self, shape: &Shape, rows: usize, layer: &Layer) {
        let norms = [layer.query_norm.as_deref(), layer.key_norm.as_deref()];
        for (numbers, norm) in [&mut self.queries, &mut self.keys].into_iter().zip(norms) {
            if let Some(norm) = norm {
                self.normal.resize(numbers.len(), 0.0);
                rms_norm(numbers, norm, shape.epsilon, &mut self.normal);
                numbers.copy_from_slice(&self.normal);
            }
            if numbers.is_empty() {
                continue;
            }
            let pairs = shape.rotated / 2;
            let angles = self
                .cosines
                .chunks_exact(pairs)
                .zip(self.sines.chunks_exact(pairs));
            let per_row = numbers.len() / rows;
            for (row, (cosines, sines)) in numbers.chunks_exact_mut(per_row).zip(angles) {
                for head in row.chunks_exact_mut(shape.head_width) {
                    rotate(head, cosines, sines, shape.pairing);
                }
            }
        }
    }

    fn feed_forward(
        &mut self,
        weights: &Weights,
        shape: &Shape,
        layer: &Layer,
        seat: &mut Seat<'_>,
    ) -> Result<(), Over> {
        let rows = self.state.len() / shape.hidden;
        self.prepare(&layer.feed_forward_norm, shape);
        let band = seat.share(shape.feed_forward);
        weights.multiply(layer.gate, band.clone(), &self.rounded, &mut self.own);
        weights.multiply(layer.up, band, &self.rounded, &mut self.up);
        swiglu(&mut self.own, &self.up);
        seat.gather(&mut self.own, rows, &mut self.joined)?;
        self.rounded.set(&self.joined, shape.feed_forward);
        let band = seat.share(shape.hidden);
        weights.multiply(layer.down, band, &self.rounded, &mut self.own);
        seat.gather(&mut self.own, rows, &mut self.joined)?;
        add(&mut self.state, &self.joined);
        Ok(())
    }
}

fn numbers_of(heads: &Range<usize>, width: usize) -> Range<usize> {
    heads.start * width..heads.end * width
}

/// Adds this thread's part of a bias to each row.
fn bias(rows: &mut [f32], bias: Option<&[f32]>, part: Range<usize>) {
    let Some(bias) = bias else { return };
    if part.is_empty() {
        return;
    }
    for row in rows.chunks_exact_mut(part.len()) {
        add(row, &bias[part.clone()]);
    }
}
