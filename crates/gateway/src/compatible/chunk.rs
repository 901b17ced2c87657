//! One chunk of an answer, read with as few copies and as much patience as possible.
//!
//! Servers differ in what they leave out, send as null, or send in a shape of their own; only what
//! is not JSON, or not an object, is an error.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{FinishReason, Usage, decimal::scaled};

/// More tokens than any answer takes; what claims more is not believed.
const MOST_TOKENS: i64 = 100_000_000;
/// More micro-dollars than any answer costs: 10,000 dollars.
const MOST_COST: i64 = 10_000_000_000;

/// A chunk of a stream, or a whole answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chunk<'a> {
    #[serde(borrow)]
    pub(super) model: Text<'a>,
    #[serde(borrow)]
    pub(super) choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
    /// Addresses, as a search model sends them.
    #[serde(borrow)]
    pub(super) citations: Option<&'a RawValue>,
    /// The same with titles.
    #[serde(borrow)]
    pub(super) search_results: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice<'a> {
    #[serde(borrow)]
    delta: Option<Delta<'a>>,
    /// The whole so far; some send it beside every delta.
    #[serde(borrow)]
    message: Option<Delta<'a>>,
    #[serde(borrow)]
    finish_reason: Text<'a>,
    #[serde(borrow)]
    pub(super) error: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Delta<'a> {
    #[serde(borrow)]
    pub(super) content: Text<'a>,
    #[serde(borrow)]
    pub(super) refusal: Text<'a>,
    #[serde(borrow)]
    reasoning_content: Text<'a>,
    #[serde(borrow)]
    reasoning: Text<'a>,
    #[serde(borrow)]
    pub(super) annotations: Option<&'a RawValue>,
}

impl<'a> Chunk<'a> {
    /// Reads one chunk. An escaped half of a surrogate pair, which some servers send when a
    /// character is divided between tokens, becomes U+FFFD: `storage` holds the mended text.
    pub(super) fn read(
        json: &'a str,
        storage: &'a mut Option<String>,
    ) -> Result<Self, serde_json::Error> {
        let error = match serde_json::from_str(json) {
            Ok(chunk) => return Ok(chunk),
            Err(error) => error,
        };
        match mended(json) {
            Some(text) => serde_json::from_str(storage.insert(text)),
            None => Err(error),
        }
    }

    /// What the answer took so far; `None` where it is not said, or beyond belief.
    pub(super) fn usage(&self) -> Option<Usage> {
        #[derive(Deserialize)]
        struct Counts<'a> {
            #[serde(borrow)]
            prompt_tokens: Option<&'a RawValue>,
            #[serde(borrow)]
            input_tokens: Option<&'a RawValue>,
            #[serde(borrow)]
            completion_tokens: Option<&'a RawValue>,
            #[serde(borrow)]
            output_tokens: Option<&'a RawValue>,
            #[serde(borrow)]
            cost: Option<&'a RawValue>,
        }
        let counts: Counts<'_> = serde_json::from_str(self.usage?.get()).ok()?;
        let prompt = counts.prompt_tokens.or(counts.input_tokens);
        let completion = counts.completion_tokens.or(counts.output_tokens);
        if prompt.is_none() && completion.is_none() {
            return None;
        }
        let cost = counts.cost.and_then(|cost| scaled(cost.get(), 6));
        Some(Usage {
            prompt_tokens: tokens(prompt)?,
            completion_tokens: tokens(completion)?,
            cost_microusd: cost.filter(|cost| *cost <= MOST_COST),
        })
    }
}

fn tokens(count: Option<&RawValue>) -> Option<u32> {
    let Some(count) = count else { return Some(0) };
    let count = scaled(count.get(), 0).filter(|count| *count <= MOST_TOKENS)?;
    u32::try_from(count).ok()
}

