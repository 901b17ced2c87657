//! Sockets, spoken to in Engine.IO 4 and Socket.IO 5 as they are on the wire.

mod chats;
mod door;
pub(crate) mod line;

pub(crate) use line::Line;
