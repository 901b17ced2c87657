//! The rooms, one per thing that people do here.

pub mod accounts;
pub mod chats;
pub mod files;
pub mod leaderboard;
pub mod models;
pub mod notifications;
pub mod system;
pub mod transfers;
