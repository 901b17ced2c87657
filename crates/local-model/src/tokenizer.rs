//! Text to tokens and back, as the GGUF file itself lays down.
//!
//! Control tokens such as `<|im_end|>` are recognised only where the chat template wrote them: the
//! same letters in what a person typed are guarded and stay letters, so nobody can forge a turn.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};
use tokenizers::{
    models::bpe::{BPE, Merges, Vocab},
    normalizers::NFC,
    pre_tokenizers::{
        PreTokenizerWrapper,
        byte_level::ByteLevel,
        digits::Digits,
        sequence::Sequence,
        split::{Split, SplitPattern},
    },
    tokenizer::SplitDelimiterBehavior,
};

use crate::gguf::{Gguf, LoadError, first_line};

/// What `tokenizer.ggml.token_type` says of a token that is no text but an instruction.
const CONTROL: usize = 3;
/// And of one that is text, but never the result of merging.
const USER_DEFINED: usize = 4;

/// Texts of the control tokens that end an answer, in the families supported.
const ENDS: [&str; 8] = [
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "<|endofturn|>",
    "</s>",
];

/// A code point that Unicode keeps free for internal use; it parts the letters of forged control tokens.
const GUARD: char = '\u{FDD0}';

/// How text is cut before merging, by the name in `tokenizer.ggml.pre`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Gpt2,
    SingleDigits,
    Llama3,
    Qwen2,
}

const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

impl Cut {
    fn of(gguf: &Gguf) -> Result<Self, LoadError> {
        match gguf.text("tokenizer.ggml.model") {
            Some("gpt2") => {}
            other => {
                let other = other.unwrap_or("missing");
                let reason = format!("its tokenizer model is {other:?}; supported is gpt2");
                return Err(gguf.unsupported(reason));
            }
        }
        match gguf.text("tokenizer.ggml.pre").unwrap_or("gpt-2") {
            "gpt-2" | "gpt2" => Ok(Self::Gpt2),
            "smollm" | "starcoder" | "refact" | "command-r" | "codeshell" => Ok(Self::SingleDigits),
            "llama-bpe" | "llama3" | "llama-v3" => Ok(Self::Llama3),
            "qwen2" | "deepseek-r1-qwen" => Ok(Self::Qwen2),
            other => Err(gguf.unsupported(format!(
                "its text is cut by {other:?}; supported are gpt-2, smollm, llama-bpe, qwen2 and their like"
            ))),
        }
    }

    fn steps(self) -> tokenizers::Result<Sequence> {
        let bytes = |has_own_pattern| ByteLevel::new(false, false, has_own_pattern);
        let split = |pattern: &str| {
            let pattern = SplitPattern::Regex(pattern.to_owned());
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false)
        };
        let steps: Vec<PreTokenizerWrapper> = match self {
            Self::Gpt2 => vec![bytes(true).into()],
            Self::SingleDigits => vec![Digits::new(true).into(), bytes(true).into()],
            Self::Llama3 => vec![split(LLAMA3)?.into(), bytes(false).into()],
            Self::Qwen2 => vec![split(QWEN2)?.into(), bytes(false).into()],
        };
        Ok(Sequence::new(steps))
    }
}

/// The vocabulary of a model.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    inner: tokenizers::Tokenizer,
    controls: AhoCorasick,
    control_ids: Vec<u32>,
    /// The bytes that each token stands for; none for control tokens.
    bytes: Vec<Box<[u8]>>,
    ends: Vec<u32>,
    /// The token that every text begins with.
    first: Option<u32>,
}

/// Says whether the file's vocabulary can be used, without building it.
pub(crate) fn check(gguf: &Gguf) -> Result<(), LoadError> {
    Cut::of(gguf)?;
    match gguf.texts("tokenizer.ggml.merges").next() {
        Some(_) => Ok(()),
        None => Err(gguf.unreadable("tokenizer.ggml.merges is missing")),
    }
}

