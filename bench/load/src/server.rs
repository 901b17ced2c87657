//! The server under measurement: a process with an empty folder and the shipped defaults.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use hyper::Method;

use crate::{database::Database, http::Client, machine::field};

const PATIENCE: Duration = Duration::from_secs(30);
/// `/proc` counts processor time in hundredths of a second on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// Killed when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    pub(crate) started_after: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().and_then(|()| self.process.wait()).ok();
    }
}

impl Server {
    /// Starts and waits for the first 200 of `/health`. `upstream` is the port of a provider.
    pub(crate) async fn start(
        binary: &Path,
        data: &Path,
        upstream: Option<u16>,
        database: &Database,
    ) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::create(data.join("server.log"))?;
        let mut command = Command::new(binary);
        command.arg("serve").current_dir(data).env_clear();
        // HOME and PATH are the shell's; nothing else of it may change what is measured.
        for name in ["HOME", "PATH", "XDG_CACHE_HOME"] {
            #[expect(clippy::disallowed_methods, reason = "handed on, not read")]
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("PORT", port.to_string())
            .env("SANGAM_DATA_DIR", data);
        if let Some(upstream) = upstream {
            command.env("OPENAI_BASE_URL", format!("http://127.0.0.1:{upstream}/v1"));
        }
        if let Some(url) = database.url() {
            command.env("DATABASE_URL", url);
        }
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let begun = Instant::now();
        let process = command
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let mut server = Self {
            process,
            port,
            started_after: Duration::ZERO,
        };
        while !server.is_healthy().await {
            if begun.elapsed() > PATIENCE || server.process.try_wait()?.is_some() {
                bail!(
                    "the server did not start:\n{}",
                    fs::read_to_string(data.join("server.log"))?
                );
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.started_after = begun.elapsed();
        Ok(server)
    }

    async fn is_healthy(&self) -> bool {
        let Ok(mut client) = Client::connect(self.port).await else {
            return false;
        };
        let answer = client.send(Method::GET, "/health", None, None).await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// SIGKILL, and the process is gone on return.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Resident memory in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        self.memory("VmRSS")
    }

    /// The most that was ever resident, in bytes.
    pub(crate) fn resident_peak(&self) -> Result<u64> {
        self.memory("VmHWM")
    }

    fn memory(&self, name: &'static str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kilobytes = field(&status, name).and_then(|value| value.split(' ').next());
        Ok(kilobytes.context(name)?.parse::<u64>()? * 1024)
    }

    /// Processor time used so far, of all threads.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The second field is the name in parentheses, which may hold anything.
        let (_, rest) = stat.rsplit_once(')').context("no name in /proc/PID/stat")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok());
        let (user, system) = ticks(11)
            .zip(ticks(12))
            .context("no times in /proc/PID/stat")?;
        Ok(TICK * (user + system))
    }
}
