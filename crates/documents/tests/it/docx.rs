//! Documents of word processors, and archives that are attacks.

use std::io::{Cursor, Write};

use documents::{Document, Kind, Limits, Refused, detect, read};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document(body: &str) -> Vec<u8> {
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"
    );
    archive(&[("word/document.xml", xml.as_bytes())])
}

fn text(body: &str) -> Result<String, Refused> {
    read(Kind::Docx, &document(body), &Limits::default()).map(|document: Document| document.text)
}

#[test]
fn paragraphs_headings_lists_and_tables_are_read() {
    let body = "<w:p><w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr><w:r><w:t>Plan</w:t></w:r></w:p>\
        <w:p><w:r><w:t>Fish </w:t></w:r><w:r><w:t>&amp; chips &#8364;</w:t><w:br/><w:t>now</w:t></w:r></w:p>\
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>one</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>";
    assert_eq!(
        text(body).unwrap(),
        "## Plan\nFish & chips €\nnow\n- one\na | b |"
    );
    let found = detect("whatever", &document(body)).unwrap();
    assert_eq!(found.kind, Kind::Docx);
}

#[test]
fn entities_of_its_own_are_not_expanded() {
    let xml = "<!DOCTYPE x [<!ENTITY a \"boom\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
        <w:document><w:p><w:t>x&a;&f;y</w:t></w:p></w:document>";
    let file = archive(&[("word/document.xml", xml.as_bytes())]);
    let read = read(Kind::Docx, &file, &Limits::default()).unwrap();
    assert_eq!(read.text, "xy");
}

#[test]
fn a_part_that_unpacks_to_much_more_than_it_is_gets_refused() {
    let spaces = " ".repeat(8 << 20);
    let xml = format!("<w:document><w:p><w:t>x</w:t></w:p>{spaces}</w:document>");
    let file = archive(&[("word/document.xml", xml.as_bytes())]);
    assert!(file.len() < 64 << 10, "packed well: {}", file.len());
    let refused = read(Kind::Docx, &file, &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "file_too_large");
}

#[test]
fn what_all_parts_claim_together_is_limited() {
    let half = vec![0; 600];
    let file = archive(&[
        ("word/document.xml", b"<w:t>x</w:t>"),
        ("a", &half),
        ("b", &half),
    ]);
    let limits = Limits {
        unpacked_bytes: 1_000,
        ..Limits::default()
    };
    let refused = read(Kind::Docx, &file, &limits).unwrap_err();
    assert_eq!(refused.code(), "file_too_large");
}

#[test]
fn too_many_entries_are_refused_before_they_are_read() {
    let names: Vec<String> = (0..5_001).map(|n| format!("n{n}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let refused = read(Kind::Docx, &archive(&parts), &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "file_too_large");
}

#[test]
fn names_that_climb_out_are_only_names() {
    let file = archive(&[
        ("../../../../tmp/escaped", b"x"),
        ("/etc/cron.d/escaped", b"x"),
        ("word/document.xml", b"<w:p><w:t>inert</w:t></w:p>"),
    ]);
    let read = read(Kind::Docx, &file, &Limits::default()).unwrap();
    assert_eq!(read.text, "inert");
}

#[test]
fn deep_nesting_and_broken_files_end_in_an_answer() {
    let deep = format!("{}<w:t>x</w:t>", "<w:p>".repeat(300_000));
    assert!(text(&deep).is_err(), "never closed");
    let whole = document("<w:p><w:t>x</w:t></w:p>");
    for end in 0..whole.len() {
        let cut = whole.get(..end).unwrap();
        assert!(read(Kind::Docx, cut, &Limits::default()).is_err(), "{end}");
    }
}
