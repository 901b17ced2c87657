//! Addresses that others name lead to the public internet or nowhere.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking and say why")]

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use outbound::{GuardError, GuardOptions, Guarded, guarded};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that counts who comes, and answers by path.
struct Canary {
    address: SocketAddr,
    hits: Arc<AtomicUsize>,
}

impl Canary {
    async fn start(bind: &str, answer: fn(&str, SocketAddr) -> Vec<u8>) -> Option<Self> {
        let listener = TcpListener::bind(bind).await.ok()?;
        let address = listener.local_addr().unwrap();
        let hits = Arc::new(AtomicUsize::new(0));
        let counted = hits.clone();
        #[expect(clippy::disallowed_methods, reason = "a test's own server")]
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = Vec::new();
                let mut piece = [0; 1024];
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut piece).await {
                        Ok(0) | Err(_) => break,
                        Ok(length) => head.extend(piece.iter().take(length)),
                    }
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default();
                stream.write_all(&answer(path, address)).await.ok();
            }
        });
        Some(Self { address, hits })
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

fn answer(path: &str, own: SocketAddr) -> Vec<u8> {
    let port = own.port();
    match path {
        "/page" => reply("200 OK", "Content-Type: text/html\r\n", "<p>Namaste</p>"),
        "/moved" => reply("302 Found", "Location: /page\r\n", ""),
        "/loop" => reply("302 Found", "Location: /loop\r\n", ""),
        "/to-loopback" => {
            let to = format!("Location: http://127.0.0.2:{port}/page\r\n");
            reply("302 Found", &to, "")
        }
        "/to-mapped" => {
            let to = format!("Location: http://[::ffff:a9fe:a9fe]:{port}/page\r\n");
            reply("302 Found", &to, "")
        }
        "/to-file" => reply("302 Found", "Location: file:///etc/passwd\r\n", ""),
        "/to-user" => {
            let to = format!("Location: http://a:b@127.0.0.1:{port}/page\r\n");
            reply("302 Found", &to, "")
        }
        "/large" => reply("200 OK", "", &"x".repeat(3 << 20)),
        "/endless" => {
            let body = "x".repeat(3 << 20);
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}").into_bytes()
        }
        "/headers" => {
            let line = format!("X-Long: {}\r\n", "x".repeat(900));
            let headers = line.repeat(90);
            reply("200 OK", &headers, "")
        }
        "/packed" => reply("200 OK", "Content-Encoding: gzip\r\n", "x"),
        "/silent" => b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".to_vec(),
        _ => reply("404 Not Found", "", ""),
    }
}

fn guard(port: u16, allowed: fn(IpAddr) -> bool) -> Guarded {
    guarded(GuardOptions {
        ports: vec![80, 443, port],
        allowed: Arc::new(allowed),
        total_timeout: Duration::from_secs(3),
        ..GuardOptions::default()
    })
    .unwrap()
}

fn nothing(_: IpAddr) -> bool {
    false
}

fn first_loopback(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 1])
}

#[tokio::test]
async fn no_name_of_this_machine_is_asked() {
    let canary = Canary::start("0.0.0.0:0", answer).await.unwrap();
    let sixth = Canary::start(&format!("[::1]:{}", canary.address.port()), answer).await;
    let port = canary.address.port();
    let guard = guard(port, nothing);
    let hosts = [
        "127.0.0.1",
        "127.0.0.2",
        "127.1",
        "127.0.1",
        "127.255.255.254",
        "127.127.127.127",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.0x0.0x0.0x1",
        "0x7f.1",
        "0177.0.0.1",
        "0177.0000.0000.0001",
        "0x7F.0.0.0x1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "00000000.0",
        "0x0",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::7f00:1]",
        "[::ffff:0:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2002:7f00:1::1]",
        "[2001:0:7f00:1::]",
        "[fe80::1]",
        "[fec0::1]",
        "[fc00::1]",
        "localhost",
        "LOCALHOST",
        "LocalHost.",
        "localhost.",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "loc%61lhost",
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "192.168.0.1",
        "172.16.0.1",
        "100.64.0.1",
    ];
    assert!(hosts.len() > 41);
    for host in hosts {
        for scheme in ["http", "https"] {
            let refused = guard.get(&format!("{scheme}://{host}:{port}/page")).await;
            let refused = refused.err();
            assert!(
                matches!(
                    refused,
                    Some(GuardError::NotPublic | GuardError::Refused(_))
                ),
                "{scheme}://{host}: {refused:?}"
            );
        }
    }
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let own = guard
        .get(&format!("http://{}:{port}/page", name.trim()))
        .await;
    assert!(own.is_err());
    assert_eq!(canary.hits() + sixth.map_or(0, |one| one.hits()), 0);
}

