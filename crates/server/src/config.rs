//! Every setting: `config/default.toml`, then a file, then the environment.
//!
//! The only file that reads the environment. A bad value stops the start with one line that names
//! the key, the value and what is allowed.

mod storage;

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use toml::Value;
use url::Url;

pub use storage::Storage;

/// The defaults, each with one sentence; docs/settings.md is generated from it.
pub const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// Settings with an environment name of their own beside `SANGAM_<SECTION>__<KEY>`.
pub const NAMES: &[(&str, &str)] = &[
    ("PORT", "server.port"),
    ("HOST", "server.host"),
    ("PUBLIC_URL", "server.public_url"),
    ("SOCKET_PORT", "server.socket_port"),
    ("CORS_ORIGINS", "server.cors_origins"),
    ("SANGAM_DATA_DIR", "data.dir"),
    ("DATABASE_URL", "data.database_url"),
    ("ANALYTICS_DB_URI", "data.analytics_db_uri"),
    ("REDIS_URL", "data.redis_url"),
    ("STORAGE_URL", "data.storage_url"),
    ("AWS_ACCESS_KEY_ID", "data.storage_access_key_id"),
    ("AWS_SECRET_ACCESS_KEY", "data.storage_secret_key"),
    ("AWS_SESSION_TOKEN", "data.storage_session_token"),
    ("JWT_SECRET", "auth.jwt_secret"),
    ("ADMIN_EMAIL", "auth.admin_email"),
    ("OPENROUTER_API_KEY", "providers.openrouter_api_key"),
    ("OPENROUTER_BASE_URL", "providers.openrouter_base_url"),
    ("OPENAI_BASE_URL", "providers.openai_base_url"),
    ("OPENAI_API_KEY", "providers.openai_api_key"),
    ("BENCHMARK_API_KEY", "leaderboard.benchmark_api_key"),
    ("SCRAPING_PROXY", "outbound.scraping_proxy"),
];

#[derive(Clone, Debug)]
pub struct Config {
    pub server: Server,
    pub data: Data,
    pub auth: Auth,
    pub accounts: Accounts,
    pub providers: Providers,
    pub gateway: Gateway,
    pub chats: Chats,
    pub jobs: Jobs,
    pub notifications: Notifications,
    pub files: Files,
    pub outbound: Outbound,
    pub local_model: LocalModel,
    pub log: Log,
}

#[derive(Clone, Debug)]
pub struct Server {
    pub address: SocketAddr,
    /// A second listener, for sockets alone.
    pub socket_address: Option<SocketAddr>,
    /// Where people reach the page, when the operator says so.
    pub public_url: Option<Url>,
    pub cors_origins: Vec<String>,
    pub trusted_proxies: Vec<Network>,
    pub insecure_cookies: bool,
    pub max_body_bytes: usize,
    pub request_timeout: Duration,
    pub max_connections: usize,
    pub shutdown_grace: Duration,
}

impl Server {
    /// Cookies carry `Secure` and the prefixes that go with it.
    pub fn is_secure(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }

    /// Where links lead to, without a slash at the end.
    pub fn link_base(&self) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None if self.address.ip().is_unspecified() => {
                format!("http://localhost:{}", self.address.port())
            }
            None => format!("http://{}", self.address),
        }
    }

    /// Where pages of this server may connect sockets to beside their own origin.
    pub fn socket_origins(&self) -> Vec<String> {
        let Some(address) = self.socket_address else {
            return Vec::new();
        };
        let port = address.port();
        let hosts = match &self.public_url {
            Some(url) => vec![url.host_str().unwrap_or_default()],
            None => vec!["localhost", "127.0.0.1"],
        };
        let schemes = if self.is_secure() {
            ["https", "wss"]
        } else {
            ["http", "ws"]
        };
        let all = hosts
            .iter()
            .flat_map(|host| schemes.map(|scheme| format!("{scheme}://{host}:{port}")));
        all.collect()
    }

    /// The origins whose pages may act with a cookie.
    pub fn own_origins(&self) -> Vec<String> {
        match &self.public_url {
            Some(url) => vec![url.origin().ascii_serialization()],
            None => ["localhost", "127.0.0.1", "[::1]"]
                .map(|host| format!("http://{host}:{}", self.address.port()))
                .to_vec(),
        }
    }
}