impl<'a> Choice<'a> {
    /// Takes what is new; in an answer that is not streamed, all of it.
    pub(super) fn take_delta(&mut self) -> Option<Delta<'a>> {
        let message = self.message.take();
        self.delta.take().or(message)
    }

    /// Why the answer ended, once it has; `Err` when the provider says that it failed.
    pub(super) fn finish(&self) -> Result<Option<FinishReason>, ()> {
        Ok(Some(match self.finish_reason.0.as_ref() {
            "" => return Ok(None),
            "error" => return Err(()),
            "stop" | "eos" | "end_turn" | "stop_sequence" | "STOP" => FinishReason::Stop,
            "length" | "max_tokens" | "model_length" | "MAX_TOKENS" => FinishReason::Length,
            "content_filter" | "safety" | "SAFETY" => FinishReason::ContentFilter,
            other => FinishReason::Other(other.chars().take(64).collect()),
        }))
    }
}

impl<'a> Delta<'a> {
    /// Takes the reasoning, by whichever of its names; a server that sends both repeats itself.
    pub(super) fn take_reasoning(&mut self) -> Text<'a> {
        let reasoning = std::mem::take(&mut self.reasoning_content);
        if reasoning.0.is_empty() {
            std::mem::take(&mut self.reasoning)
        } else {
            reasoning
        }
    }
}

/// A text, borrowed where it holds no escapes. Null, absent and what is no text are empty; a list of
/// parts is the text of its parts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Text::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Text::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Text::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Text::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Text::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut text = String::new();
        while let Some(part) = parts.next_element::<Text<'de>>()? {
            text.push_str(&part.0);
        }
        Ok(Text(Cow::Owned(text)))
    }

    /// One part of a list: `{"type": "text", "text": "…"}`.
    fn visit_map<A: MapAccess<'de>>(self, mut part: A) -> Result<Self::Value, A::Error> {
        let mut text = Text::default();
        while let Some(key) = part.next_key::<Cow<'de, str>>()? {
            if key == "text" {
                text = part.next_value()?;
            } else {
                part.next_value::<IgnoredAny>().map_err(A::Error::custom)?;
            }
        }
        Ok(text)
    }
}

/// The text with every escaped surrogate that has no partner as `\ufffd`; `None` when there is none.
fn mended(json: &str) -> Option<String> {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    let mut found = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let length = match (
            surrogate(escape),
            surrogate(escape.get(6..).unwrap_or_default()),
        ) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(_), _) => {
                found = true;
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // Any other escape: its letter is taken with it, so that `\\u` is no escape.
            (None, _) => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (kept, tail) = escape.split_at(length);
        out.push_str(kept);
        rest = tail;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The number of a `\uD800`–`\uDFFF` at the very beginning.
fn surrogate(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16)
        .ok()
        .filter(|number| (0xD800..=0xDFFF).contains(number))
}

#[cfg(test)]
mod tests {
    use super::{Chunk, mended};
    use crate::{FinishReason, Usage};

    /// Text and reasoning of a chunk.
    fn read(json: &str) -> (String, String) {
        let mut storage = None;
        let chunk = Chunk::read(json, &mut storage).unwrap();
        let mut choice = chunk.choices.unwrap_or_default().pop().unwrap_or_default();
        let mut delta = choice.take_delta().unwrap_or_default();
        (
            delta.content.0.to_string(),
            delta.take_reasoning().0.into_owned(),
        )
    }