#[tokio::test]
async fn tricks_with_addresses_are_refused() {
    let canary = Canary::start("127.0.0.1:0", answer).await.unwrap();
    let port = canary.address.port();
    let guard = guard(port, nothing);
    let tricks = [
        format!("http://user@127.0.0.1:{port}/"),
        format!("http://example.org@127.0.0.1:{port}/"),
        format!("http://example.org:80@127.0.0.1:{port}/"),
        format!("http://127.0.0.1:{port}@127.0.0.1:{port}/"),
        format!("http://example.org#@127.0.0.1:{port}/").replace("http://example.org#", "http://"),
        format!("http:\\\\127.0.0.1:{port}\\"),
        format!("http:127.0.0.1:{port}"),
        format!("//127.0.0.1:{port}/"),
        format!("http:///127.0.0.1:{port}/"),
        format!("ht\ntp://127.0.0.1:{port}/"),
        format!("\thttp://127.0.0.1:{port}/"),
        format!("http://127.0.0.1\t:{port}/"),
        "http://example.org:22/".to_owned(),
        "http://example.org:6379/".to_owned(),
        "http://[::1".to_owned(),
        "http://".to_owned(),
        format!("http://example.org/{}", "x".repeat(5_000)),
    ];
    let schemes = [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:6379/_x",
        "dict://127.0.0.1/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "ws://127.0.0.1/",
        "ldap://127.0.0.1/",
        "jar:http://127.0.0.1/!/",
        "about:blank",
        "blob:http://127.0.0.1/x",
        "unix:/run/x.sock",
    ];
    for text in tricks.iter().map(String::as_str).chain(schemes) {
        let refused = guard.get(text).await.err();
        assert!(
            matches!(
                refused,
                Some(GuardError::NotPublic | GuardError::Refused(_))
            ),
            "{text}: {refused:?}"
        );
    }
    assert_eq!(canary.hits(), 0);
}

#[tokio::test]
async fn what_the_operator_allows_is_fetched_within_limits() {
    let canary = Canary::start("127.0.0.1:0", answer).await.unwrap();
    let port = canary.address.port();
    let guard = guard(port, first_loopback);
    let get = async |path: &str| guard.get(&format!("http://127.0.0.1:{port}{path}")).await;
    for path in ["/page#top", "/moved"] {
        let page = get(path).await.unwrap();
        assert_eq!(&*page.bytes, b"<p>Namaste</p>");
        assert_eq!(page.content_type.as_deref(), Some("text/html"));
        assert_eq!(page.url.as_str(), format!("http://127.0.0.1:{port}/page"));
    }
    let before = canary.hits();
    for (path, expected) in [
        ("/loop", GuardError::Redirects),
        ("/to-loopback", GuardError::NotPublic),
        ("/to-mapped", GuardError::NotPublic),
        ("/large", GuardError::TooLarge),
        ("/endless", GuardError::TooLarge),
        ("/headers", GuardError::TooLarge),
        ("/packed", GuardError::Encoded),
        ("/missing", GuardError::Status(404)),
        ("/silent", GuardError::Unreachable),
    ] {
        assert_eq!(get(path).await.unwrap_err(), expected, "{path}");
    }
    for path in ["/to-file", "/to-user"] {
        let refused = get(path).await.unwrap_err();
        assert!(
            matches!(refused, GuardError::Refused(_)),
            "{path}: {refused:?}"
        );
    }
    // Six of the loop, one of each other: where they led to was not asked.
    assert_eq!(canary.hits() - before, 6 + 10);
}

/// A proxy, which is sent whole addresses.
fn proxy(path: &str, _: SocketAddr) -> Vec<u8> {
    match path {
        "http://page.invalid/page" => {
            reply("200 OK", "Content-Type: text/html\r\n", "<p>Namaste</p>")
        }
        "http://page.invalid/inwards" => {
            reply("302 Found", "Location: http://169.254.169.254/\r\n", "")
        }
        _ => reply("502 Bad Gateway", "", ""),
    }
}

#[tokio::test]
async fn a_proxy_of_the_operators_is_gone_through_and_opens_nothing() {
    let canary = Canary::start("127.0.0.1:0", proxy).await.unwrap();
    let guard = guarded(GuardOptions {
        ports: vec![80, 443, canary.address.port()],
        proxy: Some(format!("http://{}", canary.address).parse().unwrap()),
        ..GuardOptions::default()
    })
    .unwrap();
    let page = guard.get("http://page.invalid/page").await.unwrap();
    assert_eq!(&*page.bytes, b"<p>Namaste</p>");
    assert_eq!(canary.hits(), 1);
    let inwards = guard.get("http://page.invalid/inwards").await;
    assert_eq!(inwards.unwrap_err(), GuardError::NotPublic);
    assert_eq!(canary.hits(), 2);
    for private in [
        "http://127.0.0.1/".to_owned(),
        "http://localhost/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        format!("http://{}/", canary.address),
    ] {
        let refused = guard.get(&private).await.unwrap_err();
        assert_eq!(refused, GuardError::NotPublic, "{private}");
    }
    assert_eq!(canary.hits(), 2);
}
