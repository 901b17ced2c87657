//! How many tokens a text takes, near enough to know what fits: models count differently, and a
//! tokenizer of each would weigh more than the rest of the program.

/// What a message takes beside its text.
pub const PER_MESSAGE: u64 = 4;

/// Sixteenths of a token.
const WHOLE: u64 = 16;

/// The estimate for one text. Roman-script Hindi may take half as much again: providers say so when
/// it was too much, and the room kept free for the answer is a margin.
///
/// Words of Latin letters take a token per four letters and one at the least, digits one per three,
/// marks one each; scripts that tokenizers know less well take more per letter.
pub fn estimate(text: &str) -> u64 {
    let mut sixteenths = 0;
    let mut letters: u64 = 0;
    let mut digits: u64 = 0;
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            letters += 1;
            continue;
        }
        sixteenths += word(letters, 4);
        letters = 0;
        if c.is_ascii_digit() {
            digits += 1;
            continue;
        }
        sixteenths += word(digits, 3);
        digits = 0;
        sixteenths += weight(c);
    }
    sixteenths += word(letters, 4) + word(digits, 3);
    sixteenths.div_ceil(WHOLE)
}

/// A run of letters: a token per `per` of them, and most words in use are one.
fn word(length: u64, per: u64) -> u64 {
    match length {
        0 => 0,
        1..=5 => WHOLE,
        _ => (length * WHOLE).div_ceil(per),
    }
}

fn weight(c: char) -> u64 {
    match u32::from(c) {
        // A space goes with the word behind it.
        0x20 => 0,
        // Marks often come in groups that are one token.
        0x21..=0x7e => WHOLE * 3 / 4,
        // A line end, a tab; Latin with marks, Greek, Cyrillic, Hebrew, Arabic.
        0x09..=0x0d | 0x80..=0x08ff => WHOLE / 2,
        // The scripts of India.
        0x0900..=0x0dff => WHOLE / 2 + 1,
        // Chinese, Japanese, Korean.
        0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff => WHOLE,
        // Emoji, and whatever is rare.
        _ => WHOLE * 2,
    }
}

#[cfg(test)]
mod tests {
    use super::estimate;

    #[test]
    fn it_is_near_what_tokenizers_count() {
        // (text, tokens as o200k_base has them, counted with the npm package gpt-tokenizer)
        let counted: &[(&str, u64)] = &[
            ("", 0),
            ("Hello, world!", 4),
            ("The quick brown fox jumps over the lazy dog.", 10),
            ("fn main() { println!(\"{}\", 1 + 2); }", 13),
            (
                "Kya aap mujhe bata sakte hain ki yeh kaise kaam karta hai?",
                20,
            ),
            ("2026-11-27T10:14:02.972Z", 15),
            ("नमस्ते दुनिया, आप कैसे हैं?", 10),
            ("你好，世界", 3),
            (
                "{\n  \"name\": \"sangam\",\n  \"version\": \"0.1.0\",\n  \"private\": true\n}",
                28,
            ),
            ("Приятно познакомиться, как дела?", 9),
        ];
        for (text, tokens) in counted {
            let guess = estimate(text);
            assert!(
                guess * 10 >= tokens * 6 && guess <= tokens * 2,
                "{text}: {guess}, not {tokens}"
            );
        }
    }

    #[test]
    fn the_whole_is_no_less_than_its_words() {
        assert_eq!(estimate(&"a ".repeat(1000)), 1000);
    }
}