    fn delta(delta: &str) -> (String, String) {
        read(&format!(r#"{{"choices":[{{"index":0,"delta":{delta}}}]}}"#))
    }

    #[test]
    fn reads_text_in_every_shape() {
        for (json, text, reasoning) in [
            (r#"{"content":"a"}"#, "a", ""),
            (r#"{"content":"a\n\"b\" \u00e9"}"#, "a\n\"b\" é", ""),
            (
                r#"{"role":"assistant","content":null,"tool_calls":null}"#,
                "",
                "",
            ),
            (r#"{"content":"","reasoning_content":"r"}"#, "", "r"),
            (r#"{"content":null,"reasoning":"r"}"#, "", "r"),
            (r#"{"reasoning_content":"r","reasoning":"r"}"#, "", "r"),
            (
                r#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#,
                "ab",
                "",
            ),
            (r#"{"content":7,"reasoning":{"x":[1]}}"#, "", ""),
            ("null", "", ""),
        ] {
            assert_eq!(
                delta(json),
                (text.to_owned(), reasoning.to_owned()),
                "{json}"
            );
        }
        assert_eq!(read(r#"{"choices":null,"usage":null,"error":null}"#).0, "");
        assert_eq!(read("{}").0, "");
        assert_eq!(
            read(r#"{"choices":[{"message":{"content":"whole"}}]}"#).0,
            "whole"
        );
        let both = r#"{"choices":[{"message":{"content":"so far"},"delta":{"content":"far"}}]}"#;
        assert_eq!(read(both).0, "far");
    }

    #[test]
    fn half_a_surrogate_pair_costs_one_character() {
        assert_eq!(delta(r#"{"content":"a\ud83dz"}"#).0, "a\u{FFFD}z");
        assert_eq!(
            delta(r#"{"content":"\ude4f\ud83d\ude4f\\ud83d"}"#).0,
            "\u{FFFD}🙏\\ud83d"
        );
        assert_eq!(mended(r#"{"a":"\ud83d\ude4f \\ud83d é\n"}"#), None);
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for json in [
            "",
            "{",
            "garbage",
            r#"{"choices":[{"delta":{"con"#,
            "7",
            "\"x\"",
        ] {
            assert!(Chunk::read(json, &mut None).is_err(), "{json}");
        }
    }

    fn usage(json: &str) -> Option<Usage> {
        Chunk::read(&format!(r#"{{"usage":{json}}}"#), &mut None)
            .unwrap()
            .usage()
    }

    #[test]
    fn usage_is_exact_or_not_believed() {
        let of = |prompt_tokens, completion_tokens, cost_microusd| {
            Some(Usage {
                prompt_tokens,
                completion_tokens,
                cost_microusd,
            })
        };
        assert_eq!(
            usage(r#"{"prompt_tokens":9,"completion_tokens":2}"#),
            of(9, 2, None)
        );
        let charged = r#"{"prompt_tokens":9,"completion_tokens":2.0,"cost":0.00014}"#;
        assert_eq!(usage(charged), of(9, 2, Some(140)));
        assert_eq!(
            usage(r#"{"input_tokens":9,"output_tokens":null}"#),
            of(9, 0, None)
        );
        assert_eq!(
            usage(r#"{"completion_tokens":2,"cost":{"total":1}}"#),
            of(0, 2, None)
        );
        for nonsense in [
            "{}",
            "[]",
            "7",
            r#"{"prompt_tokens":-1,"completion_tokens":2}"#,
            r#"{"prompt_tokens":1,"completion_tokens":1e300}"#,
            r#"{"prompt_tokens":99999999999,"completion_tokens":1}"#,
            r#"{"prompt_tokens":"many"}"#,
        ] {
            assert_eq!(usage(nonsense), None, "{nonsense}");
        }
        let dear = usage(r#"{"prompt_tokens":1,"completion_tokens":1,"cost":1e9}"#);
        assert_eq!(dear, of(1, 1, None));
    }

    #[test]
    fn finish_reasons_have_one_name_each() {
        let finish = |reason: &str| {
            let json = format!(r#"{{"choices":[{{"finish_reason":{reason}}}]}}"#);
            let mut storage = None;
            let chunk = Chunk::read(&json, &mut storage).unwrap();
            chunk.choices.unwrap().pop().unwrap().finish()
        };
        assert_eq!(finish("null"), Ok(None));
        assert_eq!(finish("\"stop\""), Ok(Some(FinishReason::Stop)));
        assert_eq!(finish("\"length\""), Ok(Some(FinishReason::Length)));
        assert_eq!(
            finish("\"content_filter\""),
            Ok(Some(FinishReason::ContentFilter))
        );
        let tools = FinishReason::Other("tool_calls".to_owned());
        assert_eq!(finish("\"tool_calls\""), Ok(Some(tools)));
        assert_eq!(finish("\"error\""), Err(()));
    }
}
