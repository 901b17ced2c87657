//! The SSE decoder: what it reads, what it forgives, what it refuses.

use gateway::sse::{Decoder, SseError, SseLimits};
use proptest::prelude::*;

type Events = Vec<(String, String)>;

/// Decodes a stream that arrives in these pieces.
fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Events, SseError> {
    decode_within(SseLimits::default(), pieces)
}

fn decode_within<'a>(
    limits: SseLimits,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Events, SseError> {
    let mut events = Events::new();
    let mut decoder = Decoder::new(limits);
    let mut sink =
        |frame: gateway::sse::Frame<'_>| events.push((frame.event.into(), frame.data.into()));
    for piece in pieces {
        decoder.push(piece, &mut sink)?;
    }
    decoder.end(&mut sink)?;
    Ok(events)
}

fn data(stream: &[u8]) -> Vec<String> {
    decode([stream])
        .unwrap()
        .into_iter()
        .map(|(_, data)| data)
        .collect()
}

#[test]
fn reads_names_data_and_line_ends_of_every_kind() {
    for end in ["\n", "\r", "\r\n"] {
        let stream = "event: error\ndata: {\"a\":1}\n\ndata:no space\ndata:  two spaces\n\n";
        let events = decode([stream.replace('\n', end).as_bytes()]).unwrap();
        let expected = [("error", "{\"a\":1}"), ("", "no space\n two spaces")];
        assert_eq!(
            events,
            expected.map(|(name, data)| (name.to_owned(), data.to_owned()))
        );
    }
}

#[test]
fn skips_byte_order_mark_comments_and_strays() {
    assert_eq!(data(b"\xEF\xBB\xBFdata: a\n\n"), ["a"]);
    assert_eq!(data(b": OPENROUTER PROCESSING\n\ndata: a\n\n: \n\n"), ["a"]);
    assert_eq!(data(b"id: 7\nretry: 10\ndata: a\n\n"), ["a"]);

    let mut decoder = Decoder::new(SseLimits::default());
    let mut seen = 0;
    decoder
        .push(b"complete garbage\n<html>\ndata: a\n\n", &mut |_| seen += 1)
        .unwrap();
    assert_eq!((seen, decoder.strays()), (1, 2));
}

#[test]
fn an_event_without_data_is_none() {
    assert_eq!(
        data(b"event: ping\n\ndata\n\ndata:\n\ndata: x\n\n\n\n"),
        ["x"]
    );
}

#[test]
fn a_name_does_not_leak_into_the_next_event() {
    let events = decode([b"event: error\n\ndata: a\n\n".as_slice()]).unwrap();
    assert_eq!(events, [(String::new(), "a".to_owned())]);
}

#[test]
fn the_last_event_counts_without_its_line_end() {
    assert_eq!(data(b"data: a\n\ndata: [DONE]"), ["a", "[DONE]"]);
    assert_eq!(data(b"data: [DONE]\n"), ["[DONE]"]);
}

#[test]
fn a_bad_byte_costs_one_character() {
    assert_eq!(data(b"data: caf\xE9 au lait\n\n"), ["caf\u{FFFD} au lait"]);
}

#[test]
fn characters_and_line_ends_may_be_divided() {
    let stream = "data: नमस्ते 🙏\r\n\r\ndata: b\r\n\r\n".as_bytes();
    let bytes = stream.chunks(1);
    let events = decode(bytes).unwrap();
    assert_eq!(
        events,
        [
            (String::new(), "नमस्ते 🙏".to_owned()),
            (String::new(), "b".to_owned())
        ]
    );
}

#[test]
fn sizes_are_limited_before_they_are_kept() {
    let limits = SseLimits {
        line: 16,
        event: 24,
        total: 100,
    };
    let refused = |stream: &[u8]| decode_within(limits, stream.chunks(5)).unwrap_err();
    assert_eq!(refused(b"data: 0123456789A\n\n"), SseError::LineTooLong);
    assert_eq!(
        refused(b"no line end at all anywhere"),
        SseError::LineTooLong
    );
    assert_eq!(
        refused(&b"data: 0123456789\n".repeat(3)),
        SseError::EventTooLong
    );
    assert_eq!(refused(&b"data: a\n\n".repeat(12)), SseError::StreamTooLong);
    assert!(decode_within(limits, [b"data: 0123456789\n\n".as_slice()]).is_ok());
}

/// Bytes that mix what the protocol knows with what it does not.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "data: {\"x\":\"ü\"}",
        "data:",
        "data: 🙏",
        "event: error",
        ": comment",
        "garbage",
        "\u{FEFF}",
        "id: 1",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\n\r\n",
        ":",
        "",
    ])
    .prop_map(|text| text.as_bytes().to_vec());
    let any = prop::collection::vec(any::<u8>(), 0..6);
    prop::collection::vec(prop_oneof![4 => known, 1 => any], 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn splitting_changes_nothing(
        stream in stream(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|pair| &stream[pair[0]..pair[1]]);
        prop_assert_eq!(decode(pieces), decode([stream.as_slice()]));
    }
}
