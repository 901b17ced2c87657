//! Which tokens the engine still remembers, so that the next turn of a chat reads only what is new.

/// The remembered conversations, by the numbers the engine knows them by.
#[derive(Debug)]
pub(crate) struct Memories {
    slots: Vec<Memory>,
    turn: u64,
}

/// One remembered conversation.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    conversation: Option<String>,
    /// The tokens whose keys and values the engine holds.
    tokens: Vec<u32>,
    used: u64,
}

impl Memory {
    /// How many tokens are held: the position of the next.
    pub(crate) fn length(&self) -> usize {
        self.tokens.len()
    }

    /// More tokens were read.
    pub(crate) fn extend(&mut self, tokens: &[u32]) {
        self.tokens.extend_from_slice(tokens);
    }
}

impl Memories {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            slots: std::iter::repeat_with(Memory::default)
                .take(count)
                .collect(),
            turn: 0,
        }
    }

    /// The memory to use for `prompt`, cut down to what both have in common.
    ///
    /// A conversation finds its own memory again; another takes the one that was not used for the
    /// longest time. The last token of the prompt is always read anew: its scores are needed.
    pub(crate) fn claim(
        &mut self,
        conversation: Option<&str>,
        prompt: &[u32],
    ) -> (usize, &mut Memory) {
        self.turn += 1;
        let own = self.slots.iter().position(|slot| {
            conversation.is_some() && slot.conversation.as_deref() == conversation
        });
        let oldest = || {
            let used = self
                .slots
                .iter()
                .enumerate()
                .min_by_key(|(_, slot)| slot.used);
            used.map_or(0, |(at, _)| at)
        };
        let at = own.unwrap_or_else(oldest);
        let slot = &mut self.slots[at];
        let common = slot
            .tokens
            .iter()
            .zip(prompt)
            .take_while(|(a, b)| a == b)
            .count();
        slot.tokens
            .truncate(common.min(prompt.len().saturating_sub(1)));
        slot.conversation = conversation.map(str::to_owned);
        slot.used = self.turn;
        (at, slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(
        memories: &mut Memories,
        conversation: Option<&str>,
        prompt: &[u32],
    ) -> (usize, usize) {
        let (at, memory) = memories.claim(conversation, prompt);
        let length = memory.length();
        memory.extend(&prompt[length..]);
        (at, length)
    }

    #[test]
    fn a_conversation_finds_its_own_memory_again() {
        let mut memories = Memories::new(2);
        assert_eq!(claim(&mut memories, Some("a"), &[1, 2, 3]), (0, 0));
        assert_eq!(claim(&mut memories, Some("b"), &[1, 2, 9]), (1, 0));
        assert_eq!(claim(&mut memories, Some("a"), &[1, 2, 3, 4, 5]), (0, 3));
        assert_eq!(claim(&mut memories, Some("a"), &[1, 2, 7]), (0, 2));
    }

    #[test]
    fn a_third_conversation_takes_the_place_of_the_one_longest_unused() {
        let mut memories = Memories::new(2);
        claim(&mut memories, Some("a"), &[1, 2]);
        claim(&mut memories, Some("b"), &[3, 4]);
        claim(&mut memories, Some("a"), &[1, 2, 3]);
        assert_eq!(claim(&mut memories, Some("c"), &[3, 4, 5]), (1, 2));
        assert_eq!(claim(&mut memories, Some("a"), &[1, 2, 3, 4]).0, 0);
    }

    #[test]
    fn the_last_token_is_always_read_anew() {
        let mut memories = Memories::new(1);
        claim(&mut memories, None, &[1, 2, 3]);
        assert_eq!(claim(&mut memories, None, &[1, 2, 3]), (0, 2));
    }
}
