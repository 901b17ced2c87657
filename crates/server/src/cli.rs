//! The command line.

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};

use crate::{
    app::{App, open_database, routes},
    clock::Clock,
    config::Config,
    features::{accounts, transfers},
    platform::{data_dir::DataDir, http, shutdown, telemetry},
};

/// One place for every AI model.
#[derive(Parser)]
#[command(name = "sangam", version)]
struct Arguments {
    /// A settings file (TOML); the environment overrides it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the API.
    Serve,
    /// Work on background jobs, beside servers or for them.
    Worker,
    /// Bring the database's schema up to date.
    Migrate,
    /// Print the OpenAPI description of the API.
    Openapi,
    /// Check settings, data folder, database, models and the page.
    Doctor,
    /// Bring the chats of another program into somebody's account.
    Import {
        /// The e-mail address of the account.
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// chatgpt, claude, openWebui, librechat or sangam; known by its shape when absent.
        #[arg(long)]
        source: Option<String>,
        /// A ZIP archive or a JSON file, as the other program exported it.
        file: PathBuf,
    },
    /// Administrators' accounts.
    #[command(subcommand)]
    Admin(Admin),
}

#[derive(Subcommand)]
enum Admin {
    /// Make an administrator's account; the password is read from standard input.
    Create {
        #[arg(long)]
        email: String,
        /// What others see; the part of the address before the @ when absent.
        #[arg(long)]
        name: Option<String>,
        /// Required: passwords on the command line are seen by others.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Print a link, good once for 15 minutes, that lets a locked-out person choose a password.
    ResetLink {
        #[arg(long)]
        email: String,
    },
}

/// Runs the command line; what goes wrong is one line on standard error.
#[expect(clippy::print_stderr, reason = "a command line speaks to the terminal")]
pub fn main() -> ExitCode {
    if let Some(missing) = local_model::cpu::missing() {
        eprintln!("sangam: {missing}");
        return ExitCode::FAILURE;
    }
    let arguments = Arguments::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sangam: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    if matches!(arguments.command, Command::Openapi) {
        return openapi();
    }
    let config = Config::load(arguments.config.as_deref())?;
    telemetry::log(&config.log)?;
    match arguments.command {
        Command::Serve => Box::pin(serve(config)).await,
        Command::Worker => Box::pin(worker(config)).await,
        Command::Migrate => migrate(config).await,
        Command::Import { user, source, file } => {
            Box::pin(import(config, &user, source.as_deref(), &file)).await
        }
        Command::Doctor => Box::pin(crate::doctor::run(config)).await,
        Command::Admin(command) => Box::pin(admin(config, command)).await,
        Command::Openapi => Ok(()),
    }
}

#[expect(clippy::print_stdout, reason = "the document is the command's answer")]
fn openapi() -> anyhow::Result<()> {
    println!("{}", crate::app::openapi().to_pretty_json()?);
    Ok(())
}

async fn serve(mut config: Config) -> anyhow::Result<()> {
    telemetry::metrics();
    let clock = Clock::system();
    let data_dir = DataDir::lock(&config.data.dir, &clock)?;
    let address = config.server.address;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} (HOST, PORT)"))?;
    // Port 0 asks the system for a free one.
    config.server.address = listener.local_addr()?;
    let sockets = match config.server.socket_address {
        Some(address) => Some(
            tokio::net::TcpListener::bind(address)
                .await
                .with_context(|| format!("cannot listen on {address} (HOST, SOCKET_PORT)"))?,
        ),
        None => None,
    };
    let app = App::build(config, clock, data_dir).await?;
    app.start().await?;
    announce(&app);
    let (router, _) = routes().split_for_parts();
    let router = http::layers::around(router, &app);
    if let Some(listener) = sockets {
        let serving = app.clone();
        app.tasks.spawn(async move {
            let router = http::layers::sockets(&serving);
            http::serve::serve(&serving, listener, router).await;
        });
    }
    stop_when_asked(&app);
    http::serve::serve(&app, listener, router).await;
    app.tasks.drain(app.config.server.shutdown_grace).await;
    tracing::info!("stopped");
    Ok(())
}

