//! One answer while it arrives: frames in, events out, and what is known at its end.

use std::{collections::VecDeque, sync::Arc};

use serde_json::{Value, value::RawValue};

use super::{
    chunk::{Choice, Chunk, Text},
    citations::{Citations, without_nul},
    think::{Piece, Think},
};
use crate::{Error, Event, FinishReason, Usage, fault::Faults, sse::Frame};

/// Texts that arrive together are passed on together up to this size.
const LARGEST_TEXT: usize = 64 * 1024;

/// What one answer has come to so far.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) faults: Arc<Faults>,
    pub(super) events: VecDeque<Event>,
    most_bytes: usize,
    bytes: usize,
    think: Think,
    citations: Citations,
    is_model_known: bool,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
    is_done: bool,
    frames: u64,
}

impl Answer {
    pub(super) fn new(faults: Arc<Faults>, most_bytes: usize) -> Self {
        Self {
            faults,
            events: VecDeque::new(),
            most_bytes,
            bytes: 0,
            think: Think::default(),
            citations: Citations::default(),
            is_model_known: false,
            usage: None,
            finish: None,
            is_done: false,
            frames: 0,
        }
    }

    /// The provider said `[DONE]`: nothing that follows counts.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// The model is done, though the provider may have more to say about it.
    pub(super) fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Bytes of an answer at the most.
    pub(super) fn most_bytes(&self) -> usize {
        self.most_bytes
    }

    /// Takes one frame of the stream.
    pub(super) fn frame(&mut self, frame: &Frame<'_>) -> Result<(), Error> {
        self.frames += 1;
        if frame.data.trim() == "[DONE]" {
            self.is_done = true;
            return Ok(());
        }
        let mut storage = None;
        let chunk = Chunk::read(&frame.data, &mut storage);
        if frame.event == "error" {
            let error = serde_json::from_str(&frame.data);
            return Err(self.failed(&error.unwrap_or_else(|_| Value::from(&*frame.data))));
        }
        let chunk = chunk.map_err(|_| self.faults.protocol("a piece that cannot be read"))?;
        self.chunk(chunk)
    }

    /// Takes a whole answer, which a server sends that does not stream.
    pub(super) fn whole(&mut self, json: &str) -> Result<(), Error> {
        self.frames += 1;
        let mut storage = None;
        let chunk = Chunk::read(json, &mut storage)
            .map_err(|_| self.faults.protocol("an answer that cannot be read"))?;
        if chunk.choices.as_ref().is_none_or(Vec::is_empty) && chunk.error.is_none() {
            return Err(self.faults.protocol("something that is no answer"));
        }
        self.is_done = true;
        self.chunk(chunk)
    }

    /// The stream is over: what remains to be told, and whether the answer is whole.
    /// `strays` are lines that no event stream has.
    pub(super) fn end(&mut self, strays: u64) -> Result<(), Error> {
        self.flush();
        self.events.extend(self.usage.take().map(Event::Usage));
        match self
            .finish
            .take()
            .or(self.is_done.then_some(FinishReason::Stop))
        {
            Some(reason) => {
                self.events.push_back(Event::Finish(reason));
                Ok(())
            }
            None if self.frames == 0 && strays > 0 => {
                Err(self.faults.protocol("something that is no answer"))
            }
            None => Err(self.faults.cut()),
        }
    }

    /// The stream failed: what was held back is still told.
    pub(super) fn abandon(&mut self) {
        self.flush();
        self.events.extend(self.usage.take().map(Event::Usage));
    }

    fn flush(&mut self) {
        let Self { think, events, .. } = self;
        think.end(&mut |piece| append(events, piece));
    }

    fn chunk(&mut self, mut chunk: Chunk<'_>) -> Result<(), Error> {
        if !self.is_model_known && !chunk.model.0.trim().is_empty() {
            self.is_model_known = true;
            let model: String = chunk.model.0.trim().chars().take(256).collect();
            self.events.push_back(Event::Model(without_nul(model)));
        }
        self.usage = chunk.usage().or(self.usage);
        self.cite(&chunk);
        // Only one answer is ever asked for.
        let choice = chunk
            .choices
            .take()
            .and_then(|choices| choices.into_iter().next());
        let error = chunk
            .error
            .or(choice.as_ref().and_then(|choice| choice.error));
        if let Some(choice) = choice {
            let finish = choice.finish();
            self.choice(choice)?;
            match finish {
                Ok(finish) if error.is_none() => self.finish = finish.or(self.finish.take()),
                Err(()) if error.is_none() => return Err(self.faults.of_object(&Value::Null)),
                Ok(_) | Err(()) => {}
            }
        }
        match error {
            Some(error) => Err(self.failed(&value(error))),
            None => Ok(()),
        }
    }

    fn choice(&mut self, mut choice: Choice<'_>) -> Result<(), Error> {
        let Some(mut delta) = choice.take_delta() else {
            return Ok(());
        };
        if let Some(annotations) = delta.annotations {
            let Self {
                citations, events, ..
            } = self;
            citations.annotations(annotations.get(), &mut |event| events.push_back(event));
        }
        let reasoning = delta.take_reasoning();
        if !reasoning.0.is_empty() {
            let reasoning = self.counted(reasoning)?;
            self.think.is_sent_apart();
            append(&mut self.events, Piece::Reasoning(reasoning));
        }
        for text in [delta.content, delta.refusal] {
            if !text.0.is_empty() {
                let text = self.counted(text)?;
                let Self { think, events, .. } = self;
                think.push(text, &mut |piece| append(events, piece));
            }
        }
        Ok(())
    }

    fn cite(&mut self, chunk: &Chunk<'_>) {
        let Self {
            citations, events, ..
        } = self;
        let mut sink = |event| events.push_back(event);
        if let Some(results) = chunk.search_results {
            citations.search_results(results.get(), &mut sink);
        }
        if let Some(addresses) = chunk.citations {
            citations.addresses(addresses.get(), &mut sink);
        }
    }

    /// The text, if the answer may still grow by it.
    fn counted(&mut self, text: Text<'_>) -> Result<String, Error> {
        self.bytes = self.bytes.saturating_add(text.0.len());
        if self.bytes > self.most_bytes {
            return Err(self.faults.protocol("more than an answer may hold"));
        }
        Ok(without_nul(text.0.into_owned()))
    }

    /// An error that came in place of a chunk; some servers wrap it once more.
    fn failed(&self, error: &Value) -> Error {
        let inner = error.get("error").filter(|inner| !inner.is_null());
        self.faults.of_object(inner.unwrap_or(error))
    }
}

fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

/// Adds a piece; to the last one where they are of a kind and wait together.
fn append(events: &mut VecDeque<Event>, piece: Piece) {
    match (events.back_mut(), piece) {
        (Some(Event::Text(last)), Piece::Text(text)) if last.len() < LARGEST_TEXT => {
            last.push_str(&text);
        }
        (Some(Event::Reasoning(last)), Piece::Reasoning(text)) if last.len() < LARGEST_TEXT => {
            last.push_str(&text);
        }
        (_, Piece::Text(text)) => events.push_back(Event::Text(text)),
        (_, Piece::Reasoning(text)) => events.push_back(Event::Reasoning(text)),
    }
}
