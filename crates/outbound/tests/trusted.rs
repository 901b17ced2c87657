//! What a trusted client sends, where it goes, and what it makes of broken answers.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on ends the test"
)]

use std::time::Duration;

use outbound::{Bytes, FailureKind, Options, Secret, Trusted, TrustedError, Url, trusted};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn client(base: &str) -> Trusted {
    let options = Options {
        bearer: Some(Secret::from("sk-test-key")),
        headers: vec![("x-title", "Sangam".to_owned())],
        connect_timeout: Duration::from_secs(2),
    };
    trusted(Url::parse(base).unwrap(), &options).unwrap()
}

/// Answers one connection with `answer`, closes it, and gives what was received.
async fn once(listener: TcpListener, answer: &[u8]) -> Vec<u8> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut received = vec![0; 16 * 1024];
    let read = stream.read(&mut received).await.unwrap();
    received.truncate(read);
    stream.write_all(answer).await.unwrap();
    received
}

async fn server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address.to_string())
}

#[tokio::test]
async fn sends_key_headers_and_body_below_the_base() {
    let (listener, address) = server().await;
    let client = client(&format!("http://{address}/v1/"));
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    let (received, response) = tokio::join!(
        once(listener, answer),
        client.post_json("chat/completions", Bytes::from_static(b"{}"))
    );
    let mut response = response.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.chunk().await.unwrap().as_deref(),
        Some(b"ok".as_slice())
    );
    assert!(response.chunk().await.unwrap().is_none());

    let received = String::from_utf8(received).unwrap().to_lowercase();
    assert!(
        received.starts_with("post /v1/chat/completions http/1.1\r\n"),
        "{received}"
    );
    for line in [
        "authorization: bearer sk-test-key\r\n",
        "x-title: sangam\r\n",
        "content-type: application/json\r\n",
        &format!("user-agent: {}\r\n", outbound::USER_AGENT),
    ] {
        assert!(received.contains(line), "{line} is missing in {received}");
    }
    assert!(
        !received.contains("accept-encoding"),
        "compressed answers are never asked for"
    );
    assert!(received.ends_with("\r\n\r\n{}"));
}

#[tokio::test]
async fn a_path_cannot_change_the_host() {
    let (listener, address) = server().await;
    let client = client(&format!("http://{address}/v1"));
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    let (received, response) =
        tokio::join!(once(listener, answer), client.get("//127.0.0.2/../..@evil"));
    assert_eq!(response.unwrap().status(), 200);
    let received = String::from_utf8(received).unwrap();
    assert!(received.starts_with("GET /v1/"), "{received}");
    assert!(
        received
            .to_lowercase()
            .contains(&format!("host: {address}\r\n")),
        "{received}"
    );
}

#[tokio::test]
async fn a_redirect_is_answered_and_not_followed() {
    let (elsewhere, elsewhere_address) = server().await;
    let (listener, address) = server().await;
    let client = client(&format!("http://{address}"));
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{elsewhere_address}/\r\ncontent-length: 0\r\n\r\n"
    );
    let (_, response) = tokio::join!(once(listener, answer.as_bytes()), client.get("models"));
    assert_eq!(response.unwrap().status(), 307);
    let visit = tokio::time::timeout(Duration::from_millis(100), elsewhere.accept()).await;
    assert!(visit.is_err(), "the redirect was followed");
}

#[tokio::test]
async fn tells_the_kinds_of_failure_apart() {
    let (listener, closed) = server().await;
    drop(listener);
    let refused = client(&format!("http://{closed}"))
        .get("models")
        .await
        .unwrap_err();
    assert_eq!(refused.kind, FailureKind::Unreachable);
    assert!(!refused.detail.contains("sk-test-key"));

    let cases: [(&[u8], FailureKind); 4] = [
        (b"", FailureKind::Cut),
        (b"220 mail.example ESMTP ready\r\n", FailureKind::NotHttp),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
            FailureKind::Cut,
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n",
            FailureKind::NotHttp,
        ),
    ];
    for (answer, expected) in cases {
        let (listener, address) = server().await;
        let client = client(&format!("http://{address}"));
        let exchange = async {
            let mut response = client.get("models").await?;
            while response.chunk().await?.is_some() {}
            Ok(())
        };
        let (_, outcome) = tokio::join!(once(listener, answer), exchange);
        let failure: outbound::Failure = outcome.unwrap_err();
        assert_eq!(failure.kind, expected, "{answer:?} gave {failure}");
    }
}

#[tokio::test]
async fn speaks_tls_and_offers_http2() {
    let (listener, address) = server().await;
    let client = client(&format!("https://{address}"));
    let (hello, outcome) = tokio::join!(once(listener, b"not tls"), client.get("models"));
    assert_eq!(
        hello.get(..2),
        Some([0x16, 0x03].as_slice()),
        "no TLS handshake was begun"
    );
    assert!(
        hello.windows(3).any(|window| window == b"\x02h2"),
        "HTTP/2 was not offered"
    );
    assert_eq!(outcome.unwrap_err().kind, FailureKind::Unreachable);
}

#[test]
fn refuses_what_an_operator_should_not_set() {
    let refused = |base: &str| {
        trusted(Url::parse(base).unwrap(), &Options::default())
            .map(|_| ())
            .unwrap_err()
    };
    assert!(matches!(
        refused("ftp://example.org/"),
        TrustedError::Address
    ));
    assert!(matches!(
        refused("https://ada:pw@example.org/v1"),
        TrustedError::Credentials
    ));
    assert!(matches!(
        refused("https://example.org/v1?key=1"),
        TrustedError::Query
    ));
    let options = Options {
        bearer: Some(Secret::from("two\nlines")),
        ..Options::default()
    };
    let base = Url::parse("https://example.org/").unwrap();
    assert!(matches!(
        trusted(base, &options).unwrap_err(),
        TrustedError::Header(_)
    ));
}
