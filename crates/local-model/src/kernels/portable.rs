//! The kernels in plain Rust, for processors without AVX2 and as the yardstick of the tests.

use super::{BLOCK, EIGHT_BIT_BYTES, FOUR_BIT_BYTES, Form, Rounded, Row, half_at};

pub(super) fn multiply(form: Form, weights: &[u8], activations: &Rounded, out: &mut [f32]) {
    let row_bytes = form.bytes(activations.width);
    let rows = weights.len() / row_bytes;
    for (row, out) in activations.each().zip(out.chunks_exact_mut(rows)) {
        for (weights, out) in weights.chunks_exact(row_bytes).zip(out) {
            *out = match form {
                Form::FourBit => four_bit(weights.as_chunks().0, row),
                Form::EightBit => eight_bit(weights.as_chunks().0, row),
            };
        }
    }
}

fn four_bit(weights: &[[u8; FOUR_BIT_BYTES]], row: Row<'_>) -> f32 {
    let mut total = 0.0;
    for (at, block) in weights.iter().enumerate() {
        let numbers = &row.numbers[at];
        let mut sum = 0_i32;
        for (byte, (low, high)) in block[4..]
            .iter()
            .zip(numbers[..16].iter().zip(&numbers[16..]))
        {
            sum += i32::from(byte & 15) * i32::from(low.cast_signed())
                + i32::from(byte >> 4) * i32::from(high.cast_signed());
        }
        total += half_at(block, 0) * row.scales[at] * sum as f32
            + half_at(block, 2) * row.eighths[at] * 8.0;
    }
    total
}

fn eight_bit(weights: &[[u8; EIGHT_BIT_BYTES]], row: Row<'_>) -> f32 {
    let mut total = 0.0;
    for (at, block) in weights.iter().enumerate() {
        let numbers: &[u8; BLOCK] = &row.numbers[at];
        let sum: i32 = block[2..]
            .iter()
            .zip(numbers)
            .map(|(w, x)| i32::from(w.cast_signed()) * i32::from(x.cast_signed()))
            .sum();
        total += half_at(block, 0) * row.scales[at] * sum as f32;
    }
    total
}
