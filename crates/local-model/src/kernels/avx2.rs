//! The kernels in 256-bit integer instructions: eight weight rows against several activation rows.
//!
//! Loops by index, because closures inside the innermost loops are not always inlined.

use std::arch::x86_64::{__m128i, __m256, __m256i};

use pulp::x86::V3;

use super::{EightBits, Form, FourBits, GROUP, Rounded, Row};

/// Activation rows that share one unpacking of the weights.
const SHARING: usize = 4;

pub(super) fn multiply(
    simd: V3,
    form: Form,
    weights: &[u8],
    rows: usize,
    activations: &Rounded,
    out: &mut [f32],
) {
    match form {
        Form::FourBit => {
            simd.vectorize(|| all::<FourBit>(simd, form, weights, rows, activations, out));
        }
        Form::EightBit => {
            simd.vectorize(|| all::<EightBit>(simd, form, weights, rows, activations, out));
        }
    }
}

/// How one form is multiplied.
trait Kernel {
    /// The products of a group's eight rows, in eight lanes, with each input.
    fn products<const N: usize>(simd: V3, group: &[u8], inputs: &[Row<'_>; N]) -> [__m256; N];
}

#[inline(always)]
fn all<K: Kernel>(
    simd: V3,
    form: Form,
    weights: &[u8],
    rows: usize,
    activations: &Rounded,
    out: &mut [f32],
) {
    let count = activations.rows();
    // A group stays in the nearest cache while all activations pass by.
    let groups = weights.chunks_exact(form.bytes(activations.width) * GROUP);
    for (at, group) in groups.enumerate() {
        let first = at * GROUP;
        let width = GROUP.min(rows - first);
        let mut t = 0;
        while t + SHARING <= count {
            let row = |more| activations.row(t + more);
            let inputs = [row(0), row(1), row(2), row(3)];
            let products = K::products::<SHARING>(simd, group, &inputs);
            for more in 0..SHARING {
                write(
                    products[more],
                    &mut out[(t + more) * rows + first..][..width],
                );
            }
            t += SHARING;
        }
        while t < count {
            let [product] = K::products::<1>(simd, group, &[activations.row(t)]);
            write(product, &mut out[t * rows + first..][..width]);
            t += 1;
        }
    }
}

#[inline(always)]
fn write(product: __m256, out: &mut [f32]) {
    let lanes: [f32; GROUP] = bytemuck::cast(product);
    out.copy_from_slice(&lanes[..out.len()]);
}

struct FourBit;

impl Kernel for FourBit {
    #[inline(always)]
    fn products<const N: usize>(simd: V3, group: &[u8], inputs: &[Row<'_>; N]) -> [__m256; N] {
        let half = simd.avx._mm256_set1_epi8(15);
        let one = simd.avx._mm256_set1_epi16(1);
        let mut totals = [simd.avx._mm256_setzero_ps(); N];
        for (at, block) in group.as_chunks().0.iter().enumerate() {
            let block: &FourBits = block;
            let (vectors, _) = block[32..].as_chunks::<32>();
            let mut weights = [simd.avx._mm256_setzero_si256(); 8];
            for four in 0..4 {
                let packed: __m256i = bytemuck::cast(vectors[four]);
                let high = simd.avx2._mm256_srli_epi16::<4>(packed);
                weights[four] = simd.avx2._mm256_and_si256(packed, half);
                weights[four + 4] = simd.avx2._mm256_and_si256(high, half);
            }
            let scales = halves(simd, &block[..16]);
            let least = halves(simd, &block[16..32]);
            for n in 0..N {
                let words = &inputs[n].words[at];
                // Eight products of two numbers, 15 * 127 each, fit into 16 bits.
                let mut sum = simd.avx._mm256_setzero_si256();
                for four in 0..8 {
                    let numbers = simd.avx._mm256_set1_epi32(words[four]);
                    let pairs = simd.avx2._mm256_maddubs_epi16(weights[four], numbers);
                    sum = simd.avx2._mm256_add_epi16(sum, pairs);
                }
                let sum = simd
                    .avx
                    ._mm256_cvtepi32_ps(simd.avx2._mm256_madd_epi16(sum, one));
                let scale = simd.avx._mm256_set1_ps(inputs[n].scales[at]);
                let scale = simd.avx._mm256_mul_ps(scales, scale);
                totals[n] = simd.fma._mm256_fmadd_ps(scale, sum, totals[n]);
                let input_sum = simd.avx._mm256_set1_ps(inputs[n].sums[at]);
                totals[n] = simd.fma._mm256_fmadd_ps(least, input_sum, totals[n]);
            }
        }
        totals
    }
}

struct EightBit;

impl Kernel for EightBit {
    #[inline(always)]
    fn products<const N: usize>(simd: V3, group: &[u8], inputs: &[Row<'_>; N]) -> [__m256; N] {
        let one = simd.avx._mm256_set1_epi16(1);
        let mut totals = [simd.avx._mm256_setzero_ps(); N];
        for (at, block) in group.as_chunks().0.iter().enumerate() {
            let block: &EightBits = block;
            let (vectors, _) = block[16..].as_chunks::<32>();
            let scales = halves(simd, &block[..16]);
            for n in 0..N {
                let words = &inputs[n].words[at];
                let mut sum = simd.avx._mm256_setzero_si256();
                for four in 0..8 {
                    let weights: __m256i = bytemuck::cast(vectors[four]);
                    // The instruction wants unsigned times signed: the weight's sign moves over.
                    let sizes = simd.avx2._mm256_sign_epi8(weights, weights);
                    let numbers = simd.avx._mm256_set1_epi32(words[four]);
                    let signed = simd.avx2._mm256_sign_epi8(numbers, weights);
                    let pairs = simd.avx2._mm256_maddubs_epi16(sizes, signed);
                    sum = simd
                        .avx2
                        ._mm256_add_epi32(sum, simd.avx2._mm256_madd_epi16(pairs, one));
                }
                let scale = simd.avx._mm256_set1_ps(inputs[n].scales[at]);
                let scale = simd.avx._mm256_mul_ps(scales, scale);
                let sum = simd.avx._mm256_cvtepi32_ps(sum);
                totals[n] = simd.fma._mm256_fmadd_ps(scale, sum, totals[n]);
            }
        }
        totals
    }
}

/// Eight finite f16 as f32: the bits move to their places, and the exponent is set right by a product.
#[inline(always)]
fn halves(simd: V3, bytes: &[u8]) -> __m256 {
    let packed: __m128i = bytemuck::pod_read_unaligned(bytes);
    let wide = simd.avx2._mm256_cvtepi16_epi32(packed);
    let moved = simd.avx2._mm256_slli_epi32::<13>(wide);
    // The sign, and everything below the copies of it that widening made.
    let kept = simd.avx._mm256_set1_epi32(0x8FFF_E000_u32.cast_signed());
    let bits = simd.avx2._mm256_and_si256(moved, kept);
    let shift = f32::from_bits((127 + 112) << 23);
    simd.avx._mm256_mul_ps(
        simd.avx._mm256_castsi256_ps(bits),
        simd.avx._mm256_set1_ps(shift),
    )
}
