//! What goes on at the moment, on this node.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use store::UserId;
use tokio::sync::{Notify, Semaphore};

use super::limits::{MOST_READ, MOST_SENDING};
use crate::{
    app::App,
    error::{Error, Result, TOO_MANY_REQUESTS},
};

/// Shared by all requests and jobs of this node.
pub struct Work {
    reading: Semaphore,
    sending: Arc<Mutex<HashMap<UserId, usize>>>,
    /// A file was read, or could not be.
    pub changed: Notify,
    /// There may be something to clear away.
    pub garbage: Notify,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            reading: Semaphore::new(MOST_READ),
            sending: Arc::default(),
            changed: Notify::new(),
            garbage: Notify::new(),
        }
    }
}

/// A place among those who send; given back when it is dropped.
pub struct Sending {
    all: Arc<Mutex<HashMap<UserId, usize>>>,
    owner: UserId,
}

impl Work {
    /// Takes a place for one upload of this person.
    pub fn begin_sending(&self, owner: UserId) -> Result<Sending> {
        let mut all = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(owner).or_default();
        if *count >= MOST_SENDING {
            let detail = "Too many files are being sent at the same time; send them one by one.";
            return Err(Error::new(TOO_MANY_REQUESTS, detail).retry_after(Duration::from_secs(2)));
        }
        *count += 1;
        drop(all);
        Ok(Sending {
            all: self.sending.clone(),
            owner,
        })
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.owner) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.owner);
            }
        }
    }
}

/// Takes a file apart on a thread of its own, few at the same time.
pub async fn take_apart<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let _place = app.files.reading.acquire().await.map_err(Error::internal)?;
    app.tasks.blocking(work).await.map_err(Error::internal)
}
