//! The kernels in 256-bit integer instructions, several weight rows against several activations.

use std::arch::x86_64::{__m128i, __m256, __m256i};

use pulp::x86::V3;

use super::{EIGHT_BIT_BYTES, FOUR_BIT_BYTES, Form, Rounded, Row, half_at};

pub(super) fn multiply(
    simd: V3,
    form: Form,
    weights: &[u8],
    activations: &Rounded,
    out: &mut [f32],
) {
    match form {
        Form::FourBit => {
            simd.vectorize(|| all::<FourBit, FOUR_BIT_BYTES>(simd, weights, activations, out));
        }
        Form::EightBit => {
            simd.vectorize(|| all::<EightBit, EIGHT_BIT_BYTES>(simd, weights, activations, out));
        }
    }
}

/// One stored form: how a block of `N` bytes turns into numbers, and these into a product.
trait Packed<const N: usize> {
    /// A block, ready to be multiplied with several activations.
    type Block: Copy;
    fn unpack(simd: V3, block: &[u8; N]) -> Self::Block;
    /// `total` plus the block's product with one block of activations.
    fn add(simd: V3, block: Self::Block, x: Input, total: __m256) -> __m256;
}

/// One block of activations.
#[derive(Clone, Copy)]
struct Input {
    numbers: __m256i,
    scale: f32,
    eighth: f32,
}

struct FourBit;

impl Packed<FOUR_BIT_BYTES> for FourBit {
    type Block = (__m256i, f32, f32);

    #[inline(always)]
    fn unpack(simd: V3, block: &[u8; FOUR_BIT_BYTES]) -> Self::Block {
        let low: __m128i = bytemuck::pod_read_unaligned(&block[4..]);
        let high = simd.sse2._mm_srli_epi16::<4>(low);
        let both = simd
            .avx2
            ._mm256_inserti128_si256::<1>(simd.avx._mm256_castsi128_si256(low), high);
        let numbers = simd
            .avx2
            ._mm256_and_si256(both, simd.avx._mm256_set1_epi8(15));
        (numbers, half_at(block, 0), half_at(block, 2))
    }

    #[inline(always)]
    fn add(simd: V3, (weights, scale, least): Self::Block, x: Input, total: __m256) -> __m256 {
        let product = whole_product(simd, weights, x.numbers);
        let scale = simd.avx._mm256_set1_ps(scale * x.scale);
        let total = simd.fma._mm256_fmadd_ps(scale, product, total);
        let (least, eighth) = (
            simd.avx._mm256_set1_ps(least),
            simd.avx._mm256_set1_ps(x.eighth),
        );
        simd.fma._mm256_fmadd_ps(least, eighth, total)
    }
}

struct EightBit;

impl Packed<EIGHT_BIT_BYTES> for EightBit {
    type Block = (__m256i, f32);

    #[inline(always)]
    fn unpack(_: V3, block: &[u8; EIGHT_BIT_BYTES]) -> Self::Block {
        (bytemuck::pod_read_unaligned(&block[2..]), half_at(block, 0))
    }

    #[inline(always)]
    fn add(simd: V3, (weights, scale): Self::Block, x: Input, total: __m256) -> __m256 {
        // The instruction wants unsigned times signed: move the weight's sign over to the other side.
        let sizes = simd.avx2._mm256_sign_epi8(weights, weights);
        let signed = simd.avx2._mm256_sign_epi8(x.numbers, weights);
        let product = whole_product(simd, sizes, signed);
        simd.fma
            ._mm256_fmadd_ps(simd.avx._mm256_set1_ps(scale * x.scale), product, total)
    }
}

/// Sums of four neighbouring products of unsigned with signed bytes, in eight lanes.
#[inline(always)]
fn whole_product(simd: V3, unsigned: __m256i, signed: __m256i) -> __m256 {
    let pairs = simd.avx2._mm256_maddubs_epi16(unsigned, signed);
    let fours = simd
        .avx2
        ._mm256_madd_epi16(pairs, simd.avx._mm256_set1_epi16(1));
    simd.avx._mm256_cvtepi32_ps(fours)
}

