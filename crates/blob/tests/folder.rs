//! A folder of bytes: whole or not there, and nobody else's.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking and say why")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use blob::{Blobs, Content, Error};
use bytes::Bytes;
use futures::TryStreamExt;
use uuid::Uuid;

fn blobs(root: &Path) -> Blobs {
    Blobs::in_folder(root.join("files"), root.join("files/new"))
}

fn key(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Every file below a folder.
fn all(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                all(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[tokio::test]
async fn what_was_put_is_read_whole_or_in_pieces_until_it_is_deleted() {
    let root = tempfile::tempdir().unwrap();
    let blobs = blobs(root.path());
    let large = Bytes::from(vec![7; 300_000]);
    let content = Content::Bytes(large.clone());
    blobs.put(key(1), content).await.unwrap();
    assert_eq!(blobs.get(key(1)).await.unwrap(), large);
    let pieces = blobs.pieces(key(1)).await.unwrap();
    let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
    assert!(pieces.len() > 3);
    assert_eq!(pieces.concat(), large);
    let local = blobs.local(key(1), key(2)).await.unwrap();
    assert_eq!(fs::read(local.path()).unwrap(), large);
    drop(local);
    assert_eq!(blobs.get(key(1)).await.unwrap(), large, "it is no copy");

    blobs.delete(key(1)).await.unwrap();
    blobs.delete(key(1)).await.unwrap();
    assert!(matches!(blobs.get(key(1)).await, Err(Error::Missing)));
    assert!(matches!(blobs.pieces(key(1)).await, Err(Error::Missing)));
    let local = blobs.local(key(1), key(2)).await;
    assert!(matches!(local, Err(Error::Missing)));
    assert_eq!(all(root.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_file_is_moved_in_and_one_that_is_given_up_is_gone() {
    let root = tempfile::tempdir().unwrap();
    let blobs = blobs(root.path());
    let mut scratch = blobs.scratch(key(1)).await.unwrap();
    scratch.write(b"Namaste, ").await.unwrap();
    scratch.write(b"dost").await.unwrap();
    assert_eq!(scratch.len(), 13);
    assert_eq!(scratch.read_start(7).await.unwrap(), b"Namaste");
    let before = scratch.path().to_owned();
    blobs.put(key(2), Content::File(scratch)).await.unwrap();
    assert!(!before.exists(), "it was moved");
    assert_eq!(&*blobs.get(key(2)).await.unwrap(), b"Namaste, dost");

    let mut given_up = blobs.scratch(key(3)).await.unwrap();
    given_up.write(b"half of it").await.unwrap();
    let path = given_up.path().to_owned();
    assert!(path.exists());
    drop(given_up);
    assert!(!path.exists());
    assert_eq!(all(root.path()).len(), 1);
}

#[tokio::test]
async fn what_a_crash_left_behind_is_removed_when_it_is_old() {
    let root = tempfile::tempdir().unwrap();
    let blobs = blobs(root.path());
    blobs.tidy(Duration::ZERO).await.unwrap();
    let kept = Content::Bytes(Bytes::from_static(b"kept"));
    blobs.put(key(1), kept).await.unwrap();
    let left = root.path().join("files/new/left");
    fs::write(&left, b"half").unwrap();
    let hour = Duration::from_hours(1);
    blobs.tidy(hour).await.unwrap();
    assert!(left.exists(), "it may still be written");
    let file = fs::File::options().write(true).open(&left).unwrap();
    file.set_modified(SystemTime::now() - 2 * hour).unwrap();
    blobs.tidy(hour).await.unwrap();
    assert!(!left.exists());
    assert_eq!(&*blobs.get(key(1)).await.unwrap(), b"kept");
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let blobs = blobs(root.path());
    let secret = Content::Bytes(Bytes::from_static(b"secret"));
    blobs.put(key(1), secret).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = all(root.path()).pop().unwrap();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}