/// An address block such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    mask: u128,
}

impl Network {
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        let host_bits = width.checked_sub(bits)?;
        let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
        Some(Self {
            base: number(address) & mask,
            mask,
        })
    }

    pub fn contains(self, address: IpAddr) -> bool {
        number(address) & self.mask == self.base
    }
}

/// IPv4 as IPv4-mapped IPv6, so that one comparison serves both.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

#[derive(Clone, Debug)]
pub struct Data {
    pub dir: PathBuf,
    pub database_url: String,
    pub analytics_db_uri: Option<String>,
    pub redis_url: Option<String>,
    pub storage: Storage,
    pub synchronous: store::Synchronous,
    pub max_connections: u32,
}

#[derive(Clone, Debug)]
pub struct Auth {
    pub jwt_secret: Option<SecretString>,
    pub admin_email: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    Open,
    Invite,
    Closed,
}

#[derive(Clone, Debug)]
pub struct Accounts {
    /// What holds until an administrator says otherwise.
    pub registration: Registration,
}

#[derive(Clone, Debug)]
pub struct Providers {
    pub openrouter_api_key: Option<SecretString>,
    pub openrouter_base_url: Url,
    pub openai_base_url: Option<Url>,
    pub openai_api_key: Option<SecretString>,
    pub refresh: Duration,
}

#[derive(Clone, Debug)]
pub struct Gateway {
    pub first_token_timeout: Duration,
    pub idle_timeout: Duration,
    pub total_timeout: Duration,
    pub retries: u32,
    pub max_running: usize,
}

#[derive(Clone, Debug)]
pub struct Chats {
    pub titles: bool,
    pub title_model: Option<String>,
    /// Older turns are summed up when a chat gets too long for its model.
    pub auto_compact: bool,
    /// How full a model may get before that.
    pub compact_at_percent: u64,
    pub summary_model: Option<String>,
    /// A temporary chat that nobody has used for so long is deleted.
    pub temporary_idle: Duration,
    /// Temporary chats of one person at the same time.
    pub temporary_per_user: usize,
    /// All temporary chats together; no further question is taken above it.
    pub temporary_max_bytes: u64,
}

#[derive(Clone, Debug)]
pub struct Jobs {
    /// 0: this process leaves them to others.
    pub workers: usize,
    pub lease: Duration,
    pub keep_days: i64,
}

#[derive(Clone, Debug)]
pub struct Notifications {
    /// Older ones are forgotten.
    pub kept: Duration,
}

#[derive(Clone, Debug)]
pub struct Files {
    /// Of one file that is to be read.
    pub max_bytes: u64,
    /// Of one archive that is to be imported.
    pub max_import_bytes: u64,
    /// Of all files of one account.
    pub account_bytes: u64,
    pub upload_timeout: Duration,
    /// How long an answer waits for files that are still being read.
    pub patience: Duration,
}

/// Requests to addresses that people name.
#[derive(Clone, Debug)]
pub struct Outbound {
    pub scraping_proxy: Option<Url>,
    pub allowed_ports: Vec<u16>,
    /// Private networks that may be asked all the same.
    pub allowed_networks: Vec<Network>,
}

#[derive(Clone, Debug)]
pub struct LocalModel {
    pub enabled: bool,
    pub path: PathBuf,
    /// 0 is one per core.
    pub threads: usize,
    pub queue: usize,
    pub unload_after: Duration,
}

#[derive(Clone, Debug)]
pub struct Log {
    pub is_json: bool,
    pub level: String,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

impl Config {
    /// Defaults, `file`, and the process's environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn load(file: Option<&Path>) -> Result<Self, Problem> {
        let text = match file {
            Some(path) => Some((
                path.display().to_string(),
                std::fs::read_to_string(path).map_err(|error| {
                    Problem(format!(
                        "--config: {} cannot be read: {error}",
                        path.display()
                    ))
                })?,
            )),
            None => None,
        };
        let file = text
            .as_ref()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        Self::from_parts(file, std::env::vars())
    }

