//! What a provider says, made fit for the person who asked: no key, no internal address, one line.

use std::net::Ipv4Addr;

use outbound::{Secret, Url};

const HIDDEN: &str = "[hidden]";
/// Characters of a provider's own words that are passed on.
const MOST_CHARACTERS: usize = 300;
/// How keys of the known providers begin.
const KEY_PREFIXES: [&str; 12] = [
    "sk-", "sk_", "pk-", "gsk_", "hf_", "xai-", "pplx-", "aiza", "r8_", "nvapi-", "fw_", "tgp_",
];
/// Shortest part of the configured key that is taken for it.
const SHORTEST_KEY_PART: usize = 8;

/// Cleans a provider's words of what must not be shown.
#[derive(Debug)]
pub(crate) struct Scrubber {
    key: Option<Secret>,
    /// The provider's host, where it is not a public name.
    internal_host: Option<String>,
}

impl Scrubber {
    pub(crate) fn new(key: Option<Secret>, base: &Url) -> Self {
        let host = base.host_str().map(str::to_owned);
        Self {
            key: key.filter(|key| !key.is_empty()),
            internal_host: host.filter(|host| is_internal(host)),
        }
    }

    /// One line of at most 300 characters without keys and internal addresses.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(key) = &self.key {
            text = text.replace(key.expose(), HIDDEN);
        }
        if let Some(host) = &self.internal_host {
            text = text.replace(host.as_str(), HIDDEN);
        }
        shortened(&one_line(&self.without_keys(&text)))
    }

    fn without_keys(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        let mut rest = text;
        let mut follows_bearer = false;
        while let Some(first) = rest.chars().next() {
            let length = rest
                .find(|c| is_word(c) != is_word(first))
                .unwrap_or(rest.len());
            let (piece, tail) = rest.split_at(length);
            if !is_word(first) {
                clean.push_str(piece);
            } else if self.is_secret(piece, follows_bearer) {
                clean.push_str(HIDDEN);
                follows_bearer = false;
            } else {
                clean.push_str(piece);
                follows_bearer = piece.eq_ignore_ascii_case("bearer");
            }
            rest = tail;
        }
        clean
    }

    fn is_secret(&self, word: &str, follows_bearer: bool) -> bool {
        let word = word.trim_matches('.');
        let lower = word.to_ascii_lowercase();
        let is_part_of_key =
            |key: &Secret| word.len() >= SHORTEST_KEY_PART && key.expose().contains(word);
        KEY_PREFIXES
            .iter()
            .any(|prefix| lower.starts_with(prefix) && lower.len() > prefix.len())
            || word.contains("***")
            || (follows_bearer && word.len() >= SHORTEST_KEY_PART)
            || self.key.as_ref().is_some_and(is_part_of_key)
            || word.parse::<Ipv4Addr>().is_ok_and(is_private)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*')
}

/// A host that tells about the inside of a network: an address, or a name no public zone holds.
fn is_internal(host: &str) -> bool {
    let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    let is_private_zone = [
        ".local",
        ".internal",
        ".lan",
        ".home.arpa",
        ".localhost",
        ".svc",
    ]
    .iter()
    .any(|zone| host.ends_with(zone));
    // A name such as `model` is a word of every sentence: only longer single labels are hidden.
    let is_single_label = !host.contains('.') && (host == "localhost" || host.len() > 8);
    is_address || is_private_zone || is_single_label
}

fn is_private(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_loopback() || address.is_link_local()
}

fn one_line(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(visible).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => {
            let (kept, _) = text.split_at(end);
            format!("{}…", kept.trim_end())
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use outbound::{Secret, Url};

    use super::Scrubber;

    fn scrubber(base: &str) -> Scrubber {
        let key = Secret::from("correct-horse-battery-staple");
        Scrubber::new(Some(key), &Url::parse(base).unwrap())
    }

    #[test]
    fn hides_keys_of_every_kind() {
        let scrubber = scrubber("https://api.example.com/v1");
        for (said, shown) in [
            ("bad key correct-horse-battery-staple!", "bad key [hidden]!"),
            ("key 'correct-horse' is wrong", "key '[hidden]' is wrong"),
            (
                "Incorrect API key provided: sk-proj-abc123.",
                "Incorrect API key provided: [hidden]",
            ),
            (
                "got sk-or-v1-0123, SK-ABC and gsk_1234",
                "got [hidden], [hidden] and [hidden]",
            ),
            ("key abcd****wxyz refused", "key [hidden] refused"),
            (
                "Authorization: Bearer abcdefghijkl is bad",
                "Authorization: Bearer [hidden] is bad",
            ),
            ("ask-me about task-force", "ask-me about task-force"),
        ] {
            assert_eq!(scrubber.clean(said), shown);
        }
    }

    #[test]
    fn hides_a_key_of_any_characters() {
        let base = Url::parse("https://api.example.com/v1").unwrap();
        let scrubber = Scrubber::new(Some(Secret::from("ab/cd+ef:gh=")), &base);
        assert_eq!(
            scrubber.clean("ab/cd+ef:gh= is no key"),
            "[hidden] is no key"
        );
    }

    #[test]
    fn hides_internal_addresses_only() {
        let internal = scrubber("http://10.1.2.3:8000/v1");
        assert_eq!(
            internal.clean("10.1.2.3:8000 is down"),
            "[hidden]:8000 is down"
        );
        assert_eq!(
            internal.clean("see 192.168.0.7, not 8.8.8.8"),
            "see [hidden], not 8.8.8.8"
        );
        let named = scrubber("http://gpu.lan/v1");
        assert_eq!(named.clean("http://gpu.lan/v1/x"), "http://[hidden]/v1/x");
        let public = scrubber("https://openrouter.ai/api/v1");
        assert_eq!(
            public.clean("see https://openrouter.ai/keys"),
            "see https://openrouter.ai/keys"
        );
    }

    #[test]
    fn gives_one_short_line() {
        let scrubber = scrubber("https://api.example.com/v1");
        assert_eq!(scrubber.clean("a\r\n\tb\u{0}c  d"), "a b c d");
        let long = scrubber.clean(&"é ".repeat(1000));
        assert_eq!(long.chars().count(), 300);
        assert!(long.ends_with('…'));
    }
}
