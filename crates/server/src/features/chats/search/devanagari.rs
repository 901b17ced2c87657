//! Devanagari in Roman letters, as people type it: `कैसे` is `kaise`, `समझना` is `samajhna`.

/// One consonant or group of consonants with the vowel after it.
struct Syllable {
    onset: String,
    vowel: &'static str,
    /// The vowel is the `a` that is not written.
    inherent: bool,
    /// More than one consonant comes before the vowel, which is then heard.
    is_cluster: bool,
    nasal: bool,
}

/// The word in Roman letters; what is not Devanagari stays.
pub fn roman(word: &str) -> String {
    let mut syllables = syllables(word);
    drop_silent(&mut syllables);
    let last = syllables.len().saturating_sub(1);
    let mut roman = String::with_capacity(word.len());
    for (at, syllable) in syllables.iter().enumerate() {
        roman.push_str(&syllable.onset);
        roman.push_str(syllable.vowel);
        // At the end of a word the nasal is heard, but mostly not typed.
        if syllable.nasal && at < last {
            roman.push('n');
        }
    }
    roman
}

fn syllables(word: &str) -> Vec<Syllable> {
    let mut syllables: Vec<Syllable> = Vec::new();
    // A virama ties the next consonant to this syllable.
    let mut tied = false;
    for c in word.chars() {
        if let Some(onset) = consonant(c) {
            match syllables.last_mut().filter(|_| tied) {
                Some(last) => {
                    last.onset.push_str(onset);
                    (last.vowel, last.inherent) = ("a", true);
                    last.is_cluster = true;
                }
                None => syllables.push(syllable(onset, "a", true)),
            }
            tied = false;
        } else if let Some(vowel) = sign(c) {
            match syllables.last_mut().filter(|last| last.inherent) {
                Some(last) => (last.vowel, last.inherent) = (vowel, false),
                None => syllables.push(syllable("", vowel, false)),
            }
        } else {
            match (c, syllables.last_mut()) {
                ('\u{94d}', Some(last)) => {
                    (last.vowel, last.inherent) = ("", false);
                    tied = true;
                }
                ('\u{900}'..='\u{902}', Some(last)) => last.nasal = true,
                // The dot below, which turns the letter before into its neighbour.
                ('\u{93c}', Some(last)) => dotted(&mut last.onset),
                ('\u{900}'..='\u{97f}' | '\u{200c}' | '\u{200d}', _) => {
                    if let Some(digit) = digit(c) {
                        syllables.push(syllable(digit, "", false));
                    }
                }
                _ => syllables.push(syllable(c.encode_utf8(&mut [0; 4]), "", false)),
            }
        }
    }
    syllables
}

fn syllable(onset: &str, vowel: &'static str, inherent: bool) -> Syllable {
    Syllable {
        onset: onset.to_owned(),
        vowel,
        inherent,
        is_cluster: false,
        nasal: false,
    }
}

/// The unwritten `a` is silent at the end of a word, and between two syllables that are heard.
fn drop_silent(syllables: &mut [Syllable]) {
    if let [_, .., last] = syllables
        && last.inherent
        && !last.nasal
        && !(last.is_cluster && last.onset.ends_with(['y', 'r', 'v', 'l']))
    {
        last.vowel = "";
    }
    for at in (1..syllables.len().saturating_sub(1)).rev() {
        if let Some([before, here, after]) = syllables.get_mut(at - 1..at + 2)
            && here.inherent
            && !here.nasal
            && !here.is_cluster
            && !before.vowel.is_empty()
            && !after.vowel.is_empty()
        {
            here.vowel = "";
        }
    }
}

fn dotted(onset: &mut String) {
    for (plain, with_dot) in [("ph", "f"), ("j", "z"), ("k", "k"), ("d", "d")] {
        if onset.ends_with(plain) {
            onset.truncate(onset.len() - plain.len());
            onset.push_str(with_dot);
            return;
        }
    }
}

fn consonant(c: char) -> Option<&'static str> {
    Some(match c {
        'क' | '\u{958}' => "k",
        'ख' | '\u{959}' => "kh",
        'ग' | '\u{95a}' => "g",
        'घ' => "gh",
        'ङ' | 'ञ' | 'ण' | 'न' | 'ऩ' => "n",
        'च' => "ch",
        'छ' => "chh",
        'ज' => "j",
        '\u{95b}' => "z",
        'झ' => "jh",
        'ट' | 'त' => "t",
        'ठ' | 'थ' => "th",
        'ड' | 'द' | '\u{95c}' => "d",
        'ढ' | 'ध' | '\u{95d}' => "dh",
        'प' => "p",
        'फ' => "ph",
        '\u{95e}' => "f",
        'ब' => "b",
        'भ' => "bh",
        'म' => "m",
        'य' | '\u{95f}' => "y",
        'र' | 'ऱ' => "r",
        'ल' | 'ळ' | 'ऴ' => "l",
        'व' => "v",
        'श' | 'ष' => "sh",
        'स' => "s",
        'ह' => "h",
        _ => return None,
    })
}

/// A vowel, standing alone or as a sign behind its consonant.
fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        'अ' | 'आ' | 'ा' => "a",
        'इ' | 'ई' | 'ि' | 'ी' => "i",
        'उ' | 'ऊ' | 'ु' | 'ू' => "u",
        'ऋ' | 'ृ' => "ri",
        'ए' | 'े' | 'ऍ' | 'ॅ' | 'ऎ' | 'ॆ' => "e",
        'ऐ' | 'ै' => "ai",
        'ओ' | 'ो' | 'ऑ' | 'ॉ' | 'ऒ' | 'ॊ' => "o",
        'औ' | 'ौ' => "au",
        _ => return None,
    })
}

fn digit(c: char) -> Option<&'static str> {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let value = u32::from(c).checked_sub(0x966)?;
    DIGITS.get(usize::try_from(value).ok()?).copied()
}