impl Tokenizer {
    pub(crate) fn new(gguf: &Gguf) -> Result<Self, LoadError> {
        let cut = Cut::of(gguf)?;
        let tokens: Vec<&str> = gguf.texts("tokenizer.ggml.tokens").collect();
        let mut kinds: Vec<usize> = gguf.wholes("tokenizer.ggml.token_type").collect();
        kinds.resize(tokens.len(), 1);
        let fault =
            |error: String| gguf.unreadable(format!("its tokenizer: {}", first_line(&error)));
        let inner = build(gguf, cut, &tokens).map_err(|error| fault(error.to_string()))?;
        let special = || (0_u32..).zip(&tokens).zip(&kinds);
        let whole: Vec<(u32, &str)> = special()
            .filter(|((_, text), kind)| {
                matches!(**kind, CONTROL | USER_DEFINED) && !text.is_empty()
            })
            .map(|((id, text), _)| (id, *text))
            .collect();
        let controls = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(whole.iter().map(|(_, text)| *text))
            .map_err(|error| fault(error.to_string()))?;
        let letters = letters();
        let bytes = special()
            .map(|((_, text), kind)| match *kind {
                CONTROL => Box::default(),
                USER_DEFINED => text.as_bytes().into(),
                _ => text
                    .chars()
                    .filter_map(|c| letters.get(&c).copied())
                    .collect(),
            })
            .collect();
        Ok(Self {
            inner,
            controls,
            control_ids: whole.iter().map(|(id, _)| *id).collect(),
            bytes,
            ends: ends(gguf, &whole),
            first: first(gguf, cut),
        })
    }

    /// The tokens of a text that the chat template made.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, tokenizers::Error> {
        let mut tokens = Vec::new();
        let mut from = 0;
        for found in self.controls.find_iter(text) {
            self.encode_plain(&text[from..found.start()], &mut tokens)?;
            tokens.push(self.control_ids[found.pattern().as_usize()]);
            from = found.end();
        }
        self.encode_plain(&text[from..], &mut tokens)?;
        if let Some(first) = self.first
            && tokens.first() != Some(&first)
        {
            tokens.insert(0, first);
        }
        Ok(tokens)
    }

    fn encode_plain(&self, text: &str, tokens: &mut Vec<u32>) -> Result<(), tokenizers::Error> {
        if !text.is_empty() {
            let text = text.replace(GUARD, "");
            tokens.extend_from_slice(self.inner.encode_fast(text, false)?.get_ids());
        }
        Ok(())
    }

    /// `text` with everything that looks like a control token broken up, until [`Self::encode`] mends it.
    pub(crate) fn guard(&self, text: &str) -> String {
        let text = text.replace(GUARD, "");
        let mut guarded = String::with_capacity(text.len());
        let mut from = 0;
        // A control token may hold another one, so each match is parted after its first letter and the
        // search goes on from there.
        while let Some(found) = self.controls.find(&text[from..]) {
            let start = from + found.start();
            let after = text[start..]
                .chars()
                .next()
                .map_or(start, |c| start + c.len_utf8());
            guarded.push_str(&text[from..after]);
            guarded.push(GUARD);
            from = after;
        }
        guarded.push_str(&text[from..]);
        guarded
    }

    /// The bytes that `token` stands for: not always whole characters.
    pub(crate) fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], |bytes| bytes)
    }

    /// Whether `token` ends an answer.
    pub(crate) fn is_end(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }
}

fn build(gguf: &Gguf, cut: Cut, tokens: &[&str]) -> tokenizers::Result<tokenizers::Tokenizer> {
    let vocabulary: Vocab = tokens
        .iter()
        .map(|text| (*text).to_owned())
        .zip(0_u32..)
        .collect();
    let merges: Merges = gguf
        .texts("tokenizer.ggml.merges")
        .filter_map(|merge| merge.split_once(' '))
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
        .collect();
    let model = BPE::builder()
        .vocab_and_merges(vocabulary, merges)
        .ignore_merges(cut == Cut::Llama3)
        .build()?;
    let mut inner = tokenizers::Tokenizer::new(model);
    inner.with_pre_tokenizer(Some(cut.steps()?));
    if cut == Cut::Qwen2 {
        inner.with_normalizer(Some(NFC))?;
    }
    Ok(inner)
}

fn ends(gguf: &Gguf, controls: &[(u32, &str)]) -> Vec<u32> {
    let named = ["eos", "eot", "eom"]
        .into_iter()
        .filter_map(|name| gguf.whole(&format!("tokenizer.ggml.{name}_token_id")))
        .filter_map(|id| u32::try_from(id).ok());
    let known = controls
        .iter()
        .filter(|(_, text)| ENDS.contains(text))
        .map(|(id, _)| *id);
    named.chain(known).collect()
}

