//! One answer, from the request to its last event.

use gateway::{Error, ErrorKind, Event, FinishReason, Request, Usage};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    engine::{Broken, Engine, PIECE, Run},
    memory::{Memories, Memory},
    prompt::Reader,
    sampler::{Sampler, Taste},
    text::Text,
    tokenizer::Tokenizer,
};

/// What is sent to whoever asked.
pub(crate) type Events = UnboundedSender<Result<Event, Error>>;

/// Why an answer ended early.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Nobody listens any more.
    Cancelled,
    /// With a word to whoever asked.
    Failed(Error),
    /// The engine cannot be used any more.
    Broken,
}

impl From<Broken> for Stopped {
    fn from(_: Broken) -> Self {
        Self::Broken
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What an answer is made by.
pub(crate) struct Answerer<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) taste: Taste,
    pub(crate) seed: u64,
    /// Tokens of an answer whose length nobody limited.
    pub(crate) max_tokens: usize,
    pub(crate) is_closing: &'a (dyn Fn() -> bool + Sync),
}

impl Answerer<'_> {
    /// Answers `request` with events, the last of them [`Event::Finish`].
    pub(crate) fn answer(
        &self,
        engine: &mut Engine,
        memories: &mut Memories,
        request: &Request,
        events: &Events,
    ) -> Result<(), Stopped> {
        let asked = request
            .params
            .max_tokens
            .and_then(|most| usize::try_from(most).ok());
        let wanted = asked.unwrap_or(self.max_tokens).max(1);
        let prompt = self.reader.prompt(request, wanted)?;
        let limit = wanted.min(self.reader.context - prompt.len());
        let (number, memory) = memories.claim(request.conversation.as_deref(), &prompt);
        let recent = if request.continues {
            prompt.as_slice()
        } else {
            &[]
        };
        let generation = Generation {
            answerer: self,
            tokenizer: self.reader.tokenizer,
            number,
            memory,
            sampler: Sampler::new(self.taste(request), self.seed, recent),
            text: Text::new(&request.params.stop),
            events,
        };
        let outcome = engine
            .run(|run| generation.finish(run, &prompt, limit))
            .map_err(|_| Error::new(ErrorKind::Busy, "The machine has no thread to spare."))?;
        let (finish, completion_tokens) = outcome?;
        let usage = Usage {
            prompt_tokens: count(prompt.len()),
            completion_tokens: count(completion_tokens),
            cost_microusd: Some(0),
        };
        send(events, Event::Usage(usage))?;
        send(events, Event::Finish(finish))
    }

    fn taste(&self, request: &Request) -> Taste {
        let params = &request.params;
        let own = |asked: Option<f64>, default: f32, most: f64| {
            asked
                .filter(|value| value.is_finite())
                .map_or(default, |v| v.clamp(0.0, most) as f32)
        };
        Taste {
            temperature: own(params.temperature, self.taste.temperature, 2.0),
            top_p: own(params.top_p, self.taste.top_p, 1.0),
            ..self.taste
        }
    }
}

/// The state of an answer that is being made.
struct Generation<'a> {
    answerer: &'a Answerer<'a>,
    tokenizer: &'a Tokenizer,
    number: usize,
    memory: &'a mut Memory,
    sampler: Sampler,
    text: Text,
    events: &'a Events,
}

impl Generation<'_> {
    /// Why the answer ended, and how many tokens it took.
    fn finish(
        mut self,
        run: &mut Run<'_>,
        prompt: &[u32],
        limit: usize,
    ) -> Result<(FinishReason, usize), Stopped> {
        let mut next = self.read(run, prompt)?;
        for count in 1..=limit {
            if self.tokenizer.is_end(next) {
                self.show_rest()?;
                return Ok((FinishReason::Stop, count - 1));
            }
            let shown = self.text.push(self.tokenizer.bytes(next));
            self.show(shown.text)?;
            if shown.is_stopped {
                return Ok((FinishReason::Stop, count));
            }
            if count < limit {
                self.go_on()?;
                next = self.choose(run, &[next])?;
            }
        }
        self.show_rest()?;
        Ok((FinishReason::Length, limit))
    }

    /// Reads what is new of the prompt, and chooses the first token of the answer.
    fn read(&mut self, run: &mut Run<'_>, prompt: &[u32]) -> Result<u32, Stopped> {
        loop {
            self.go_on()?;
            let new = &prompt[self.memory.length()..];
            if new.len() <= PIECE {
                return self.choose(run, new);
            }
            run.read(self.number, self.memory.length(), &new[..PIECE])?;
            self.memory.extend(&new[..PIECE]);
        }
    }

    fn choose(&mut self, run: &mut Run<'_>, tokens: &[u32]) -> Result<u32, Stopped> {
        let scores = run.scores(self.number, self.memory.length(), tokens)?;
        self.memory.extend(tokens);
        Ok(self.sampler.choose(scores))
    }

    fn go_on(&self) -> Result<(), Stopped> {
        if self.events.is_closed() || (self.answerer.is_closing)() {
            return Err(Stopped::Cancelled);
        }
        Ok(())
    }

    fn show_rest(&mut self) -> Result<(), Stopped> {
        let text = std::mem::take(&mut self.text).finish();
        self.show(text)
    }

    fn show(&self, text: String) -> Result<(), Stopped> {
        if text.is_empty() {
            Ok(())
        } else {
            send(self.events, Event::Text(text))
        }
    }
}

fn send(events: &Events, event: Event) -> Result<(), Stopped> {
    events.send(Ok(event)).map_err(|_| Stopped::Cancelled)
}

fn count(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}
