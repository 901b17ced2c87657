//! Kinds are told by content, and text is read in any encoding.

use documents::{Kind, Limits, Refused, detect, read};

fn kind(name: &str, bytes: &[u8]) -> Option<Kind> {
    detect(name, bytes).map(|found| found.kind)
}

#[test]
fn content_decides_and_the_name_only_tells_text_from_text() {
    assert_eq!(kind("x.txt", b"%PDF-1.7\n"), Some(Kind::Pdf));
    assert_eq!(
        kind("cat.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        Some(Kind::Image)
    );
    assert_eq!(kind("a.csv", b"a,b\n1,2\n"), Some(Kind::Csv));
    assert_eq!(kind("main.RS", b"fn main() {}"), Some(Kind::Code));
    assert_eq!(kind("note", b"hello"), Some(Kind::Text));
    assert_eq!(kind("page", b"  <!DOCTYPE html><p>x"), Some(Kind::Web));
    assert_eq!(
        kind("drawing.svg", b"<svg onload='x()'/>"),
        Some(Kind::Code)
    );
}

#[test]
fn what_cannot_be_read_has_no_kind() {
    assert_eq!(kind("a.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0"), None);
    assert_eq!(kind("a.docx", b"PK\x03\x04 nothing of the kind"), None);
    assert_eq!(kind("a.txt", &[1, 2, 3, 4, 5, 6, 7, 8]), None);
}

#[test]
fn media_types_are_ours() {
    let found = detect("evil.html", b"<script>x()</script>").unwrap();
    assert_eq!(found.media_type, "text/html");
    let found = detect("drawing.svg", b"<svg/>").unwrap();
    assert_eq!(found.media_type, "text/plain", "never shown as a drawing");
}

#[test]
fn text_is_decoded_from_what_it_is_in() {
    let read = |bytes: &[u8]| {
        read(Kind::Text, bytes, &Limits::default())
            .map(|document| document.text)
            .unwrap()
    };
    assert_eq!(read("über\r\nuns".as_bytes()), "über\nuns");
    assert_eq!(read(b"\xef\xbb\xbfhello"), "hello");
    assert_eq!(read(b"\xff\xfeh\0\xfc\0"), "hü");
    assert_eq!(read(b"\xfe\xff\0h\0\xfc"), "hü");
    let latin = b"Die sch\xf6nen M\xe4dchen gehen \xfcber die Stra\xdfe.";
    assert_eq!(read(latin), "Die schönen Mädchen gehen über die Straße.");
    let cyrillic = encoding_rs::WINDOWS_1251.encode("Привет, как у тебя дела сегодня?");
    assert_eq!(read(&cyrillic.0), "Привет, как у тебя дела сегодня?");
}

#[test]
fn text_has_a_limit_and_nothing_is_not_text() {
    let limits = Limits {
        text_chars: 5,
        ..Limits::default()
    };
    assert!(read(Kind::Text, "ääääa".as_bytes(), &limits).is_ok());
    let longer = read(Kind::Text, "äääääa".as_bytes(), &limits).unwrap_err();
    assert_eq!(longer.code(), "file_too_large");
    assert_eq!(longer.to_string(), "its text is longer than 5 characters");
    assert_eq!(read(Kind::Text, b" \n ", &limits), Err(Refused::NoText));
}
