//! The data folder: who holds it, the generated secret and the node's name in it.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::clock::Clock;

pub struct DataDir {
    pub path: PathBuf,
    /// Names this node among those of one installation; the same after a restart.
    pub node_id: String,
    secret: Vec<u8>,
    /// Held while a server runs, so that a second one on the same folder is refused.
    lock: Option<File>,
}

impl DataDir {
    /// Opens the folder for a server, which has it alone.
    pub fn lock(path: &Path, clock: &Clock) -> anyhow::Result<Self> {
        let mut dir = Self::open(path, clock)?;
        let name = path.join("server.lock");
        let lock =
            File::create(&name).with_context(|| format!("{} cannot be written", name.display()))?;
        if lock.try_lock().is_err() {
            bail!(
                "another Sangam server is running on the data folder {}",
                path.display()
            );
        }
        dir.lock = Some(lock);
        Ok(dir)
    }

    /// Opens the folder beside a server that may be running.
    pub fn open(path: &Path, clock: &Clock) -> anyhow::Result<Self> {
        create_private(path)
            .with_context(|| format!("the data folder {} cannot be made", path.display()))?;
        let secret = kept(&path.join("secret.key"), || clock.random::<32>().to_vec())?;
        if secret.len() < 32 {
            bail!(
                "{} holds fewer than 32 bytes: delete it to have a new one made",
                path.join("secret.key").display()
            );
        }
        let fresh_name = || clock.id::<uuid::Uuid>().to_string().into_bytes();
        let node_id = kept(&path.join("node.id"), fresh_name)?;
        let node_id = String::from_utf8(node_id).context("node.id is not text")?;
        Ok(Self {
            path: path.to_owned(),
            node_id,
            secret,
            lock: None,
        })
    }

    /// The key that signs and hashes, unless the operator gave one.
    pub fn secret(&self) -> &[u8] {
        &self.secret
    }
}

fn create_private(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The content of a file, which is made, readable by its owner only, when it is not there.
fn kept(path: &Path, make: impl FnOnce() -> Vec<u8>) -> anyhow::Result<Vec<u8>> {
    if let Ok(content) = fs::read(path) {
        return Ok(content);
    }
    let content = make();
    let temporary = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> std::io::Result<()> {
        let mut file = options.open(&temporary)?;
        file.write_all(&content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stays_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let clock = Clock::system();
        let first = DataDir::lock(&path, &clock).unwrap();
        let second = DataDir::open(&path, &clock).unwrap();
        assert_eq!(first.secret(), second.secret());
        assert_eq!(first.node_id, second.node_id);
        assert!(
            DataDir::lock(&path, &clock).is_err(),
            "two servers on one folder"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path.join("secret.key"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
