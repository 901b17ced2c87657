//! The weights in memory: one large piece, in the two forms that the kernels multiply.
//!
//! What the file holds in 4 or 8 bits with blocks of 32 keeps its numbers. `Q4_K` becomes 4-bit blocks
//! with its scales rounded to f16; all other formats become 8-bit blocks. One piece of memory, because
//! only large pieces go back to the system when the model is unloaded.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    ops::Range,
};

use candle_core::quantized::{GgmlDType, QuantizedType};
use half::f16;

use crate::{
    gguf::{Gguf, LoadError, Shape, first_line},
    kernels::{self, BLOCK, Form, GROUP, Rounded},
};

/// Where a matrix lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix {
    form: Form,
    start: usize,
    /// Numbers per row.
    width: usize,
}

/// The matrices and vectors of one layer.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) attention_norm: Vec<f32>,
    pub(crate) query: Matrix,
    pub(crate) key: Matrix,
    pub(crate) value: Matrix,
    pub(crate) query_bias: Option<Vec<f32>>,
    pub(crate) key_bias: Option<Vec<f32>>,
    pub(crate) value_bias: Option<Vec<f32>>,
    pub(crate) query_norm: Option<Vec<f32>>,
    pub(crate) key_norm: Option<Vec<f32>>,
    pub(crate) attention_out: Matrix,
    pub(crate) feed_forward_norm: Vec<f32>,
    pub(crate) gate: Matrix,
    pub(crate) up: Matrix,
    pub(crate) down: Matrix,
}

/// All weights of a model.
#[derive(Debug)]
pub(crate) struct Weights {
    memory: Vec<u8>,
    embedding: Matrix,
    pub(crate) layers: Vec<Layer>,
    pub(crate) final_norm: Vec<f32>,
    pub(crate) head: Matrix,
    /// Divides the turning speed of each pair, where the model was stretched to long contexts.
    pub(crate) rope_factors: Option<Vec<f32>>,
}

impl Weights {
    pub(crate) fn load(gguf: &Gguf, shape: &Shape) -> Result<Self, LoadError> {
        let mut loader = Loader::new(gguf)?;
        let embedding = loader.matrix("token_embd.weight", shape.vocabulary, shape.hidden)?;
        let layers = (0..shape.layers)
            .map(|at| loader.layer(at, shape))
            .collect::<Result<_, _>>()?;
        let final_norm = loader.vector("output_norm.weight", shape.hidden)?;
        let head = if loader.has("output.weight") {
            loader.matrix("output.weight", shape.vocabulary, shape.hidden)?
        } else {
            embedding
        };
        let rope_factors = loader.optional("rope_freqs.weight", shape.rotated / 2)?;
        Ok(Self {
            memory: loader.memory,
            embedding,
            layers,
            final_norm,
            head,
            rope_factors,
        })
    }

    /// Writes the numbers that stand for `token`.
    pub(crate) fn embed(&self, token: u32, out: &mut [f32]) {
        let row = token as usize;
        let group = row / GROUP * GROUP;
        let bytes = self.groups(self.embedding, group..group + GROUP);
        kernels::unpack_row(self.embedding.form, bytes, row % GROUP, out);
    }

    /// Multiplies the rows `band` of `matrix` with the activations; see [`kernels::multiply`].
    ///
    /// A band begins with a whole group.
    pub(crate) fn multiply(
        &self,
        matrix: Matrix,
        band: Range<usize>,
        activations: &Rounded,
        out: &mut Vec<f32>,
    ) {
        out.clear();
        out.resize(band.len() * activations.rows(), 0.0);
        let rows = band.len();
        kernels::multiply(
            matrix.form,
            self.groups(matrix, band),
            rows,
            activations,
            out,
        );
    }

    /// The groups that hold the rows `band`.
    fn groups(&self, matrix: Matrix, band: Range<usize>) -> &[u8] {
        debug_assert!(
            band.start.is_multiple_of(GROUP),
            "a band begins with a whole group"
        );
        let group = matrix.form.bytes(matrix.width) * GROUP;
        let (start, end) = (band.start / GROUP, band.end.div_ceil(GROUP));
        &self.memory[matrix.start + start * group..matrix.start + end * group]
    }
}

struct Loader<'a> {
    gguf: &'a Gguf,
    file: File,
    memory: Vec<u8>,
}

impl<'a> Loader<'a> {
    fn new(gguf: &'a Gguf) -> Result<Self, LoadError> {
        let file = File::open(&gguf.path).map_err(|source| LoadError::Open {
            path: gguf.path.clone(),
            source,
        })?;
        let infos = gguf
            .content
            .tensor_infos
            .values()
            .filter(|info| info.shape.rank() == 2);
        let size = infos
            .map(|info| size_in_memory(info.ggml_dtype, info.shape.dims()))
            .sum();
        Ok(Self {
            gguf,
            file,
            memory: Vec::with_capacity(size),
        })
    }

