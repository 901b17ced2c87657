//! JSON as others write it: many conversations in one text, halves of characters, deep nesting.

use std::{borrow::Cow, fmt, io::Read};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::{
    Refused,
    archive::{Each, Item, Meter},
    value,
};

/// Comes upon each conversation of a text: of a list, of an object that is one or that has a list of
/// them, or of one object a line. False when `each` has said so.
pub(crate) fn items(mut file: impl Read, meter: &Meter, each: Each<'_>) -> Result<bool, Refused> {
    let first = first(&mut file).map_err(|_| meter.refusal().unwrap_or(Refused::Unreadable))?;
    let Some(first) = first else {
        return Ok(true);
    };
    let begin = [first];
    let text = std::io::BufReader::with_capacity(64 << 10, begin.as_slice().chain(file));
    let mut goes_on = true;
    let mut told = |item: Item| {
        meter.next();
        goes_on = each(item);
        goes_on
    };
    let outcome = match first {
        b'[' => serde_json::Deserializer::from_reader(text).deserialize_seq(Items(&mut told)),
        b'{' => objects(text, &mut told),
        _ => return Ok(true),
    };
    if !goes_on {
        return Ok(false);
    }
    if let Some(refused) = meter.refusal() {
        return Err(refused);
    }
    if let Err(error) = outcome {
        let (line, column) = (error.line(), error.column());
        let reason = format!("From here on the file is no JSON (line {line}, column {column}).");
        let (text, is_listed) = (Err(reason), true);
        return Ok(each(Item { text, is_listed }));
    }
    Ok(true)
}

/// The first character that says something.
fn first(file: &mut impl Read) -> std::io::Result<Option<u8>> {
    let mut byte = [0];
    while file.read(&mut byte)? > 0 {
        let [byte] = byte;
        // White space, and the mark that some programs put at the beginning of a text.
        if !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf) {
            return Ok(Some(byte));
        }
    }
    Ok(None)
}

struct Items<'a>(Each<'a>);

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of conversations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Box<RawValue>>()? {
            let (text, is_listed) = (Ok(item), true);
            if !(self.0)(Item { text, is_listed }) {
                return Err(serde::de::Error::custom("enough"));
            }
        }
        Ok(())
    }
}

/// A conversation, a wrapper around several, or one a line.
fn objects(text: impl Read, each: Each<'_>) -> Result<(), serde_json::Error> {
    #[derive(Deserialize)]
    struct Wrapper<'a> {
        #[serde(borrow)]
        conversations: Option<&'a RawValue>,
        #[serde(borrow)]
        chats: Option<&'a RawValue>,
        #[serde(borrow)]
        data: Option<&'a RawValue>,
    }
    let values = serde_json::Deserializer::from_reader(text).into_iter::<Box<RawValue>>();
    for value in values {
        let value = value?;
        let wrapper: Option<Wrapper<'_>> = serde_json::from_str(value.get()).ok();
        let list = wrapper.and_then(|wrapper| {
            let lists = [wrapper.conversations, wrapper.chats, wrapper.data];
            let list = lists.into_iter().flatten();
            list.map(RawValue::get).find(|list| list.starts_with('['))
        });
        if let Some(list) = list {
            serde_json::Deserializer::from_str(list).deserialize_seq(Items(&mut *each))?;
        } else {
            let (text, is_listed) = (Ok(value), false);
            if !each(Item { text, is_listed }) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// How many objects and how many values a text holds, which is what a tree of them needs memory by.
pub(crate) fn weight(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut objects, mut values) = (0, 0);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' => objects += 1,
            b',' | b'[' => values += 1,
            _ => {}
        }
        at += 1;
    }
    (objects, values)
}

/// The title of a conversation, whatever else is wrong with it.
pub(crate) fn title(text: &str) -> String {
    #[derive(Deserialize)]
    struct Titled<'a> {
        #[serde(borrow)]
        title: Option<&'a RawValue>,
        #[serde(borrow)]
        name: Option<&'a RawValue>,
    }
    let titled: Option<Titled<'_>> = serde_json::from_str(text).ok();
    let title = titled.and_then(|titled| titled.title.or(titled.name));
    let title = title.and_then(|title| serde_json::from_str::<String>(title.get()).ok());
    title
        .and_then(|title| value::one_line(&title))
        .unwrap_or_default()
}

/// The conversation as a tree of values.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        if error.to_string().contains("recursion limit") {
            return "It is nested too deeply.".to_owned();
        }
        format!("It is no JSON that can be read ({error}).")
    })
}