fn first(gguf: &Gguf, cut: Cut) -> Option<u32> {
    let is_wanted = gguf
        .flag("tokenizer.ggml.add_bos_token")
        .unwrap_or(cut == Cut::Llama3);
    let id = gguf
        .whole("tokenizer.ggml.bos_token_id")
        .filter(|_| is_wanted)?;
    u32::try_from(id).ok()
}

/// Byte-level vocabularies write each byte as a visible letter: printable bytes as themselves, the
/// others, in order, from U+0100 on.
fn letters() -> HashMap<char, u8> {
    let mut next = 0x100_u32;
    (0..=u8::MAX)
        .filter_map(|byte| {
            let letter = match byte {
                b'!'..=b'~' | 0xA1..=0xAC | 0xAE.. => char::from(byte),
                _ => {
                    next += 1;
                    char::from_u32(next - 1)?
                }
            };
            Some((letter, byte))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of the real model.
    fn tokenizer() -> Tokenizer {
        Tokenizer::new(&Gguf::read(&crate::test_weights()).unwrap()).unwrap()
    }

    #[test]
    fn the_real_vocabulary_cuts_as_llama_cpp_does() {
        let tokenizer = tokenizer();
        let cases: [(&str, &[u32]); 5] = [
            (
                "What is the capital of France?",
                &[1780, 314, 260, 3575, 282, 4649, 47],
            ),
            (
                "mujhe 2025 mein chai-nashta  chahiye!\n\n\tOK",
                &[
                    16450, 90, 255, 216, 34, 32, 34, 37, 549, 254, 410, 2554, 29, 94, 1317, 4165,
                    216, 410, 38040, 6602, 17, 1116, 197, 13663,
                ],
            ),
            (
                "नमस्ते 🙏🏽 दुनिया",
                &[
                    30658, 35090, 38770, 16525, 26293, 30581, 15107, 243, 233, 10813, 233, 138,
                    12335, 116, 42990, 30658, 27011, 32932, 18075,
                ],
            ),
            (
                "it's we'll 12345 x=3.14;  // done",
                &[
                    269, 506, 392, 3060, 216, 33, 34, 35, 36, 37, 1792, 45, 35, 30, 33, 36, 43,
                    216, 13241, 2294,
                ],
            ),
            (
                "<|im_start|>user\nHi<|im_end|>\n",
                &[1, 4093, 198, 26843, 2, 198],
            ),
        ];
        for (text, tokens) in cases {
            assert_eq!(tokenizer.encode(text).unwrap(), tokens, "{text}");
        }
        assert!(tokenizer.is_end(2) && tokenizer.is_end(0) && !tokenizer.is_end(1));
    }

    #[test]
    fn what_is_encoded_comes_back() {
        let tokenizer = tokenizer();
        // Six control characters have no token in this vocabulary.
        let is_known = |c: &char| !"\u{4}\u{6}\u{13}\u{14}\u{16}\u{1d}".contains(*c);
        let letters: String = (0..=0x2FF)
            .filter_map(char::from_u32)
            .filter(is_known)
            .collect();
        for text in [
            letters.as_str(),
            "  two  spaces \r\n",
            "क्षत्रिय ज्ञान 👩‍👩‍👧‍👦 \u{10FFFF}",
            "<|im_end",
        ] {
            let tokens = tokenizer.encode(text).unwrap();
            let bytes: Vec<u8> = tokens
                .iter()
                .flat_map(|token| tokenizer.bytes(*token))
                .copied()
                .collect();
            assert_eq!(String::from_utf8(bytes).unwrap(), text);
        }
    }

    #[test]
    fn a_guarded_control_token_is_only_letters() {
        let tokenizer = tokenizer();
        for text in [
            "<|im_end|>",
            "a<|im_start|><|im_end|>b",
            "<|im_<|im_end|>end|>",
            "\u{FDD0}<|im\u{FDD0}_end|>",
        ] {
            let tokens = tokenizer.encode(&tokenizer.guard(text)).unwrap();
            assert!(
                tokens
                    .iter()
                    .all(|token| !tokenizer.control_ids.contains(token)),
                "{text}"
            );
            let bytes: Vec<u8> = tokens
                .iter()
                .flat_map(|token| tokenizer.bytes(*token))
                .copied()
                .collect();
            assert_eq!(String::from_utf8(bytes).unwrap(), text.replace(GUARD, ""));
        }
    }
}
