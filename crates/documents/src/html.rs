//! The text that a reader of a page would read: what it is about, without what is around it.
//!
//! Only tags are looked at, in their order, and no tree is built: so a page that is nested a million
//! deep costs no more than a flat one.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
    states::RawKind,
};

use crate::{Document, Refused, limits::Budget, text};

/// From this length on, what is marked as the page's main part is taken for it.
const WORTH_READING: usize = 200;

/// How much is tokenized between two looks at the clock.
const STEP: usize = 64 << 10;

/// Stands for a space of preformatted text until the others are collapsed: a control character that
/// no page shows.
const KEPT: &str = "\u{1f}";

/// Never read.
const HIDDEN: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas",
    "textarea", "select",
];

/// Around what the page is about.
const AROUND: &[&str] = &["nav", "footer", "aside", "form", "button", "dialog", "menu"];

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hr",
    "html",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

pub(crate) fn read(bytes: &[u8], budget: &Budget<'_>) -> Result<Document, Refused> {
    let page = text::decode(bytes, charset(bytes).as_deref());
    let tokenizer = Tokenizer::new(
        Sink(RefCell::new(State::default())),
        TokenizerOpts::default(),
    );
    let queue = BufferQueue::default();
    let mut rest = page.as_str();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.floor_char_boundary(STEP.min(rest.len())));
        queue.push_back(StrTendril::from_slice(now));
        // It stops early only where the sink asks it to, which this one never does.
        let _done = tokenizer.feed(&queue);
        budget.check("")?;
        rest = later;
    }
    tokenizer.end();
    let state = tokenizer.sink.0.into_inner();
    let title = collapse(&state.title);
    let text = state.readable();
    budget.check(&text)?;
    Ok(Document {
        title: (!title.is_empty()).then_some(title),
        text,
        pages: None,
    })
}

/// The encoding that the page itself names near its beginning.
fn charset(bytes: &[u8]) -> Option<String> {
    let begin = bytes.get(..1_024).unwrap_or(bytes);
    let begin = String::from_utf8_lossy(begin).to_ascii_lowercase();
    let (_, after) = begin.split_once("charset=")?;
    let name = after.trim_start_matches(['"', '\'']);
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)))?;
    name.get(..end).map(str::to_owned)
}

struct Sink(RefCell<State>);

/// Three readings at once, because only the end tells which one holds the page's text.
#[derive(Default)]
struct State {
    title: String,
    all: String,
    body: String,
    main: String,
    in_title: bool,
    in_main: u32,
    /// The hidden element that is open, and how many of its name.
    hidden: Option<(String, u32)>,
    around: Option<(String, u32)>,
    pre: bool,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(words) => state.words(&words),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if name == "title" && self.hidden.is_none() {
            // A later title belongs to a drawing in the page.
            self.in_title = opens && self.title.is_empty();
        }
        if !tag.self_closing {
            follow(&mut self.hidden, HIDDEN, name, opens);
            follow(&mut self.around, AROUND, name, opens);
        }
        match name {
            "main" | "article" if opens => self.in_main += 1,
            "main" | "article" => self.in_main = self.in_main.saturating_sub(1),
            "pre" => self.pre = opens,
            _ => {}
        }
        if self.hidden.is_none() {
            self.shape(name, opens);
        }
        match name {
            _ if !opens => TokenSinkResult::Continue,
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "xmp" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    /// What a tag looks like in plain text.
    fn shape(&mut self, name: &str, opens: bool) {
        match (name, opens) {
            ("h1", true) => self.put("\n\n# "),
            ("h2", true) => self.put("\n\n## "),
            ("h3", true) => self.put("\n\n### "),
            ("h4" | "h5" | "h6", true) => self.put("\n\n#### "),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => self.put("\n\n"),
            ("li", true) => self.put("\n- "),
            ("br", _) | ("tr", true) => self.put("\n"),
            ("td" | "th", false) => self.put(" | "),
            _ if BLOCKS.contains(&name) => self.put("\n\n"),
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.in_title {
            self.title.push_str(words);
        } else if self.hidden.is_none() {
            if self.pre {
                self.put(&words.replace('\t', "    ").replace(' ', KEPT));
            } else {
                self.put(&words.replace(['\n', '\r', '\t'], " "));
            }
        }
    }

    fn put(&mut self, words: &str) {
        self.all.push_str(words);
        if self.around.is_none() {
            self.body.push_str(words);
            if self.in_main > 0 {
                self.main.push_str(words);
            }
        }
    }

    fn readable(self) -> String {
        let main = tidy(&self.main);
        if main.len() >= WORTH_READING {
            return main;
        }
        let body = tidy(&self.body);
        // An element around that never ends would hide the whole page.
        if body.is_empty() {
            tidy(&self.all)
        } else {
            body
        }
    }
}

/// Keeps which element of `names` is open, counting those of its own name inside it.
fn follow(open: &mut Option<(String, u32)>, names: &[&str], name: &str, opens: bool) {
    match open {
        Some((which, count)) if which == name => {
            *count = if opens { *count + 1 } else { *count - 1 };
            if *count == 0 {
                *open = None;
            }
        }
        None if opens && names.contains(&name) => *open = Some((name.to_owned(), 1)),
        _ => {}
    }
}

/// One space between words, at most one empty line between paragraphs.
fn tidy(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut empty = 0_u32;
    for line in raw.lines() {
        let line = collapse(line);
        if line.is_empty() || line == "-" {
            empty += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        text.push_str(line.trim_end_matches(" |"));
        empty = 0;
    }
    text.replace(KEPT, " ").replace('\0', "")
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
