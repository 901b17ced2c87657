//! The composition root: builds [`App`], the one thing that handlers and services are given. The
//! only file that names every feature.

use std::{ops::Deref, sync::Arc};

use anyhow::Context;
use secrecy::ExposeSecret;
use store::Db;
use utoipa::openapi::{
    Components, Info, License, OpenApi, SecurityRequirement,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    clock::Clock,
    config::Config,
    features::{accounts, chats, files, leaderboard, models, notifications, system, transfers},
    platform::{
        auth::{Authenticator, password::Passwords},
        blobs,
        bus::Bus,
        data_dir::DataDir,
        guarded,
        jobs::{self, Jobs},
        realtime::{self, Realtime},
        tasks::Tasks,
        throttle::Throttle,
    },
};

/// Everything a request or a task may need; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub tasks: Tasks,
    pub bus: Bus,
    pub auth: Authenticator,
    pub passwords: Passwords,
    pub throttle: Throttle,
    pub models: models::Catalogue,
    pub answers: chats::Answers,
    pub temporary: chats::Temporary,
    pub data_dir: DataDir,
    pub realtime: Realtime,
    pub jobs: Jobs,
    pub blobs: blob::Blobs,
    /// For addresses that people name.
    pub guarded: outbound::Guarded,
    pub files: files::Work,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Opens the database, brings its schema up to date and puts the parts together. Nothing runs
    /// yet.
    pub async fn build(config: Config, clock: Clock, data_dir: DataDir) -> anyhow::Result<Self> {
        let db = open_database(&config, &clock, None).await?;
        db.migrate()
            .await
            .context("the database's schema cannot be brought up to date")?;
        Self::with_database(config, clock, data_dir, db)
    }

    /// The same on a database that is open and up to date.
    pub fn with_database(
        config: Config,
        clock: Clock,
        data_dir: DataDir,
        db: Db,
    ) -> anyhow::Result<Self> {
        let tasks = Tasks::default();
        let secret = match &config.auth.jwt_secret {
            Some(secret) => secret.expose_secret().as_bytes().to_vec(),
            None => data_dir.secret().to_vec(),
        };
        let bus = Bus::connect(config.data.redis_url.as_deref(), &tasks)?;
        Ok(Self(Arc::new(Inner {
            auth: Authenticator::new(&secret, clock.clone(), bus.clone(), &tasks),
            passwords: Passwords::new(tasks.clone()),
            throttle: Throttle::new(clock.clone()),
            models: models::Catalogue::from_config(&config)?,
            answers: chats::Answers::new(&config, &data_dir.node_id),
            temporary: chats::Temporary::default(),
            realtime: Realtime::default(),
            jobs: Jobs::default(),
            blobs: blobs::open(&config, &data_dir)?,
            guarded: guarded::client(&config)?,
            files: files::Work::default(),
            bus,
            db,
            clock,
            tasks,
            data_dir,
            config,
        })))
    }

    /// Begins the work that goes on beside requests.
    pub async fn start(&self) -> anyhow::Result<()> {
        chats::start(self)
            .await
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        accounts::start(self)
            .await
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        notifications::start(self)
            .await
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        files::start(self);
        models::start(self);
        realtime::facts::follow(self, TELLERS)
            .await
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        self.realtime.start(self, chats::realtime::greet);
        self.work();
        Ok(())
    }

    /// Begins the background jobs alone, for a process that serves nobody.
    pub fn start_worker(&self) {
        models::start(self);
        self.work();
    }

    /// Names who works on each kind of job.
    fn work(&self) {
        self.jobs.on(chats::TITLE_JOB, chats::make_title);
        self.jobs.on(files::EXTRACT_JOB, files::extract);
        self.jobs.on(files::FETCH_JOB, files::fetch);
        self.jobs
            .on(transfers::EXPORT_JOB, transfers::export_account);
        self.jobs.on(transfers::IMPORT_JOB, transfers::import_file);
        jobs::start(self);
    }
}

/// Who tells sockets of which facts.
const TELLERS: &[realtime::facts::Teller] = &[
    chats::realtime::tell,
    jobs::realtime::tell,
    notifications::realtime::tell,
    files::realtime::tell,
];

/// Opens the database that the settings name, in a schema of its own where one is given.
pub async fn open_database(
    config: &Config,
    clock: &Clock,
    schema: Option<String>,
) -> anyhow::Result<Db> {
    let clock = clock.clone();
    let options = store::Options {
        url: config.data.database_url.clone(),
        max_connections: config.data.max_connections,
        synchronous: config.data.synchronous,
        schema,
        now: Arc::new(move || clock.now()),
    };
    // The address may hold a password: it is not part of the message.
    Db::connect(options)
        .await
        .context("data.database_url: the database cannot be opened")
}

/// Every route with its description.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(description())
        .merge(system::http::routes())
        .merge(accounts::http::routes())
        .merge(models::http::routes())
        .merge(chats::http::routes())
        .merge(files::http::routes())
        .merge(leaderboard::http::routes())
        .merge(jobs::http::routes())
        .merge(transfers::http::routes())
        .merge(notifications::http::routes())
}

/// The whole description of the API.
pub fn openapi() -> OpenApi {
    routes().into_openapi()
}

fn description() -> OpenApi {
    let mut info = Info::new("Sangam", env!("CARGO_PKG_VERSION"));
    info.description =
        Some("One place for every AI model: accounts, chats that survive, models.".to_owned());
    let mut licence = License::new("Apache-2.0");
    licence.identifier = Some("Apache-2.0".to_owned());
    info.license = Some(licence);
    let mut openapi = OpenApi::new(info, utoipa::openapi::Paths::new());
    let mut components = Components::new();
    let cookie = ApiKeyValue::new("sangam_access");
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let bearer = Http::new(HttpAuthScheme::Bearer);
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    openapi.components = Some(components);
    openapi.security = Some(vec![
        SecurityRequirement::new("cookie", Vec::<String>::new()),
        SecurityRequirement::new("bearer", Vec::<String>::new()),
    ]);
    openapi
}
