//! Products of quantised matrices with activations: where nearly all the time goes.
//!
//! Weights stay as the file holds them, blocks of 32 numbers along a row in one of two [`Form`]s.
//! Activations are rounded to 8 bits, also in blocks of 32, so that a block costs one integer
//! product and one scaling. For one weight row and one activation row the order of additions never
//! depends on how many rows are computed together: a prompt gives the same numbers, bit by bit,
//! whether it is read in one piece or in many.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

use half::f16;

/// Numbers in a block.
pub(crate) const BLOCK: usize = 32;

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// 20 bytes a block: f16 scale, f16 minimum, 16 bytes with two 4-bit numbers each.
    FourBit,
    /// 34 bytes a block: f16 scale, 32 signed bytes.
    EightBit,
}

pub(crate) const FOUR_BIT_BYTES: usize = 20;
pub(crate) const EIGHT_BIT_BYTES: usize = 34;

impl Form {
    /// Bytes that `count` numbers take; `count` is a multiple of [`BLOCK`].
    pub(crate) const fn bytes(self, count: usize) -> usize {
        let block = match self {
            Self::FourBit => FOUR_BIT_BYTES,
            Self::EightBit => EIGHT_BIT_BYTES,
        };
        count / BLOCK * block
    }
}

/// Rows of activations, rounded to 8 bits per number with one scale a block.
#[derive(Debug, Default)]
pub(crate) struct Rounded {
    /// Numbers per row.
    width: usize,
    /// The numbers, as the bits of `i8`.
    numbers: Vec<u8>,
    /// Scale of each block.
    scales: Vec<f32>,
    /// An eighth of the sum of each block's numbers times its scale: the kernels add it in eight lanes.
    eighths: Vec<f32>,
}

/// Borrowed view of one row of [`Rounded`].
#[derive(Clone, Copy)]
struct Row<'a> {
    numbers: &'a [[u8; BLOCK]],
    scales: &'a [f32],
    eighths: &'a [f32],
}

/// Adding and taking away 1.5 * 2^23 rounds a float to the nearest whole number, ties to even, and
/// leaves that number in the low bits: unlike a saturating cast this compiles to vector code.
pub(crate) const ROUNDER: f32 = 12_582_912.0;

impl Rounded {
    /// Replaces what is held by `values`: rows of `width` numbers, a multiple of [`BLOCK`].
    pub(crate) fn set(&mut self, values: &[f32], width: usize) {
        self.width = width;
        self.numbers.clear();
        self.scales.clear();
        self.eighths.clear();
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        debug_assert!(rest.is_empty(), "a row is a whole number of blocks");
        for block in blocks {
            let (numbers, scale, sum) = round_block(block);
            self.numbers.extend_from_slice(&numbers);
            self.scales.push(scale);
            self.eighths.push(scale * sum * 0.125);
        }
    }

    /// How many rows are held.
    pub(crate) fn rows(&self) -> usize {
        self.numbers.len().checked_div(self.width).unwrap_or(0)
    }

    fn each(&self) -> impl Iterator<Item = Row<'_>> {
        let blocks = self.width / BLOCK;
        let (numbers, _) = self.numbers.as_chunks::<BLOCK>();
        numbers
            .chunks_exact(blocks)
            .zip(
                self.scales
                    .chunks_exact(blocks)
                    .zip(self.eighths.chunks_exact(blocks)),
            )
            .map(|(numbers, (scales, eighths))| Row {
                numbers,
                scales,
                eighths,
            })
    }
}

fn round_block(block: &[f32; BLOCK]) -> ([u8; BLOCK], f32, f32) {
    let mut lanes = [0.0_f32; 8];
    for eight in block.as_chunks::<8>().0 {
        for (most, value) in lanes.iter_mut().zip(eight) {
            *most = most.max(value.abs());
        }
    }
    let most = lanes.iter().fold(0.0_f32, |a, b| a.max(*b));
    let scale = most / 127.0;
    let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
    let mut numbers = [0_u8; BLOCK];
    let mut sum = 0_i32;
    for (number, value) in numbers.iter_mut().zip(block) {
        let bits = (value * inverse + ROUNDER).to_bits();
        *number = bits as u8;
        sum += i32::from(bits as i8);
    }
    (numbers, scale, sum as f32)
}

/// `out[t * rows + r]` = row `r` of the matrix times activation row `t`.
///
/// `weights` holds `rows` rows as wide as `activations`, in `form`.
pub(crate) fn multiply(form: Form, weights: &[u8], activations: &Rounded, out: &mut [f32]) {
    if weights.is_empty() {
        return;
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return avx2::multiply(simd, form, weights, activations, out);
    }
    portable::multiply(form, weights, activations, out);
}

