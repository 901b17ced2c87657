//! Pages become what a reader would read.

use documents::{Kind, Limits, read};

fn text(page: &str) -> String {
    read(Kind::Web, page.as_bytes(), &Limits::default())
        .unwrap()
        .text
}

#[test]
fn the_article_is_read_without_what_is_around_it() {
    let long = "word ".repeat(60);
    let page = format!(
        "<!doctype html><html><head><title>News &amp; more</title><style>p{{}}</style></head><body>\
         <nav><a href=/>Home</a></nav><div>Cookies!</div><article><h1>Title</h1>\n  <p>{long}</p>\
         <script>if (a < b) document.write('<p>no</p>')</script><ul><li>one<li>two</ul>\
         <table><tr><td>a</td><td>b</td></tr></table></article><footer>Imprint</footer>"
    );
    let document = read(Kind::Web, page.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(document.title.as_deref(), Some("News & more"));
    assert_eq!(
        document.text,
        format!("# Title\n\n{}\n\n- one\n- two\n\na | b", long.trim())
    );
}

#[test]
fn a_page_without_a_main_part_is_read_whole() {
    assert_eq!(
        text("<nav>menu</nav><p>Hello <b>there</b></p>"),
        "Hello there"
    );
    assert_eq!(
        text("<nav>never closed <p>but readable"),
        "never closed\n\nbut readable"
    );
}

#[test]
fn preformatted_text_keeps_its_shape() {
    assert_eq!(
        text("<p>see</p><pre>if x:\n    y()\n</pre>"),
        "see\n\nif x:\n    y()"
    );
}

#[test]
fn the_encoding_is_the_one_that_the_page_names() {
    let page = b"<meta charset=\"iso-8859-2\"><p>\xb1\xea</p>";
    let document = read(Kind::Web, page, &Limits::default()).unwrap();
    assert_eq!(document.text, "ąę");
}

#[test]
fn a_page_nested_a_million_deep_is_read() {
    let page = format!("{}deep", "<div>".repeat(1_000_000));
    assert_eq!(text(&page), "deep");
}

#[test]
fn a_page_of_scripts_alone_holds_no_text() {
    let page = b"<title>App</title><div id=root></div><script>run()</script>";
    let refused = read(Kind::Web, page, &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "file_empty");
}
