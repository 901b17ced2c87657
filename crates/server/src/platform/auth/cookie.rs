//! The two cookies of a browser, named and marked by how people reach the server (RFC 6265bis).
//!
//! Behind https they carry `Secure` and a prefix that binds them to it. Over plain http, on
//! loopback or where the operator accepts it, browsers would drop those, so the names are plain.
//! Only the names of the mode are read: a cookie planted under the other name means nothing.

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header};

use crate::config::Server;

/// The names of one mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    pub access: &'static str,
    pub refresh: &'static str,
    is_secure: bool,
}

const SECURE: Names = Names {
    access: "__Host-sangam_access",
    refresh: "__Secure-sangam_refresh",
    is_secure: true,
};
const PLAIN: Names = Names {
    access: "sangam_access",
    refresh: "sangam_refresh",
    is_secure: false,
};

impl Names {
    /// Plain without a public URL, on loopback, or if the operator insists; secure otherwise, so
    /// that a forgotten setting shows as a sign-in that does not stick, not as a leak.
    pub fn of(server: &Server) -> Self {
        match &server.public_url {
            None => PLAIN,
            Some(url) if url.scheme() == "https" => SECURE,
            Some(_) if server.insecure_cookies => PLAIN,
            Some(url) if is_loopback(url) => PLAIN,
            Some(_) => SECURE,
        }
    }

    /// `Set-Cookie` for both tokens; each lives as long as its token.
    pub fn set(
        self,
        access: (&str, DateTime<Utc>),
        refresh: (&str, DateTime<Utc>),
        now: DateTime<Utc>,
    ) -> [Option<HeaderValue>; 2] {
        let seconds = |until: DateTime<Utc>| (until - now).num_seconds().max(0);
        [
            self.cookie(self.access, access.0, seconds(access.1), "/", "Lax"),
            self.cookie(
                self.refresh,
                refresh.0,
                seconds(refresh.1),
                "/api/auth",
                "Strict",
            ),
        ]
    }

    /// `Set-Cookie` that makes a browser forget both.
    pub fn clear(self) -> [Option<HeaderValue>; 2] {
        [
            self.cookie(self.access, "", 0, "/", "Lax"),
            self.cookie(self.refresh, "", 0, "/api/auth", "Strict"),
        ]
    }

    fn cookie(
        self,
        name: &str,
        value: &str,
        max_age: i64,
        path: &str,
        same_site: &str,
    ) -> Option<HeaderValue> {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let text = format!(
            "{name}={value}; Path={path}; Max-Age={max_age}; HttpOnly; SameSite={same_site}{secure}"
        );
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The value of the first cookie of this name.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.trim_matches('"'))
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn names(pairs: &[(&str, &str)]) -> Names {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Names::of(&Config::from_parts(None, pairs).unwrap().server)
    }

    #[test]
    fn the_public_url_decides_the_mode() {
        assert_eq!(names(&[]), PLAIN);
        assert_eq!(names(&[("HOST", "0.0.0.0")]), PLAIN);
        assert_eq!(names(&[("PUBLIC_URL", "https://ai.example.org")]), SECURE);
        assert_eq!(names(&[("PUBLIC_URL", "http://localhost:3000")]), PLAIN);
        assert_eq!(names(&[("PUBLIC_URL", "http://127.0.0.1:3000")]), PLAIN);
        assert_eq!(names(&[("PUBLIC_URL", "http://[::1]:3000")]), PLAIN);
        assert_eq!(names(&[("PUBLIC_URL", "http://ai.example.org")]), SECURE);
        let insecure = ("SANGAM_SERVER__INSECURE_COOKIES", "true");
        assert_eq!(
            names(&[("PUBLIC_URL", "http://ai.example.org"), insecure]),
            PLAIN
        );
        assert_eq!(
            names(&[("PUBLIC_URL", "https://ai.example.org"), insecure]),
            SECURE
        );
    }

    #[test]
    fn flags_and_paths_are_those_of_the_mode() {
        let now = DateTime::UNIX_EPOCH;
        let (soon, later) = (
            now + chrono::TimeDelta::minutes(15),
            now + chrono::TimeDelta::days(7),
        );
        let text = |cookies: [Option<HeaderValue>; 2]| {
            cookies.map(|cookie| cookie.unwrap().to_str().unwrap().to_owned())
        };
        assert_eq!(
            text(SECURE.set(("a", soon), ("r", later), now)),
            [
                "__Host-sangam_access=a; Path=/; Max-Age=900; HttpOnly; SameSite=Lax; Secure",
                "__Secure-sangam_refresh=r; Path=/api/auth; Max-Age=604800; HttpOnly; \
                 SameSite=Strict; Secure",
            ]
        );
        assert_eq!(
            text(PLAIN.clear()),
            [
                "sangam_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
                "sangam_refresh=; Path=/api/auth; Max-Age=0; HttpOnly; SameSite=Strict",
            ]
        );
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("theme=dark; xsangam_access=no"),
        );
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("sangam_access=yes; sangam_access=2"),
        );
        assert_eq!(read(&headers, "sangam_access"), Some("yes"));
        assert_eq!(read(&headers, "sangam_refresh"), None);
    }
}
