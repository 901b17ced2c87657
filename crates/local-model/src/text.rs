//! The text of an answer as it grows: whole characters only, and never a piece of a stop text.

/// Collects bytes and gives back what may be shown.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// Bytes of a character that is not whole yet.
    bytes: Vec<u8>,
    /// What may be the beginning of a stop text.
    held: String,
    stops: Vec<String>,
}

/// What came of some more bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// May be shown now; may be empty.
    pub(crate) text: String,
    /// A stop text came: nothing may follow.
    pub(crate) is_stopped: bool,
}

impl Text {
    pub(crate) fn new(stops: &[String]) -> Self {
        let stops = stops
            .iter()
            .filter(|stop| !stop.is_empty())
            .cloned()
            .collect();
        Self {
            stops,
            ..Self::default()
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Shown {
        self.bytes.extend_from_slice(bytes);
        self.take_characters();
        let stop = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop))
            .min();
        if let Some(at) = stop {
            self.held.truncate(at);
            return Shown {
                text: std::mem::take(&mut self.held),
                is_stopped: true,
            };
        }
        let rest = self.held.split_off(self.held.len() - self.doubtful());
        Shown {
            text: std::mem::replace(&mut self.held, rest),
            is_stopped: false,
        }
    }

    /// The answer is over: what was held back was no stop text after all.
    pub(crate) fn finish(self) -> String {
        self.held
    }

    /// Moves whole characters from `bytes` to `held`; what can never become one turns into U+FFFD.
    fn take_characters(&mut self) {
        loop {
            match std::str::from_utf8(&self.bytes) {
                Ok(text) => {
                    self.held.push_str(text);
                    self.bytes.clear();
                    return;
                }
                Err(error) => {
                    let valid = self.bytes.drain(..error.valid_up_to()).collect();
                    self.held
                        .push_str(&String::from_utf8(valid).unwrap_or_default());
                    let Some(wrong) = error.error_len() else {
                        return;
                    };
                    self.bytes.drain(..wrong);
                    self.held.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }

    /// Length of the longest end of `held` that a stop text begins with.
    fn doubtful(&self) -> usize {
        let ends = |stop: &String| {
            (1..stop.len())
                .rev()
                .filter(|length| stop.is_char_boundary(*length))
                .find(|length| self.held.ends_with(&stop[..*length]))
        };
        self.stops.iter().filter_map(ends).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stops: &[&str], pieces: &[&[u8]]) -> (String, bool) {
        let stops: Vec<String> = stops.iter().map(|stop| (*stop).to_owned()).collect();
        let mut text = Text::new(&stops);
        let mut all = String::new();
        for piece in pieces {
            let shown = text.push(piece);
            all.push_str(&shown.text);
            if shown.is_stopped {
                return (all, true);
            }
        }
        all.push_str(&text.finish());
        (all, false)
    }

    #[test]
    fn a_character_comes_when_it_is_whole() {
        let mut text = Text::new(&[]);
        let family = "नमस्ते 🙏";
        let mut all = String::new();
        for byte in family.as_bytes() {
            all.push_str(&text.push(&[*byte]).text);
            assert!(family.starts_with(&all));
        }
        assert_eq!(all, family);
    }

    #[test]
    fn bytes_that_are_no_character_are_replaced_and_the_rest_goes_on() {
        assert_eq!(
            shown(&[], &[b"a\xF0\x9F", b"b"]),
            ("a\u{FFFD}b".to_owned(), false)
        );
        assert_eq!(shown(&[], &[b"a\xFFb"]), ("a\u{FFFD}b".to_owned(), false));
        assert_eq!(shown(&[], &[b"cut \xF0\x9F"]), ("cut ".to_owned(), false));
    }

    #[test]
    fn a_stop_text_is_found_across_pieces_and_never_shown() {
        let pieces: &[&[u8]] = &[b"one ", b"E", b"N", b"D two"];
        assert_eq!(shown(&["END"], pieces), ("one ".to_owned(), true));
        assert_eq!(shown(&["two", "END"], pieces), ("one ".to_owned(), true));
    }

    #[test]
    fn what_only_looks_like_a_stop_text_is_shown() {
        assert_eq!(
            shown(&["END"], &[b"E", b"N", b"TER"]),
            ("ENTER".to_owned(), false)
        );
        assert_eq!(shown(&["END"], &[b"EEN", b"D"]), ("E".to_owned(), true));
        assert_eq!(shown(&["END", ""], &[b"EN"]), ("EN".to_owned(), false));
    }
}
