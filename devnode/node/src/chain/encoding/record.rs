//! The records of an image, and their lines.

use super::parts::{BlockRecord, SettingsRecord};
use super::{StateDecodeError, malformed};
use crate::chain::clock::StoppedClock;
use crate::chain::fork::{Piece, Point};
use crate::chain::state::StateChange;
use alloy::hex;
use alloy::primitives::{Bytes, keccak256};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read, Write};
use std::time::Duration;

/// What `format` says.
const FORMAT: &str = "stylus-devnode-state";

/// What `version` says.
pub(super) const VERSION: u32 = 2;

/// The longest line that is read: so much a file of something else may cost.
const LONGEST_LINE: u64 = 512 << 20;

/// The longest first line: it tells what follows.
const LONGEST_LABEL: u64 = 256;

/// How many letters the checksum of a record has.
const CHECKSUM: usize = 16;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    format: String,
    version: u32,
}

/// One step in the making of a chain.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum Record {
    Settings(SettingsRecord),
    Fork(Point),
    Fetched(Piece),
    Code(Bytes),
    Block(BlockRecord),
    Changes(StateChange),
    /// Under the name that files of this version have for it.
    #[serde(rename = "world")]
    State,
    Back(u64),
    Clock {
        clock: StoppedClock,
        saved: Duration,
    },
}

/// What a line holds.
#[derive(Debug)]
pub(super) enum Line {
    Record(Box<Record>),
    /// No record, or not all of it.
    Damaged,
    End,
}

fn checksum(json: &[u8]) -> String {
    hex::encode(&keccak256(json)[..CHECKSUM / 2])
}

/// Writes the first line.
pub(super) fn begin(out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Label { format: FORMAT.into(), version: VERSION })?;
    out.write_all(b"\n")
}

/// Writes a record.
pub(super) fn add(record: &Record, out: &mut impl Write) -> io::Result<()> {
    let json = serde_json::to_vec(record)?;
    out.write_all(checksum(&json).as_bytes())?;
    out.write_all(b" ")?;
    out.write_all(&json)?;
    out.write_all(b"\n")
}

/// The lines of an image.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    /// How many bytes were read.
    pub(super) passed: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads the first line.
    pub(super) fn begin(mut input: R) -> io::Result<Result<Self, StateDecodeError>> {
        let mut line = Vec::new();
        input.by_ref().take(LONGEST_LABEL).read_until(b'\n', &mut line)?;
        let label: Label = match serde_json::Deserializer::from_slice(&line).into_iter().next() {
            Some(Ok(label)) => label,
            Some(Err(error)) => return Ok(Err(malformed(error))),
            None => return Ok(Err(malformed("it is empty"))),
        };
        Ok(if label.format != FORMAT {
            Err(malformed(format!("its format is {:?}", label.format)))
        } else if label.version != VERSION {
            Err(StateDecodeError::Version(label.version))
        } else if line.last() != Some(&b'\n') {
            Err(malformed("its first line does not end"))
        } else {
            Ok(Self { input, passed: line.len().try_into().unwrap_or(u64::MAX) })
        })
    }

    /// Reads the next line.
    pub(super) fn next(&mut self) -> io::Result<Result<Line, StateDecodeError>> {
        let mut line = Vec::new();
        let length = self.input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        self.passed = self.passed.saturating_add(length.try_into().unwrap_or(u64::MAX));
        if line.is_empty() {
            return Ok(Ok(Line::End));
        }
        let json = line.strip_suffix(b"\n").and_then(|line| {
            let (sum, rest) = line.split_at_checked(CHECKSUM)?;
            rest.strip_prefix(b" ").filter(|json| checksum(json).as_bytes() == sum)
        });
        let Some(json) = json else { return Ok(Ok(Line::Damaged)) };
        Ok(serde_json::from_slice(json).map(|record| Line::Record(Box::new(record))).map_err(malformed))
    }
}
