//! What a file is, is told by its content; what cannot be used is refused, or marked.

use serde_json::json;

use super::{bytes, samples, send, sent};
use crate::support::TestApp;

#[tokio::test]
async fn text_is_read_out_of_every_kind_of_document() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let docx = samples::docx("Fish and chips");
    let pdf = samples::pdf("Fish and chips");
    let cases: &[(&str, &[u8], &str, &str)] = &[
        ("notes.txt", b"Fish and chips", "text", "text/plain"),
        ("main.rs", b"// Fish and chips", "code", "text/plain"),
        (
            "prices.csv",
            b"dish,price\nFish and chips,9",
            "csv",
            "text/csv",
        ),
        ("page.html", b"<p>Fish and chips</p>", "web", "text/html"),
        ("menu.pdf", &pdf, "pdf", "application/pdf"),
        // Names lie.
        ("menu.png", &pdf, "pdf", "application/pdf"),
        (
            "menu.docx",
            &docx,
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "drawing.svg",
            b"<svg><text>Fish and chips</text></svg>",
            "code",
            "text/plain",
        ),
    ];
    for (name, content, kind, media_type) in cases {
        let file = sent(&app, &ada, name, content).await;
        assert_eq!(file["status"], "ready", "{name}: {file}");
        assert_eq!(file["name"], *name);
        assert_eq!(
            (&file["kind"], &file["mediaType"]),
            (&json!(kind), &json!(media_type))
        );
        assert!(file["tokens"].as_i64().unwrap() > 2, "{file}");
        assert_eq!(file["sizeBytes"], content.len());
        let url = format!("/api/files/{}", file["id"].as_str().unwrap());
        let text = ada.get(&format!("{url}/text")).await;
        assert_eq!(text.status, 200);
        assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
        assert!(
            text.text.contains("Fish and chips"),
            "{name}: {}",
            text.text
        );
        let packed = ada.request(reqwest::Method::GET, &format!("{url}/text"));
        let packed = packed.header("accept-encoding", "gzip").send().await;
        let packed = packed.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        assert!(packed.bytes().await.is_ok(), "{name} comes to its end");
        let (_, headers, whole) = bytes(&ada, &format!("{url}/content")).await;
        assert_eq!(whole, *content, "{name} comes back as it went");
        // Whatever it is, no browser runs it.
        assert!(
            headers["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment;")
        );
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("sandbox;")
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(!headers["content-type"].to_str().unwrap().contains("html"));
        let small = ada.get(&format!("{url}/thumbnail")).await;
        assert_eq!(small.line(), "404 file_has_no_thumbnail");
    }
    let pages = sent(&app, &ada, "menu.pdf", &pdf).await;
    assert_eq!(pages["pages"], 1);
}

#[tokio::test]
async fn an_image_is_made_anew_without_what_its_camera_wrote() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let reply = send(&ada, "holiday.jpg", &samples::jpeg()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let file = &reply.body["file"];
    assert_eq!(
        (&file["kind"], &file["status"]),
        (&json!("image"), &json!("ready"))
    );
    assert_eq!(
        (&file["width"], &file["height"]),
        (&json!(640), &json!(320))
    );
    assert_eq!(file["tokens"], 85 + 2 * 170);
    let url = format!("/api/files/{}", file["id"].as_str().unwrap());
    let (status, headers, whole) = bytes(&ada, &format!("{url}/content")).await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (200, "image/jpeg")
    );
    assert_eq!(file["sizeBytes"], whole.len());
    let said = String::from_utf8_lossy(&whole);
    assert!(!said.contains("secret place") && !said.contains("Exif"));
    let (status, _, small) = bytes(&ada, &format!("{url}/thumbnail")).await;
    let small = image::load_from_memory(&small).unwrap();
    assert_eq!((status, small.width(), small.height()), (200, 320, 160));
    assert_eq!(
        ada.get(&format!("{url}/text")).await.line(),
        "404 file_has_no_text"
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_and_nothing_is_kept() {
    let app = TestApp::with(&[("SANGAM_FILES__MAX_BYTES", "200000")]).await;
    let ada = app.user("ada").await;
    let zip = samples::archive(&[("../../evil.sh", b"x")]);
    let long = vec![b'x'; 200_001];
    let cases: &[(&str, &[u8], &str, &str)] = &[
        (
            "bomb.png",
            &samples::png_bomb(60_000, 60_000),
            "413 file_too_large",
            "file content",
        ),
        (
            "broken.png",
            &samples::png_bomb(10, 10),
            "422 file_unreadable",
            "file content",
        ),
        (
            "broken.jpg",
            b"\xff\xd8\xff\xe0 nothing",
            "422 file_unreadable",
            "file content",
        ),
        (
            "program",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
            "415 file_unsupported",
            "file kind",
        ),
        ("evil.zip", &zip, "415 file_unsupported", "file kind"),
        ("evil.txt", &zip, "415 file_unsupported", "file kind"),
        ("empty.txt", b"", "422 invalid", "file empty"),
        ("long.txt", &long, "413 file_too_large", "file size"),
    ];
    for (name, content, line, field) in cases {
        let reply = send(&ada, name, content).await;
        assert_eq!(reply.line(), *line, "{name}: {}", reply.text);
        assert_eq!(reply.fields(), [*field], "{name}");
    }
    assert_eq!(ada.get("/api/files").await.body["items"], json!([]));
    assert_eq!(super::stored(&app), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_marked_with_the_reason() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let spaces = " ".repeat(8 << 20);
    let xml = format!("<w:document><w:p><w:t>x</w:t></w:p>{spaces}</w:document>");
    let bomb = samples::archive(&[("word/document.xml", xml.as_bytes())]);
    for (name, content, code) in [
        (
            "broken.pdf",
            &b"%PDF-1.7 nothing more"[..],
            "file_unreadable",
        ),
        ("bomb.docx", &bomb, "file_too_large"),
        ("blank.txt", b" \n ", "file_empty"),
    ] {
        let file = sent(&app, &ada, name, content).await;
        assert_eq!(file["status"], "failed", "{name}: {file}");
        assert_eq!(file["error"]["code"], code, "{name}: {file}");
        let text = format!("/api/files/{}/text", file["id"].as_str().unwrap());
        assert_eq!(ada.get(&text).await.line(), "404 file_has_no_text");
    }
}

#[tokio::test]
async fn archives_come_in_for_an_import_only() {
    let app = TestApp::with(&[("SANGAM_FILES__MAX_BYTES", "2000")]).await;
    let ada = app.user("ada").await;
    let zip = samples::archive(&[("conversations.json", b"[]")]);
    let large = format!("[{}]", " ".repeat(5_000));
    for (content, media_type) in [
        (&zip[..], "application/zip"),
        (large.as_bytes(), "application/json"),
    ] {
        let body = super::form("file", "export.bin", content);
        let reply = ada
            .send(super::sending(&ada, "/api/files?for=import", body))
            .await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        assert_eq!(reply.body["file"]["kind"], "archive");
        assert_eq!(reply.body["file"]["mediaType"], media_type);
        assert_eq!(reply.body["file"]["status"], "ready");
    }
    let body = super::form("file", "export.bin", b"hello");
    let reply = ada
        .send(super::sending(&ada, "/api/files?for=import", body))
        .await;
    assert_eq!(reply.line(), "415 file_unsupported");
    let body = super::form("file", "export.bin", b"hello");
    let reply = ada
        .send(super::sending(&ada, "/api/files?for=fun", body))
        .await;
    assert_eq!(reply.line(), "422 invalid");
}
