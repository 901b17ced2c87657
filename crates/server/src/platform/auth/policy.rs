//! Which passwords are refused: short ones, common ones and one's own words (NIST SP 800-63B).
//!
//! No rule asks for digits or symbols. The common ones are known by the first five bytes of the
//! SHA-256 of each, sorted: the 30,000 entries of the list `passwords` of zxcvbn (MIT), lowercase.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::password::MAX_BYTES;

pub const MIN_CHARACTERS: usize = 8;

static COMMON: &[u8] = include_bytes!("common_passwords.bin");
const PREFIX: usize = 5;

/// What is appended to a common word most often is at most this long: `dragon2024`.
const DECORATION: usize = 4;

/// Why a password is refused: a code and a sentence.
pub type Refusal = (&'static str, &'static str);

/// Looks at a new password of somebody whom `own_words` name.
pub fn refusal(password: &str, own_words: &[&str]) -> Option<Refusal> {
    let password: String = password.nfc().collect();
    if password.chars().count() < MIN_CHARACTERS {
        return Some(("too_short", "must have 8 characters or more"));
    }
    if password.len() > MAX_BYTES {
        return Some(("too_long", "must have 1024 bytes or fewer"));
    }
    let lower = password.to_lowercase();
    let word = undecorated(&lower);
    if is_own(&lower, word, own_words) {
        return Some((
            "own_word",
            "must not be made of your name, your address or ours",
        ));
    }
    let is_short_tail = lower.len() - word.len() <= DECORATION;
    if is_pattern(&lower) || is_common(&lower) || (is_short_tail && is_common(word)) {
        return Some(("common", "is one of the passwords that are tried first"));
    }
    None
}

/// The password without the digits and signs at its end.
fn undecorated(password: &str) -> &str {
    password.trim_end_matches(|c: char| !c.is_alphabetic())
}

fn is_own(password: &str, word: &str, own_words: &[&str]) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let (whole, word) = (letters(password), letters(word));
    own_words.iter().chain(&["sangam"]).any(|own| {
        let own = letters(&own.to_lowercase());
        own.chars().count() >= 3 && (own == whole || own == word)
    })
}

/// One piece of up to four characters again and again, or a run such as `23456789` or `hgfedcba`.
fn is_pattern(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    let repeats = (1..=4).any(|length| {
        characters
            .iter()
            .zip(characters.iter().skip(length))
            .all(|(one, next)| one == next)
    });
    let steps = |step: i64| {
        characters
            .iter()
            .zip(characters.iter().skip(1))
            .all(|(one, next)| i64::from(u32::from(*next)) - i64::from(u32::from(*one)) == step)
    };
    repeats || steps(1) || steps(-1)
}

fn is_common(password: &str) -> bool {
    let digest = Sha256::digest(password);
    let wanted = digest.get(..PREFIX).unwrap_or_default();
    let (entries, _) = COMMON.as_chunks::<PREFIX>();
    entries
        .binary_search_by(|entry| entry.as_slice().cmp(wanted))
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> &'static str {
        refusal(password, &["Ada Lovelace", "ada@example.org", "countess"]).map_or("fine", |r| r.0)
    }

    #[test]
    fn the_list_is_whole_and_in_order() {
        let (entries, rest) = COMMON.as_chunks::<PREFIX>();
        assert!(rest.is_empty());
        assert!(entries.is_sorted());
        assert!(entries.len() >= 3000);
    }

    #[test]
    fn common_passwords_are_refused_in_their_usual_disguises() {
        for password in [
            "password",
            "12345678",
            "qwertyuiop",
            "iloveyou",
            "trustno1",
            "Password",
            "PASSWORD1",
            "Password123",
            "password2024",
            "monkey1234",
            "Football!",
            "letmein!!",
            "aaaaaaaa",
            "abcabcabc",
            "abcdefgh",
            "98765432",
            "1qaz2wsx",
            "пппппппп",
        ] {
            assert_eq!(code(password), "common", "{password}");
        }
    }

    #[test]
    fn ones_own_words_are_refused() {
        for password in [
            "sangam123456",
            "S.a.n.g.a.m!",
            "adalovelace",
            "Ada Lovelace 1815",
            "countess99",
            "ada@example.org",
        ] {
            assert_eq!(code(password), "own_word", "{password}");
        }
    }

    #[test]
    fn lengths_count_characters_below_and_bytes_above() {
        assert_eq!(code("kT9#vbq"), "too_short");
        assert_eq!(code("кот мяу"), "too_short");
        assert_eq!(code("kT9#vbqw"), "fine");
        assert_eq!(code(&"kT9#".repeat(4)), "common");
        assert_eq!(code(&format!("{}z", "kT9#v".repeat(204))), "fine");
        assert_eq!(code(&"kT9#v".repeat(205)), "too_long");
    }

    #[test]
    fn good_passwords_need_no_digit_and_no_sign() {
        for password in [
            "correct horse battery staple",
            "वह नदी बहती है",
            "ada likes engines",
        ] {
            assert_eq!(code(password), "fine", "{password}");
        }
    }
}
