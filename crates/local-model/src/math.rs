//! The small vector steps of a transformer: normalisation, rotation, activation, softmax.
//!
//! Sums run in a fixed number of lanes, so that the compiler can use vector instructions and the
//! result does not depend on the machine's width.

use crate::kernels::ROUNDER;

/// Numbers added side by side.
pub(crate) const LANES: usize = 32;

/// `a * b + c` in one instruction where the processor has it; elsewhere the library call would be slow.
#[inline(always)]
pub(crate) fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
        a.mul_add(b, c)
    } else {
        a * b + c
    }
}

/// Sum of products; both slices have the same length, a multiple of [`LANES`].
#[inline]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut totals = [0.0_f32; LANES];
    for (a, b) in a
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(b.as_chunks::<LANES>().0)
    {
        for at in 0..LANES {
            totals[at] = multiply_add(a[at], b[at], totals[at]);
        }
    }
    halve(totals)
}

/// Adds the lanes pairwise.
#[inline]
fn halve(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for at in 0..half {
            lanes[at] += lanes[at + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// Root-mean-square normalisation of each row of `weight.len()` numbers.
pub(crate) fn rms_norm(rows: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    let width = weight.len();
    for (row, out) in rows.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        let scale = (dot(row, row) / width as f32 + epsilon).sqrt().recip();
        for ((out, value), weight) in out.iter_mut().zip(row).zip(weight) {
            *out = value * scale * weight;
        }
    }
}

/// e^x, to about seven digits; what is too small or too large for a float is held at its edge.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let exponent = (x * std::f32::consts::LOG2_E).clamp(-126.0, 127.0);
    let shifted = exponent + ROUNDER;
    let whole = shifted.to_bits().wrapping_sub(ROUNDER.to_bits());
    let part = (exponent - (shifted - ROUNDER)) * std::f32::consts::LN_2;
    // Taylor of e^part, |part| <= ln(2)/2.
    let mut power = 1.0 / 5040.0;
    for factor in [
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        power = multiply_add(power, part, factor);
    }
    power * f32::from_bits(whole.wrapping_add(127) << 23)
}

/// `gate = silu(gate) * up`, the activation of the feed-forward part.
pub(crate) fn swiglu(gate: &mut [f32], up: &[f32]) {
    for (gate, up) in gate.iter_mut().zip(up) {
        *gate = *gate / (1.0 + exp(-*gate)) * up;
    }
}

/// Turns scores into weights that add up to one.
pub(crate) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut totals = [0.0_f32; LANES];
    let (chunks, rest) = scores.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for (score, total) in chunk.iter_mut().zip(&mut totals) {
            *score = exp(*score - most);
            *total += *score;
        }
    }
    let mut total = halve(totals);
    for score in rest {
        *score = exp(*score - most);
        total += *score;
    }
    let scale = total.recip();
    for score in scores {
        *score *= scale;
    }
}

/// `row += other`.
pub(crate) fn add(row: &mut [f32], other: &[f32]) {
    for (a, b) in row.iter_mut().zip(other) {
        *a += b;
    }
}

/// Which numbers of a head turn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// Neighbours: (0, 1), (2, 3), …
    Neighbours,
    /// One of the first half with one of the second.
    Halves,
}

/// Turns one head by the angles whose cosines and sines are given, one for each pair.
pub(crate) fn rotate(head: &mut [f32], cosines: &[f32], sines: &[f32], pairing: Pairing) {
    let half = cosines.len();
    for (at, (cos, sin)) in cosines.iter().zip(sines).enumerate() {
        let (first, second) = match pairing {
            Pairing::Neighbours => (2 * at, 2 * at + 1),
            Pairing::Halves => (at, at + half),
        };
        let (a, b) = (head[first], head[second]);
        head[first] = a * cos - b * sin;
        head[second] = a * sin + b * cos;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_over_the_whole_range() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0;
            let (ours, exact) = (f64::from(exp(x)), f64::from(x).exp());
            assert!(
                ((ours - exact) / exact).abs() < 1e-5,
                "{x}: {ours} for {exact}"
            );
        }
        assert!(exp(-1e9) < 1e-37);
    }

    #[test]
    fn softmax_adds_up_to_one_and_keeps_the_ratios() {
        let mut scores: Vec<f32> = (0..77).map(|at| at as f32 / 10.0).collect();
        softmax(&mut scores);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!((scores[11] / scores[1] - std::f32::consts::E).abs() < 1e-4);
    }

    fn is_near(a: &[f32], b: &[f32]) -> bool {
        a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6)
    }

    #[test]
    fn both_pairings_turn_by_the_angle() {
        let (cos, sin) = (0.6, 0.8);
        let mut neighbours = [1.0, 0.0, 0.0, 1.0];
        rotate(
            &mut neighbours,
            &[cos, cos],
            &[sin, sin],
            Pairing::Neighbours,
        );
        assert!(
            is_near(&neighbours, &[0.6, 0.8, -0.8, 0.6]),
            "{neighbours:?}"
        );
        let mut halves = [1.0, 0.0, 0.0, 1.0];
        rotate(&mut halves, &[cos, cos], &[sin, sin], Pairing::Halves);
        assert!(is_near(&halves, &[0.6, -0.8, 0.8, 0.6]), "{halves:?}");
    }

    #[test]
    fn dot_and_norm_agree_with_the_plain_sums() {
        let a: Vec<f32> = (0..96).map(|at| (at as f32 * 0.37).sin()).collect();
        let b: Vec<f32> = (0..96).map(|at| (at as f32 * 0.11).cos()).collect();
        let plain: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        assert!((dot(&a, &b) - plain).abs() < 1e-4);
        let mut out = vec![0.0; 96];
        rms_norm(&a, &[1.0; 96], 0.0, &mut out);
        assert!((dot(&out, &out) / 96.0 - 1.0).abs() < 1e-5);
    }
}