    fn has(&self, name: &str) -> bool {
        self.gguf.content.tensor_infos.contains_key(name)
    }

    fn layer(&mut self, at: usize, shape: &Shape) -> Result<Layer, LoadError> {
        let name = |part: &str| format!("blk.{at}.{part}");
        let (hidden, wide) = (shape.hidden, shape.feed_forward);
        let queries = shape.heads * shape.head_width;
        let keys = shape.key_heads * shape.head_width;
        Ok(Layer {
            attention_norm: self.vector(&name("attn_norm.weight"), hidden)?,
            query: self.matrix(&name("attn_q.weight"), queries, hidden)?,
            key: self.matrix(&name("attn_k.weight"), keys, hidden)?,
            value: self.matrix(&name("attn_v.weight"), keys, hidden)?,
            query_bias: self.optional(&name("attn_q.bias"), queries)?,
            key_bias: self.optional(&name("attn_k.bias"), keys)?,
            value_bias: self.optional(&name("attn_v.bias"), keys)?,
            query_norm: self.optional(&name("attn_q_norm.weight"), shape.head_width)?,
            key_norm: self.optional(&name("attn_k_norm.weight"), shape.head_width)?,
            attention_out: self.matrix(&name("attn_output.weight"), hidden, queries)?,
            feed_forward_norm: self.vector(&name("ffn_norm.weight"), hidden)?,
            gate: self.matrix(&name("ffn_gate.weight"), wide, hidden)?,
            up: self.matrix(&name("ffn_up.weight"), wide, hidden)?,
            down: self.matrix(&name("ffn_down.weight"), hidden, wide)?,
        })
    }

    fn matrix(&mut self, name: &str, rows: usize, width: usize) -> Result<Matrix, LoadError> {
        /// Groups read from the file at a time.
        const TOGETHER: usize = 32;
        let dtype = self.expect(name, &[rows, width])?;
        if !width.is_multiple_of(dtype.block_size()) {
            return Err(self
                .gguf
                .unreadable(format!("the rows of {name} are not whole blocks")));
        }
        self.seek(name)?;
        let (form, start) = (form_of(dtype), self.memory.len());
        let (mut stored, mut plain) = (Vec::new(), Vec::new());
        for first in (0..rows).step_by(GROUP * TOGETHER) {
            let count = (rows - first).min(GROUP * TOGETHER);
            stored.resize(size_of(dtype, width) * count, 0);
            self.read(name, &mut stored)?;
            plain.clear();
            convert(dtype, &stored, width * count, &mut plain)
                .map_err(|error| self.gguf.unreadable(first_line(&error.to_string())))?;
            for group in plain.chunks(form.bytes(width) * GROUP) {
                kernels::interleave(form, group, width, &mut self.memory);
            }
        }
        Ok(Matrix { form, start, width })
    }

    fn optional(&mut self, name: &str, len: usize) -> Result<Option<Vec<f32>>, LoadError> {
        if self.has(name) {
            self.vector(name, len).map(Some)
        } else {
            Ok(None)
        }
    }

    fn vector(&mut self, name: &str, len: usize) -> Result<Vec<f32>, LoadError> {
        let dtype = self.expect(name, &[len])?;
        let mut bytes = vec![0; size_of(dtype, len)];
        self.seek(name)?;
        self.read(name, &mut bytes)?;
        numbers(dtype, &bytes, len)
            .map_err(|error| self.gguf.unreadable(first_line(&error.to_string())))
    }

    /// The number format of a tensor that must be there in that shape.
    fn expect(&self, name: &str, dims: &[usize]) -> Result<GgmlDType, LoadError> {
        let info = self.gguf.content.tensor_infos.get(name).ok_or_else(|| {
            self.gguf
                .unreadable(format!("the tensor {name} is missing"))
        })?;
        if info.shape.dims() != dims {
            let found = info.shape.dims();
            let reason = format!("the tensor {name} is {found:?}, not {dims:?}");
            return Err(self.gguf.unreadable(reason));
        }
        if !dims
            .iter()
            .product::<usize>()
            .is_multiple_of(info.ggml_dtype.block_size())
        {
            return Err(self
                .gguf
                .unreadable(format!("the tensor {name} is not whole blocks")));
        }
        Ok(info.ggml_dtype)
    }

    fn seek(&mut self, name: &str) -> Result<(), LoadError> {
        let content = &self.gguf.content;
        let offset = content.tensor_infos.get(name).map_or(0, |info| info.offset);
        let start = content.tensor_data_offset.saturating_add(offset);
        self.file
            .seek(SeekFrom::Start(start))
            .map(drop)
            .map_err(|error| self.gguf.unreadable(format!("the tensor {name}: {error}")))
    }

