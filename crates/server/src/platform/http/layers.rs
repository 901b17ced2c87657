//! What every request passes on its way in and out.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, request::Parts};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate},
    },
    cors::CorsLayer,
};

use super::{
    idempotency,
    problem::{Failure, render},
};
use crate::{
    app::App,
    config::Config,
    error::{Error, HOST_REFUSED, INTERNAL, Kind, METHOD_NOT_ALLOWED, NOT_FOUND, TIMEOUT},
    platform::realtime,
};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where the request comes from, proxies that are trusted taken into account.
#[derive(Clone, Copy, Debug)]
pub struct ClientIp(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts
            .extensions
            .get::<Self>()
            .copied()
            .ok_or_else(|| Error::internal("the request has no peer address"))
    }
}

/// What the second listener serves: the sockets, and nothing else.
pub fn sockets(app: &App) -> Router {
    let pages = app.config.server.own_origins();
    let listed = app.config.server.cors_origins.iter().cloned();
    Router::new()
        .fallback(no_page)
        .merge(realtime::http::routes(app))
        // Another port is another origin, for the pages of this server too.
        .layer(cors(pages.into_iter().chain(listed)))
        .layer(from_fn_with_state(app.clone(), known_host))
        .layer(from_fn_with_state(app.clone(), security_headers))
        .layer(CatchPanicLayer::custom(caught))
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app.clone())
}

/// Wraps the routes in everything that holds for all of them.
pub fn around(router: Router<App>, app: &App) -> Router {
    router
        .fallback(missing)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(app.clone(), idempotency::once))
        .layer(from_fn_with_state(app.clone(), bounded))
        .layer(DefaultBodyLimit::max(app.config.server.max_body_bytes))
        // What is merged here has passed none of the layers above.
        .merge(realtime::http::routes(app))
        .layer(
            CompressionLayer::new()
                .gzip(true)
                .compress_when(worth_compressing()),
        )
        .layer(cors(app.config.server.cors_origins.iter().cloned()))
        .layer(from_fn_with_state(app.clone(), known_host))
        .layer(from_fn_with_state(app.clone(), security_headers))
        .layer(CatchPanicLayer::custom(caught))
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app.clone())
}

async fn missing(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let is_page = matches!(method, Method::GET | Method::HEAD) && !is_program_path(uri.path());
    if is_page {
        return super::web::serve(&uri, &headers);
    }
    Error::new(
        NOT_FOUND,
        "There is no such route; /api/openapi.json lists them.",
    )
    .into_response()
}

async fn no_page() -> Error {
    Error::new(NOT_FOUND, "This port serves /socket.io/ alone.")
}

