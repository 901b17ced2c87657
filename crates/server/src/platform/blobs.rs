//! Where bytes are kept, as the settings say; the crate `blob` does the work.

use std::time::Duration;

use anyhow::Context;
use blob::Blobs;

use crate::{
    config::{Config, Storage},
    error::{Error, STORAGE_FULL, UNAVAILABLE},
    platform::data_dir::DataDir,
};

/// Opens the folder or the bucket; nothing is asked of it yet.
pub fn open(config: &Config, data_dir: &DataDir) -> anyhow::Result<Blobs> {
    let files = data_dir.path.join("files");
    // In the same file system as the folder, so that a file is moved and not copied.
    match &config.data.storage {
        Storage::Folder(None) => Ok(Blobs::in_folder(files.clone(), files.join("new"))),
        Storage::Folder(Some(folder)) => Ok(Blobs::in_folder(folder.clone(), folder.join("new"))),
        Storage::Bucket(options) => {
            Blobs::in_bucket(options, files.join("new")).context("data.storage_url")
        }
    }
}

impl From<blob::Error> for Error {
    fn from(error: blob::Error) -> Self {
        match error {
            blob::Error::Missing => Self::internal(error),
            blob::Error::Full(_) => Self::new(
                STORAGE_FULL,
                "There is no room for files; nothing was stored.",
            )
            .caused(error),
            error => Self::new(
                UNAVAILABLE,
                "The storage of files does not answer; try again.",
            )
            .caused(error)
            .retry_after(Duration::from_secs(2)),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        blob::Error::from(error).into()
    }
}
