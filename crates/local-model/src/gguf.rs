//! What a GGUF file says of the model in it: read from its head alone, the weights stay on the disk.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use candle_core::quantized::gguf_file::{Content, Value};

use crate::math::Pairing;

/// Why a file cannot be used as a model.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file could not be opened.
    #[error("cannot open {path}: {source}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no GGUF file, it is damaged, or it holds numbers in a format unknown here.
    #[error("cannot read {path} as GGUF: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A model of a kind that this crate does not run.
    #[error("{path} holds a model that cannot run here: {reason}")]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What is not supported, and what is.
        reason: String,
    },
    /// No thread could be started.
    #[error("cannot start the thread of the built-in model: {0}")]
    Thread(std::io::Error),
}

/// The head of a GGUF file.
#[derive(Debug)]
pub(crate) struct Gguf {
    pub(crate) path: PathBuf,
    pub(crate) content: Content,
    architecture: String,
}

impl Gguf {
    pub(crate) fn read(path: &Path) -> Result<Self, LoadError> {
        let file = File::open(path).map_err(|source| LoadError::Open {
            path: path.to_owned(),
            source,
        })?;
        let content =
            Content::read(&mut Head::new(file)).map_err(|error| LoadError::Unreadable {
                path: path.to_owned(),
                reason: first_line(&error.to_string()),
            })?;
        let mut gguf = Self {
            path: path.to_owned(),
            content,
            architecture: String::new(),
        };
        gguf.architecture = gguf.required("general.architecture", text)?.to_owned();
        Ok(gguf)
    }

    pub(crate) fn unreadable(&self, reason: impl Into<String>) -> LoadError {
        LoadError::Unreadable {
            path: self.path.clone(),
            reason: reason.into(),
        }
    }

