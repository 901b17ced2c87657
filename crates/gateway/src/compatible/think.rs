//! Reasoning that a model writes into its answer, as `<think>…</think>` at the very start.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";
/// White space before the mark beyond which an answer is taken to have begun.
const MOST_BLANK: usize = 64;

/// A piece of an answer, told apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Reasoning(String),
}

/// Tells reasoning from answer while the text arrives in pieces that divide the marks anywhere.
#[derive(Debug, Default)]
pub(super) struct Think {
    state: State,
    held: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    /// In the reasoning; blank so far.
    Opened,
    Reasoning,
    /// After the closing mark; blank so far.
    Closed,
    Text,
}

impl Think {
    /// Takes everything that follows for the answer: the provider sends reasoning apart.
    pub(super) fn is_sent_apart(&mut self) {
        if self.state == State::Start && self.held.is_empty() {
            self.state = State::Text;
        }
    }

    /// Takes the next text and gives what is decided of it, in order.
    pub(super) fn push(&mut self, text: String, sink: &mut impl FnMut(Piece)) {
        if self.state == State::Text {
            sink(Piece::Text(text));
            return;
        }
        self.held.push_str(&text);
        while self.step(sink) {}
    }

    /// Ends the answer: what was held back goes where it then belongs.
    pub(super) fn end(&mut self, sink: &mut impl FnMut(Piece)) {
        let held = std::mem::take(&mut self.held);
        match self.state {
            _ if held.is_empty() => {}
            State::Opened | State::Reasoning => sink(Piece::Reasoning(held)),
            State::Start | State::Closed | State::Text => sink(Piece::Text(held)),
        }
        self.state = State::Text;
    }

    /// Decides as much as one state can; true when the next state has more to look at.
    fn step(&mut self, sink: &mut impl FnMut(Piece)) -> bool {
        match self.state {
            State::Start => self.start(),
            State::Opened => self.skip_blank(State::Reasoning),
            State::Reasoning => self.reason(sink),
            State::Closed => self.skip_blank(State::Text),
            State::Text => {
                let held = std::mem::take(&mut self.held);
                if !held.is_empty() {
                    sink(Piece::Text(held));
                }
                false
            }
        }
    }

    fn start(&mut self) -> bool {
        let begun = self.held.trim_start();
        if let Some(rest) = begun.strip_prefix(OPEN) {
            self.held = rest.to_owned();
            self.state = State::Opened;
            return true;
        }
        let is_open = OPEN.starts_with(begun) && self.held.len() <= MOST_BLANK;
        if !is_open {
            self.state = State::Text;
        }
        !is_open
    }

    fn skip_blank(&mut self, next: State) -> bool {
        let begun = self.held.trim_start();
        if begun.is_empty() {
            self.held.clear();
            return false;
        }
        self.held = begun.to_owned();
        self.state = next;
        true
    }

    fn reason(&mut self, sink: &mut impl FnMut(Piece)) -> bool {
        let (end, is_closed) = match self.held.find(CLOSE) {
            Some(end) => (end, true),
            None => (self.held.len() - divided_mark(&self.held), false),
        };
        let rest = self.held.split_off(end);
        let reasoning = std::mem::replace(&mut self.held, rest);
        if !reasoning.is_empty() {
            sink(Piece::Reasoning(reasoning));
        }
        if is_closed {
            self.held.drain(..CLOSE.len());
            self.state = State::Closed;
        }
        is_closed
    }
}

/// How many bytes at the end may be the beginning of the closing mark.
fn divided_mark(text: &str) -> usize {
    let longest = (CLOSE.len() - 1).min(text.len());
    (1..=longest)
        .rev()
        .find(|length| text.ends_with(CLOSE.get(..*length).unwrap_or(CLOSE)))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Piece, Think};

    /// Answer and reasoning of a text that arrives in pieces of `size` characters.
    fn told_apart(text: &str, size: usize) -> (String, String) {
        let (mut answer, mut reasoning) = (String::new(), String::new());
        let mut think = Think::default();
        let mut sink = |piece| match piece {
            Piece::Text(text) => answer.push_str(&text),
            Piece::Reasoning(text) => reasoning.push_str(&text),
        };
        let letters: Vec<char> = text.chars().collect();
        for piece in letters.chunks(size) {
            think.push(piece.iter().collect(), &mut sink);
        }
        think.end(&mut sink);
        (answer, reasoning)
    }

    #[test]
    fn tells_reasoning_apart_however_it_is_divided() {
        for (text, answer, reasoning) in [
            ("plain answer", "plain answer", ""),
            ("<think>hm, ü</think>\n\nyes", "yes", "hm, ü"),
            ("\n<think>\nhm\n</think>yes", "yes", "hm\n"),
            ("<think>\n\n</think>\n\nyes", "yes", ""),
            (
                "<think>a < b </thin </think>yes </think>",
                "yes </think>",
                "a < b </thin ",
            ),
            ("<thinking> is a tag", "<thinking> is a tag", ""),
            ("use <think>x</think>", "use <think>x</think>", ""),
            ("<think>never closed </th", "", "never closed </th"),
            ("<thi", "<thi", ""),
            ("  ", "  ", ""),
            ("", "", ""),
        ] {
            for size in [1, 2, 3, 5, 100] {
                let expected = (answer.to_owned(), reasoning.to_owned());
                assert_eq!(told_apart(text, size), expected, "{text:?} by {size}");
            }
        }
    }

    #[test]
    fn an_answer_flows_without_delay() {
        let mut pieces = Vec::new();
        let mut think = Think::default();
        think.push("He".to_owned(), &mut |piece| pieces.push(piece));
        think.push("llo".to_owned(), &mut |piece| pieces.push(piece));
        assert_eq!(
            pieces,
            [Piece::Text("He".to_owned()), Piece::Text("llo".to_owned())]
        );
    }
}
