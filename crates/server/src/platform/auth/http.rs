//! How a request says who sends it, and the refusal of requests that another site made a browser
//! send.

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};

use super::{Principal, cookie};
use crate::{
    app::App,
    config::Config,
    error::{Error, FORBIDDEN, ORIGIN_REFUSED, Result, UNAUTHENTICATED},
};

/// An access token as it came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// In a header that no page of another site can set.
    Bearer(&'a str),
    /// In a cookie, which a browser sends by itself.
    Cookie(&'a str),
}

impl<'a> Presented<'a> {
    /// A Bearer token counts before a cookie, whether it holds or not.
    pub fn find(headers: &'a HeaderMap, config: &Config) -> Option<Self> {
        let access = cookie::Names::of(&config.server).access;
        bearer(headers)
            .map(Self::Bearer)
            .or_else(|| cookie::read(headers, access).map(Self::Cookie))
    }

    pub fn token(self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl FromRequestParts<App> for Principal {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let Some(presented) = Presented::find(&parts.headers, &app.config) else {
            let detail = "Send the cookie of a sign-in, or Authorization: Bearer with its token.";
            return Err(Error::new(UNAUTHENTICATED, detail));
        };
        if matches!(presented, Presented::Cookie(_)) {
            check_origin(parts, &app.config, Origin::Required)?;
        }
        let who = app.auth.principal(&app.db, presented.token()).await?;
        parts.extensions.insert(who.clone());
        Ok(who)
    }
}

/// An administrator; anybody else is refused.
#[derive(Clone, Debug)]
pub struct Admin(pub Principal);

impl FromRequestParts<App> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let who = Principal::from_request_parts(parts, app).await?;
        if who.is_admin() {
            return Ok(Self(who));
        }
        Err(Error::new(FORBIDDEN, "Only an administrator may do that."))
    }
}

/// A request that no page of another site caused; for routes that need no sign-in.
#[derive(Clone, Copy, Debug)]
pub struct AllowedOrigin;

impl FromRequestParts<App> for AllowedOrigin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        check_origin(parts, &app.config, Origin::IfSent).map(|()| Self)
    }
}

/// What a request without `Origin` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Refused: it acts by a cookie, so it comes from a browser, which sends one.
    Required,
    /// A program's, which brings its rights itself; whoever sends an origin must be allowed.
    IfSent,
}

/// Refuses an unsafe request that a page of another site caused (CSRF, also at sign-in).
pub fn check_origin(parts: &Parts, config: &Config, origin: Origin) -> Result<()> {
    if parts.method.is_safe() {
        return Ok(());
    }
    let refused = || {
        let detail = "A browser may send this only from a page of this server, or of an origin \
                      that CORS_ORIGINS lists.";
        Error::new(ORIGIN_REFUSED, detail)
    };
    let Some(sent) = parts.headers.get(header::ORIGIN) else {
        let is_foreign = !is_own_site(&parts.headers);
        return if origin == Origin::Required || is_foreign {
            Err(refused())
        } else {
            Ok(())
        };
    };
    let sent = sent.to_str().unwrap_or_default();
    let is_listed = config
        .server
        .cors_origins
        .iter()
        .any(|listed| listed == sent);
    let is_own = config.server.own_origins().iter().any(|own| own == sent);
    if is_listed || (is_own && is_own_site(&parts.headers)) {
        return Ok(());
    }
    Err(refused())
}

/// Who wants a socket, as far as the handshake tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A page of this server or of a listed origin: its cookie counts.
    OwnPage,
    /// No browser said where it comes from: only a token counts.
    Program,
    /// A page of somebody else.
    Foreign,
}

