//! An archive that is written from front to back, while what goes into it is still being fetched.

use std::io::{self, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// What goes into an archive next.
#[derive(Debug)]
pub enum Piece {
    /// A file of this name begins.
    File(String),
    /// Bytes of the file that has begun.
    Bytes(Vec<u8>),
}

/// Writes an archive of what `next` gives, up to its `None`.
pub fn pack(out: impl Write, next: &mut dyn FnMut() -> Option<Piece>) -> io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new_stream(out);
    while let Some(piece) = next() {
        match piece {
            Piece::File(name) => zip.start_file(name, options)?,
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
        }
    }
    zip.finish()?.into_inner().flush()
}