/// Writes the numbers of one stored row to `out`.
pub(crate) fn unpack_row(form: Form, row: &[u8], out: &mut [f32]) {
    let (out, _) = out.as_chunks_mut::<BLOCK>();
    match form {
        Form::FourBit => {
            for (block, out) in row.as_chunks::<FOUR_BIT_BYTES>().0.iter().zip(out) {
                let (scale, least) = (half_at(block, 0), half_at(block, 2));
                for (at, byte) in block[4..].iter().enumerate() {
                    out[at] = scale * f32::from(byte & 15) + least;
                    out[at + 16] = scale * f32::from(byte >> 4) + least;
                }
            }
        }
        Form::EightBit => {
            for (block, out) in row.as_chunks::<EIGHT_BIT_BYTES>().0.iter().zip(out) {
                let scale = half_at(block, 0);
                for (out, byte) in out.iter_mut().zip(&block[2..]) {
                    *out = scale * f32::from(byte.cast_signed());
                }
            }
        }
    }
}

#[inline(always)]
fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: usize = 96;

    fn noise(seed: u32, count: usize) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    /// Rows of blocks with random numbers and modest scales.
    fn matrix(form: Form, rows: usize) -> Vec<u8> {
        let mut bytes = noise(5, form.bytes(rows * WIDTH));
        for (at, block) in bytes.chunks_exact_mut(form.bytes(BLOCK)).enumerate() {
            block[..2].copy_from_slice(&f16::from_f32(0.01 + at as f32 / 1000.0).to_le_bytes());
            if form == Form::FourBit {
                block[2..4].copy_from_slice(&f16::from_f32(-0.1 + at as f32 / 900.0).to_le_bytes());
            }
        }
        bytes
    }

    fn activations(count: usize) -> (Vec<f32>, Rounded) {
        let values: Vec<f32> = noise(9, count * WIDTH)
            .into_iter()
            .map(|byte| f32::from(byte) / 64.0 - 2.0)
            .collect();
        let mut rounded = Rounded::default();
        rounded.set(&values, WIDTH);
        (values, rounded)
    }

    #[test]
    fn products_agree_with_the_unpacked_numbers() {
        for form in [Form::FourBit, Form::EightBit] {
            for (rows, count) in [(1, 1), (7, 1), (5, 3), (9, 4), (6, 11)] {
                let weights = matrix(form, rows);
                let (values, rounded) = activations(count);
                let (mut ours, mut portable) = (vec![0.0; rows * count], vec![0.0; rows * count]);
                multiply(form, &weights, &rounded, &mut ours);
                portable::multiply(form, &weights, &rounded, &mut portable);
                let mut row = vec![0.0; WIDTH];
                for (r, bytes) in weights.chunks_exact(form.bytes(WIDTH)).enumerate() {
                    unpack_row(form, bytes, &mut row);
                    for (t, input) in values.chunks_exact(WIDTH).enumerate() {
                        let exact: f32 = row.iter().zip(input).map(|(w, x)| w * x).sum();
                        let size: f32 = row.iter().zip(input).map(|(w, x)| (w * x).abs()).sum();
                        let (a, b) = (ours[t * rows + r], portable[t * rows + r]);
                        assert!(
                            (a - exact).abs() < size * 0.01,
                            "{form:?} {rows} {count}: {a} {exact}"
                        );
                        assert!(
                            (a - b).abs() < size * 1e-5,
                            "{form:?} {rows} {count}: {a} {b}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_its_company() {
        for form in [Form::FourBit, Form::EightBit] {
            let weights = matrix(form, 5);
            let (values, rounded) = activations(7);
            let mut together = vec![0.0; 35];
            multiply(form, &weights, &rounded, &mut together);
            for (t, input) in values.chunks_exact(WIDTH).enumerate() {
                let mut single = Rounded::default();
                single.set(input, WIDTH);
                for (r, bytes) in weights.chunks_exact(form.bytes(WIDTH)).enumerate() {
                    let mut alone = [0.0];
                    multiply(form, bytes, &single, &mut alone);
                    assert_eq!(alone[0].to_bits(), together[t * 5 + r].to_bits());
                }
            }
        }
    }

    #[test]
    fn rounding_keeps_each_number_within_half_a_step() {
        let (values, rounded) = activations(2);
        for (at, value) in values.iter().enumerate() {
            let scale = rounded.scales[at / BLOCK];
            let back = scale * f32::from(rounded.numbers[at].cast_signed());
            assert!((back - value).abs() <= scale * 0.5001, "{value} {back}");
        }
        let mut zero = Rounded::default();
        zero.set(&[0.0; BLOCK], BLOCK);
        assert_eq!(zero.scales, [0.0]);
    }
}
