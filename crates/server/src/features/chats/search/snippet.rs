//! The piece of a text that shows why it was found.

use std::collections::HashSet;

use super::{
    fold::{self, Word},
    query::Query,
};

/// Words before the first that is shown for its sake, and words in all.
const BEFORE: usize = 6;
const WORDS: usize = 32;
/// Characters at the most.
const MOST: usize = 240;

/// A piece of a text in one line, with where the words looked for are in it, in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    pub highlights: Vec<[usize; 2]>,
}

pub fn of(text: &str, query: &Query) -> Snippet {
    let words: Vec<(Word, Option<usize>)> = fold::words(text)
        .map(|word| {
            let term = query.term_of(&word);
            (word, term)
        })
        .collect();
    let best = best(&words);
    let first = best.saturating_sub(BEFORE);
    let last = (first + WORDS).min(words.len());
    let shown = words.get(first..last).unwrap_or_default();
    let at_start = first == 0;
    let begin = match shown.first() {
        Some((word, _)) if !at_start => word.range.start,
        _ => 0,
    };
    let end = match words.get(last) {
        Some((next, _)) => next.range.start,
        None => text.len(),
    };
    let piece = text.get(begin..end).unwrap_or_default();
    line(piece, begin, shown, (at_start, last == words.len()))
}

/// The word from which on the most of what was looked for is near.
fn best(words: &[(Word, Option<usize>)]) -> usize {
    let hits: Vec<(usize, usize)> = words
        .iter()
        .enumerate()
        .filter_map(|(at, (_, term))| Some((at, (*term)?)))
        .collect();
    let near = |start: usize| {
        let (from, _) = hits.get(start).copied().unwrap_or_default();
        let terms: HashSet<usize> = hits
            .iter()
            .skip(start)
            .take_while(|(at, _)| *at < from + WORDS - BEFORE)
            .map(|(_, term)| *term)
            .collect();
        terms.len()
    };
    // The earliest of the best; a text full of hits need not be looked through to its end.
    let looked_at = hits.len().min(200);
    (0..looked_at)
        .rev()
        .max_by_key(|start| near(*start))
        .and_then(|start| hits.get(start))
        .map_or(0, |(at, _)| *at)
}

/// The piece with every run of white space as one space, and dots where it was cut.
fn line(
    piece: &str,
    offset: usize,
    words: &[(Word, Option<usize>)],
    (at_start, at_end): (bool, bool),
) -> Snippet {
    let mut hits = words
        .iter()
        .filter(|(_, term)| term.is_some())
        .map(|(word, _)| word.range.start - offset..word.range.end - offset)
        .peekable();
    let mut text = String::from(if at_start { "" } else { "…" });
    let mut count = text.chars().count();
    let (mut highlights, mut open) = (Vec::new(), None);
    let mut is_cut = !at_end;
    for (at, c) in piece.char_indices() {
        if let (Some(start), Some(hit)) = (open, hits.peek())
            && at >= hit.end
        {
            highlights.push([start, count]);
            open = None;
            hits.next();
        }
        if count >= MOST {
            is_cut = true;
            break;
        }
        if hits.peek().is_some_and(|hit| hit.start == at) {
            open = Some(count);
        }
        if !c.is_whitespace() && !c.is_control() {
            text.push(c);
            count += 1;
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
            count += 1;
        }
    }
    if let Some(start) = open {
        highlights.push([start, count]);
    }
    let mut text = text.trim_end().to_owned();
    if is_cut {
        text.push('…');
    }
    Snippet { text, highlights }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str) -> String {
        let snippet = of(text, &Query::parse(query));
        let chars: Vec<char> = snippet.text.chars().collect();
        let mut shown = String::new();
        for (at, c) in chars.iter().enumerate() {
            if snippet.highlights.iter().any(|[start, _]| *start == at) {
                shown.push('[');
            }
            shown.push(*c);
            if snippet.highlights.iter().any(|[_, end]| *end == at + 1) {
                shown.push(']');
            }
        }
        shown
    }

    #[test]
    fn the_words_are_shown_where_they_stand() {
        assert_eq!(shown("Tum kaise ho?", "kese"), "Tum [kaise] ho?");
        assert_eq!(shown("a\n\n  नहीं\tyaar", "nahin"), "a [नहीं] yaar");
        assert_eq!(
            shown("Rust asynchronous", "rust asyn"),
            "[Rust] [asynchronous]"
        );
        assert_eq!(shown("🙂🙂 मैं हूँ", "hoon"), "🙂🙂 मैं [हूँ]");
        assert_eq!(shown("", "x"), "");
    }

    #[test]
    fn a_long_text_is_cut_where_most_of_it_is() {
        let filler = "filler ".repeat(100);
        let text = format!("one {filler} one two three {filler}");
        let shown = shown(&text, "one two three ");
        assert!(shown.contains("[one] [two] [three]"), "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        let long = of(&"x".repeat(5000), &Query::parse("zz"));
        assert!(long.text.chars().count() <= MOST + 1);
    }
}
