//! Notifications: what people are told that did not happen before their eyes.
//!
//! Invariants: of one thing there is one unread notification, and what is told again takes its
//! place; an answer is told of when its chat was open nowhere, and nothing of a blind comparison
//! leaks; a fact is told of once, whichever node reads it; a notification is its person's alone, and
//! goes with the account, with its chat, or when it is old.
//!
//! It does not decide when work has ended (who does the work calls [`tell`]), and it sends no mail.

pub mod http;
pub mod realtime;
mod service;
mod store;
mod subscriber;
mod upkeep;

pub use service::{NewNotification, tell};

use crate::{app::App, error::Result};

/// Begins to listen for facts that people are told of, and to forget what is old.
pub async fn start(app: &App) -> Result<()> {
    upkeep::start(app);
    subscriber::start(app).await
}
