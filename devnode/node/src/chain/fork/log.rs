//! What was fetched, on disk: a file for each URL and block, to which a line is added for each piece. Lines that are
//! not whole, as the last one after a crash, are fetched again.

use super::known::Known;
use super::piece::Piece;
use super::point::Point;
use alloy::primitives::keccak256;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// Where pieces are added.
#[derive(Debug)]
pub(super) struct Log {
    file: File,
}

impl Log {
    /// The file for a block of the node at `url`, and what is in it.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub(super) fn open(folder: &Path, url: &str, point: &Point) -> io::Result<(Self, Known)> {
        fs::create_dir_all(folder)?;
        let path = path(folder, url, point);
        let file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
        let mut known = Known::default();
        for line in BufReader::new(&file).split(b'\n') {
            if let Ok(piece) = serde_json::from_slice(&line?) {
                // A piece with a code that is not its own is fetched again.
                let _ = known.add(piece);
            }
        }
        let mut log = Self { file };
        // What a crash left open ends here.
        log.file.write_all(b"\n")?;
        Ok((log, known))
    }

    /// Adds a piece in one write, so that several nodes may share a file.
    pub(super) fn add(&mut self, piece: &Piece) -> io::Result<()> {
        let mut line = serde_json::to_vec(piece)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}

/// The URL may hold a key: only its hash is in the name. So is the block's, and what replaces the block has a file of
/// its own.
fn path(folder: &Path, url: &str, point: &Point) -> PathBuf {
    let id = keccak256([url.as_bytes(), point.hash.as_slice()].concat());
    folder.join(format!("{}-{}-{}.jsonl", point.chain_id, point.number, alloy::hex::encode(&id[..8])))
}
