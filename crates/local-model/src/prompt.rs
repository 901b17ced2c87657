//! From a conversation to the tokens of a prompt that leaves room for the answer.
//!
//! When a conversation has outgrown the model, its oldest turns are left out; the system message and
//! the newest turn always stay.

use gateway::{Error, ErrorKind, Message, Request, Role};

use crate::{
    template::{Template, Turn},
    tokenizer::Tokenizer,
};

/// Tokens kept free for the answer, when the context is large enough; a quarter of it otherwise.
const ROOM: usize = 512;
/// An answer shorter than this is not worth starting.
const LEAST_ROOM: usize = 32;

/// What turns a conversation into tokens.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) tokenizer: &'a Tokenizer,
    pub(crate) template: &'a Template,
    /// Tokens of prompt and answer together.
    pub(crate) context: usize,
}

impl Reader<'_> {
    /// The prompt for `request`, whose answer may take up to `wanted` tokens.
    pub(crate) fn prompt(&self, request: &Request, wanted: usize) -> Result<Vec<u32>, Error> {
        let (messages, unfinished) = split_unfinished(request);
        if messages.is_empty() {
            return Err(Error::new(
                ErrorKind::Refused,
                "There is no message to answer.",
            ));
        }
        let turns: Vec<Turn> = messages
            .iter()
            .map(|message| Turn::new(message.role, self.tokenizer.guard(&message.content)))
            .collect();
        let unfinished = self.tokenizer.guard(unfinished);
        let room = wanted.min(ROOM).min(self.context / 4).max(1);
        let mut dropped = 0;
        loop {
            let kept = without_oldest(&turns, dropped);
            let tokens = self.tokens(&kept, &unfinished)?;
            if tokens.len() + room <= self.context {
                return Ok(tokens);
            }
            // In large steps: the next turns then leave out the same, and find their beginning remembered.
            let step = (self.context / 8).max(1);
            let excess = (tokens.len() + room - self.context).next_multiple_of(step);
            match self.more_dropped(&turns, dropped, excess) {
                Some(more) => dropped = more,
                None if tokens.len() + LEAST_ROOM.min(room) <= self.context => return Ok(tokens),
                None => return Err(self.too_long(tokens.len())),
            }
        }
    }

    fn tokens(&self, turns: &[Turn], unfinished: &str) -> Result<Vec<u32>, Error> {
        let refused = |reason: String| {
            let reason = reason.lines().next().unwrap_or_default();
            let message =
                format!("The model's chat template does not take this conversation: {reason}");
            Error::new(ErrorKind::Refused, message)
        };
        let mut text = self
            .template
            .render(turns)
            .map_err(|error| refused(error.to_string()))?;
        text.push_str(unfinished);
        self.tokenizer
            .encode(&text)
            .map_err(|error| refused(error.to_string()))
    }

    /// How many of the oldest turns to leave out, if `dropped` leave `excess` tokens too many.
    fn more_dropped(&self, turns: &[Turn], dropped: usize, excess: usize) -> Option<usize> {
        let first = first_turn(turns);
        // The newest question stays.
        let last = turns
            .iter()
            .rposition(|turn| turn.role() == Role::User)?
            .max(first);
        let mut freed = 0;
        let mut more = dropped;
        while first + more < last {
            freed += self.size(&turns[first + more]);
            more += 1;
            // A conversation begins with a question.
            if freed >= excess && turns[first + more].role() == Role::User {
                break;
            }
        }
        (more > dropped).then_some(more)
    }

    /// Tokens that one turn takes, about: the template's own around it are guessed, and whoever asks
    /// counts the whole again.
    fn size(&self, turn: &Turn) -> usize {
        const AROUND: usize = 5;
        self.tokenizer
            .encode(turn.content())
            .map_or(1, |tokens| tokens.len())
            + AROUND
    }

    fn too_long(&self, tokens: usize) -> Error {
        let message = format!(
            "The message takes {tokens} tokens, too many for the {} that the model can hold \
             together with its answer.",
            self.context
        );
        Error::new(ErrorKind::ContextTooLong, message)
    }
}

/// The whole messages, and the text of the answer to be gone on with.
fn split_unfinished(request: &Request) -> (&[Message], &str) {
    match request.messages.split_last() {
        Some((last, rest)) if request.continues && last.role == Role::Assistant => {
            (rest, &last.content)
        }
        _ => (&request.messages, ""),
    }
}

/// Index of the first turn that is not the system message.
fn first_turn(turns: &[Turn]) -> usize {
    turns
        .iter()
        .position(|turn| turn.role() != Role::System)
        .unwrap_or(turns.len())
}

fn without_oldest(turns: &[Turn], dropped: usize) -> Vec<Turn> {
    let first = first_turn(turns);
    turns[..first]
        .iter()
        .chain(&turns[first + dropped..])
        .cloned()
        .collect()
}
