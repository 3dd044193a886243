//! From a contract's code to the WASM of the program.

use super::{Context, untracked_read};
use revm::Database;
use revm::primitives::{Address, B256, Bytes, keccak256};
use stylus_program::format::{self, FormatError};
use stylus_program::fragments::{self, Root};

/// A program's code with everything that belongs to it.
pub(crate) enum ProgramCode {
    /// All in one contract.
    Classic(Bytes),
    /// A root with the codes of its fragments.
    Fragmented(Root, Vec<Bytes>),
}

impl ProgramCode {
    /// What the contract with this code runs, as the fragments are now. Nothing is paid and nothing becomes warm.
    pub(crate) fn untracked_read<DB: Database>(
        context: &mut Context<DB>,
        code: Bytes,
    ) -> Result<Result<Self, FormatError>, DB::Error> {
        if !fragments::is_root(&code) {
            return Ok(Ok(Self::Classic(code)));
        }
        let root = match Root::read(&code) {
            Ok(root) => root,
            Err(error) => return Ok(Err(error)),
        };
        let mut codes = Vec::new();
        for address in &root.addresses {
            codes.push(untracked_read(context, Address::from(address))?.1.original_bytes());
        }
        Ok(Ok(Self::Fragmented(root, codes)))
    }

    /// A hash that no two programs share. It covers the contract's code and the fragments, because the code at a
    /// fragment's address may change.
    pub(crate) fn key(&self, code_hash: B256) -> B256 {
        match self {
            Self::Classic(_) => code_hash,
            Self::Fragmented(_, codes) => {
                let hashes = std::iter::once(code_hash).chain(codes.iter().map(keccak256));
                keccak256(hashes.flatten().collect::<Vec<u8>>())
            }
        }
    }

    /// The WASM, of at most `max_wasm_size` bytes if it is in one contract.
    pub(crate) fn wasm(&self, max_wasm_size: u32) -> Result<Vec<u8>, FormatError> {
        match self {
            Self::Classic(code) => format::decompress(code, max_wasm_size),
            Self::Fragmented(root, codes) => root.decompress(codes),
        }
    }
}
