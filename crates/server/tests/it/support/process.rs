//! The real binary, to be killed and started again.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::{Client, SECRET, variable};

pub(crate) struct Process {
    child: Child,
    pub(crate) base: String,
}

impl Process {
    /// Starts the binary on a free port and waits until it answers.
    pub(crate) async fn start(data: &Path, settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let process = Self {
            child: spawn("serve", port, data, settings),
            base: format!("http://127.0.0.1:{port}"),
        };
        let client = Client::new(&process.base);
        let up = async {
            while client.try_get("/health").await.is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), up)
            .await
            .expect("the server starts");
        process
    }

    /// Starts a worker, which answers nobody.
    pub(crate) fn worker(data: &Path, settings: &[(&str, &str)]) -> Self {
        Self {
            child: spawn("worker", 0, data, settings),
            base: String::new(),
        }
    }

    /// SIGKILL: nothing is tidied up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; gives back the exit code.
    pub(crate) async fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        let ended = tokio::task::spawn_blocking(move || self.child.wait().unwrap().code());
        tokio::time::timeout(Duration::from_mins(1), ended)
            .await
            .expect("the server ends")
            .unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(command: &str, port: u16, data: &Path, settings: &[(&str, &str)]) -> Child {
    let mut process = Command::new(env!("CARGO_BIN_EXE_sangam"));
    process
        .arg(command)
        .env_clear()
        .env("PORT", port.to_string())
        .env("SANGAM_DATA_DIR", data)
        .env("JWT_SECRET", SECRET)
        .env("SANGAM_LOCAL_MODEL__ENABLED", "false")
        .env("SANGAM_CHATS__TITLES", "false")
        .env("SANGAM_LOG__LEVEL", "warn")
        .envs(settings.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit());
    if let Some(home) = variable("HOME") {
        process.env("HOME", home);
    }
    process.spawn().unwrap()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
