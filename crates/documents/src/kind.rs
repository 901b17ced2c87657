//! What kind of file it is, by its content; a name only tells text from text.

use image::ImageFormat;

use crate::{docx, text};

/// The kinds of files that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PNG, JPEG, WebP or GIF.
    Image,
    /// A PDF.
    Pdf,
    /// Plain text, Markdown among it.
    Text,
    /// A program's or configuration's text.
    Code,
    /// A table as text, by commas or tabs.
    Csv,
    /// A word processor's document.
    Docx,
    /// A page of HTML.
    Web,
}

impl Kind {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Pdf => "pdf",
            Self::Text => "text",
            Self::Code => "code",
            Self::Csv => "csv",
            Self::Docx => "docx",
            Self::Web => "web",
        }
    }
}

/// What a file was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    /// Its kind.
    pub kind: Kind,
    /// Its media type, which a sender's own claim never decides.
    pub media_type: &'static str,
}

const CODE: &[&str] = &[
    "bash", "c", "cc", "cfg", "clj", "conf", "cpp", "cs", "css", "dart", "diff", "ex", "exs", "go",
    "graphql", "h", "hpp", "hs", "ini", "ipynb", "java", "jl", "js", "json", "jsonl", "jsx", "kt",
    "lua", "mjs", "ml", "patch", "php", "pl", "proto", "ps1", "py", "r", "rb", "rs", "scala",
    "scss", "sh", "sql", "svelte", "svg", "swift", "tex", "tf", "toml", "ts", "tsx", "vue", "xml",
    "yaml", "yml", "zig",
];

/// Tells a file's kind; `None` when it is nothing that can be read.
pub fn detect(name: &str, bytes: &[u8]) -> Option<Detected> {
    let found = |kind, media_type| Some(Detected { kind, media_type });
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) => return found(Kind::Image, "image/png"),
        Ok(ImageFormat::Jpeg) => return found(Kind::Image, "image/jpeg"),
        Ok(ImageFormat::WebP) => return found(Kind::Image, "image/webp"),
        Ok(ImageFormat::Gif) => return found(Kind::Image, "image/gif"),
        _ => {}
    }
    if bytes.starts_with(b"%PDF-") {
        return found(Kind::Pdf, "application/pdf");
    }
    if bytes.starts_with(b"PK") {
        return docx::is_one(bytes).then_some(Detected {
            kind: Kind::Docx,
            media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        });
    }
    let begin = text::beginning(bytes)?;
    let extension = name.rsplit_once('.').map_or("", |(_, end)| end);
    let extension = extension.to_ascii_lowercase();
    let begin = begin.trim_start().to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" | "xhtml" => found(Kind::Web, "text/html"),
        "csv" => found(Kind::Csv, "text/csv"),
        "tsv" => found(Kind::Csv, "text/tab-separated-values"),
        "md" | "markdown" => found(Kind::Text, "text/markdown"),
        other if CODE.contains(&other) => found(Kind::Code, "text/plain"),
        _ if begin.starts_with("<!doctype html") || begin.starts_with("<html") => {
            found(Kind::Web, "text/html")
        }
        _ => found(Kind::Text, "text/plain"),
    }
}
