//! The sources of an answer, in the shapes providers have for them, each told once.

use serde::Deserialize;
use serde_json::Value;

use crate::{Citation, Event};

/// Sources and annotations of one answer that are passed on.
const MOST: usize = 256;
/// Bytes of an address.
const LONGEST_URL: usize = 4096;
/// Characters of a title and of a cited passage.
const LONGEST_TITLE: usize = 500;
const LONGEST_TEXT: usize = 4000;
/// Bytes of another annotation's JSON.
const LONGEST_ANNOTATION: usize = 64 * 1024;

/// Remembers what was told.
#[derive(Debug, Default)]
pub(super) struct Citations {
    told: Vec<Citation>,
    annotations: usize,
    /// The last top-level lists, which some providers repeat in every chunk.
    last: [String; 2],
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Source {
    url: Option<Value>,
    title: Option<Value>,
    content: Option<Value>,
    snippet: Option<Value>,
    start_index: Option<Value>,
    end_index: Option<Value>,
}

impl Citations {
    /// The value of a delta's `annotations`.
    pub(super) fn annotations(&mut self, json: &str, sink: &mut impl FnMut(Event)) {
        let Ok(list) = serde_json::from_str::<Vec<Value>>(json) else {
            return;
        };
        for annotation in list {
            if annotation.get("type").and_then(Value::as_str) != Some("url_citation") {
                self.other(annotation, sink);
                continue;
            }
            let source = annotation.get("url_citation").unwrap_or(&annotation);
            self.tell(source_of(source), sink);
        }
    }

    /// The top-level `search_results`, each with a title.
    pub(super) fn search_results(&mut self, json: &str, sink: &mut impl FnMut(Event)) {
        self.list(0, json, sink);
    }

    /// The top-level `citations`: addresses alone.
    pub(super) fn addresses(&mut self, json: &str, sink: &mut impl FnMut(Event)) {
        self.list(1, json, sink);
    }

    fn list(&mut self, which: usize, json: &str, sink: &mut impl FnMut(Event)) {
        let Some(last) = self.last.get_mut(which) else {
            return;
        };
        if last == json {
            return;
        }
        json.clone_into(last);
        let Ok(list) = serde_json::from_str::<Vec<Value>>(json) else {
            return;
        };
        for source in &list {
            let citation = source_of(source);
            let is_told = |citation: &Citation| self.told.iter().any(|t| t.url == citation.url);
            self.tell(citation.filter(|citation| !is_told(citation)), sink);
        }
    }

    fn tell(&mut self, citation: Option<Citation>, sink: &mut impl FnMut(Event)) {
        let Some(citation) = citation else { return };
        if self.told.len() < MOST && !self.told.contains(&citation) {
            self.told.push(citation.clone());
            sink(Event::Citation(citation));
        }
    }

    fn other(&mut self, mut annotation: Value, sink: &mut impl FnMut(Event)) {
        if self.annotations < MOST && annotation.to_string().len() <= LONGEST_ANNOTATION {
            self.annotations += 1;
            without_nul_in(&mut annotation);
            sink(Event::Annotation(annotation));
        }
    }
}

/// A source given as an address or as an object; only web addresses are one.
fn source_of(value: &Value) -> Option<Citation> {
    let source = match value {
        Value::String(_) => Source {
            url: Some(value.clone()),
            ..Source::default()
        },
        _ => Source::deserialize(value).ok()?,
    };
    let url = source.url?.as_str()?.trim().to_owned();
    let is_web = url::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let text = |value: Option<Value>, most: usize| {
        let text: String = value?.as_str()?.trim().chars().take(most).collect();
        Some(without_nul(text)).filter(|text| !text.is_empty())
    };
    let index = |value: Option<Value>| value?.as_u64().and_then(|index| u32::try_from(index).ok());
    (is_web && url.len() <= LONGEST_URL).then(|| Citation {
        url: without_nul(url),
        title: text(source.title, LONGEST_TITLE),
        text: text(source.content, LONGEST_TEXT).or_else(|| text(source.snippet, LONGEST_TEXT)),
        start_index: index(source.start_index),
        end_index: index(source.end_index),
    })
}

/// U+0000 as U+FFFD: databases refuse the former.
pub(super) fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

fn without_nul_in(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_nul(std::mem::take(text)),
        Value::Array(list) => list.iter_mut().for_each(without_nul_in),
        Value::Object(fields) => {
            let old = std::mem::take(fields);
            for (name, mut field) in old {
                without_nul_in(&mut field);
                fields.insert(without_nul(name), field);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Citations;
    use crate::{Citation, Event};

    fn cited(url: &str, title: Option<&str>) -> Event {
        Event::Citation(Citation {
            url: url.to_owned(),
            title: title.map(str::to_owned),
            text: None,
            start_index: None,
            end_index: None,
        })
    }

    #[test]
    fn annotations_are_told_once_and_only_web_addresses_are_sources() {
        let list = json!([
            {"type": "url_citation", "url_citation": {"url": "https://a.org/x", "title": "A",
                "content": "said", "start_index": 3, "end_index": 9}},
            {"type": "url_citation", "url": "http://b.org/", "title": null},
            {"type": "url_citation", "url_citation": {"url": "javascript:alert(1)"}},
            {"type": "url_citation", "url_citation": {"url": 7}},
            {"type": "file", "file": {"name": "a\u{0}b", "k\u{0}": [1]}},
        ])
        .to_string();
        let mut events = Vec::new();
        let mut citations = Citations::default();
        citations.annotations(&list, &mut |event| events.push(event));
        let first = Event::Citation(Citation {
            url: "https://a.org/x".to_owned(),
            title: Some("A".to_owned()),
            text: Some("said".to_owned()),
            start_index: Some(3),
            end_index: Some(9),
        });
        let file = json!({"type": "file", "file": {"name": "a\u{FFFD}b", "k\u{FFFD}": [1]}});
        assert_eq!(
            events,
            [first, cited("http://b.org/", None), Event::Annotation(file)]
        );

        events.clear();
        citations.annotations("null", &mut |event| events.push(event));
        citations.annotations("{}", &mut |event| events.push(event));
        assert_eq!(events, []);
    }

    #[test]
    fn lists_repeated_in_every_chunk_are_told_once() {
        let mut events = Vec::new();
        let mut citations = Citations::default();
        let results = r#"[{"title":"A","url":"https://a.org/"},{"url":"https://b.org/"}]"#;
        for _ in 0..3 {
            citations.search_results(results, &mut |event| events.push(event));
            citations.addresses(r#"["https://a.org/","https://c.org/"]"#, &mut |event| {
                events.push(event);
            });
        }
        let expected = [
            cited("https://a.org/", Some("A")),
            cited("https://b.org/", None),
            cited("https://c.org/", None),
        ];
        assert_eq!(events, expected);
    }
}
