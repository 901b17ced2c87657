//! Products of quantised matrices with activations: where nearly all the time goes.
//!
//! Eight rows of a matrix lie [interleaved](interleave), four numbers of each in turn, so that the eight
//! lanes of a vector belong to eight rows: their sums are never added up across lanes. The numbers
//! stand in blocks of 32 along a row, in one of two [`Form`]s. Activations are rounded to 8 bits, also
//! in blocks of 32, so that a block costs integer products and one scaling. For one weight row and one
//! activation row the order of additions never depends on how many rows are computed together: a
//! prompt gives the same numbers, bit by bit, whether it is read in one piece or in many.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

use half::f16;

/// Numbers in a block.
pub(crate) const BLOCK: usize = 32;
/// Rows that lie interleaved.
pub(crate) const GROUP: usize = 8;

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// 20 bytes a block: f16 scale, f16 minimum, 16 bytes: number `n` in the low half of byte `n`,
    /// number `n + 16` in its high half.
    FourBit,
    /// 34 bytes a block: f16 scale, 32 signed bytes.
    EightBit,
}

const FOUR_BIT_BYTES: usize = 20;
const EIGHT_BIT_BYTES: usize = 34;
/// One block of each of eight rows: their scales, their minima, their numbers.
type FourBits = [u8; FOUR_BIT_BYTES * GROUP];
/// One block of each of eight rows: their scales, their numbers.
type EightBits = [u8; EIGHT_BIT_BYTES * GROUP];

impl Form {
    const fn block_bytes(self) -> usize {
        match self {
            Self::FourBit => FOUR_BIT_BYTES,
            Self::EightBit => EIGHT_BIT_BYTES,
        }
    }

    /// Bytes that `count` numbers take; `count` is a multiple of [`BLOCK`].
    pub(crate) const fn bytes(self, count: usize) -> usize {
        count / BLOCK * self.block_bytes()
    }
}

/// Appends up to [`GROUP`] rows, one after the other in `rows`, as one interleaved group.
pub(crate) fn interleave(form: Form, rows: &[u8], width: usize, out: &mut Vec<u8>) {
    let size = form.block_bytes();
    // Scale and minimum take two bytes each, the numbers move in fours.
    let steps: &[usize] = match form {
        Form::FourBit => &[2, 2, 4, 4, 4, 4],
        Form::EightBit => &[2, 4, 4, 4, 4, 4, 4, 4, 4],
    };
    let row_bytes = form.bytes(width);
    for block in (0..row_bytes).step_by(size) {
        let mut from = block;
        for step in steps {
            for row in 0..GROUP {
                match rows.get(row * row_bytes + from..row * row_bytes + from + step) {
                    Some(bytes) => out.extend_from_slice(bytes),
                    // The last group may have fewer rows: zeros stand for the others.
                    None => out.extend_from_slice(&[0; 4][..*step]),
                }
            }
            from += step;
        }
    }
}

/// Rows of activations, rounded to 8 bits per number with one scale a block.
#[derive(Debug, Default)]
pub(crate) struct Rounded {
    /// Numbers per row.
    width: usize,
    /// Four numbers in each word.
    words: Vec<Words>,
    /// Scale of each block.
    scales: Vec<f32>,
    /// Sum of each block's numbers times its scale.
    sums: Vec<f32>,
}

/// The numbers of a block, four to a word.
type Words = [i32; BLOCK / 4];

/// Borrowed view of one row of [`Rounded`].
#[derive(Clone, Copy)]
struct Row<'a> {
    words: &'a [Words],
    scales: &'a [f32],
    sums: &'a [f32],
}

/// Adding and taking away 1.5 * 2^23 rounds a float to the nearest whole number, ties to even, and
/// leaves that number in the low bits: unlike a saturating cast this compiles to vector code.
pub(crate) const ROUNDER: f32 = 12_582_912.0;

