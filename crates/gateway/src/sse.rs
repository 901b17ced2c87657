//! Server-sent events, read from bytes as they arrive.
//!
//! Every byte is looked at once: a line is searched for in the new bytes only, and what is left of
//! an unfinished line waits in a buffer that is never scanned again. Line ends are LF, CR or CRLF,
//! also where a chunk boundary divides them. Bytes that are not UTF-8 become U+FFFD, so that one bad byte
//! costs one character and not the answer. Lines with an unknown field are skipped and counted.
//! Reconnection (`id`, `retry`) is no business of this decoder.

use std::{borrow::Cow, mem};

/// One event: its name (`message` when none was given) and its data lines joined by LF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The event's name; empty when the stream gave none.
    pub event: Cow<'a, str>,
    /// The data, never empty.
    pub data: Cow<'a, str>,
}

/// How much of what a decoder takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SseLimits {
    /// One line.
    pub line: usize,
    /// The data of one event.
    pub event: usize,
    /// The whole stream.
    pub total: u64,
}

impl Default for SseLimits {
    /// 1 MiB a line, 2 MiB an event, 512 MiB a stream: a token of four letters comes in an envelope
    /// of some 200 bytes.
    fn default() -> Self {
        Self {
            line: 1 << 20,
            event: 2 << 20,
            total: 512 << 20,
        }
    }
}

/// A stream that is larger than allowed; the decoder takes nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SseError {
    /// One line passed its limit.
    #[error("a line is too long")]
    LineTooLong,
    /// The data of one event passed its limit.
    #[error("an event is too long")]
    EventTooLong,
    /// The whole passed its limit.
    #[error("the stream is too long")]
    StreamTooLong,
}

/// Buffers above this size are given back after the line or event that needed them.
const KEPT_CAPACITY: usize = 16 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An incremental decoder of one stream.
#[derive(Debug, Default)]
pub struct Decoder {
    limits: SseLimits,
    total: u64,
    partial: Vec<u8>,
    data: Vec<u8>,
    event: String,
    has_data: bool,
    past_first_line: bool,
    after_cr: bool,
    strays: u64,
}

impl Decoder {
    /// Starts at the beginning of a stream.
    pub fn new(limits: SseLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// How many lines so far had no field of the protocol.
    pub fn strays(&self) -> u64 {
        self.strays
    }

    /// Takes the next bytes and gives every event that they complete to `sink`, in order.
    pub fn push(&mut self, bytes: &[u8], sink: &mut impl FnMut(Frame<'_>)) -> Result<(), SseError> {
        self.total = self
            .total
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.total > self.limits.total {
            return Err(SseError::StreamTooLong);
        }
        let mut rest = self.without_divided_line_end(bytes);
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            let (line, tail) = rest.split_at(end);
            rest = self.after_line_end(tail);
            self.check_line(line)?;
            if self.partial.is_empty() {
                self.line(line, sink)?;
            } else {
                self.partial.extend_from_slice(line);
                let mut whole = mem::take(&mut self.partial);
                self.line(&whole, sink)?;
                empty(&mut whole);
                self.partial = whole;
            }
        }
        self.check_line(rest)?;
        self.partial.extend_from_slice(rest);
        Ok(())
    }

    /// Ends the stream: a last line and event without their line ends still count.
    pub fn end(&mut self, sink: &mut impl FnMut(Frame<'_>)) -> Result<(), SseError> {
        let last = mem::take(&mut self.partial);
        if !last.is_empty() {
            self.line(&last, sink)?;
        }
        self.dispatch(sink);
        Ok(())
    }

    /// Drops the LF of a CRLF whose CR ended the chunk before.
    fn without_divided_line_end<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        if !self.after_cr || bytes.is_empty() {
            return bytes;
        }
        self.after_cr = false;
        bytes.strip_prefix(b"\n").unwrap_or(bytes)
    }

    fn after_line_end<'a>(&mut self, tail: &'a [u8]) -> &'a [u8] {
        self.after_cr = tail == b"\r";
        tail.strip_prefix(b"\r\n")
            .or_else(|| tail.get(1..))
            .unwrap_or_default()
    }

    fn check_line(&self, more: &[u8]) -> Result<(), SseError> {
        let is_short = self.partial.len().saturating_add(more.len()) <= self.limits.line;
        if is_short {
            Ok(())
        } else {
            Err(SseError::LineTooLong)
        }
    }

    fn line(&mut self, line: &[u8], sink: &mut impl FnMut(Frame<'_>)) -> Result<(), SseError> {
        let mut line = line;
        if !self.past_first_line {
            self.past_first_line = true;
            line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        }
        if line.is_empty() {
            self.dispatch(sink);
            return Ok(());
        }
        let (field, value) = match memchr::memchr(b':', line) {
            Some(colon) => {
                let (field, value) = line.split_at(colon);
                let value = value.get(1..).unwrap_or_default();
                (field, value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, [].as_slice()),
        };
        match field {
            b"data" => self.data_line(value)?,
            b"event" => self.event = String::from_utf8_lossy(value).into_owned(),
            b"" | b"id" | b"retry" => {} // an empty field is a comment: a keep-alive
            _ => self.strays = self.strays.saturating_add(1),
        }
        Ok(())
    }

    fn data_line(&mut self, value: &[u8]) -> Result<(), SseError> {
        if self.data.len().saturating_add(value.len()) >= self.limits.event {
            return Err(SseError::EventTooLong);
        }
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(value);
        Ok(())
    }

    fn dispatch(&mut self, sink: &mut impl FnMut(Frame<'_>)) {
        if !self.data.is_empty() {
            sink(Frame {
                event: Cow::Borrowed(&self.event),
                data: String::from_utf8_lossy(&self.data),
            });
        }
        empty(&mut self.data);
        self.event.clear();
        self.has_data = false;
    }
}

fn empty(buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.shrink_to(KEPT_CAPACITY);
}
