//! Files on their way: written before they are kept, removed when nobody holds them.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    fs,
    io::{AsyncReadExt, AsyncWriteExt},
};
use uuid::Uuid;

/// A file that is being written; dropping it removes it.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    file: fs::File,
    written: u64,
}

impl Scratch {
    pub(crate) async fn create(folder: &Path, name: Uuid) -> io::Result<Self> {
        create_private(folder).await?;
        let path = folder.join(name.to_string());
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        Ok(Self {
            path,
            file,
            written: 0,
        })
    }

    /// Adds bytes at the end.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.written += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Bytes written so far.
    pub fn len(&self) -> u64 {
        self.written
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.written == 0
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sees to it that what was written is there for others to read.
    pub async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// Its first bytes, `most` of them where there are as many.
    pub async fn read_start(&mut self, most: u64) -> io::Result<Vec<u8>> {
        self.flush().await?;
        let mut start = Vec::new();
        let file = fs::File::open(&self.path).await?;
        file.take(most).read_to_end(&mut start).await?;
        Ok(start)
    }

    /// Everything that was written.
    pub async fn read(&mut self) -> io::Result<Vec<u8>> {
        self.flush().await?;
        fs::read(&self.path).await
    }

    /// On disk, power cut or not.
    pub(crate) async fn sync(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.file.sync_all().await
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It may have been moved to where it is kept: then there is nothing to remove.
        std::fs::remove_file(&self.path).ok();
    }
}

pub(crate) async fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder).await
}

pub(crate) async fn tidy(folder: &Path, age: Duration) -> io::Result<()> {
    let mut entries = fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let modified = entry.metadata().await.and_then(|data| data.modified());
        let is_old = modified.is_ok_and(|at| at.elapsed().is_ok_and(|since| since > age));
        if is_old {
            fs::remove_file(entry.path()).await.ok();
        }
    }
    Ok(())
}
