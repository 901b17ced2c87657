//! Where the bytes of files are kept: a folder of this machine, or a bucket of a server that speaks S3.
//!
//! A key is a UUID and nothing else, so no name that somebody chose ever becomes a path. What is put
//! is there whole or not at all. It knows neither owners nor names, and keeps no list of what is there:
//! that is for whoever puts something in.

mod bucket;
mod folder;
mod scratch;

use std::{io, path::PathBuf};

use bytes::Bytes;
use futures::stream::BoxStream;
use uuid::Uuid;

pub use bucket::{BucketOptions, SetupError};
pub use scratch::Scratch;

use bucket::Bucket;
use folder::Folder;

/// What is to be kept.
#[derive(Debug)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file that was written for this; it is gone afterwards.
    File(Scratch),
}

/// Bytes as they are read.
pub type Pieces = BoxStream<'static, Result<Bytes, Error>>;

/// The place that the operator chose.
#[derive(Debug)]
pub struct Blobs {
    place: Place,
    scratch: PathBuf,
}

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Bucket(Box<Bucket>),
}

/// Why bytes could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is kept under this key.
    #[error("there is nothing under this key")]
    Missing,
    /// The disk or the bucket has no room left.
    #[error("there is no room left: {0}")]
    Full(io::Error),
    /// The disk failed.
    #[error("the folder of files: {0}")]
    Disk(io::Error),
    /// The server of the bucket failed, or refused.
    #[error("the bucket of files: {0}")]
    Bucket(object_store::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(error),
            _ => Self::Disk(error),
        }
    }
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => Self::Bucket(error),
        }
    }
}

impl Blobs {
    /// A folder, which is made when the first file is put.
    pub fn in_folder(path: PathBuf, scratch: PathBuf) -> Self {
        Self {
            place: Place::Folder(Folder::new(path)),
            scratch,
        }
    }

    /// A bucket; files on their way to it or from it are in the folder `scratch`.
    pub fn in_bucket(options: &BucketOptions, scratch: PathBuf) -> Result<Self, SetupError> {
        Ok(Self {
            place: Place::Bucket(Box::new(Bucket::new(options)?)),
            scratch,
        })
    }

    /// A new file to write into before it is put; it is removed when it is dropped.
    pub async fn scratch(&self, name: Uuid) -> Result<Scratch, Error> {
        Ok(Scratch::create(&self.scratch, name).await?)
    }

    /// Keeps the content under a key that was never used before.
    pub async fn put(&self, key: Uuid, content: Content) -> Result<(), Error> {
        match (&self.place, content) {
            (Place::Folder(folder), Content::Bytes(bytes)) => {
                let mut scratch = self.scratch(key).await?;
                scratch.write(&bytes).await?;
                Ok(folder.take(key, scratch).await?)
            }
            (Place::Folder(folder), Content::File(scratch)) => {
                Ok(folder.take(key, scratch).await?)
            }
            (Place::Bucket(bucket), Content::Bytes(bytes)) => bucket.put(key, bytes).await,
            (Place::Bucket(bucket), Content::File(scratch)) => bucket.put_file(key, scratch).await,
        }
    }

    /// All bytes under a key; for those that fit into memory.
    pub async fn get(&self, key: Uuid) -> Result<Bytes, Error> {
        match &self.place {
            Place::Folder(folder) => Ok(folder.get(key).await?),
            Place::Bucket(bucket) => bucket.get(key).await,
        }
    }

    /// The bytes under a key, piece by piece.
    pub async fn pieces(&self, key: Uuid) -> Result<Pieces, Error> {
        match &self.place {
            Place::Folder(folder) => Ok(folder.pieces(key).await?),
            Place::Bucket(bucket) => bucket.pieces(key).await,
        }
    }

    /// The bytes under a key as a file of this machine, for whoever has to jump about in it. `name` is
    /// that of a copy, where one has to be made.
    pub async fn local(&self, key: Uuid, name: Uuid) -> Result<Local, Error> {
        match &self.place {
            Place::Folder(folder) => Ok(Local(Copied::No(folder.existing(key).await?))),
            Place::Bucket(bucket) => {
                let mut scratch = self.scratch(name).await?;
                bucket.copy_to(key, &mut scratch).await?;
                Ok(Local(Copied::Yes(scratch)))
            }
        }
    }

    /// Forgets what is under a key; that there is nothing is fine.
    pub async fn delete(&self, key: Uuid) -> Result<(), Error> {
        let outcome = match &self.place {
            Place::Folder(folder) => folder.delete(key).await.map_err(Error::from),
            Place::Bucket(bucket) => bucket.delete(key).await,
        };
        match outcome {
            Err(Error::Missing) => Ok(()),
            outcome => outcome,
        }
    }

    /// Removes what uploads that were cut short left behind, if it is older than `age`.
    pub async fn tidy(&self, age: std::time::Duration) -> Result<(), Error> {
        match scratch::tidy(&self.scratch, age).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            outcome => Ok(outcome?),
        }
    }
}

/// A file of this machine; a copy is removed when it is dropped.
#[derive(Debug)]
pub struct Local(Copied);

#[derive(Debug)]
enum Copied {
    No(PathBuf),
    Yes(Scratch),
}

impl Local {
    /// Where it is; to be read only.
    pub fn path(&self) -> &std::path::Path {
        match &self.0 {
            Copied::No(path) => path,
            Copied::Yes(scratch) => scratch.path(),
        }
    }
}
