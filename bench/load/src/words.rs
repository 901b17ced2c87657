//! Text that looks like language to an index: few words very often, many words seldom.

/// Words that are made of syllables; the first are the most common.
const VOCABULARY: u32 = 40_000;
const SYLLABLES: [&str; 32] = [
    "ba", "che", "di", "fo", "ga", "hin", "ja", "ki", "la", "mo", "na", "or", "pra", "qui", "ra",
    "sa", "ta", "un", "va", "wel", "ya", "zo", "ach", "bir", "con", "der", "esh", "gra", "in",
    "lo", "mer", "sto",
];

/// The same words on every run.
pub(crate) struct Words {
    state: u64,
    all: Vec<String>,
}

impl Words {
    pub(crate) fn new() -> Self {
        let mut words = Self {
            state: 0x9e37_79b9_7f4a_7c15,
            all: Vec::new(),
        };
        words.all = (0..VOCABULARY).map(spelled).collect();
        words
    }

    /// xorshift64*, Vigna 2016.
    pub(crate) fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// The word of this rank, 0 being the most common.
    pub(crate) fn word(&self, rank: usize) -> &str {
        self.all.get(rank).map_or("", String::as_str)
    }

    /// About this many words.
    pub(crate) fn text(&mut self, about: u64) -> String {
        let count = about / 2 + self.next() % about + 1;
        let mut text = String::new();
        for _ in 0..count {
            if !text.is_empty() {
                text.push(' ');
            }
            let rank = self.rank();
            text.push_str(self.word(rank));
        }
        text
    }

    /// Cubing a uniform number gives a long tail, near enough to Zipf's.
    fn rank(&mut self) -> usize {
        const BITS: u32 = 21;
        let uniform = u128::from(self.next() >> (64 - BITS));
        let cubed = uniform * uniform * uniform;
        let rank = (cubed * u128::from(VOCABULARY)) >> (3 * BITS);
        usize::try_from(rank).unwrap_or(0)
    }
}

fn spelled(number: u32) -> String {
    let mut rest = usize::try_from(number).unwrap_or(0);
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES.get(rest % SYLLABLES.len()).unwrap_or(&""));
        rest /= SYLLABLES.len();
        if rest == 0 && word.len() > 2 {
            return word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_words_are_most_of_a_text() {
        let mut words = Words::new();
        let text = words.text(20_000);
        let common = words.word(0).to_owned();
        let (all, same) = (
            text.split(' ').count(),
            text.split(' ').filter(|word| **word == common).count(),
        );
        assert!(same * 100 > all && same * 10 < all, "{same} of {all}");
    }
}
