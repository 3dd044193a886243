//! What a trace tells of a host I/O.

use revm::primitives::{Address, Bytes};

/// A host I/O of a program, or a frame opened by something else, whose name then begins with `evm_`. The bytes are
/// those of Nitro's `stylusTracer`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostIo {
    /// The name of the import.
    pub name: String,
    /// What it was given: numbers in big-endian order, and the bytes that pointers meant.
    pub args: Bytes,
    /// What it gave back.
    pub outs: Bytes,
    /// Ink before.
    pub start_ink: u64,
    /// Ink after.
    pub end_ink: u64,
    /// Of a call, whom.
    pub address: Option<Address>,
    /// Of a call, what it did.
    pub steps: Option<Vec<HostIo>>,
}

impl HostIo {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.args.len() + self.outs.len()
    }
}
