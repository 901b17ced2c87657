//! The kernels in plain Rust, for processors without AVX2 and as the yardstick of the tests.

use super::{BLOCK, EightBits, Form, FourBits, GROUP, Rounded, Row, half_at};

pub(super) fn multiply(
    form: Form,
    weights: &[u8],
    rows: usize,
    activations: &Rounded,
    out: &mut [f32],
) {
    let group_bytes = form.bytes(activations.width) * GROUP;
    for (at, group) in weights.chunks_exact(group_bytes).enumerate() {
        for t in 0..activations.rows() {
            let row = activations.row(t);
            let totals = match form {
                Form::FourBit => four_bit(group.as_chunks().0, row),
                Form::EightBit => eight_bit(group.as_chunks().0, row),
            };
            let out = &mut out[t * rows..(t + 1) * rows];
            for (out, total) in out[at * GROUP..].iter_mut().zip(totals) {
                *out = total;
            }
        }
    }
}

fn four_bit(group: &[FourBits], row: Row<'_>) -> [f32; GROUP] {
    let mut totals = [0.0; GROUP];
    for (at, block) in group.iter().enumerate() {
        let numbers: [i8; BLOCK] = bytemuck::cast(row.words[at]);
        let mut sums = [0_i32; GROUP];
        for (fours, bytes) in block[32..].as_chunks::<32>().0.iter().enumerate() {
            for (place, byte) in bytes.iter().enumerate() {
                let number = fours * 4 + place % 4;
                sums[place / 4] += i32::from(byte & 15) * i32::from(numbers[number])
                    + i32::from(byte >> 4) * i32::from(numbers[number + 16]);
            }
        }
        for (lane, total) in totals.iter_mut().enumerate() {
            let (scale, least) = (half_at(block, lane * 2), half_at(block, 16 + lane * 2));
            *total += scale * row.scales[at] * sums[lane] as f32 + least * row.sums[at];
        }
    }
    totals
}

fn eight_bit(group: &[EightBits], row: Row<'_>) -> [f32; GROUP] {
    let mut totals = [0.0; GROUP];
    for (at, block) in group.iter().enumerate() {
        let numbers: [i8; BLOCK] = bytemuck::cast(row.words[at]);
        let mut sums = [0_i32; GROUP];
        for (fours, bytes) in block[16..].as_chunks::<32>().0.iter().enumerate() {
            for (place, byte) in bytes.iter().enumerate() {
                let number = i32::from(numbers[fours * 4 + place % 4]);
                sums[place / 4] += i32::from(byte.cast_signed()) * number;
            }
        }
        for (lane, total) in totals.iter_mut().enumerate() {
            *total += half_at(block, lane * 2) * row.scales[at] * sums[lane] as f32;
        }
    }
    totals
}
