//! How much one file may cost, and why one is refused.

use std::time::{Duration, Instant};

/// The most that one file may need; the default suits files of up to 25 MiB.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Characters of text that come out.
    pub text_chars: usize,
    /// Bytes that an archive, or the packed streams of a PDF, may unpack to altogether.
    pub unpacked_bytes: u64,
    /// Bytes that one part of an archive or one page of a PDF may unpack to.
    pub part_bytes: u64,
    /// Entries in an archive.
    pub entries: usize,
    /// How many times its packed size a part may unpack to, once it is larger than a mebibyte.
    pub ratio: u64,
    /// Pixels of an image, before anything is decoded.
    pub pixels: u64,
    /// Bytes that an image's pixels may take in memory.
    pub pixel_bytes: u64,
    /// Pixels on the longer side of the image made anew.
    pub image_px: u32,
    /// Pixels on the longer side of the small image.
    pub thumb_px: u32,
    /// Time for all of it.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_chars: 4_000_000,
            unpacked_bytes: 256 << 20,
            part_bytes: 64 << 20,
            entries: 5_000,
            ratio: 100,
            pixels: 40_000_000,
            pixel_bytes: 160 << 20,
            image_px: 2_048,
            thumb_px: 320,
            time: Duration::from_secs(30),
        }
    }
}

impl Limits {
    pub(crate) fn start(&self) -> Budget<'_> {
        Budget {
            limits: self,
            until: Instant::now() + self.time,
        }
    }
}

/// The limits of one piece of work that has begun.
pub(crate) struct Budget<'a> {
    pub(crate) limits: &'a Limits,
    until: Instant,
}

impl Budget<'_> {
    /// Asked between steps: whether there is time, and room for the text so far.
    pub(crate) fn check(&self, text: &str) -> Result<(), Refused> {
        if Instant::now() > self.until {
            return Err(Refused::TooSlow);
        }
        self.fits(text)
    }

    /// Whether there is room for the text.
    pub(crate) fn fits(&self, text: &str) -> Result<(), Refused> {
        let most = self.limits.text_chars;
        // Counting is needed only where the bytes do not decide.
        if text.len() > most && text.chars().count() > most {
            return Err(Refused::TooLarge(format!(
                "its text is longer than {most} characters"
            )));
        }
        Ok(())
    }
}

/// Why a file cannot be used; each reads as the end of "The file cannot be read: …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not what it claims to be, or broken.
    #[error("{0}")]
    Unreadable(String),
    /// Protected by a password.
    #[error("it is protected by a password: remove it and send the file again")]
    Locked,
    /// Over one of the limits.
    #[error("{0}")]
    TooLarge(String),
    /// Reading took too long.
    #[error("reading it took too long: send a smaller part of it")]
    TooSlow,
    /// Nothing to read.
    #[error("it holds no text; pages that are pictures can be sent as images")]
    NoText,
}

impl Refused {
    /// The error's code, as `noun_problem`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "file_unreadable",
            Self::Locked => "file_locked",
            Self::TooLarge(_) => "file_too_large",
            Self::TooSlow => "file_too_slow",
            Self::NoText => "file_empty",
        }
    }
}
