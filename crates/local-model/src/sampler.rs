//! The choice of the next token.

use std::collections::VecDeque;

/// Tokens looked back on when repetition is made less likely.
const LOOK_BACK: usize = 64;
/// Tokens this much less likely than the best, in units of the temperature, never matter.
const NEGLIGIBLE: f32 = 16.0;

/// How to choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Taste {
    /// 0 takes the likeliest always.
    pub(crate) temperature: f32,
    /// The likeliest tokens that together have this probability are drawn from.
    pub(crate) top_p: f32,
    /// Scores of recent tokens are divided by this.
    pub(crate) repetition_penalty: f32,
}

/// Chooses tokens, and remembers the latest.
#[derive(Debug)]
pub(crate) struct Sampler {
    taste: Taste,
    recent: VecDeque<u32>,
    random: Random,
    candidates: Vec<(f32, u32)>,
}

impl Sampler {
    /// `recent`: what was said just before.
    pub(crate) fn new(taste: Taste, seed: u64, recent: &[u32]) -> Self {
        let recent = recent[recent.len().saturating_sub(LOOK_BACK)..]
            .iter()
            .copied()
            .collect();
        Self {
            taste,
            recent,
            random: Random(seed),
            candidates: Vec::new(),
        }
    }

    /// The next token, by the scores of the whole vocabulary.
    pub(crate) fn choose(&mut self, scores: &mut [f32]) -> u32 {
        self.discourage_repetition(scores);
        let (best, most) = likeliest(scores);
        let token = if self.taste.temperature > 0.0 {
            self.draw(scores, most)
        } else {
            best
        };
        if self.recent.len() == LOOK_BACK {
            self.recent.pop_front();
        }
        self.recent.push_back(token);
        token
    }

    fn discourage_repetition(&self, scores: &mut [f32]) {
        for (at, token) in self.recent.iter().enumerate() {
            // Once for each token, however often it came.
            if self.recent.iter().take(at).any(|earlier| earlier == token) {
                continue;
            }
            if let Some(score) = scores.get_mut(*token as usize) {
                let penalty = self.taste.repetition_penalty;
                *score = if *score > 0.0 {
                    *score / penalty
                } else {
                    *score * penalty
                };
            }
        }
    }

    fn draw(&mut self, scores: &[f32], most: f32) -> u32 {
        let floor = most - NEGLIGIBLE * self.taste.temperature;
        self.candidates.clear();
        self.candidates.extend(
            scores
                .iter()
                .zip(0_u32..)
                .filter(|(score, _)| **score >= floor)
                .map(|(score, token)| (((score - most) / self.taste.temperature).exp(), token)),
        );
        self.candidates
            .sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let total: f32 = self.candidates.iter().map(|(weight, _)| weight).sum();
        let mut kept = 0.0;
        let mut count = 0;
        for (weight, _) in &self.candidates {
            kept += weight;
            count += 1;
            if kept >= self.taste.top_p * total {
                break;
            }
        }
        let mut left = self.random.next() * kept;
        for (weight, token) in &self.candidates[..count] {
            left -= weight;
            if left <= 0.0 {
                return *token;
            }
        }
        self.candidates[count - 1].1
    }
}

/// The token with the highest score, the first of several, and its score.
fn likeliest(scores: &[f32]) -> (u32, f32) {
    let better = |best: (u32, f32), (score, token): (&f32, u32)| {
        if *score > best.1 {
            (token, *score)
        } else {
            best
        }
    };
    scores
        .iter()
        .zip(0_u32..)
        .fold((0, f32::NEG_INFINITY), better)
}

/// `SplitMix64`: small, and good enough to draw words.
#[derive(Debug)]
struct Random(u64);

impl Random {
    /// Evenly from 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 40) as f32 / (1_u32 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(taste: Taste, scores: &[f32]) -> Vec<usize> {
        let mut counts = vec![0; scores.len()];
        for seed in 0..4000 {
            let token = Sampler::new(taste, seed, &[]).choose(&mut scores.to_vec());
            counts[token as usize] += 1;
        }
        counts
    }

    const PLAIN: Taste = Taste {
        temperature: 1.0,
        top_p: 1.0,
        repetition_penalty: 1.0,
    };

    #[test]
    fn tokens_come_as_often_as_their_scores_say() {
        let scores = [0.5_f32.ln(), 0.3_f32.ln(), 0.2_f32.ln()];
        let counts = counts(PLAIN, &scores);
        assert!((1900..2100).contains(&counts[0]), "{counts:?}");
        assert!((700..900).contains(&counts[2]), "{counts:?}");
    }

    #[test]
    fn top_p_cuts_the_tail_and_a_low_temperature_favours_the_best() {
        let scores = [0.5_f32.ln(), 0.3_f32.ln(), 0.2_f32.ln()];
        assert_eq!(
            counts(
                Taste {
                    top_p: 0.7,
                    ..PLAIN
                },
                &scores
            )[2],
            0
        );
        assert!(
            counts(
                Taste {
                    temperature: 0.2,
                    ..PLAIN
                },
                &scores
            )[0] > 3500
        );
    }

    #[test]
    fn temperature_zero_takes_the_best_and_the_seed_decides_the_rest() {
        let mut sampler = Sampler::new(
            Taste {
                temperature: 0.0,
                ..PLAIN
            },
            1,
            &[],
        );
        assert_eq!(sampler.choose(&mut [0.1, 0.9, 0.9]), 1);
        let draw = |seed| {
            let mut sampler = Sampler::new(PLAIN, seed, &[]);
            (0..20)
                .map(|_| sampler.choose(&mut [0.0; 100]))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn what_was_said_lately_becomes_less_likely_but_only_once() {
        let taste = Taste {
            temperature: 0.0,
            top_p: 1.0,
            repetition_penalty: 1.1,
        };
        let mut sampler = Sampler::new(taste, 1, &[0, 0, 0, 0]);
        let mut scores = [1.0, 0.95, -1.0];
        assert_eq!(sampler.choose(&mut scores), 1);
        assert!((scores[0] - 1.0 / 1.1).abs() < 1e-6);
    }
}