    pub(crate) fn unsupported(&self, reason: impl Into<String>) -> LoadError {
        LoadError::Unsupported {
            path: self.path.clone(),
            reason: reason.into(),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.content.metadata.get(key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(text)
    }

    pub(crate) fn whole(&self, key: &str) -> Option<usize> {
        self.get(key).and_then(whole)
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.to_bool().ok()
    }

    /// A list of texts; empty when the key is missing or holds something else.
    pub(crate) fn texts(&self, key: &str) -> impl Iterator<Item = &str> {
        let values = self.get(key).and_then(|value| value.to_vec().ok());
        values.into_iter().flatten().filter_map(text)
    }

    /// A list of whole numbers; empty when the key is missing or holds something else.
    pub(crate) fn wholes(&self, key: &str) -> impl Iterator<Item = usize> {
        let values = self.get(key).and_then(|value| value.to_vec().ok());
        values.into_iter().flatten().filter_map(whole)
    }

    fn required<'a, T>(
        &'a self,
        key: &str,
        parse: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, LoadError> {
        self.get(key)
            .and_then(parse)
            .ok_or_else(|| self.unreadable(format!("{key} is missing or of the wrong type")))
    }

    /// A number of the architecture's own section, such as `llama.block_count`.
    fn own<'a, T>(
        &'a self,
        name: &str,
        parse: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, LoadError> {
        self.required(&format!("{}.{name}", self.architecture), parse)
    }

    fn own_or<'a, T>(
        &'a self,
        name: &str,
        parse: impl Fn(&'a Value) -> Option<T>,
        default: T,
    ) -> T {
        self.get(&format!("{}.{name}", self.architecture))
            .and_then(parse)
            .unwrap_or(default)
    }

    /// The shape of the network, checked to be one that this crate runs.
    pub(crate) fn shape(&self) -> Result<Shape, LoadError> {
        let pairing = self.pairing()?;
        let heads = self.own("attention.head_count", whole)?;
        let hidden = self.own("embedding_length", whole)?;
        let head_width = self.own_or("attention.key_length", whole, hidden / heads.max(1));
        let shape = Shape {
            layers: self.own("block_count", whole)?,
            hidden,
            feed_forward: self.own("feed_forward_length", whole)?,
            heads,
            key_heads: self.own_or("attention.head_count_kv", whole, heads),
            head_width,
            rotated: self.own_or("rope.dimension_count", whole, head_width),
            rope_base: self.own_or("rope.freq_base", number, 10_000.0),
            rope_scale: self.rope_scale()?,
            pairing,
            epsilon: self.own("attention.layer_norm_rms_epsilon", number)? as f32,
            vocabulary: self.texts("tokenizer.ggml.tokens").count(),
            context: self.own("context_length", whole)?,
        };
        match shape.fault() {
            None => Ok(shape),
            Some(fault) => Err(self.unsupported(fault)),
        }
    }

    fn pairing(&self) -> Result<Pairing, LoadError> {
        let experts = self.own_or("expert_count", whole, 0);
        match self.architecture.as_str() {
            _ if experts > 0 => Err(self.unsupported("mixtures of experts are not supported")),
            "llama" => Ok(Pairing::Neighbours),
            "qwen2" | "qwen3" => Ok(Pairing::Halves),
            other => Err(self.unsupported(format!(
                "its architecture is {other:?}; supported are llama, qwen2 and qwen3"
            ))),
        }
    }

    fn rope_scale(&self) -> Result<f64, LoadError> {
        match self.own_or("rope.scaling.type", text, "none") {
            "none" => Ok(1.0),
            "linear" => Ok(self.own_or("rope.scaling.factor", number, 1.0)),
            other => Err(self.unsupported(format!(
                "its positions are scaled by {other:?}; supported are none and linear"
            ))),
        }
    }
}

/// A file that knows where it is: candle asks before each of a hundred thousand texts, and each time
/// would be a call to the system.
struct Head {
    file: BufReader<File>,
    position: u64,
}

impl Head {
    fn new(file: File) -> Self {
        Self {
            file: BufReader::with_capacity(1 << 16, file),
            position: 0,
        }
    }
}

impl Read for Head {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(out)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Head {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if to != SeekFrom::Current(0) {
            self.position = self.file.seek(to)?;
        }
        Ok(self.position)
    }
}

/// The numbers that say how a network is built.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) layers: usize,
    /// Numbers that stand for one token between layers.
    pub(crate) hidden: usize,
    pub(crate) feed_forward: usize,
    /// Heads that ask.
    pub(crate) heads: usize,
    /// Heads that are asked: several of the former share one.
    pub(crate) key_heads: usize,
    pub(crate) head_width: usize,
    /// Numbers of a head that turn with the position.
    pub(crate) rotated: usize,
    pub(crate) rope_base: f64,
    /// Positions are divided by this.
    pub(crate) rope_scale: f64,
    pub(crate) pairing: Pairing,
    pub(crate) epsilon: f32,
    pub(crate) vocabulary: usize,
    /// Tokens of prompt and answer together.
    pub(crate) context: usize,
}

impl Shape {
    fn fault(&self) -> Option<String> {
        let lanes = crate::math::LANES;
        if [
            self.layers,
            self.hidden,
            self.feed_forward,
            self.heads,
            self.key_heads,
            self.context,
        ]
        .contains(&0)
        {
            return Some("one of its sizes is zero".to_owned());
        }
        if self.vocabulary == 0 {
            return Some("it has no vocabulary".to_owned());
        }
        if !self.hidden.is_multiple_of(lanes) || !self.feed_forward.is_multiple_of(lanes) {
            return Some(format!("its rows are not a multiple of {lanes} numbers"));
        }
        if self.head_width == 0 || !self.head_width.is_multiple_of(lanes) {
            return Some(format!(
                "its heads are {} numbers wide, not a multiple of {lanes}",
                self.head_width
            ));
        }
        if !self.heads.is_multiple_of(self.key_heads)
            || self.rotated > self.head_width
            || !self.rotated.is_multiple_of(2)
        {
            return Some("its heads do not divide evenly".to_owned());
        }
        None
    }
}

fn text(value: &Value) -> Option<&str> {
    value.to_string().ok().map(String::as_str)
}

fn number(value: &Value) -> Option<f64> {
    value
        .to_f32()
        .map(f64::from)
        .or_else(|_| value.to_f64())
        .ok()
        .filter(|n| n.is_finite())
}

fn whole(value: &Value) -> Option<usize> {
    match value {
        Value::U8(n) => Some(usize::from(*n)),
        Value::U16(n) => Some(usize::from(*n)),
        Value::U32(n) => usize::try_from(*n).ok(),
        Value::U64(n) => usize::try_from(*n).ok(),
        Value::I8(n) => usize::try_from(*n).ok(),
        Value::I16(n) => usize::try_from(*n).ok(),
        Value::I32(n) => usize::try_from(*n).ok(),
        Value::I64(n) => usize::try_from(*n).ok(),
        _ => None,
    }
}

/// Errors of the reader may carry a backtrace below the first line.
pub(crate) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
