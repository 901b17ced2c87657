//! Text as it is searched: words in lower case, without diacritics, where the many spellings of
//! Hindi in Roman script become one, and Devanagari becomes Roman.
//!
//! The rules hold for any word; a table has what no rule says (`mein`, `main`, `me`), and another
//! the English words that a rule would take for one another (`feel`, `fill`).

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::spelling::{ALIKE, KEPT};

/// Bytes of a text that are searched; what follows is not.
const MOST_TEXT: usize = 400_000;
/// Characters of a word that count.
const MOST_WORD: usize = 40;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it is, in bytes.
    pub range: Range<usize>,
    /// As it is searched.
    pub folded: String,
}

/// The words of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    ranges(text).filter_map(move |range| {
        let folded = word(text.get(range.clone())?);
        (!folded.is_empty()).then_some(Word { range, folded })
    })
}

/// The whole text, one space between words.
pub fn text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MOST_TEXT));
    for word in words(text) {
        if folded.len() + word.folded.len() > MOST_TEXT {
            break;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&word.folded);
    }
    folded
}

/// Where the words are: letters and digits, an apostrophe between them; each Chinese or Japanese
/// character is a word of its own.
fn ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|(_, c)| is_letter(*c))?;
        let mut end = start + first.len_utf8();
        if is_ideograph(first) {
            return Some(start..end);
        }
        while let Some((at, c)) = rest.peek().copied() {
            let follows = || {
                text.get(at + c.len_utf8()..)
                    .and_then(|tail| tail.chars().next())
            };
            let joins = matches!(c, '\'' | '’') && follows().is_some_and(char::is_alphabetic);
            let belongs = joins || (is_letter(c) && !is_ideograph(c)) || is_joiner(c);
            if !belongs {
                break;
            }
            end = at + c.len_utf8();
            rest.next();
        }
        Some(start..end)
    })
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Combining marks, and the signs of Devanagari that are no letters by themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
        || unicode_normalization::char::is_combining_mark(c)
}

/// Invisible characters that stand inside words of Indian scripts.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{ad}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// One word as it is searched.
pub fn word(word: &str) -> String {
    let roman = plain(word);
    let is_roman = roman.bytes().all(|b| b.is_ascii_lowercase());
    if !is_roman || roman.len() < 2 || KEPT.contains(&roman.as_str()) {
        return roman;
    }
    let ruled = by_rules(&roman);
    match ALIKE.iter().find(|group| group.contains(&ruled.as_str())) {
        Some([first, ..]) => (*first).to_owned(),
        _ => ruled,
    }
}

/// The beginning of a word that is still being typed: by the rules alone.
pub fn beginning(word: &str) -> String {
    let roman = plain(word);
    if roman.bytes().all(|b| b.is_ascii_lowercase()) && !KEPT.contains(&roman.as_str()) {
        by_rules(&roman)
    } else {
        roman
    }
}

/// Lower case, no diacritics, Devanagari in Roman.
fn plain(word: &str) -> String {
    let word: String = if word.chars().any(is_devanagari) {
        super::devanagari::roman(word)
    } else {
        word.to_owned()
    };
    word.nfkd()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\'' | '’') && !is_joiner(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || is_mark(*c))
        .take(MOST_WORD)
        .collect()
}

fn is_devanagari(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{97f}')
}

