//! Hostile names and forms.

use super::{BOUNDARY, form, send, sending, stored};
use crate::support::TestApp;

#[tokio::test]
async fn a_hostile_name_becomes_harmless_or_is_refused() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let long = format!("{}.txt", "a".repeat(3_000));
    let names = [
        "../../../../etc/passwd",
        "..\\\\..\\\\windows\\\\system32\\\\drivers\\\\etc\\\\hosts",
        "/etc/cron.d/evil",
        "C:\\\\Users\\\\x\\\\evil.txt",
        "....//....//etc/passwd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%c0%af..%c0%afetc",
        "invoice\u{202e}fdp.exe",
        "\u{2066}evil\u{2069}.txt",
        "zero\u{200b}width.txt",
        "tab\tname.txt",
        "CON",
        "nul.txt",
        "COM1.txt",
        "LPT9",
        "evil.txt::$DATA",
        "evil.txt.",
        "evil.txt   ",
        ".htaccess",
        "-rf.txt",
        "`id`.txt",
        "$(id).txt",
        "<script>alert(1)<script>.txt",
        "a;b|c&d.txt",
        &long,
    ];
    for name in names {
        let reply = send(&ada, name, b"harmless").await;
        assert_eq!(reply.status, 201, "{name:?}: {}", reply.text);
        let kept = reply.body["file"]["name"].as_str().unwrap();
        let is_harmless = !kept.contains(['/', '\\', ':', '<', '>', '|', '"'])
            && !kept
                .chars()
                .any(|c| c.is_control() || ('\u{200b}'..='\u{206f}').contains(&c))
            && !kept.ends_with(['.', ' '])
            && (1..=240).contains(&kept.len());
        assert!(is_harmless, "{name:?} was kept as {kept:?}");
    }
    for name in [
        "",
        ".",
        "..",
        "../",
        "\u{202e}",
        "   ",
        "a\u{7}b\u{1b}[31mc.txt",
        "a\0.txt",
    ] {
        let reply = send(&ada, name, b"harmless").await;
        assert_eq!(reply.status, 422, "{name:?}: {}", reply.text);
        assert_eq!(reply.fields(), ["file name"], "{name:?}");
    }
    // Nothing was written anywhere but under keys of our own.
    let root = app.data_dir.path.join("files");
    for folder in std::fs::read_dir(root).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            assert!(uuid::Uuid::parse_str(&name).is_ok(), "{name}");
        }
    }
}

#[tokio::test]
async fn forms_that_are_not_ours_are_refused() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let endless = vec![b'x'; 3 << 20];
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"\r\n");
    let endless_header = [head.as_bytes(), b"X-Long: ", &endless].concat();
    let cut = form("file", "a.txt", b"text");
    let cut = cut[..cut.len() - 20].to_vec();
    let no_name = format!("{head}\r\ntext\r\n--{BOUNDARY}--\r\n").into_bytes();
    let twice = {
        let one = form("file", "a.txt", b"text");
        let end = format!("--{BOUNDARY}--\r\n").len();
        [&one[..one.len() - end], &form("file", "b.txt", b"text")].concat()
    };
    for (body, line) in [
        (b"no form at all".to_vec(), "400 malformed"),
        (endless, "400 malformed"),
        (endless_header, "400 malformed"),
        (cut, "400 malformed"),
        (no_name, "422 invalid"),
        (form("image", "a.txt", b"text"), "400 unknown_field"),
        (twice, "400 unknown_field"),
        (format!("--{BOUNDARY}--\r\n").into_bytes(), "422 invalid"),
    ] {
        let start = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let reply = ada.send(sending(&ada, "/api/files", body)).await;
        assert_eq!(reply.line(), line, "{start}: {}", reply.text);
    }
    let json = ada.post("/api/files", &serde_json::json!({})).await;
    assert_eq!(json.line(), "415 unsupported_media_type");
    assert_eq!(stored(&app), 0, "nothing is left behind");
}