/// The whole matrix: four weight rows at a time for a single activation row, else tiles of two by four.
#[inline(always)]
fn all<P: Packed<N>, const N: usize>(
    simd: V3,
    weights: &[u8],
    activations: &Rounded,
    out: &mut [f32],
) {
    let blocks = activations.width / super::BLOCK;
    let (stored, _) = weights.as_chunks::<N>();
    let rows = stored.len() / blocks;
    let inputs: Vec<Row<'_>> = activations.each().collect();
    if let [input] = inputs[..] {
        band::<P, N, 4, 1>(simd, stored, [input], blocks, &mut out[..rows], rows);
        return;
    }
    let (fours, rest) = inputs.as_chunks::<4>();
    // A few weight rows stay in the nearest cache while all activations pass by.
    for (first, stored) in stored.chunks(blocks * 2).enumerate() {
        for (group, inputs) in fours.iter().enumerate() {
            let out = &mut out[group * 4 * rows + first * 2..];
            band::<P, N, 2, 4>(simd, stored, *inputs, blocks, out, rows);
        }
        for (at, input) in rest.iter().enumerate() {
            let out = &mut out[(fours.len() * 4 + at) * rows + first * 2..];
            band::<P, N, 2, 1>(simd, stored, [*input], blocks, out, rows);
        }
    }
}

/// All rows in `stored` against `C` activation rows, `R` weight rows at a time.
#[inline(always)]
fn band<P: Packed<N>, const N: usize, const R: usize, const C: usize>(
    simd: V3,
    stored: &[[u8; N]],
    inputs: [Row<'_>; C],
    blocks: usize,
    out: &mut [f32],
    stride: usize,
) {
    let mut at = 0;
    for tile in stored.chunks(blocks * R) {
        if tile.len() == blocks * R {
            let rows: [&[[u8; N]]; R] = std::array::from_fn(|r| &tile[r * blocks..][..blocks]);
            write(
                tile_product::<P, N, R, C>(simd, rows, inputs, blocks),
                out,
                at,
                stride,
            );
            at += R;
        } else {
            for row in tile.chunks_exact(blocks) {
                write(
                    tile_product::<P, N, 1, C>(simd, [row], inputs, blocks),
                    out,
                    at,
                    stride,
                );
                at += 1;
            }
        }
    }
}

#[inline(always)]
fn write<const R: usize, const C: usize>(
    values: [[f32; C]; R],
    out: &mut [f32],
    at: usize,
    stride: usize,
) {
    for (r, row) in values.iter().enumerate() {
        for (c, value) in row.iter().enumerate() {
            out[c * stride + at + r] = *value;
        }
    }
}

#[inline(always)]
fn tile_product<P: Packed<N>, const N: usize, const R: usize, const C: usize>(
    simd: V3,
    rows: [&[[u8; N]]; R],
    inputs: [Row<'_>; C],
    blocks: usize,
) -> [[f32; C]; R] {
    // Equal lengths, known before the loop, spare the bounds checks within.
    let rows = rows.map(|row| &row[..blocks]);
    let inputs = inputs.map(|input| Row {
        numbers: &input.numbers[..blocks],
        scales: &input.scales[..blocks],
        eighths: &input.eighths[..blocks],
    });
    let mut totals = [[simd.avx._mm256_setzero_ps(); C]; R];
    for at in 0..blocks {
        let numbers: [Input; C] = std::array::from_fn(|c| Input {
            numbers: bytemuck::cast(inputs[c].numbers[at]),
            scale: inputs[c].scales[at],
            eighth: inputs[c].eighths[at],
        });
        for (row, totals) in rows.iter().zip(&mut totals) {
            let block = P::unpack(simd, &row[at]);
            for (total, numbers) in totals.iter_mut().zip(numbers) {
                *total = P::add(simd, block, numbers, *total);
            }
        }
    }
    totals.map(|row| row.map(|total| sum(simd, total)))
}

/// The eight lanes, added in a fixed order.
#[inline(always)]
fn sum(simd: V3, lanes: __m256) -> f32 {
    let high = simd.avx._mm256_extractf128_ps::<1>(lanes);
    let four = simd
        .sse
        ._mm_add_ps(simd.avx._mm256_castps256_ps128(lanes), high);
    let two = simd
        .sse
        ._mm_add_ps(four, simd.sse._mm_movehl_ps(four, four));
    let one = simd.sse._mm_add_ss(two, simd.sse3._mm_movehdup_ps(two));
    simd.sse._mm_cvtss_f32(one)
}
