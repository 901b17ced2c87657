//! The application as tests meet it: a real socket, a clock that stands still, a scripted
//! provider, and the database that the environment names.

mod client;
pub(crate) mod events;
pub(crate) mod process;
mod stored;

use std::{ops::Deref, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
pub(crate) use client::{Client, Reply, User};
use gateway::scripted::{Script, Scripted};
use server::{
    app,
    clock::Clock,
    config::Config,
    platform::{data_dir::DataDir, http},
};
use tempfile::TempDir;

/// Both nodes of a test sign with it.
const SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978";

/// The model that the scripted provider offers.
pub(crate) const MODEL: &str = "scripted";

pub(crate) struct TestApp {
    pub(crate) state: app::App,
    pub(crate) clock: Clock,
    pub(crate) provider: Scripted,
    pub(crate) base: String,
    database: Database,
    folder: TempDir,
    settings: Vec<(String, String)>,
}

impl Deref for TestApp {
    type Target = app::App;

    fn deref(&self) -> &app::App {
        &self.state
    }
}

/// Where the rows of one test are.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) url: String,
    schema: Option<String>,
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With settings beside the usual ones, by their environment names.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let provider = Scripted::start().await;
        provider.otherwise(Script::text("Namaste, dost."));
        let database = Database::fresh(folder.path()).await;
        let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        // Ids of its own: tests share one Redis, where what one revoked would be revoked in all.
        let seed = u64::from_le_bytes(Clock::system().random());
        let clock = Clock::manual(start, seed);
        let own = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings: Vec<_> = usual(&provider).into_iter().chain(own).collect();
        let data = folder.path().join("data");
        let (state, base) = node(&settings, &database, clock.clone(), &data).await;
        Self {
            state,
            clock,
            provider,
            base,
            database,
            folder,
            settings,
        }
    }

    /// Another node of the same installation: the same database and secret, no Redis.
    pub(crate) async fn second_node(&self) -> (app::App, String) {
        let data = self.folder.path().join("second");
        node(&self.settings, &self.database, self.clock.clone(), &data).await
    }

    /// A second listener of this node, for sockets alone.
    pub(crate) async fn second_port(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (serving, router) = (self.state.clone(), http::layers::sockets(&self.state));
        self.tasks
            .spawn(async move { http::serve::serve(&serving, listener, router).await });
        base
    }

    pub(crate) fn anonymous(&self) -> Client {
        Client::new(&self.base)
    }

    /// A person with an account who is signed in.
    pub(crate) async fn user(&self, name: &str) -> User {
        let client = self.anonymous();
        let email = format!("{name}@example.org");
        let body = serde_json::json!({ "name": name, "email": email, "password": password(name) });
        let reply = client.post("/api/auth/register", &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let id = reply.body["user"]["id"].as_str().unwrap().to_owned();
        let access_token = reply.body["accessToken"].as_str().unwrap().to_owned();
        User {
            client,
            id,
            email,
            password: password(name),
            access_token,
        }
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Waits until `condition` holds; fails when it does not within ten seconds.
    pub(crate) async fn until<F: Future<Output = bool>>(
        &self,
        what: &str,
        condition: impl Fn() -> F,
    ) {
        let holds = async {
            while !condition().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(10), holds).await;
        assert!(in_time.is_ok(), "{what} did not come true");
    }
}

/// A password that no list holds.
pub(crate) fn password(name: &str) -> String {
    format!("{name} ki gupt kahani 7")
}

fn usual(provider: &Scripted) -> Vec<(String, String)> {
    [
        ("PORT", "0"),
        ("JWT_SECRET", SECRET),
        ("OPENAI_BASE_URL", &provider.base_url()),
        ("SANGAM_LOCAL_MODEL__ENABLED", "false"),
        ("SANGAM_CHATS__TITLES", "false"),
        ("SANGAM_DATA__MAX_CONNECTIONS", "8"),
        ("SANGAM_GATEWAY__FIRST_TOKEN_TIMEOUT_MS", "2000"),
        ("SANGAM_GATEWAY__IDLE_TIMEOUT_MS", "1500"),
        ("SANGAM_GATEWAY__RETRIES", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

async fn node(
    settings: &[(String, String)],
    database: &Database,
    clock: Clock,
    data: &Path,
) -> (app::App, String) {
    let folder = [
        ("SANGAM_DATA_DIR".to_owned(), data.display().to_string()),
        ("DATABASE_URL".to_owned(), database.url.clone()),
    ];
    let mut config = Config::from_parts(None, settings.iter().cloned().chain(folder)).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    config.server.address = listener.local_addr().unwrap();
    let base = format!("http://{}", config.server.address);
    let data_dir = DataDir::lock(data, &clock).unwrap();
    let db = app::open_database(&config, &clock, database.schema.clone())
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let app = app::App::with_database(config, clock, data_dir, db).unwrap();
    app.models.refresh(app.clock.now()).await;
    app.start().await.unwrap();
    let (router, _) = app::routes().split_for_parts();
    let router = http::layers::around(router, &app);
    let serving = app.clone();
    app.tasks
        .spawn(async move { http::serve::serve(&serving, listener, router).await });
    (app, base)
}

impl Database {
    /// An `SQLite` file in the test's folder, or a `PostgreSQL` schema of its own.
    pub(crate) async fn fresh(folder: &Path) -> Self {
        let engine = variable("SANGAM_TEST_DATABASE").unwrap_or_else(|| "sqlite".to_owned());
        match engine.as_str() {
            "sqlite" => Self {
                url: format!("sqlite://{}", folder.join("test.db").display()),
                schema: None,
            },
            "postgres" => {
                let url = variable("SANGAM_TEST_POSTGRES_URL")
                    .expect("SANGAM_TEST_POSTGRES_URL is set by scripts/with-services");
                let id: uuid::Uuid = Clock::system().id();
                let schema = format!("test_{}", id.simple());
                let admin = sea_orm::Database::connect(&url).await.unwrap();
                let create = format!("CREATE SCHEMA {schema}");
                sea_orm::ConnectionTrait::execute_unprepared(&admin, &create)
                    .await
                    .unwrap();
                // For processes that are given the address alone.
                let url = format!(
                    "{url}{}options=-c%20search_path%3D{schema}",
                    if url.contains('?') { '&' } else { '?' }
                );
                Self {
                    url,
                    schema: Some(schema),
                }
            }
            other => panic!("SANGAM_TEST_DATABASE = {other}: must be sqlite or postgres"),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where their services are"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
