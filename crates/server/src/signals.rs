//! The events of sockets, one table: what is sent takes its name from here, and docs/events.md is
//! made from it. Not the facts of `events.rs`: a signal is what a device hears, and may be lost.

/// Who sends an event, and who hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A device asks the server, which acknowledges.
    Ask,
    /// All devices of a person.
    Person,
    /// The devices that joined a chat.
    Chat,
}

/// One kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    pub name: &'static str,
    pub way: Way,
    /// The one object it carries, as TypeScript writes types; names are schemas of the API.
    pub payload: &'static str,
    pub when: &'static str,
}

macro_rules! signals {
    ($($constant:ident = $name:literal, $way:ident, $payload:literal, $when:literal;)+) => {
        $(pub const $constant: Signal = Signal {
            name: $name, way: Way::$way, payload: $payload, when: $when,
        };)+
        /// Every event there is.
        pub const SIGNALS: &[Signal] = &[$($constant),+];
    };
}

signals! {
    CHAT_JOIN = "chat:join", Ask, "{chatId}",
        "The device shows the chat. The answer has `running: {messageId, seq, content, reasoning}[]`, the answers under way, and `presence: {people}`; pieces go on behind `seq`. 50 chats at a time.";
    CHAT_LEAVE = "chat:leave", Ask, "{chatId}",
        "The device shows the chat no more.";
    TYPING_ASK = "typing", Ask, "{chatId, isTyping}",
        "Somebody begins or ends to write in a chat that was joined. Say it again every few seconds; whoever hears nothing for ten forgets it.";
    CHAT_CREATED = "chat:created", Person, "{chat: ChatSummary}",
        "A chat was begun, forked or imported.";
    CHAT_UPDATED = "chat:updated", Person, "{chat: ChatSummary}",
        "Something that a list shows has changed: title, place, tags, unread, the leaf in use.";
    CHAT_DELETED = "chat:deleted", Person, "{chatId}",
        "A chat is gone.";
    FOLDERS_CHANGED = "folders:changed", Person, "{}",
        "A folder was made, changed or deleted: read them again.";
    MESSAGE_CREATED = "message:created", Person, "{chatId, userMessage: Message | null, assistantMessages: Message[]}",
        "A question with its unfinished answers; or, with `userMessage: null`, an answer that is made again or was edited.";
    MESSAGE_UPDATED = "message:updated", Person, "{chatId, message: Message}",
        "A message is shown otherwise than before: an answer is gone on with, a vote was cast, a blind pair was revealed.";
    MESSAGE_DELTA = "message:delta", Chat, "{chatId, messageId, from, seq, text?, reasoning?}",
        "The pieces `from` to `seq` of an answer, joined. `from` is one more than the last `seq`; after a gap read the chat again.";
    MESSAGE_STATUS = "message:status", Chat, "{chatId, messageId, seq, status, error?}",
        "An answer has come to its end; no piece follows.";
    MESSAGE_DONE = "message:done", Chat, "{chatId, message: Message}",
        "Right after `message:status`: the answer as it stands.";
    PRESENCE = "presence", Chat, "{chatId, people: {sessionId, userId, name, device, isYou}[]}",
        "Somebody came or left; one entry for each session, of those on the same server.";
    TYPING = "typing", Chat, "{chatId, sessionId, userId, name, isTyping}",
        "Somebody else begins or ends to write.";
    NOTIFICATION = "notification", Person, "{notification: Notification, unreadCount}",
        "There is something to tell; one with an id that is known takes its place.";
    NOTIFICATIONS_READ = "notifications:read", Person, "{unreadCount}",
        "Notifications were read or deleted, on whichever device.";
    JOB_PROGRESS = "job:progress", Person, "{job: Job}",
        "A job of one's own came further or ended; steps in between may be left out, the end is not.";
    FILE_UPDATED = "file:updated", Person, "{file: File}",
        "A file of one's own was read, or could not be.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_thing_in_each_direction() {
        let key = |signal: &Signal| (signal.name, signal.way == Way::Ask);
        let mut keys: Vec<_> = SIGNALS.iter().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), SIGNALS.len());
    }
}