    /// The same from given parts: the file's name and text, and an environment.
    pub fn from_parts(
        file: Option<(&str, &str)>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problem> {
        let environment: BTreeMap<String, String> = environment.into_iter().collect();
        let mut settings = Settings::default();
        settings.merge_file("default.toml", DEFAULTS, true)?;
        if let Some((name, text)) = file {
            settings.merge_file(name, text, false)?;
        }
        settings.merge_environment(&environment)?;
        settings.read(&environment)
    }
}

/// All settings by `section.key`, each with where it was set.
#[derive(Default)]
struct Settings(BTreeMap<String, (Value, String)>);

impl Settings {
    fn merge_file(&mut self, name: &str, text: &str, defines: bool) -> Result<(), Problem> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            Problem(format!("{name}: {}", error.to_string().replace('\n', " ")))
        })?;
        for (section, keys) in table {
            let Value::Table(keys) = keys else {
                return Err(Problem(format!(
                    "{name}: {section} must be a section, [{section}]"
                )));
            };
            for (key, value) in keys {
                let key = format!("{section}.{key}");
                if !defines && !self.0.contains_key(&key) {
                    return Err(Problem(format!(
                        "{name}: {key} is not a setting{}",
                        self.near(&key)
                    )));
                }
                self.0.insert(key, (value, name.to_owned()));
            }
        }
        Ok(())
    }

    fn merge_environment(&mut self, environment: &BTreeMap<String, String>) -> Result<(), Problem> {
        let own = |name: &str| {
            NAMES
                .iter()
                .find(|(own, _)| *own == name)
                .map(|(_, key)| *key)
        };
        for (name, value) in environment {
            let key = match (own(name), name.strip_prefix("SANGAM_")) {
                (Some(key), _) => key.to_owned(),
                (None, Some(rest)) if rest.contains("__") => {
                    rest.to_lowercase().replacen("__", ".", 1)
                }
                _ => continue,
            };
            if !self.0.contains_key(&key) {
                return Err(Problem(format!(
                    "{name}: {key} is not a setting{}",
                    self.near(&key)
                )));
            }
            self.0
                .insert(key, (Value::String(value.trim().to_owned()), name.clone()));
        }
        Ok(())
    }

    fn near(&self, key: &str) -> String {
        let section = key.split('.').next().unwrap_or_default();
        let known: Vec<_> = self
            .0
            .keys()
            .filter(|known| known.starts_with(section))
            .collect();
        if known.is_empty() {
            return "; docs/settings.md lists them".to_owned();
        }
        let known: Vec<&str> = known.into_iter().map(String::as_str).collect();
        format!("; there are {}", known.join(", "))
    }

    fn bad(&self, key: &str, allowed: &str) -> Problem {
        let (value, origin) = self
            .0
            .get(key)
            .cloned()
            .unwrap_or((Value::Boolean(false), String::new()));
        let is_secret = key.contains("secret") || key.contains("_key");
        let shown = match value {
            _ if is_secret => "(not shown)".to_owned(),
            Value::String(text) => format!("{text:?}"),
            Value::Integer(number) => number.to_string(),
            Value::Boolean(value) => value.to_string(),
            other => other.type_str().to_owned(),
        };
        Problem(format!(
            "{key} = {shown} (from {origin}): must be {allowed}"
        ))
    }

    fn text(&self, key: &str) -> Result<String, Problem> {
        match self.0.get(key) {
            Some((Value::String(text), _)) => Ok(text.clone()),
            _ => Err(self.bad(key, "text in quotes")),
        }
    }

    fn optional(&self, key: &str) -> Result<Option<String>, Problem> {
        Ok(Some(self.text(key)?).filter(|text| !text.is_empty()))
    }

    fn secret(&self, key: &str) -> Result<Option<SecretString>, Problem> {
        Ok(self.optional(key)?.map(SecretString::from))
    }

    fn integer(&self, key: &str, range: RangeInclusive<i64>) -> Result<i64, Problem> {
        let value = match self.0.get(key) {
            Some((Value::Integer(number), _)) => Some(*number),
            Some((Value::String(text), _)) => text.parse().ok(),
            _ => None,
        };
        value
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                self.bad(
                    key,
                    &format!("a whole number from {} to {}", range.start(), range.end()),
                )
            })
    }

    fn size(&self, key: &str, range: RangeInclusive<i64>) -> Result<usize, Problem> {
        let number = self.integer(key, range)?;
        usize::try_from(number).map_err(|_| self.bad(key, "a whole number"))
    }

    fn millis(&self, key: &str, range: RangeInclusive<i64>) -> Result<Duration, Problem> {
        Ok(Duration::from_millis(
            self.integer(key, range)?.unsigned_abs(),
        ))
    }

    fn seconds(&self, key: &str, range: RangeInclusive<i64>) -> Result<Duration, Problem> {
        Ok(Duration::from_secs(
            self.integer(key, range)?.unsigned_abs(),
        ))
    }

    fn boolean(&self, key: &str) -> Result<bool, Problem> {
        match self.0.get(key) {
            Some((Value::Boolean(value), _)) => Ok(*value),
            Some((Value::String(text), _)) if text == "true" || text == "1" => Ok(true),
            Some((Value::String(text), _)) if text == "false" || text == "0" => Ok(false),
            _ => Err(self.bad(key, "true or false")),
        }
    }

    fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Result<T, Problem> {
        let text = self.text(key)?;
        choices
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, value)| *value)
            .ok_or_else(|| {
                let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
                self.bad(key, &format!("one of {}", names.join(", ")))
            })
    }

    fn url(&self, key: &str, schemes: &[&str]) -> Result<Option<Url>, Problem> {
        let Some(text) = self.optional(key)? else {
            return Ok(None);
        };
        let allowed = format!(
            "an address that starts with {}",
            schemes.join(":// or ") + "://"
        );
        match Url::parse(&text) {
            Ok(url) if schemes.contains(&url.scheme()) && url.has_host() => Ok(Some(url)),
            _ => Err(self.bad(key, &allowed)),
        }
    }

    fn list<T>(
        &self,
        key: &str,
        allowed: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Problem> {
        let text = self.text(key)?;
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        parts
            .map(|part| parse(part).ok_or_else(|| self.bad(key, allowed)))
            .collect()
    }

    fn read(&self, environment: &BTreeMap<String, String>) -> Result<Config, Problem> {
        let server = self.server()?;
        let data = self.data()?;
        // Settings of rooms that are not built yet are checked all the same.
        self.secret("leaderboard.benchmark_api_key")?;
        Ok(Config {
            auth: self.auth()?,
            accounts: self.accounts(&server)?,
            providers: self.providers()?,
            gateway: self.gateway()?,
            chats: Chats {
                titles: self.boolean("chats.titles")?,
                title_model: self.optional("chats.title_model")?,
                auto_compact: self.boolean("chats.auto_compact")?,
                compact_at_percent: self
                    .integer("chats.compact_at_percent", 10..=100)?
                    .unsigned_abs(),
                summary_model: self.optional("chats.summary_model")?,
                temporary_idle: self.seconds("chats.temporary_idle_s", 1..=604_800)?,
                temporary_per_user: self.size("chats.temporary_per_user", 0..=1000)?,
                temporary_max_bytes: self
                    .integer("chats.temporary_max_mb", 1..=1_000_000)?
                    .unsigned_abs()
                    * 1_048_576,
            },
            jobs: Jobs {
                workers: self.size("jobs.workers", 0..=256)?,
                lease: self.millis("jobs.lease_ms", 1_000..=3_600_000)?,
                keep_days: self.integer("jobs.keep_days", 1..=3_650)?,
            },
            notifications: Notifications {
                kept: Duration::from_hours(
                    24 * self
                        .integer("notifications.keep_days", 1..=3650)?
                        .unsigned_abs(),
                ),
            },
            files: self.files()?,
            outbound: self.outbound()?,
            local_model: self.local_model(environment)?,
            log: Log {
                is_json: self.choice("log.format", &[("text", false), ("json", true)])?,
                level: self.text("log.level")?,
            },
            server,
            data,
        })
    }

    fn server(&self) -> Result<Server, Problem> {
        let host = self.text("server.host")?;
        let ip: IpAddr = match host.as_str() {
            "localhost" => IpAddr::from([127, 0, 0, 1]),
            text => text.trim_matches(['[', ']']).parse().map_err(|_| {
                self.bad(
                    "server.host",
                    "an IP address such as 127.0.0.1, 0.0.0.0 or ::, or localhost",
                )
            })?,
        };
        let port = self.integer("server.port", 0..=65_535)?;
        let socket_port = self.integer("server.socket_port", 0..=65_535)?;
        if socket_port != 0 && socket_port == port {
            return Err(self.bad("server.socket_port", "another port than server.port, or 0"));
        }
        let socket_port = u16::try_from(socket_port).unwrap_or_default();
        let origin = |text: &str| {
            let url = Url::parse(text).ok()?;
            let is_web = matches!(url.scheme(), "http" | "https");
            (is_web && url.path() == "/").then(|| url.origin().ascii_serialization())
        };
        Ok(Server {
            address: SocketAddr::new(ip, u16::try_from(port).unwrap_or_default()),
            socket_address: (socket_port != 0).then(|| SocketAddr::new(ip, socket_port)),
            public_url: self.url("server.public_url", &["http", "https"])?,
            cors_origins: self.list(
                "server.cors_origins",
                "origins such as https://app.example.org",
                origin,
            )?,
            trusted_proxies: self.list(
                "server.trusted_proxies",
                "addresses or networks such as 10.0.0.0/8",
                Network::parse,
            )?,
            insecure_cookies: self.boolean("server.insecure_cookies")?,
            max_body_bytes: self.size("server.max_body_bytes", 1024..=1_073_741_824)?,
            request_timeout: self.millis("server.request_timeout_ms", 100..=3_600_000)?,
            max_connections: self.size("server.max_connections", 1..=1_000_000)?,
            shutdown_grace: self.millis("server.shutdown_grace_ms", 0..=600_000)?,
        })
    }

    fn data(&self) -> Result<Data, Problem> {
        let dir = PathBuf::from(self.text("data.dir")?);
        let databases = ["sqlite://", "postgres://", "postgresql://"];
        let database = |key: &str| {
            let url = self.optional(key)?;
            match &url {
                Some(url) if !databases.iter().any(|scheme| url.starts_with(scheme)) => {
                    Err(self.bad(key, "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"))
                }
                _ => Ok(url),
            }
        };
        let database_url = database("data.database_url")?;
        Ok(Data {
            database_url: database_url
                .unwrap_or_else(|| format!("sqlite://{}", dir.join("sangam.db").display())),
            analytics_db_uri: database("data.analytics_db_uri")?,
            redis_url: self
                .url("data.redis_url", &["redis", "rediss"])?
                .map(|url| url.as_str().to_owned()),
            storage: self.storage()?,
            synchronous: self.choice(
                "data.synchronous",
                &[
                    ("full", store::Synchronous::Full),
                    ("normal", store::Synchronous::Normal),
                ],
            )?,
            max_connections: u32::try_from(self.integer("data.max_connections", 1..=1000)?)
                .unwrap_or(16),
            dir,
        })
    }

    fn auth(&self) -> Result<Auth, Problem> {
        let jwt_secret = self.secret("auth.jwt_secret")?;
        if let Some(secret) = &jwt_secret {
            let secret = secret.expose_secret();
            let first = secret.bytes().next();
            let is_repeated = secret.bytes().all(|byte| Some(byte) == first);
            let is_sample = [
                "secret",
                "changeme",
                "change-me",
                "your-",
                "example",
                "password",
            ]
            .iter()
            .any(|sample| secret.to_lowercase().contains(sample));
            if secret.len() < 32 || is_repeated || is_sample {
                let allowed = "32 random characters or more, not a sample (openssl rand -hex 32)";
                return Err(self.bad("auth.jwt_secret", allowed));
            }
        }
        let admin_email = self.optional("auth.admin_email")?;
        if admin_email.as_ref().is_some_and(|email| !is_email(email)) {
            return Err(self.bad("auth.admin_email", "an e-mail address"));
        }
        Ok(Auth {
            jwt_secret,
            admin_email,
        })
    }

    fn accounts(&self, server: &Server) -> Result<Accounts, Problem> {
        let choices = [
            ("auto", None),
            ("open", Some(Registration::Open)),
            ("invite", Some(Registration::Invite)),
            ("closed", Some(Registration::Closed)),
        ];
        let is_private = server.address.ip().is_loopback();
        let automatic = if is_private {
            Registration::Open
        } else {
            Registration::Closed
        };
        let registration = self
            .choice("accounts.registration", &choices)?
            .unwrap_or(automatic);
        Ok(Accounts { registration })
    }

    fn providers(&self) -> Result<Providers, Problem> {
        let web = ["http", "https"];
        let openrouter = self.url("providers.openrouter_base_url", &web)?;
        Ok(Providers {
            openrouter_api_key: self.secret("providers.openrouter_api_key")?,
            openrouter_base_url: openrouter
                .ok_or_else(|| self.bad("providers.openrouter_base_url", "an address"))?,
            openai_base_url: self.url("providers.openai_base_url", &web)?,
            openai_api_key: self.secret("providers.openai_api_key")?,
            refresh: self.seconds("providers.refresh_s", 1..=86_400)?,
        })
    }

    fn gateway(&self) -> Result<Gateway, Problem> {
        Ok(Gateway {
            first_token_timeout: self.millis("gateway.first_token_timeout_ms", 100..=3_600_000)?,
            idle_timeout: self.millis("gateway.idle_timeout_ms", 100..=3_600_000)?,
            total_timeout: self.millis("gateway.total_timeout_ms", 1_000..=86_400_000)?,
            retries: u32::try_from(self.integer("gateway.retries", 0..=10)?).unwrap_or_default(),
            max_running: self.size("gateway.max_running", 1..=100_000)?,
        })
    }

    fn files(&self) -> Result<Files, Problem> {
        let bytes = |key: &str| {
            let number = self.integer(key, 1024..=1_099_511_627_776)?;
            Ok(number.unsigned_abs())
        };
        Ok(Files {
            max_bytes: bytes("files.max_bytes")?,
            max_import_bytes: bytes("files.max_import_bytes")?,
            account_bytes: bytes("files.account_bytes")?,
            upload_timeout: self.millis("files.upload_timeout_ms", 1_000..=86_400_000)?,
            patience: self.millis("files.patience_ms", 0..=600_000)?,
        })
    }

    fn outbound(&self) -> Result<Outbound, Problem> {
        let port = |text: &str| text.parse().ok().filter(|port| *port > 0);
        Ok(Outbound {
            scraping_proxy: self.url("outbound.scraping_proxy", &["http", "https", "socks5"])?,
            allowed_ports: self.list("outbound.allowed_ports", "ports such as 80, 443", port)?,
            allowed_networks: self.list(
                "outbound.allowed_networks",
                "addresses or networks such as 10.0.0.0/8",
                Network::parse,
            )?,
        })
    }

    fn local_model(&self, environment: &BTreeMap<String, String>) -> Result<LocalModel, Problem> {
        let path = self.optional("local_model.path")?.map_or_else(
            || models_folder(environment).join("SmolLM2-135M-Instruct.Q4_1.gguf"),
            PathBuf::from,
        );
        Ok(LocalModel {
            enabled: self.boolean("local_model.enabled")?,
            path,
            threads: self.size("local_model.threads", 0..=256)?,
            queue: self.size("local_model.queue", 1..=10_000)?,
            unload_after: self.seconds("local_model.unload_after_s", 1..=864_000)?,
        })
    }
}

