//! Keeping chats in order: folders, tags, the list with its filters, and acts on many at once.
//!
//! Folders are a tree per person, without circles and of bounded depth. A tag is what its person
//! typed first; upper and lower case are the same tag. Nothing here moves a chat within the list.

pub mod http;
pub mod service;
pub mod store;
