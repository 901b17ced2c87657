//! The answers that this node is writing at the moment.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use store::{ChatId, MessageId, UserId};
use tokio::sync::Notify;

use super::{live::Live, realtime::Sent};
use crate::{
    config::Config,
    error::{Error, Result, TOO_BUSY},
};

pub struct Answers {
    /// This node, in the rows of the generations that it runs.
    pub node_id: String,
    max_running: usize,
    running: Mutex<HashMap<MessageId, Arc<Live>>>,
    /// An answer began: the journal has work.
    pub began: Notify,
    /// The same, for those who pass pieces on to sockets.
    pub began_for_sockets: Notify,
    /// What sockets were sent.
    pub sent: Sent,
    /// An answer ended.
    pub ended: Notify,
}

impl Answers {
    pub fn new(config: &Config, node_id: &str) -> Self {
        Self {
            node_id: node_id.to_owned(),
            max_running: config.gateway.max_running,
            running: Mutex::default(),
            began: Notify::new(),
            began_for_sockets: Notify::new(),
            sent: Sent::default(),
            ended: Notify::new(),
        }
    }

    /// Refuses early what could only wait.
    pub fn admit(&self) -> Result<()> {
        if self.running().len() < self.max_running {
            return Ok(());
        }
        let detail = "All places for running answers are taken; try again in a moment.";
        Err(Error::new(TOO_BUSY, detail).retry_after(std::time::Duration::from_secs(2)))
    }

    pub fn add(&self, live: Arc<Live>) {
        metrics::gauge!("sangam_answers_running").increment(1.0);
        self.running().insert(live.message, live);
        self.began.notify_one();
        self.began_for_sockets.notify_one();
    }

    pub fn remove(&self, message: MessageId) {
        if self.running().remove(&message).is_some() {
            metrics::gauge!("sangam_answers_running").decrement(1.0);
            self.ended.notify_waiters();
        }
    }

    pub fn get(&self, message: MessageId) -> Option<Arc<Live>> {
        self.running().get(&message).cloned()
    }

    pub fn all(&self) -> Vec<Arc<Live>> {
        self.running().values().cloned().collect()
    }

    pub fn of_chat(&self, chat: ChatId) -> Vec<Arc<Live>> {
        self.running()
            .values()
            .filter(|live| live.chat == chat)
            .cloned()
            .collect()
    }

    pub fn of_owner(&self, owner: UserId) -> Vec<Arc<Live>> {
        self.running()
            .values()
            .filter(|live| live.owner == owner)
            .cloned()
            .collect()
    }

    pub fn is_idle(&self) -> bool {
        self.running().is_empty()
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashMap<MessageId, Arc<Live>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
