//! How many of what.

/// Files on one message.
pub const MOST_ATTACHED: usize = 20;
/// Files that one account sends at the same time.
pub const MOST_SENDING: usize = 20;
/// Files that are taken apart at the same time: each may need much memory for a while.
pub const MOST_READ: usize = 2;
