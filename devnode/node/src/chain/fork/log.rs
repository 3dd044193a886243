//! What was fetched, on disk: a file for each URL and block, to which a line is added for each piece. Lines that are
//! not whole, as the last one after a crash, are fetched again.

use super::known::{FarAccount, Known};
use super::origin::Point;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use stylus_vm::revm::state::Bytecode;

/// A piece.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Piece {
    Account { address: Address, account: FarAccount, code: Bytes },
    Slot { address: Address, slot: U256, value: U256 },
    Hash { number: u64, hash: B256 },
}

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
                add(&mut known, piece);
            }
        }
        let mut log = Self { file };
        // What a crash left open ends here.
        log.file.write_all(b"\n")?;
        Ok((log, known))
    }

    /// Keeps an account with its code.
    pub(super) fn account(&mut self, address: Address, account: FarAccount, code: &Bytecode) -> io::Result<()> {
        self.add(&Piece::Account { address, account, code: code.original_bytes() })
    }

    /// Keeps a slot.
    pub(super) fn slot(&mut self, address: Address, slot: U256, value: U256) -> io::Result<()> {
        self.add(&Piece::Slot { address, slot, value })
    }

    /// Keeps the hash of a block.
    pub(super) fn hash(&mut self, number: u64, hash: B256) -> io::Result<()> {
        self.add(&Piece::Hash { number, hash })
    }

    /// In one write, so that several nodes may share a file.
    fn add(&mut self, piece: &Piece) -> io::Result<()> {
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

fn add(known: &mut Known, piece: Piece) {
    match piece {
        Piece::Account { address, account, code } => {
            let Ok(code) = Bytecode::new_raw_checked(code) else { return };
            if code.hash_slow() == account.code_hash {
                known.remember(address, account, code);
            }
        }
        Piece::Slot { address, slot, value } => {
            known.slots.entry(address).or_default().insert(slot, value);
        }
        Piece::Hash { number, hash } => {
            known.hashes.insert(number, hash);
        }
    }
}