/// Paths that programs call; they never answer with the page.
fn is_program_path(path: &str) -> bool {
    [
        "/api",
        "/v1",
        "/socket.io",
        "/mcp",
        "/health",
        "/ready",
        "/metrics",
    ]
    .iter()
    .any(|root| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Paths behind which a token stands that lets in whoever holds it.
const CAPABILITIES: &[&str] = &["/s/", "/api/shared/"];

/// The path without what only its holder may know.
fn loggable(path: &str) -> &str {
    let root = CAPABILITIES.iter().find(|root| path.starts_with(**root));
    root.copied().unwrap_or(path)
}

async fn wrong_method() -> Error {
    Error::new(
        METHOD_NOT_ALLOWED,
        "This route exists, but not with this method.",
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
fn caught(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_default();
    Error::internal(format!("panic: {text}")).into_response()
}

/// Gives the request its id and address, logs it when it is done, and writes its problem document.
async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id: uuid::Uuid = app.clock.id();
    let request_id = request_id.to_string();
    let client = client_ip(&request, &app.config);
    request.extensions_mut().insert(ClientIp(client));
    let method = request.method().clone();
    let path = loggable(request.uri().path()).to_owned();
    let shown_path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("page", |matched| matched.as_str())
        .to_owned();
    let mut response = next.run(request).await;
    if let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() {
        log_failure(&error, &request_id, &path);
        let mut problem = render(&error, &shown_path, &request_id);
        // Headers that other layers added, CORS above all, belong to the problem too.
        for (name, value) in response.headers() {
            if !matches!(
                *name,
                header::CONTENT_TYPE | header::CONTENT_LENGTH | header::CONTENT_ENCODING
            ) {
                problem.headers_mut().insert(name, value.clone());
            }
        }
        response = problem;
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    record(&method, &route, status, elapsed);
    tracing::info!(
        target: "sangam::access", %method, path, status, request_id, %client,
        duration_ms = elapsed.as_secs_f64() * 1000.0, "{method} {path} {status}",
    );
    response
}

fn log_failure(error: &Error, request_id: &str, path: &str) {
    let (kind, code) = (error.kind(), error.code.name);
    metrics::counter!("sangam_errors_total", "kind" => kind.metric(), "code" => code).increment(1);
    let cause = error.chain();
    match kind {
        Kind::Internal | Kind::Full => {
            tracing::error!(
                request_id,
                path,
                code,
                cause,
                "{path} failed: {code}, request {request_id}"
            );
        }
        Kind::Upstream | Kind::Unavailable | Kind::Timeout => {
            tracing::warn!(
                request_id,
                path,
                code,
                cause,
                "{path} failed: {code}, request {request_id}"
            );
        }
        _ => tracing::debug!(request_id, path, code, cause, "{path} refused: {code}"),
    }
}

fn record(method: &Method, route: &str, status: u16, elapsed: Duration) {
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    };
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("sangam_http_requests_total", &labels).increment(1);
    metrics::histogram!("sangam_http_request_duration_seconds", "route" => route.to_owned())
        .record(elapsed);
}

/// The peer, or what a trusted proxy says of it: the rightmost address that is no proxy of ours.
fn client_ip(request: &Request, config: &Config) -> IpAddr {
    let peer = request
        .extensions()
        .get::<SocketAddr>()
        .map_or(IpAddr::from([0, 0, 0, 0]), SocketAddr::ip);
    let trusted = |ip: IpAddr| {
        config
            .server
            .trusted_proxies
            .iter()
            .any(|net| net.contains(ip))
    };
    if !trusted(peer) {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for");
    let hops: Vec<IpAddr> = forwarded
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|hop| hop.trim().parse().ok())
        .collect();
    hops.into_iter()
        .rev()
        .find(|hop| !trusted(*hop))
        .unwrap_or(peer)
}

/// Refuses names that are not ours, so that a page elsewhere cannot rebind its name to us.
async fn known_host(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_probe = matches!(request.uri().path(), "/health" | "/ready" | "/metrics");
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| request.uri().authority().map(http::uri::Authority::as_str))
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    let is_ours = match &app.config.server.public_url {
        Some(url) => url
            .host_str()
            .is_some_and(|ours| ours.eq_ignore_ascii_case(name)),
        None => ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|ours| ours.eq_ignore_ascii_case(name)),
    };
    if is_ours || is_probe {
        return next.run(request).await;
    }
    let detail =
        "This server does not answer to that name: set PUBLIC_URL to where people reach it.";
    Error::new(HOST_REFUSED, detail).into_response()
}

fn cors(origins: impl Iterator<Item = String>) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(origins)
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::CONTENT_TYPE,
            header::AUTHORIZATION,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([REQUEST_ID.clone(), header::RETRY_AFTER])
        .max_age(Duration::from_mins(10))
}

/// Event streams go out as they are written; small bodies are not worth it.
fn worth_compressing() -> impl Predicate {
    tower_http::compression::predicate::SizeAbove::new(1024)
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES)
        // Packed already.
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new(
            "application/vnd.openxmlformats",
        ))
}

async fn security_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = is_program_path(request.uri().path());
    let is_capability = loggable(request.uri().path()) != request.uri().path();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    // A stricter one of the route's own stays.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| super::web::content_security_policy(&app.config.server).clone());
    if app.config.server.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if is_capability {
        let never = HeaderValue::from_static("noindex, nofollow");
        headers.insert(HeaderName::from_static("x-robots-tag"), never);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if is_api {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Whether a file comes with it, for which lines need their time.
pub(super) fn is_form(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"))
}

/// Bounds how long a request may take. What changes something runs to its end, also when the
/// client goes away or time is up: an effect is never cut in half.
async fn bounded(State(app): State<App>, request: Request, next: Next) -> Response {
    let limit = if is_form(&request) {
        app.config.files.upload_timeout
    } else {
        app.config.server.request_timeout
    };
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let outcome = if is_safe {
        tokio::time::timeout(limit, next.run(request)).await.map(Ok)
    } else {
        let work = app.tasks.spawn(async move { next.run(request).await });
        tokio::time::timeout(limit, work).await
    };
    match outcome {
        Ok(Ok(response)) => response,
        Ok(Err(failure)) if failure.is_panic() => caught(failure.into_panic()),
        Ok(Err(_)) => Error::new(INTERNAL, "The server is stopping.").into_response(),
        Err(_) => {
            Error::new(TIMEOUT, "The request took too long and was given up.").into_response()
        }
    }
}
