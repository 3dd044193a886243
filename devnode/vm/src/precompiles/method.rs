//! Methods of precompiles: who may call them, and how they are found.

use super::Failure;
use super::call::{Answer, Call};
use alloy_sol_types::SolCall;
use revm::Database;

/// What a method may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purity {
    /// Neither read nor write: it may even run for a delegate call.
    Pure,
    /// Read.
    View,
    /// Change the state.
    Write,
    /// Change the state and take value.
    Payable,
}

/// A method's code: from the encoded arguments to the encoded result.
type Body<DB> = Box<dyn Fn(&mut Call<'_, DB>, &[u8]) -> Answer<Vec<u8>, DB>>;

/// A method of a precompile.
pub(crate) struct Method<DB: Database> {
    pub(super) purity: Purity,
    /// The first ArbOS version that has it.
    pub(super) since: u64,
    pub(super) body: Body<DB>,
}

impl<DB: Database> Method<DB> {
    /// The ABI's method `C`, done by `body`.
    pub(super) fn new<C: SolCall>(
        purity: Purity,
        body: impl Fn(&mut Call<'_, DB>, C) -> Answer<C::Return, DB> + 'static,
    ) -> Option<Self> {
        let body: Body<DB> = Box::new(move |call, args| {
            if !has_clean_words(C::SIGNATURE, args) {
                return Err(Failure::AllGas);
            }
            let args = C::abi_decode_raw(args).map_err(|_| Failure::AllGas)?;
            body(call, args).map(|result| C::abi_encode_returns(&result))
        });
        Some(Self { purity, since: 0, body })
    }

    /// The method with the first ArbOS version that has it.
    pub(super) fn since(self, version: u64) -> Self {
        Self { since: version, ..self }
    }
}

/// Whether the words of small numbers and booleans have nothing where their types have no room. What addresses and
/// bytes have there does not count.
fn has_clean_words(signature: &str, args: &[u8]) -> bool {
    let types = signature.split_once('(').map_or("", |(_, types)| types.trim_end_matches(')'));
    types.split(',').zip(args.chunks(32)).all(|(ty, word)| {
        let bytes = match (ty, ty.strip_prefix("uint").map(str::parse::<usize>)) {
            ("bool", _) => return word.split_last().is_none_or(|(last, rest)| *last < 2 && rest.iter().all(is_zero)),
            ("int64", _) => return [0, 0xff].iter().any(|sign| word.iter().take(24).all(|byte| byte == sign)),
            (_, Some(Ok(bits))) => bits / 8,
            _ => return true,
        };
        word.iter().rev().skip(bytes).all(is_zero)
    })
}

fn is_zero(byte: &u8) -> bool {
    *byte == 0
}

#[cfg(test)]
mod tests {
    use super::has_clean_words;

    #[test]
    fn small_numbers_and_booleans_fill_their_words_with_zeros() {
        let word = |dirty: usize, last: u8| {
            let mut word = [0; 32];
            word[dirty] = 1;
            word[31] = last;
            word
        };
        assert!(has_clean_words("f(uint16)", &word(30, 7)));
        assert!(!has_clean_words("f(uint16)", &word(29, 7)));
        assert!(has_clean_words("f(uint256)", &word(0, 7)));
        assert!(has_clean_words("f(address)", &word(0, 7)));
        assert!(has_clean_words("f(bool)", &word(31, 1)));
        assert!(!has_clean_words("f(bool)", &word(31, 2)));
        assert!(!has_clean_words("f(bool)", &word(30, 1)));
        assert!(!has_clean_words("f(bytes,uint8)", &[word(0, 0), word(0, 0)].concat()));
    }
}