/// What people write in several ways, anywhere in a word.
fn by_rules(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (taken, put) = rule(rest).unwrap_or_else(|| {
            // A doubled letter is one, whatever it is.
            let again = if out.ends_with(first) {
                ""
            } else {
                rest.get(..1).unwrap_or_default()
            };
            (1, again)
        });
        // What a rule puts is not doubled either.
        if !(put.len() == 1 && out.ends_with(put)) {
            out.push_str(put);
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// How many letters a rule takes here, and what it puts in their place.
fn rule(rest: &str) -> Option<(usize, &'static str)> {
    let starts = |with: &str| rest.starts_with(with);
    Some(match rest.as_bytes().first()? {
        b'a' if starts("ais") || starts("aith") => (2, "e"),
        b'e' if starts("ee") => (2, "i"),
        b'o' if starts("oo") => (2, "u"),
        b'c' if starts("chchh") => (5, "ch"),
        b'c' if starts("chch") || starts("cchh") => (4, "ch"),
        b'c' if starts("cch") || starts("chh") => (3, "ch"),
        b'p' if starts("ph") => (2, "f"),
        b'q' if !starts("qu") => (1, "k"),
        b'w' if followed_by_vowel(rest) => (1, "v"),
        b'z' => (1, "j"),
        _ => return None,
    })
}

fn followed_by_vowel(rest: &str) -> bool {
    rest.as_bytes()
        .get(1)
        .is_some_and(|next| matches!(next, b'a' | b'e' | b'i' | b'o' | b'u'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word of a line is the same word.
    const SAME: &str = "
        kaise kese कैसे
        nahi nahin nahee naheen nhi नहीं
        hai hain haiN है हैं
        mein main me mei में मैं
        kyu kyun kyon kyoon क्यों
        acha accha achha achchha acchha अच्छा Acha ACCHA
        bahut bohot bahot bohut बहुत
        zyada jyada jyaada zyaada ज़्यादा ज्यादा
        theek thik ठीक
        wo vo woh voh वो
        ye yeh ये
        phir fir फिर
        zindagi jindagi zindgi ज़िंदगी ज़िन्दगी
        hawa hava हवा
        dhanyavaad dhanyawad dhanyavad धन्यवाद
        kuch kuchh कुछ
        waqt vaqt wakt vakt वक़्त वक्त
        zaroor zarur jaroor ज़रूर
        zaroorat jarurat ज़रूरत
        paas pas पास
        raha rha रहा
        shayad sayad shaayad शायद
        samajhna समझना
        kitaab kitab किताब
        kamra kamraa कमरा
        ladka ladkaa लड़का
        hindi Hindee हिन्दी हिंदी
        pyaar pyar प्यार
        dost दोस्त
        kaisi kesi कैसी
        jaise jese जैसे
        baith beth
        aur aor और
        pehle pahle पहले
        mujhe muje मुझे
        chahiye chahie chaiye चाहिए
        doodh dudh दूध
        pani paani paanee पानी
        naya nayaa नया
        mehnat mahnat मेहनत
        café cafe CAFÉ
        naïve naive
        don't dont don’t
        १२३ 123
    ";

    /// No word of a line is another word of it.
    const DIFFERENT: &str = "
        plan pla plane
        feel fill
        sheep ship
        sleep slip
        pool pull
        boot but
        feet fit
        seen sin
        west vest
        went vent
        lower lover
        run ru
        son so
        win wi
        pain pen
        tail tell
        fail fell
        wait wet
        mail mel
        ship sip
        shell sell
        off of
        dinner diner
        latter later
        form from
        quiet quite
        or aur
        कल काला
    ";

    fn lines(table: &str) -> impl Iterator<Item = Vec<(&str, String)>> {
        table.lines().map(|line| {
            line.split_whitespace()
                .map(|text| (text, word(text)))
                .collect()
        })
    }

    #[test]
    fn spelling_variants_are_one_word() {
        for line in lines(SAME).filter(|line| !line.is_empty()) {
            let (first, rest) = line.split_first().unwrap();
            for other in rest {
                assert_eq!(first.1, other.1, "{} and {}", first.0, other.0);
            }
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for line in lines(DIFFERENT).filter(|line| !line.is_empty()) {
            for (at, one) in line.iter().enumerate() {
                for other in &line[at + 1..] {
                    assert_ne!(one.1, other.1, "{} and {}", one.0, other.0);
                }
            }
        }
    }

    #[test]
    fn words_are_found_where_they_are() {
        let text = "Kya, foo_bar 日本 don't x²—ठीक!";
        let found: Vec<_> = words(text)
            .map(|word| (&text[word.range], word.folded))
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(at, word)| (*at, word.as_str()))
            .collect();
        let expected = [
            ("Kya", "kya"),
            ("foo", "fu"),
            ("bar", "bar"),
            ("日", "日"),
            ("本", "本"),
            ("don't", "dont"),
            ("x²", "x2"),
            ("ठीक", "thik"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_text_and_a_word_have_an_end() {
        assert!(text(&"word ".repeat(200_000)).len() <= MOST_TEXT);
        assert_eq!(word(&"b1".repeat(100)).len(), MOST_WORD);
        assert_eq!(text("  \u{301} … !? "), "");
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_folded(text in "\\PC*") {
            let folded = super::text(&text);
            // What is folded is made of words alone, and the ranges lie in the text.
            proptest::prop_assert!(!folded.contains("  "));
            for word in words(&text) {
                proptest::prop_assert!(text.get(word.range).is_some());
            }
        }

        #[test]
        fn the_beginning_of_a_roman_word_is_short(text in "[a-z]{1,12}") {
            proptest::prop_assert!(beginning(&text).len() <= text.len());
        }
    }
}
