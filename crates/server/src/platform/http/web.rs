//! The page, embedded in the binary: compressed files, cached for good when their name holds
//! their hash, and `index.html` for every path that the page itself understands.

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::config::Server;

/// Without a built page the server still builds and says so.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
#[exclude = "*.map"]
#[exclude = ".vite/*"]
struct Dist;

const UNBUILT: &str = "<!doctype html><html lang=\"en\"><title>Sangam</title>\
    <p>This server was built without its page. Run <code>make run</code>, or build it with \
    <code>npm run build</code> in <code>web/</code>. The API is at \
    <a href=\"/api/docs\">/api/docs</a>.";

pub(super) fn serve(uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !path.is_empty() && path != "index.html" {
        if let Some(response) = file(path, accepted, headers) {
            return response;
        }
        // A file that is not there is not there; a path of the page's own is.
        if path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'))
        {
            return crate::error::Error::new(crate::error::NOT_FOUND, "There is no such file.")
                .into_response();
        }
    }
    file("index.html", accepted, headers).unwrap_or_else(|| {
        (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            UNBUILT,
        )
            .into_response()
    })
}

/// Whether the binary carries the page.
pub fn is_built() -> bool {
    ["index.html", "index.html.gz"]
        .iter()
        .any(|name| Dist::get(name).is_some())
}

fn file(path: &str, accepted: &str, headers: &HeaderMap) -> Option<Response> {
    let (file, encoding) = best(path, accepted)?;
    let etag = format!(
        "\"{}\"",
        BASE64_URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash())
    );
    let is_hashed = path.starts_with("assets/");
    let cache = if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| *known == *etag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.into_owned().into_response()
    };
    let headers = response.headers_mut();
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let mime = match mime.as_ref() {
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&mime).ok()?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, HeaderValue::from_str(&etag).ok()?);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// The smallest form that the client reads.
fn best(path: &str, accepted: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    for (suffix, encoding) in [("br", "br"), ("gz", "gzip")] {
        if accepted.contains(encoding)
            && let Some(file) = Dist::get(&format!("{path}.{suffix}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Dist::get(path).map(|file| (file, None))
}

/// `default-src 'self'` with the hashes of the page's inline scripts, which its build wrote down.
/// Settings do not change while the process runs.
pub(super) fn content_security_policy(server: &Server) -> &'static HeaderValue {
    static POLICY: OnceLock<HeaderValue> = OnceLock::new();
    POLICY.get_or_init(|| {
        let own = std::iter::once("'self'".to_owned());
        let hashes = script_hashes().into_iter().map(|hash| format!("'{hash}'"));
        let scripts = own.chain(hashes).collect::<Vec<_>>().join(" ");
        let mut connect = vec!["'self'".to_owned()];
        connect.extend(server.socket_origins());
        let connect = connect.join(" ");
        let policy = format!(
            "default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; \
             connect-src {connect}; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; \
             frame-ancestors 'none'; img-src 'self' data: blob:; form-action 'self'"
        );
        HeaderValue::from_str(&policy)
            .unwrap_or_else(|_| HeaderValue::from_static("default-src 'self'"))
    })
}

fn script_hashes() -> Vec<String> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Csp {
        script_hashes: Vec<String>,
    }
    let file = Dist::get("csp.json");
    let csp = file.and_then(|file| serde_json::from_slice::<Csp>(&file.data).ok());
    csp.map(|csp| csp.script_hashes).unwrap_or_default()
}
