//! What one turn says: its words, and the files that are shown with it.
//!
//! A file's text stands before the words, between two lines that hold the file's id: its author does
//! not know the id, so nothing in the text can pretend to be its end. What cannot be shown is said.

use ::store::{
    FileId,
    entity::{
        file::{self, Kind, Status},
        message,
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use gateway::Image;

use super::{PER_MESSAGE, estimate};
use crate::{app::App, error::Result, features::files};

/// What is around the text of a file, beside its name.
const AROUND: u64 = 50;
/// What is said of a file that cannot be shown.
const NOTE: u64 = 40;

/// A message as a model is told it.
#[derive(Clone)]
pub struct Turn {
    pub row: message::Model,
    pub files: Vec<file::Model>,
    /// The model can see.
    pub sees: bool,
}

/// What a turn comes to.
pub struct Said {
    pub text: String,
    pub images: Vec<Image>,
    pub missed: Missed,
}

/// What of the files a model was not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Images, because the model cannot see.
    pub images: u32,
    /// Files that could not be read, or not in time.
    pub files: u32,
}

impl Turn {
    pub fn words(&self) -> u64 {
        estimate(&self.row.content) + PER_MESSAGE
    }

    pub fn files_tokens(&self) -> u64 {
        self.files.iter().map(|file| self.file_tokens(file)).sum()
    }

    pub fn tokens(&self) -> u64 {
        self.words() + self.files_tokens()
    }

    fn file_tokens(&self, file: &file::Model) -> u64 {
        let own = file.tokens.unwrap_or_default().unsigned_abs();
        match (file.status, file.kind) {
            (Status::Ready, Kind::Image) if self.sees => own,
            (Status::Ready, kind) if kind != Kind::Image => own + AROUND + estimate(&file.name),
            _ => NOTE + estimate(&file.name),
        }
    }

    /// The files that are still being read.
    pub fn waiting(&self) -> impl Iterator<Item = FileId> + '_ {
        let pending = self.files.iter().filter(|file| !files::is_ready(file));
        pending.map(|file| file.id)
    }

    /// Words, texts and images; reads them from where files are kept.
    pub async fn say(&self, app: &App) -> Result<Said> {
        let mut said = Said {
            text: String::new(),
            images: Vec::new(),
            missed: Missed::default(),
        };
        for file in &self.files {
            self.show(app, file, &mut said).await?;
        }
        said.text.push_str(&self.row.content);
        Ok(said)
    }

    async fn show(&self, app: &App, file: &file::Model, said: &mut Said) -> Result<()> {
        let name = &file.name;
        match (file.status, file.kind) {
            (Status::Ready, Kind::Image) if self.sees => {
                let bytes = files::read_bytes(app, file).await?;
                let address = format!(
                    "data:{};base64,{}",
                    file.media_type,
                    BASE64_STANDARD.encode(&bytes)
                );
                said.images.push(Image::from_data_url(address));
            }
            (Status::Ready, Kind::Image) => {
                said.missed.images += 1;
                said.note(&format!(
                    "The image {name:?} is attached, but you cannot see images: say so if it matters."
                ));
            }
            (Status::Ready, _) => {
                let text = files::read_text(app, file).await?.unwrap_or_default();
                let from = file.source_url.as_deref();
                let from = from.map_or_else(String::new, |url| format!(" from {url}"));
                let id = file.id;
                let (begin, end) = (
                    format!("{name:?}{from} begins: {id}"),
                    format!("{name:?} ends: {id}"),
                );
                let text = text.trim_end();
                for part in ["[File ", &begin, "]\n", text, "\n[File ", &end, "]\n\n"] {
                    said.text.push_str(part);
                }
            }
            (Status::Pending, _) => {
                said.missed.files += 1;
                said.note(&format!(
                    "The file {name:?} is attached, but has not been read yet: say so if it matters."
                ));
            }
            (Status::Failed, _) => {
                said.missed.files += 1;
                said.note(&format!(
                    "The file {name:?} is attached, but could not be read: say so if it matters."
                ));
            }
        }
        Ok(())
    }
}

impl Said {
    fn note(&mut self, text: &str) {
        for part in ["[", text, "]\n\n"] {
            self.text.push_str(part);
        }
    }
}
