//! The files of an export: one of JSON, or those that matter in a ZIP archive. What an archive says
//! of itself is not believed; what comes out of it is counted.

use std::{
    cell::{Cell, RefCell},
    io::{self, BufReader, Read, Seek, SeekFrom},
    rc::Rc,
};

use serde_json::value::RawValue;
use zip::ZipArchive;

use crate::{Limits, Refused, json, sangam};

/// Below this size a high ratio is what good compression looks like.
const SMALL: u64 = 1 << 20;
/// Bytes in which the end of an archive's directory is looked for.
const TAIL: u64 = 66_000;
/// What is in the exports beside chats.
const NO_CHATS: [&str; 9] = [
    "user.json",
    "users.json",
    "message_feedback.json",
    "model_comparisons.json",
    "shared_conversations.json",
    "group_chats.json",
    "projects.json",
    "memories.json",
    "export_manifest.json",
];

/// Something that may be a conversation.
pub(crate) struct Item {
    /// Its text, or why the rest of its file is left out.
    pub(crate) text: Result<Box<RawValue>, String>,
    /// It stands in a list of them.
    pub(crate) is_listed: bool,
}

pub(crate) type Each<'a> = &'a mut dyn FnMut(Item) -> bool;

/// Comes upon each conversation of the file until `each` says false.
pub(crate) fn walk<R: Read + Seek>(
    mut file: R,
    limits: &Limits,
    each: Each<'_>,
) -> Result<(), Refused> {
    let meter = Rc::new(Meter::new(limits));
    let mut magic = [0; 4];
    let length = file.read(&mut magic).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if magic.get(..length) != Some(b"PK\x03\x04") {
        if magic.get(..length) == Some(b"PK\x05\x06") {
            return Err(Refused::Unknown("the archive is empty".to_owned()));
        }
        let counted = Counted::new(file, &meter, u64::MAX);
        return json::items(counted, &meter, each).map(drop);
    }
    let mut archive = open(file, limits)?;
    for index in chosen(&archive) {
        let entry = archive.by_index(index).map_err(broken)?;
        let most = entry
            .compressed_size()
            .saturating_mul(limits.ratio)
            .max(SMALL);
        let counted = Counted::new(BufReader::new(entry), &meter, most);
        if !json::items(counted, &meter, each)? {
            return Ok(());
        }
    }
    Ok(())
}

fn open<R: Read + Seek>(mut file: R, limits: &Limits) -> Result<ZipArchive<R>, Refused> {
    if entries(&mut file).map_err(unreadable)? > limits.entries {
        let most = limits.entries;
        return Err(Refused::TooLarge(format!(
            "the archive has more than {most} entries"
        )));
    }
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        let name = entry.name().map_err(broken)?.replace('\\', "/");
        let is_outside = name.starts_with('/')
            || name.split('/').any(|part| part == "..")
            || name.as_bytes().get(1) == Some(&b':')
            || name.contains('\0');
        // The kind of a file is in the upper bits of its mode: a plain one, a folder, or neither.
        let kind = entry.unix_mode().unwrap_or_default() & 0o170_000;
        if is_outside || !matches!(kind, 0 | 0o100_000 | 0o040_000) {
            let text = "the archive holds a link, a device or a name that leads out of it";
            return Err(Refused::Hostile(text.to_owned()));
        }
        if entry.encrypted() {
            let text = "the archive is protected by a password";
            return Err(Refused::Unknown(text.to_owned()));
        }
    }
    Ok(archive)
}

/// How many entries the end of the archive speaks of, before the directory is read.
fn entries(file: &mut (impl Read + Seek)) -> io::Result<usize> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    file.seek(SeekFrom::Start(0))?;
    // A second directory, for very large archives, may say anything.
    if tail.windows(4).any(|mark| mark == b"PK\x06\x06") {
        let records = tail
            .windows(4)
            .filter(|mark| *mark == b"PK\x01\x02")
            .count();
        let is_whole = length <= TAIL;
        return Ok(if is_whole { records } else { usize::MAX });
    }
    let ends = tail
        .windows(22)
        .filter(|end| end.starts_with(b"PK\x05\x06"));
    let counts = ends.filter_map(|end| {
        let count: [u8; 2] = end.get(10..12)?.try_into().ok()?;
        Some(usize::from(u16::from_le_bytes(count)))
    });
    Ok(counts.max().unwrap_or_default())
}

/// The entries that hold chats, in the order of their names.
fn chosen<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<usize> {
    let mut names: Vec<(String, usize)> = (0..archive.len())
        .filter_map(|index| {
            let name = archive.name_for_index(index)?.ok()?.replace('\\', "/");
            let is_json = name.to_lowercase().ends_with(".json");
            (is_json && !name.contains("__MACOSX/")).then_some((name, index))
        })
        .collect();
    names.sort();
    let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let is_ours = names.iter().any(|(name, _)| base(name) == sangam::MANIFEST);
    let is_all = |name: &str| base(name).starts_with("conversations");
    let is_split = names.iter().any(|(name, _)| is_all(name));
    names.retain(|(name, _)| {
        if is_ours {
            return format!("/{name}").contains("/chats/");
        }
        if is_split {
            return is_all(name);
        }
        !NO_CHATS.contains(&base(name).as_str())
    });
    names.into_iter().map(|(_, index)| index).collect()
}

fn unreadable(_: io::Error) -> Refused {
    Refused::Unreadable
}

fn broken(_: zip::result::ZipError) -> Refused {
    Refused::Unknown("the archive is broken, or of a kind that is not read here".to_owned())
}

/// What has been read, of the whole file and of the conversation at hand.
pub(crate) struct Meter {
    left: Cell<u64>,
    chat: Cell<u64>,
    chat_bytes: u64,
    refused: RefCell<Option<Refused>>,
}

impl Meter {
    fn new(limits: &Limits) -> Self {
        Self {
            left: Cell::new(limits.unpacked_bytes),
            chat: Cell::new(limits.chat_bytes),
            chat_bytes: limits.chat_bytes,
            refused: RefCell::default(),
        }
    }

    /// A conversation has ended.
    pub(crate) fn next(&self) {
        self.chat.set(self.chat_bytes);
    }

    /// Why reading was stopped, if it was.
    pub(crate) fn refusal(&self) -> Option<Refused> {
        self.refused.borrow().clone()
    }

    fn stop(&self, text: String) -> io::Error {
        self.refused.replace(Some(Refused::TooLarge(text)));
        io::Error::other("over a limit")
    }
}

/// Counts what is read.
pub(crate) struct Counted<R> {
    inner: R,
    meter: Rc<Meter>,
    /// What this file may still unpack to.
    left: u64,
}

impl<R> Counted<R> {
    fn new(inner: R, meter: &Rc<Meter>, left: u64) -> Self {
        Self {
            inner,
            meter: meter.clone(),
            left,
        }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        let read = u64::try_from(length).unwrap_or(u64::MAX);
        let meter = &self.meter;
        let Some(left) = meter.left.get().checked_sub(read) else {
            return Err(meter.stop("it unpacks to more than 256 MiB: split it".to_owned()));
        };
        meter.left.set(left);
        self.left = self.left.checked_sub(read).ok_or_else(|| {
            meter.stop("it unpacks to far more than its size, as only a trap does".to_owned())
        })?;
        let Some(chat) = meter.chat.get().checked_sub(read) else {
            return Err(meter.stop("one of its chats is larger than 32 MiB".to_owned()));
        };
        meter.chat.set(chat);
        Ok(length)
    }
}