/// Where weights are kept for every installation of this user (XDG base directories).
fn models_folder(environment: &BTreeMap<String, String>) -> PathBuf {
    let given = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let cache = given("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| given("HOME").map(|home| Path::new(home).join(".cache")));
    cache
        .unwrap_or_else(|| PathBuf::from(".cache"))
        .join("sangam")
        .join("models")
}

/// Something before an `@`, and a host behind it.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_printable = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let has_host = !host.is_empty() && !host.starts_with(['.', '-']) && !host.ends_with('.');
    !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && is_printable
        && has_host
        && !text.contains(['<', '>', '(', ')', ',', ';', ':', '"', '\\'])
        && local.matches('@').count() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, Problem> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_parts(None, pairs)
    }

    fn refused(pairs: &[(&str, &str)]) -> String {
        with(pairs).unwrap_err().to_string()
    }

    #[test]
    fn defaults_serve_on_loopback_with_open_registration() {
        let config = with(&[("HOME", "/home/ada")]).unwrap();
        assert_eq!(config.server.address.to_string(), "127.0.0.1:3000");
        assert_eq!(config.accounts.registration, Registration::Open);
        assert_eq!(config.data.database_url, "sqlite://./data/sangam.db");
        let path = "/home/ada/.cache/sangam/models/SmolLM2-135M-Instruct.Q4_1.gguf";
        assert_eq!(config.local_model.path, Path::new(path));
    }

    #[test]
    fn a_public_host_closes_registration_unless_told_otherwise() {
        let closed = with(&[("HOST", "0.0.0.0")]).unwrap();
        assert_eq!(closed.accounts.registration, Registration::Closed);
        let open = with(&[("HOST", "::"), ("SANGAM_ACCOUNTS__REGISTRATION", "open")]).unwrap();
        assert_eq!(open.accounts.registration, Registration::Open);
    }

    #[test]
    fn the_environment_overrides_a_file_which_overrides_the_defaults() {
        let file = Some(("sangam.toml", "[server]\nport = 4000\nhost = \"::1\""));
        let config = Config::from_parts(file, [("PORT".to_owned(), "5000".to_owned())]).unwrap();
        assert_eq!(config.server.address.to_string(), "[::1]:5000");
    }

    #[test]
    fn a_bad_value_names_key_value_origin_and_what_is_allowed() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (
                &[("PORT", "http")],
                r#"server.port = "http" (from PORT): must be a whole number from 0 to 65535"#,
            ),
            (
                &[("SANGAM_LOG__FORMAT", "xml")],
                r#"log.format = "xml" (from SANGAM_LOG__FORMAT): must be one of text, json"#,
            ),
            (
                &[("OPENAI_BASE_URL", "localhost:11434")],
                r#"providers.openai_base_url = "localhost:11434" (from OPENAI_BASE_URL): must be an address that starts with http:// or https://"#,
            ),
            (
                &[("JWT_SECRET", "short")],
                "auth.jwt_secret = (not shown) (from JWT_SECRET): must be 32 random characters or more, not a sample (openssl rand -hex 32)",
            ),
            (
                &[("SANGAM_CHATS__TITEL_MODEL", "x")],
                "SANGAM_CHATS__TITEL_MODEL: chats.titel_model is not a setting; there are chats.auto_compact, chats.compact_at_percent, chats.summary_model, chats.temporary_idle_s, chats.temporary_max_mb, chats.temporary_per_user, chats.title_model, chats.titles",
            ),
        ];
        for (pairs, expected) in cases {
            assert_eq!(refused(pairs), *expected);
        }
    }

    #[test]
    fn networks_contain_their_addresses_only() {
        let network = Network::parse("10.1.0.0/16").unwrap();
        assert!(network.contains("10.1.2.3".parse().unwrap()));
        assert!(!network.contains("10.2.0.1".parse().unwrap()));
        assert!(network.contains("::ffff:10.1.2.3".parse().unwrap()));
        assert!(Network::parse("10.0.0.0/33").is_none());
    }
}
