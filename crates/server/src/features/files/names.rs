//! Names of files, as people may see and save them. A name is never a path here, but it is a file's
//! name again wherever somebody saves it: so it must be harmless there, on every system.

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

const MOST_CHARS: usize = 150;
/// What file systems take.
const MOST_BYTES: usize = 240;
/// A longer ending is not one.
const MOST_EXTENSION: usize = 16;

/// Names that are devices on Windows, whatever their ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// The name to keep for a file that was sent under `sent`; nothing usable is refused.
pub fn cleaned(sent: &str) -> Result<String> {
    if sent.contains('\0') {
        return Err(refused("must not contain the character U+0000"));
    }
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.nfc().filter(|c| !is_deceptive(*c)).collect();
    let name = name.replace(|c: char| "<>:\"|?*".contains(c), "_");
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_end_matches(['.', ' ']).to_owned();
    if name.is_empty() {
        return Err(refused("must have a name with letters or digits"));
    }
    let name = shortened(&name);
    Ok(if is_device(&name) {
        format!("_{name}")
    } else {
        name
    })
}

fn refused(detail: &str) -> Error {
    Error::field("file", "name", detail)
}

/// Not seen, or makes the rest be seen in another order. Joiners are part of many scripts.
fn is_deceptive(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}'
        )
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let is_port = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port)
            .is_some_and(|rest| rest.chars().count() == 1 && !rest.chars().all(char::is_alphabetic))
    });
    is_port || DEVICES.contains(&&*stem)
}

/// Cut in its stem, so that the ending stays.
fn shortened(name: &str) -> String {
    if name.chars().count() <= MOST_CHARS && name.len() <= MOST_BYTES {
        return name.to_owned();
    }
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if end.len() <= MOST_EXTENSION => (stem, format!(".{end}")),
        _ => (name, String::new()),
    };
    let mut cut = String::new();
    for c in stem.chars().take(MOST_CHARS - end.chars().count()) {
        if cut.len() + c.len_utf8() + end.len() > MOST_BYTES {
            break;
        }
        cut.push(c);
    }
    format!("{}{end}", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_becomes_harmless() {
        let long = format!("{}.pdf", "a".repeat(4000));
        let cases: &[(&str, &str)] = &[
            ("notes.txt", "notes.txt"),
            ("../../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("/etc/shadow", "shadow"),
            ("C:\\autoexec.bat", "autoexec.bat"),
            ("\\\\host\\share\\x.txt", "x.txt"),
            ("....//....//x.txt", "x.txt"),
            ("a\r\nSet-Cookie: x=y.txt", "a Set-Cookie_ x=y.txt"),
            ("tab\tand\u{7}bell.txt", "tab andbell.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("\u{2066}x\u{2069}.txt", "x.txt"),
            ("zero\u{200b}width.txt", "zerowidth.txt"),
            ("\u{feff}bom.txt", "bom.txt"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("Com1.tar.gz", "_Com1.tar.gz"),
            ("LPT\u{b9}.txt", "_LPT\u{b9}.txt"),
            ("file.txt::$DATA", "file.txt__$DATA"),
            ("a<b>c|d?e*f\".txt", "a_b_c_d_e_f_.txt"),
            ("trailing. . .", "trailing"),
            ("  spaced   out .txt", "spaced out .txt"),
            (".htaccess", ".htaccess"),
            ("%2e%2e%2fx", "%2e%2e%2fx"),
            ("cafe\u{301}.txt", "caf\u{e9}.txt"),
            ("कैसे हो.txt", "कैसे हो.txt"),
            ("<script>alert(1)</script>.html", "script_.html"),
        ];
        for (sent, kept) in cases {
            assert_eq!(cleaned(sent).unwrap(), *kept, "{sent:?}");
        }
        let kept = cleaned(&long).unwrap();
        assert!(
            kept.len() <= MOST_BYTES && kept.ends_with("a.pdf"),
            "{kept}"
        );
        let kept = cleaned(&format!("{}.txt", "न".repeat(200))).unwrap();
        assert!(
            kept.len() <= MOST_BYTES && kept.ends_with("न.txt"),
            "{kept}"
        );
    }

    #[test]
    fn a_name_without_anything_usable_is_refused() {
        for sent in [
            "", ".", "..", "../", "...", " ", "\u{202e}", "a\0.txt", "x/\u{7}",
        ] {
            let error = cleaned(sent).unwrap_err();
            assert_eq!(error.fields[0].field, "file", "{sent:?}");
        }
    }
}
