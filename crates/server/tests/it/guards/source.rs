//! The source tree as the guards see it: paths and code without comments and literals.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// One Rust file.
pub(super) struct Source {
    /// Relative to the workspace, with `/` between the parts.
    pub(super) path: String,
    /// As written.
    pub(super) text: String,
    /// Without comments, the contents of literals and what only tests compile.
    pub(super) code: String,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let code = without_tests(&code_of(text));
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
        }
    }

    /// The feature whose room this file is in.
    pub(super) fn feature(&self) -> Option<&str> {
        let (feature, rest) = self.path.strip_prefix(FEATURES)?.split_once('/')?;
        (!rest.is_empty()).then_some(feature)
    }

    /// Whether the file is `NAME.rs`, or lies in a folder NAME below the crate's `src`.
    pub(super) fn is(&self, name: &str) -> bool {
        let inside = self
            .path
            .split_once("/src/")
            .map_or("", |(_, inside)| inside);
        inside
            .split('/')
            .any(|part| part.strip_suffix(".rs").unwrap_or(part) == name)
    }
}

pub(super) const FEATURES: &str = "crates/server/src/features/";

/// The folder that holds `Cargo.lock`.
pub(super) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file under `crates/*/src`, ordered by path.
pub(super) fn tree() -> Vec<Source> {
    let root = workspace();
    let mut files = Vec::new();
    for name in crates() {
        collect(&root.join("crates").join(name).join("src"), &mut files)
            .expect("the source tree can be read");
    }
    files.sort();
    files.iter().map(|file| read(&root, file)).collect()
}

/// The names of the folders under `crates/`.
pub(super) fn crates() -> Vec<String> {
    let entries = fs::read_dir(workspace().join("crates")).expect("the workspace has crates");
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            workspace()
                .join("crates")
                .join(name)
                .join("Cargo.toml")
                .exists()
        })
        .collect();
    names.sort();
    names
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn read(root: &Path, file: &Path) -> Source {
    let text = fs::read_to_string(file).expect("a source file is UTF-8");
    let relative = file.strip_prefix(root).expect("found below the root");
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    Source::new(&parts.join("/"), &text)
}

/// The text with comments and the contents of literals left out; line breaks stay.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = literal_or_comment(rest, code.chars().next_back());
        if skipped == 0 {
            code.push(next);
            rest = rest.split_at(next.len_utf8()).1;
        } else {
            let (gone, after) = rest.split_at(skipped);
            code.extend(gone.chars().filter(|c| *c == '\n'));
            code.push(' ');
            rest = after;
        }
    }
    code
}

/// The code without the items under `#[cfg(test)]`; line breaks stay.
fn without_tests(code: &str) -> String {
    let mut parts = code.split("#[cfg(test)]");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mut depth, mut is_over) = (0_usize, false);
        for c in part.chars() {
            if is_over || c == '\n' {
                kept.push(c);
            }
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_over |= depth == 0 && matches!(c, '}' | ';');
        }
    }
    kept
}

/// The length of the comment or literal at the start of `rest`, in bytes; 0 for code.
fn literal_or_comment(rest: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        block_comment(rest)
    } else if rest.starts_with('"') {
        quoted(rest, '"')
    } else if rest.starts_with('r') && !in_word {
        raw_string(rest)
    } else if rest.starts_with('\'') {
        character(rest)
    } else {
        0
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(tail) = rest.get(at..) {
        let step = match tail {
            _ if tail.starts_with("/*") => {
                depth += 1;
                2
            }
            _ if tail.starts_with("*/") => {
                depth -= 1;
                2
            }
            _ => tail.chars().next().map_or(0, char::len_utf8),
        };
        at += step;
        if depth == 0 || step == 0 {
            break;
        }
    }
    at.min(rest.len())
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> usize {
    let tail = rest.strip_prefix('r').unwrap_or(rest);
    let body = tail.trim_start_matches('#');
    let hashes = tail.len() - body.len();
    if !body.starts_with('"') {
        return 0; // r#ident, or just a word that begins with r
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = 1 + hashes + 1;
    rest.get(start..)
        .and_then(|inside| inside.find(&end))
        .map_or(rest.len(), |at| start + at + end.len())
}

/// A character literal; a lifetime is code.
fn character(rest: &str) -> usize {
    let mut inside = rest.chars().skip(1);
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => quoted(rest, '\''),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 0,
    }
}

#[test]
fn comments_and_literals_are_not_code() {
    let source = Source::new(
        "crates/x/src/a.rs",
        concat!(
            "use a; // axum\n/* axum /* axum */ axum */ let b = \"axum \\\" axum\";\n",
            "let c = r#\"axum \" axum\"#; let d = '\"'; let e = '\\''; fn f<'axum_free>() {}\n",
            "let r = raw; let g = br\"axum\"; let h = 'é';\n",
            "#[cfg(test)]\n#[expect(x)]\nfn t(p: &[u8; 2]) -> X { use axum; if a { axum } }\nlet k;\n",
            "#[cfg(test)]\nmod tests { use axum; }\n",
        ),
    );
    let words: Vec<_> = source.code.split_whitespace().collect();
    assert!(!words.contains(&"axum"), "{words:?}");
    for kept in [
        "a;",
        "b",
        "c",
        "d",
        "e",
        "f<'axum_free>()",
        "raw;",
        "g",
        "h",
    ] {
        assert!(words.contains(&kept), "{kept} is missing from {words:?}");
    }
    assert_eq!(source.code.lines().count(), 10, "line numbers stay");
}
