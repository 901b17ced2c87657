//! From an HTTP answer to the events of a conversation's answer, each as it arrives.

use std::time::Duration;

use futures::stream;
use outbound::{Bytes, Failure, Response};

use super::answer::Answer;
use crate::{
    Error, Event, EventStream,
    sse::{Decoder, SseLimits},
};

/// How long a provider may take to say the rest once the model is done: usage, `[DONE]`, the end.
const SETTLE: Duration = Duration::from_secs(5);
/// How long the proper end of the body is waited for after `[DONE]`, so that the connection can be
/// used again. It comes in the same packet, or not at all.
const DRAIN: Duration = Duration::from_millis(20);

/// Reads an answer, whatever it turns out to be: an event stream, or a whole JSON text from a server
/// that does not stream. Its first visible byte decides, since content types are often wrong.
pub(super) fn of(response: Response, answer: Answer) -> EventStream {
    let decoder = Decoder::new(SseLimits::default());
    let reading = Box::new(Reading {
        response,
        decoder,
        answer,
        form: Form::Unknown,
        fault: None,
    });
    Box::pin(stream::unfold(reading, Reading::next))
}

struct Reading {
    response: Response,
    decoder: Decoder,
    answer: Answer,
    form: Form,
    /// Told after the events that came before it.
    fault: Option<Error>,
}

enum Form {
    Unknown,
    Events,
    Whole(Vec<u8>),
    Over,
}

impl Reading {
    async fn next(mut self: Box<Self>) -> Option<(Result<Event, Error>, Box<Self>)> {
        loop {
            if let Some(event) = self.answer.events.pop_front() {
                return Some((Ok(event), self));
            }
            if let Some(fault) = self.fault.take() {
                return Some((Err(fault), self));
            }
            if matches!(self.form, Form::Over) {
                return None;
            }
            if let Err(fault) = self.read().await {
                self.answer.abandon();
                self.fault = Some(fault);
                self.form = Form::Over;
            }
        }
    }

    /// Takes the next bytes, or the end.
    async fn read(&mut self) -> Result<(), Error> {
        match self.chunk().await {
            Ok(Some(bytes)) => match self.take(&bytes) {
                // Whatever goes wrong afterwards, an answer that was finished is whole.
                Err(_) if self.answer.is_finished() => return self.end(),
                taken => taken?,
            },
            Ok(None) => return self.end(),
            Err(failure) => return self.broken(&failure),
        }
        if self.answer.is_done() {
            // A connection that is not drained is closed instead of kept; nothing else depends on it.
            drop(tokio::time::timeout(DRAIN, self.response.chunk()).await);
            return self.end();
        }
        Ok(())
    }

    /// The connection ended badly, which matters only as long as the answer has not ended.
    fn broken(&mut self, failure: &Failure) -> Result<(), Error> {
        if matches!(self.form, Form::Events) {
            self.last_event();
        }
        if self.answer.is_finished() || self.answer.is_done() {
            return self.end();
        }
        Err(self.answer.faults.of_failure(failure))
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        if !self.answer.is_finished() {
            return self.response.chunk().await;
        }
        tokio::time::timeout(SETTLE, self.response.chunk())
            .await
            .unwrap_or(Ok(None))
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if matches!(self.form, Form::Unknown) {
            self.form = match first_visible(bytes) {
                None => return Ok(()),
                Some(b'{' | b'[') => Form::Whole(Vec::new()),
                Some(b'<') => {
                    let page = "a web page instead of an answer: its base URL may be wrong";
                    return Err(self.answer.faults.protocol(page));
                }
                Some(_) => Form::Events,
            };
        }
        match &mut self.form {
            Form::Whole(text) => {
                if text.len().saturating_add(bytes.len()) > self.answer.most_bytes() {
                    return Err(self.answer.faults.protocol("more than an answer may hold"));
                }
                text.extend_from_slice(bytes);
                Ok(())
            }
            _ => self.events(bytes),
        }
    }

    fn events(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let Self {
            decoder, answer, ..
        } = self;
        let mut outcome = Ok(());
        let pushed = decoder.push(bytes, &mut |frame| {
            if outcome.is_ok() && !answer.is_done() {
                outcome = answer.frame(&frame);
            }
        });
        outcome?;
        match pushed {
            Err(_) if !answer.is_done() => {
                Err(answer.faults.protocol("more at once than is taken"))
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        let form = std::mem::replace(&mut self.form, Form::Over);
        match form {
            Form::Whole(text) => self.answer.whole(&String::from_utf8_lossy(&text))?,
            Form::Events if !self.answer.is_done() => self.last_event(),
            Form::Unknown | Form::Events | Form::Over => {}
        }
        self.answer.end(self.decoder.strays())
    }

    /// A last event without its line end counts if it is whole; else the stream was cut.
    fn last_event(&mut self) {
        let Self {
            decoder, answer, ..
        } = self;
        let ended = decoder.end(&mut |frame| {
            if answer.frame(&frame).is_err() {
                tracing::debug!("the stream ended within an event");
            }
        });
        if ended.is_err() {
            tracing::debug!("the stream ended within an event that is too long");
        }
    }
}

/// The first byte that is neither white space nor part of a byte order mark.
fn first_visible(bytes: &[u8]) -> Option<u8> {
    bytes
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xEF | 0xBB | 0xBF))
}
