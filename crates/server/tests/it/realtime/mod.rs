//! Sockets, spoken to in Engine.IO 4 and Socket.IO 5 as they are on the wire.

mod chats;
mod door;
mod elsewhere;
mod limits;
pub(crate) mod line;

mod polling;
mod protocol;
mod updates;

pub(crate) use line::Line;
