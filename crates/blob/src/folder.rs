//! A folder of this machine.

use std::{
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::{fs, io::AsyncReadExt};
use uuid::Uuid;

use crate::{Error, Pieces, Scratch, scratch::create_private};

const PIECE: usize = 64 << 10;

#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Keys begin with their time: the end spreads them over folders.
    fn path(&self, key: Uuid) -> PathBuf {
        let [.., last] = *key.as_bytes();
        self.root.join(format!("{last:02x}")).join(key.to_string())
    }

    /// Moves a file in, so that it is there whole or not at all, and stays there.
    pub(crate) async fn take(&self, key: Uuid, mut scratch: Scratch) -> io::Result<()> {
        let path = self.path(key);
        let folder = path.parent().unwrap_or(&self.root).to_owned();
        create_private(&folder).await?;
        scratch.sync().await?;
        match fs::rename(scratch.path(), &path).await {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                copy(scratch.path(), &path).await?;
            }
            outcome => outcome?,
        }
        sync_folder(&folder).await
    }

    pub(crate) async fn get(&self, key: Uuid) -> io::Result<Bytes> {
        fs::read(self.path(key)).await.map(Bytes::from)
    }

    pub(crate) async fn pieces(&self, key: Uuid) -> io::Result<Pieces> {
        let file = fs::File::open(self.path(key)).await?;
        let read = |mut file: fs::File| async move {
            let mut piece = Vec::with_capacity(PIECE);
            let most = u64::try_from(PIECE).unwrap_or(u64::MAX);
            let mut part = (&mut file).take(most);
            match part.read_to_end(&mut piece).await {
                Ok(0) => None,
                Ok(_) => Some((Ok(Bytes::from(piece)), file)),
                Err(error) => Some((Err(Error::from(error)), file)),
            }
        };
        // Who compresses it asks once more after the end.
        Ok(stream::unfold(file, read).fuse().boxed())
    }

    pub(crate) async fn existing(&self, key: Uuid) -> io::Result<PathBuf> {
        let path = self.path(key);
        fs::metadata(&path).await?;
        Ok(path)
    }

    pub(crate) async fn delete(&self, key: Uuid) -> io::Result<()> {
        fs::remove_file(self.path(key)).await
    }
}

/// From another file system: beside its place first, then moved.
async fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let beside = to.with_extension("new");
    fs::copy(from, &beside).await?;
    fs::File::open(&beside).await?.sync_all().await?;
    fs::rename(&beside, to).await
}

/// A name in a folder is on disk only when the folder is.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        fs::File::open(folder).await?.sync_all().await?;
    }
    Ok(())
}