fn stop_when_asked(app: &App) {
    let stopper = app.clone();
    app.tasks.spawn_until_stop(async move {
        shutdown::requested().await;
        tracing::info!("stopping: running answers may end, new work is refused");
        stopper.tasks.stop();
    });
}

/// Works on jobs until it is asked to stop; what it is working on then goes back to the queue.
async fn worker(config: Config) -> anyhow::Result<()> {
    telemetry::metrics();
    let workers = config.jobs.workers;
    if workers == 0 {
        bail!("jobs.workers = 0: a worker needs at least 1");
    }
    let clock = Clock::system();
    let data_dir = DataDir::open(&config.data.dir, &clock)?;
    let app = App::build(config, clock, data_dir).await?;
    app.start_worker();
    tracing::info!(workers, "working on background jobs, {workers} at a time");
    stop_when_asked(&app);
    app.tasks.stopping().await;
    app.tasks.drain(app.config.server.shutdown_grace).await;
    tracing::info!("stopped");
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "tells the person at the terminal where to go"
)]
fn announce(app: &App) {
    let base = app.config.server.link_base();
    println!("Sangam {} serves on {base}", env!("CARGO_PKG_VERSION"));
    if app.config.server.insecure_cookies && !app.config.server.is_secure() {
        tracing::warn!("server.insecure_cookies is on: sessions travel over http unprotected");
    }
    let is_plain = |url: &url::Url| {
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        url.scheme() == "http" && !is_here
    };
    if app.config.server.public_url.as_ref().is_some_and(is_plain)
        && !app.config.server.insecure_cookies
    {
        tracing::warn!(
            "PUBLIC_URL is http: browsers will not keep anybody signed in; make it https, or set \
             server.insecure_cookies"
        );
    }
}

async fn migrate(config: Config) -> anyhow::Result<()> {
    let clock = Clock::system();
    // The folder is made with its permissions before the database is put there.
    DataDir::open(&config.data.dir, &clock)?;
    let db = open_database(&config, &clock, None).await?;
    let pending = db.pending_migrations().await?;
    db.migrate().await?;
    tracing::info!(
        applied = pending,
        "the schema is up to date, {pending} migrations were applied"
    );
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "what came of it is the command's answer"
)]
async fn import(
    config: Config,
    user: &str,
    source: Option<&str>,
    file: &Path,
) -> anyhow::Result<()> {
    let clock = Clock::system();
    let data_dir = DataDir::open(&config.data.dir, &clock)?;
    let app = App::build(config, clock, data_dir).await?;
    let outcome = transfers::cli::import(&app, user, source, file).await;
    println!("{}", outcome.map_err(|error| readable(&error))?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the link is the command's answer")]
async fn admin(config: Config, command: Admin) -> anyhow::Result<()> {
    let clock = Clock::system();
    let data_dir = DataDir::open(&config.data.dir, &clock)?;
    let app = App::build(config, clock, data_dir).await?;
    match command {
        Admin::Create {
            email,
            name,
            password_stdin: _,
        } => {
            let mut password = String::new();
            std::io::stdin()
                .read_to_string(&mut password)
                .context("standard input")?;
            let password = password.trim_end_matches(['\r', '\n']);
            if password.is_empty() {
                bail!("standard input holds no password");
            }
            accounts::cli::create_admin(&app, &email, password, name.as_deref())
                .await
                .map_err(|error| readable(&error))?;
            println!("{email} is an administrator");
        }
        Admin::ResetLink { email } => {
            println!(
                "{}",
                accounts::cli::reset_link(&app, &email)
                    .await
                    .map_err(|error| readable(&error))?
            );
        }
    }
    Ok(())
}

/// What a person at a terminal should read of an error: also the cause, which clients never see.
fn readable(error: &crate::error::Error) -> anyhow::Error {
    match error.source {
        Some(_) => anyhow::anyhow!("{}", error.chain()),
        None => anyhow::anyhow!("{}", error.detail),
    }
}
