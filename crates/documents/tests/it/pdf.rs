//! PDFs, and those that are attacks.

use documents::{Kind, Limits, Refused, read};
use lopdf::{
    Document, Object, Stream,
    content::{Content, Operation},
    dictionary,
};

fn pdf(pages: &[&str]) -> Vec<u8> {
    let streams = pages.iter().map(|words| {
        let operations = vec![
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 12.into()]),
            Operation::new("Td", vec![50.into(), 700.into()]),
            Operation::new("Tj", vec![Object::string_literal(*words)]),
            Operation::new("ET", vec![]),
        ];
        Content { operations }.encode().unwrap()
    });
    built(streams.collect())
}

fn built(contents: Vec<Vec<u8>>) -> Vec<u8> {
    let mut pdf = Document::with_version("1.5");
    let tree = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids: Vec<Object> = Vec::new();
    for content in contents {
        let content = pdf.add_object(Stream::new(dictionary! {}, content));
        kids.push(
            pdf.add_object(dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content,
                "Resources" => resources,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            })
            .into(),
        );
    }
    let count = i64::try_from(kids.len()).unwrap();
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    pdf.objects.insert(tree, Object::Dictionary(pages));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    pdf.compress();
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn pages_are_read_in_their_order() {
    let read = read(
        Kind::Pdf,
        &pdf(&["First page", "Second page"]),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(read.text, "First page\n\nSecond page");
    assert_eq!(read.pages, Some(2));
}

#[test]
fn a_scan_holds_no_text() {
    let refused = read(Kind::Pdf, &pdf(&[""]), &Limits::default()).unwrap_err();
    assert_eq!(refused, Refused::NoText);
}

#[test]
fn a_page_that_unpacks_to_more_than_allowed_is_not_read() {
    let mut content = b"BT /F1 12 Tf (x) Tj ET ".to_vec();
    content.resize(4 << 20, b' ');
    let file = built(vec![content]);
    assert!(file.len() < 64 << 10, "packed well: {}", file.len());
    let limits = Limits {
        part_bytes: 1 << 20,
        ..Limits::default()
    };
    assert!(read(Kind::Pdf, &file, &limits).is_err());
    assert!(read(Kind::Pdf, &file, &Limits::default()).is_ok());
}

#[test]
fn time_and_text_have_limits() {
    let file = pdf(&["Some words", "and more"]);
    let limits = Limits {
        text_chars: 4,
        ..Limits::default()
    };
    let refused = read(Kind::Pdf, &file, &limits).unwrap_err();
    assert_eq!(refused.code(), "file_too_large");
    let limits = Limits {
        time: std::time::Duration::ZERO,
        ..Limits::default()
    };
    assert_eq!(read(Kind::Pdf, &file, &limits), Err(Refused::TooSlow));
}

#[test]
fn broken_and_nested_files_end_in_an_answer() {
    let limits = Limits::default();
    let nested = format!("%PDF-1.4\n1 0 obj\n{}\nendobj\n", "[".repeat(200_000));
    assert!(read(Kind::Pdf, nested.as_bytes(), &limits).is_err());
    assert!(read(Kind::Pdf, b"%PDF-1.7\nnothing", &limits).is_err());
    let whole = pdf(&["Text"]);
    for end in (0..whole.len()).step_by(37) {
        // Some cuts can be repaired; none may do harm.
        let _answer = read(Kind::Pdf, whole.get(..end).unwrap(), &limits);
    }
}