/// The same rule for polling and websocket, whatever the method.
pub fn asker(headers: &HeaderMap, config: &Config) -> Asker {
    let Some(sent) = headers.get(header::ORIGIN) else {
        let site = headers
            .get("sec-fetch-site")
            .map(http::HeaderValue::as_bytes);
        // A browser sends no Origin with a GET to the page's own server, but says this.
        return match site {
            Some(b"same-origin") => Asker::OwnPage,
            None | Some(b"none") => Asker::Program,
            Some(_) => Asker::Foreign,
        };
    };
    let sent = sent.to_str().unwrap_or_default();
    let own = config.server.own_origins();
    let is_ours = |origin: &String| origin == sent;
    if own.iter().any(is_ours) || config.server.cors_origins.iter().any(is_ours) {
        Asker::OwnPage
    } else {
        Asker::Foreign
    }
}

/// What the browser itself says about where the request comes from, if it says anything.
fn is_own_site(headers: &HeaderMap) -> bool {
    let site = headers
        .get("sec-fetch-site")
        .map(|value| value.to_str().unwrap_or_default());
    matches!(site, None | Some("same-origin" | "none"))
}

#[cfg(test)]
mod tests {
    use http::{Method, Request};

    use super::*;

    fn outcome(method: Method, headers: &[(&str, &str)], origin: Origin) -> bool {
        let pairs = [("CORS_ORIGINS", "https://app.example.org")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = Config::from_parts(None, pairs).unwrap();
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check_origin(&request.body(()).unwrap().into_parts().0, &config, origin).is_ok()
    }

    #[test]
    fn only_our_own_pages_and_listed_ones_may_change_things_by_cookie() {
        use Origin::Required;
        let own = ("origin", "http://localhost:3000");
        let allowed: &[&[(&str, &str)]] = &[
            &[own],
            &[("origin", "http://127.0.0.1:3000")],
            &[
                ("origin", "http://[::1]:3000"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[
                ("origin", "https://app.example.org"),
                ("sec-fetch-site", "cross-site"),
            ],
        ];
        let refused: &[&[(&str, &str)]] = &[
            &[],
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "null")],
            &[("origin", "http://evil.example")],
            &[("origin", "http://localhost:3000.evil.example")],
            &[("origin", "https://localhost:3000")],
            &[("origin", "http://localhost:3001")],
            &[own, ("sec-fetch-site", "same-site")],
            &[own, ("sec-fetch-site", "cross-site")],
            &[("origin", ""), ("sec-fetch-site", "none")],
        ];
        for headers in allowed {
            assert!(outcome(Method::POST, headers, Required), "{headers:?}");
        }
        for headers in refused {
            assert!(!outcome(Method::DELETE, headers, Required), "{headers:?}");
            assert!(outcome(Method::GET, headers, Required), "{headers:?}");
        }
    }

    #[test]
    fn programs_sign_in_without_an_origin_and_foreign_pages_do_not() {
        assert!(outcome(Method::POST, &[], Origin::IfSent));
        assert!(!outcome(
            Method::POST,
            &[("origin", "http://evil.example")],
            Origin::IfSent
        ));
        assert!(!outcome(
            Method::POST,
            &[("sec-fetch-site", "cross-site")],
            Origin::IfSent
        ));
    }

    #[test]
    fn bearer_counts_before_the_cookie() {
        let config = Config::from_parts(None, []).unwrap();
        let find = |pairs: &[(&str, &str)]| {
            let mut request = Request::builder();
            for (name, value) in pairs {
                request = request.header(*name, *value);
            }
            let headers = request.body(()).unwrap().into_parts().0.headers;
            Presented::find(&headers, &config).map(|presented| format!("{presented:?}"))
        };
        let cookie = ("cookie", "sangam_access=c");
        assert_eq!(find(&[cookie]).unwrap(), "Cookie(\"c\")");
        assert_eq!(
            find(&[("authorization", "bearer b"), cookie]).unwrap(),
            "Bearer(\"b\")"
        );
        assert_eq!(
            find(&[("authorization", "Basic b"), cookie]).unwrap(),
            "Cookie(\"c\")"
        );
        assert_eq!(find(&[("cookie", "__Host-sangam_access=c")]), None);
    }
}