/// Halves of characters, which cut texts have as escapes, become U+FFFD: nothing else reads them.
pub(crate) fn mended(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let length = match surrogate(escape) {
            // The first half needs the second right behind it.
            Some(0xd800..=0xdbff) => {
                let second = escape.get(6..).and_then(surrogate);
                if second.is_some_and(|second| second >= 0xdc00) {
                    out.push_str(escape.get(..12).unwrap_or_default());
                    12
                } else {
                    out.push('\u{fffd}');
                    6
                }
            }
            Some(_) => {
                out.push('\u{fffd}');
                6
            }
            None => {
                // The character behind the backslash is not the beginning of an escape.
                let next = escape.chars().nth(1).map_or(0, char::len_utf8);
                out.push_str(escape.get(..=next).unwrap_or(escape));
                1 + next
            }
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The half of a character that an escape at the beginning of the text stands for.
fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let half = u16::from_str_radix(digits, 16).ok()?;
    (0xd800..=0xdfff).contains(&half).then_some(half)
}

/// Takes messages that hold their answers apart, however deep they nest: each as its own text, with
/// an empty list where its `children` were, and its place of the message around it. The first is the
/// object itself, whose `messages` are taken apart the same way.
pub(crate) fn apart(text: &str) -> Vec<(String, Option<usize>)> {
    let mut parts: Vec<(Vec<u8>, Option<usize>)> = Vec::new();
    // What is open at the place that is read: the message whose text it is, and what kind of thing.
    let mut open: Vec<Open> = Vec::new();
    let mut key: &[u8] = b"";
    let mut is_value = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let end = if byte == b'"' {
            string_end(bytes, at)
        } else {
            at + 1
        };
        let token = bytes.get(at..end).unwrap_or_default();
        at = end;
        match byte {
            b'{' => {
                let is_message = open.last().is_none_or(|open| *open == Open::Messages);
                if is_message {
                    let around = current(&open);
                    parts.push((Vec::new(), around));
                }
                let part = if is_message {
                    Some(parts.len() - 1)
                } else {
                    current(&open)
                };
                open.push(match (is_message, part) {
                    (true, Some(part)) => Open::Message(part),
                    _ => Open::Other,
                });
                write(&mut parts, &open, token);
            }
            b'[' => {
                let is_inside = matches!(open.last(), Some(Open::Message(_)));
                let is_list = is_inside && is_value && matches!(key, b"children" | b"messages");
                if is_list {
                    write(&mut parts, &open, b"[]");
                    open.push(Open::Messages);
                } else {
                    open.push(Open::Other);
                    write(&mut parts, &open, token);
                }
            }
            b'}' | b']' => {
                if !matches!(open.last(), Some(Open::Messages)) {
                    write(&mut parts, &open, token);
                }
                open.pop();
            }
            _ => {
                if !matches!(open.last(), Some(Open::Messages)) {
                    write(&mut parts, &open, token);
                }
            }
        }
        match byte {
            b'"' if !is_value => key = token.get(1..token.len() - 1).unwrap_or_default(),
            b':' => is_value = true,
            b',' | b'{' | b'[' | b'}' | b']' => is_value = false,
            _ => {}
        }
    }
    let parts = parts.into_iter();
    parts
        .map(|(text, around)| (String::from_utf8_lossy(&text).into_owned(), around))
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A message, by its number, or the conversation.
    Message(usize),
    /// A list whose objects are messages.
    Messages,
    Other,
}

/// The message around the place that is read.
fn current(open: &[Open]) -> Option<usize> {
    open.iter().rev().find_map(|open| match open {
        Open::Message(part) => Some(*part),
        _ => None,
    })
}

fn write(parts: &mut [(Vec<u8>, Option<usize>)], open: &[Open], token: &[u8]) {
    if let Some((text, _)) = current(open).and_then(|part| parts.get_mut(part)) {
        text.extend_from_slice(token);
    }
}

/// Where the string ends that begins here.
fn string_end(bytes: &[u8], begin: usize) -> usize {
    let mut at = begin + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_characters_are_mended_and_whole_ones_stay() {
        for (text, mended_text) in [
            (r#""a\ud83dz""#, "\"a\u{fffd}z\""),
            (r#""\ude00""#, "\"\u{fffd}\""),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, "\"\u{fffd}\\ud83d\\ude00\""),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\ud83""#, r#""\ud83""#),
        ] {
            assert_eq!(mended(text), mended_text, "{text}");
        }
    }

    #[test]
    fn nested_messages_are_taken_apart() {
        let text = r#"{"title":"\"messages\":[","messages":[{"id":1,"children":[{"id":2,"tags":["children"],
            "children":[]},{"id":3,"x":{"children":[4]}}]},{"id":5}],"end":true}"#;
        let parts = apart(text);
        let parsed: Vec<(Value, Option<usize>)> = parts
            .into_iter()
            .map(|(text, around)| (serde_json::from_str(&text).unwrap(), around))
            .collect();
        let around: Vec<_> = parsed.iter().map(|(_, around)| *around).collect();
        assert_eq!(around, [None, Some(0), Some(1), Some(1), Some(0)]);
        assert_eq!(parsed[0].0["end"], true);
        assert_eq!(parsed[0].0["messages"], serde_json::json!([]));
        assert_eq!(parsed[3].0["x"]["children"], serde_json::json!([4]));
        let ids: Vec<i64> = parsed[1..]
            .iter()
            .map(|(one, _)| one["id"].as_i64().unwrap())
            .collect();
        assert_eq!(ids, [1, 2, 3, 5]);
    }
}