impl Rounded {
    /// Replaces what is held by `values`: rows of `width` numbers, a multiple of [`BLOCK`].
    pub(crate) fn set(&mut self, values: &[f32], width: usize) {
        self.width = width;
        self.words.clear();
        self.scales.clear();
        self.sums.clear();
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        debug_assert!(rest.is_empty(), "a row is a whole number of blocks");
        for block in blocks {
            let (numbers, scale, sum) = round_block(block);
            self.words.push(bytemuck::cast(numbers));
            self.scales.push(scale);
            self.sums.push(scale * sum);
        }
    }

    /// How many rows are held.
    pub(crate) fn rows(&self) -> usize {
        (self.words.len() * BLOCK)
            .checked_div(self.width)
            .unwrap_or(0)
    }

    #[inline]
    fn row(&self, at: usize) -> Row<'_> {
        let blocks = self.width / BLOCK;
        let part = at * blocks..(at + 1) * blocks;
        Row {
            words: &self.words[part.clone()],
            scales: &self.scales[part.clone()],
            sums: &self.sums[part],
        }
    }
}

fn round_block(block: &[f32; BLOCK]) -> ([i8; BLOCK], f32, f32) {
    let mut lanes = [0.0_f32; 8];
    for eight in block.as_chunks::<8>().0 {
        for (most, value) in lanes.iter_mut().zip(eight) {
            *most = most.max(value.abs());
        }
    }
    let most = lanes.iter().fold(0.0_f32, |a, b| a.max(*b));
    let scale = most / 127.0;
    let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
    let mut numbers = [0_i8; BLOCK];
    let mut sum = 0_i32;
    for (number, value) in numbers.iter_mut().zip(block) {
        *number = (value * inverse + ROUNDER).to_bits() as i8;
        sum += i32::from(*number);
    }
    (numbers, scale, sum as f32)
}

/// `out[t * rows + r]` = row `r` of the matrix times activation row `t`.
///
/// `weights` holds groups of [`GROUP`] rows as wide as `activations`, in `form`; the last group's rows
/// beyond `rows` are left out.
pub(crate) fn multiply(
    form: Form,
    weights: &[u8],
    rows: usize,
    activations: &Rounded,
    out: &mut [f32],
) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return avx2::multiply(simd, form, weights, rows, activations, out);
    }
    portable::multiply(form, weights, rows, activations, out);
}

