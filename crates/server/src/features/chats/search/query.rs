//! What a person types into the search box, and whether a word is what was looked for.
//!
//! All words must be there; `"quoted words"` stand together; `-word` must not be there; the last
//! word may be the beginning of one. Nothing a person types is an error.

use store::dialect::search::{Phrase, Wanted};

use super::fold::{self, Word};

/// Terms that count; more make no search better.
const MOST_TERMS: usize = 16;
/// Letters of the last word before it counts as a beginning.
const LEAST_BEGINNING: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub wanted: Wanted,
}

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut wanted = Wanted::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() && wanted.all.len() + wanted.none.len() < MOST_TERMS {
            let unsigned = rest.strip_prefix('-');
            let body = unsigned.unwrap_or(rest);
            let quoted = body.strip_prefix(['"', '“', '”']);
            let (term, after) = match quoted {
                Some(inside) => inside.split_once(['"', '“', '”']).unwrap_or((inside, "")),
                None => body.split_once(char::is_whitespace).unwrap_or((body, "")),
            };
            let words: Vec<String> = fold::words(term).map(|word| word.folded).collect();
            let is_last = quoted.is_none() && after.is_empty() && body.len() == term.len();
            let beginning = is_last
                .then(|| fold::words(term).last())
                .flatten()
                .and_then(|word| term.get(word.range))
                .map(fold::beginning)
                .filter(|start| start.chars().count() >= LEAST_BEGINNING);
            if !words.is_empty() {
                if unsigned.is_some() {
                    wanted.none.push(Phrase {
                        words,
                        beginning: None,
                    });
                } else {
                    wanted.all.push(Phrase { words, beginning });
                }
            }
            rest = after.trim_start();
        }
        Self { wanted }
    }

    /// Which of the words looked for this one is.
    pub fn term_of(&self, word: &Word) -> Option<usize> {
        self.wanted.all.iter().position(|phrase| {
            let begins = |start: &String| word.folded.starts_with(start.as_str());
            phrase.words.contains(&word.folded) || phrase.beginning.as_ref().is_some_and(begins)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A query as one line: `+` all, `-` none, `*` a beginning.
    fn shown(text: &str) -> String {
        let Wanted { all, none } = Query::parse(text).wanted;
        let shown = |sign: char, phrase: &Phrase| {
            let start = phrase.beginning.as_ref().map(|start| format!("|{start}*"));
            format!(
                "{sign}{}{}",
                phrase.words.join("_"),
                start.unwrap_or_default()
            )
        };
        let all = all.iter().map(|phrase| shown('+', phrase));
        let none = none.iter().map(|phrase| shown('-', phrase));
        all.chain(none).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_quotes_minus_and_beginnings_are_understood() {
        assert_eq!(shown("Kaise ho"), "+kese +ho");
        assert_eq!(shown("rust asyn"), "+rust +asyn|asyn*");
        assert_eq!(shown("rust async "), "+rust +async");
        assert_eq!(shown("\"rust async\" -java"), "+rust_async -java");
        assert_eq!(shown("-\"old way\" new"), "+new|new* -old_vay");
        assert_eq!(shown("foo-bar"), "+fu_bar|bar*");
        assert_eq!(shown("nahin"), "+nahi|nahin*");
    }

    #[test]
    fn nothing_that_is_typed_is_an_error() {
        for text in [
            "",
            "\"",
            "\"\"",
            "-",
            "--",
            "*",
            "a\"b",
            "()^:{}'\\",
            "NEAR(",
            "💥",
            "-- x",
        ] {
            Query::parse(text);
        }
        assert_eq!(shown("AND OR NOT"), "+and +or +not|not*");
        assert_eq!(shown("()* \" ' ; -"), "");
        assert_eq!(Query::parse(&"x ".repeat(500)).wanted.all.len(), MOST_TERMS);
    }
}