    fn read(&mut self, name: &str, out: &mut [u8]) -> Result<(), LoadError> {
        self.file
            .read_exact(out)
            .map_err(|error| self.gguf.unreadable(format!("the tensor {name}: {error}")))
    }
}

/// The form in memory of what the file holds as `dtype`.
fn form_of(dtype: GgmlDType) -> Form {
    match dtype {
        GgmlDType::Q4_0 | GgmlDType::Q4_1 | GgmlDType::Q4K => Form::FourBit,
        _ => Form::EightBit,
    }
}

fn size_in_memory(dtype: GgmlDType, dims: &[usize]) -> usize {
    let [rows, width] = dims else { return 0 };
    form_of(dtype).bytes(*width) * rows.next_multiple_of(GROUP)
}

fn size_of(dtype: GgmlDType, count: usize) -> usize {
    count / dtype.block_size() * dtype.type_size()
}

/// Appends `count` numbers, stored as `dtype`, in the form that [`form_of`] names.
fn convert(
    dtype: GgmlDType,
    bytes: &[u8],
    count: usize,
    out: &mut Vec<u8>,
) -> candle_core::Result<()> {
    match dtype {
        GgmlDType::Q4_1 | GgmlDType::Q8_0 => out.extend_from_slice(bytes),
        GgmlDType::Q4_0 => bytes
            .as_chunks()
            .0
            .iter()
            .for_each(|block| four_bit(block, out)),
        GgmlDType::Q4K => bytes
            .as_chunks()
            .0
            .iter()
            .for_each(|block| four_bit_k(block, out)),
        _ => {
            for block in numbers(dtype, bytes, count)?.as_chunks().0 {
                eight_bit(block, out);
            }
        }
    }
    Ok(())
}

fn numbers(dtype: GgmlDType, bytes: &[u8], count: usize) -> candle_core::Result<Vec<f32>> {
    if dtype == GgmlDType::F32 {
        return Ok(bytes
            .as_chunks()
            .0
            .iter()
            .map(|four| f32::from_le_bytes(*four))
            .collect());
    }
    let stored: Box<dyn QuantizedType> = dtype.from_data(bytes.into());
    stored
        .dequantize(count)?
        .as_slice::<f32>()
        .map(<[f32]>::to_vec)
}

/// `Q4_0` counts from -8: the same numbers with a minimum of minus eight scales.
fn four_bit(block: &[u8; 18], out: &mut Vec<u8>) {
    let scale = f16::from_le_bytes([block[0], block[1]]);
    out.extend_from_slice(&block[..2]);
    out.extend_from_slice(&f16::from_f32(scale.to_f32() * -8.0).to_le_bytes());
    out.extend_from_slice(&block[2..]);
}

/// `Q4_K`: 256 numbers in eight parts, with 6-bit scales and minima for each part.
fn four_bit_k(block: &[u8; 144], out: &mut Vec<u8>) {
    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
    let least = f16::from_le_bytes([block[2], block[3]]).to_f32();
    let sixes = &block[4..16];
    for (pair, bytes) in block[16..].chunks_exact(BLOCK).enumerate() {
        for high in [false, true] {
            let (part_scale, part_least) = six_bits(pair * 2 + usize::from(high), sixes);
            out.extend_from_slice(&f16::from_f32(scale * part_scale).to_le_bytes());
            out.extend_from_slice(&f16::from_f32(-least * part_least).to_le_bytes());
            let number = |at: usize| if high { bytes[at] >> 4 } else { bytes[at] & 15 };
            out.extend((0..16).map(|at| number(at) | number(at + 16) << 4));
        }
    }
}

/// The scale and the minimum of part `at`, of the twelve bytes into which sixteen 6-bit numbers are packed.
fn six_bits(at: usize, sixes: &[u8]) -> (f32, f32) {
    let (scale, least) = if at < 4 {
        (sixes[at] & 63, sixes[at + 4] & 63)
    } else {
        let shared = sixes[at + 4];
        (
            (shared & 15) | (sixes[at - 4] >> 6 << 4),
            (shared >> 4) | (sixes[at] >> 6 << 4),
        )
    };
    (f32::from(scale), f32::from(least))
}

fn eight_bit(block: &[f32; BLOCK], out: &mut Vec<u8>) {
    let most = block
        .iter()
        .fold(0.0_f32, |most, value| most.max(value.abs()));
    let scale = f16::from_f32(most / 127.0);
    let inverse = if scale.to_f32() > 0.0 {
        scale.to_f32().recip()
    } else {
        0.0
    };
    out.extend_from_slice(&scale.to_le_bytes());
    out.extend(
        block
            .iter()
            .map(|value| ((value * inverse).round().clamp(-127.0, 127.0) as i8).cast_unsigned()),
    );
}