/// Writes the numbers of row `row` of a group to `out`.
pub(crate) fn unpack_row(form: Form, group: &[u8], row: usize, out: &mut [f32]) {
    let (out, _) = out.as_chunks_mut::<BLOCK>();
    match form {
        Form::FourBit => {
            for (block, out) in group.as_chunks().0.iter().zip(out) {
                let block: &FourBits = block;
                let (scale, least) = (half_at(block, row * 2), half_at(block, 16 + row * 2));
                for at in 0..16 {
                    let byte = block[32 + at / 4 * 32 + row * 4 + at % 4];
                    out[at] = scale * f32::from(byte & 15) + least;
                    out[at + 16] = scale * f32::from(byte >> 4) + least;
                }
            }
        }
        Form::EightBit => {
            for (block, out) in group.as_chunks().0.iter().zip(out) {
                let block: &EightBits = block;
                let scale = half_at(block, row * 2);
                for (at, out) in out.iter_mut().enumerate() {
                    let byte = block[16 + at / 4 * 32 + row * 4 + at % 4];
                    *out = scale * f32::from(byte.cast_signed());
                }
            }
        }
    }
}

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

    /// Interleaved rows of blocks with random numbers and modest scales.
    fn matrix(form: Form, rows: usize) -> Vec<u8> {
        let mut memory = Vec::new();
        for group in plain(form, rows).chunks(form.bytes(WIDTH) * GROUP) {
            interleave(form, group, WIDTH, &mut memory);
        }
        memory
    }

    fn plain(form: Form, rows: usize) -> Vec<u8> {
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

    /// The numbers of a stored row, the long way.
    fn numbers(form: Form, row: &[u8]) -> Vec<f32> {
        let half = |bytes: &[u8]| f16::from_le_bytes([bytes[0], bytes[1]]).to_f32();
        row.chunks_exact(form.block_bytes())
            .flat_map(|block| match form {
                Form::FourBit => (0..32)
                    .map(|at| {
                        if at < 16 {
                            block[4 + at] & 15
                        } else {
                            block[at - 12] >> 4
                        }
                    })
                    .map(|number| half(block) * f32::from(number) + half(&block[2..]))
                    .collect::<Vec<_>>(),
                Form::EightBit => block[2..]
                    .iter()
                    .map(|b| half(block) * f32::from(b.cast_signed()))
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn products_agree_with_the_plain_numbers() {
        for form in [Form::FourBit, Form::EightBit] {
            for (rows, count) in [(1, 1), (7, 1), (8, 3), (19, 4), (16, 11)] {
                let weights = matrix(form, rows);
                let (values, rounded) = activations(count);
                let (mut ours, mut portable) = (vec![0.0; rows * count], vec![0.0; rows * count]);
                multiply(form, &weights, rows, &rounded, &mut ours);
                portable::multiply(form, &weights, rows, &rounded, &mut portable);
                let mut row = vec![0.0; WIDTH];
                for (r, bytes) in plain(form, rows)
                    .chunks_exact(form.bytes(WIDTH))
                    .enumerate()
                {
                    let group = form.bytes(WIDTH) * GROUP;
                    unpack_row(
                        form,
                        &weights[r / GROUP * group..][..group],
                        r % GROUP,
                        &mut row,
                    );
                    assert_eq!(row, numbers(form, bytes));
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
    fn the_largest_numbers_do_not_overflow() {
        for form in [Form::FourBit, Form::EightBit] {
            for (bits, sign) in [(0xFF, 1.0), (0x80, -1.0)] {
                let mut row = vec![bits; form.bytes(WIDTH)];
                for block in row.chunks_exact_mut(form.block_bytes()) {
                    block[..2].copy_from_slice(&f16::ONE.to_le_bytes());
                    if form == Form::FourBit {
                        block[2..4].copy_from_slice(&f16::ZERO.to_le_bytes());
                    }
                }
                let mut weights = Vec::new();
                interleave(form, &row, WIDTH, &mut weights);
                let values = [sign; WIDTH];
                let mut rounded = Rounded::default();
                rounded.set(&values, WIDTH);
                let mut out = [0.0];
                multiply(form, &weights, 1, &rounded, &mut out);
                let exact: f32 = numbers(form, &row).iter().map(|number| number * sign).sum();
                assert!(
                    (out[0] - exact).abs() <= exact.abs() * 1e-5,
                    "{form:?}: {} {exact}",
                    out[0]
                );
            }
        }
    }

    #[test]
    fn a_row_does_not_depend_on_its_company() {
        for form in [Form::FourBit, Form::EightBit] {
            let (values, rounded) = activations(7);
            let mut together = vec![0.0; 35];
            multiply(form, &matrix(form, 5), 5, &rounded, &mut together);
            for (t, input) in values.chunks_exact(WIDTH).enumerate() {
                let mut single = Rounded::default();
                single.set(input, WIDTH);
                for (r, bytes) in plain(form, 5).chunks_exact(form.bytes(WIDTH)).enumerate() {
                    let mut weights = Vec::new();
                    interleave(form, bytes, WIDTH, &mut weights);
                    let mut alone = [0.0];
                    multiply(form, &weights, 1, &single, &mut alone);
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
            let back = scale
                * f32::from(
                    rounded.words[at / BLOCK][at % BLOCK / 4].to_ne_bytes()[at % 4].cast_signed(),
                );
            assert!((back - value).abs() <= scale * 0.5001, "{value} {back}");
        }
        let mut zero = Rounded::default();
        zero.set(&[0.0; BLOCK], BLOCK);
        assert_eq!(zero.scales, [0.0]);
    }
}
