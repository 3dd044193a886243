//! ArbAddressTable (0x66): numbers for addresses, to shorten call data.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, Bytes, U256, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x0000000000000000000000000000000000000066");

sol! {
    function addressExists(address account) external view returns (bool);
    function compress(address account) external returns (bytes);
    function decompress(bytes buffer, uint256 offset) external view returns (address account, uint256 length);
    function lookup(address account) external view returns (uint256);
    function lookupIndex(uint256 index) external view returns (address);
    function register(address account) external returns (uint256);
    function size() external view returns (uint256);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    match selector {
        addressExistsCall::SELECTOR => Method::new(View, |call, args: addressExistsCall| {
            Ok(Root::address_table().find(call, args.account)?.is_some())
        }),
        compressCall::SELECTOR => {
            Method::new(Write, |call, args: compressCall| compress(call, args.account).map(Bytes::from))
        }
        decompressCall::SELECTOR => Method::new(View, |call, args: decompressCall| {
            let offset = usize::try_from(args.offset).map_err(|_| Failure::Plain)?;
            decompress(call, args.buffer.get(offset..).ok_or(Failure::Plain)?)
        }),
        lookupCall::SELECTOR => Method::new(View, |call, args: lookupCall| {
            Root::address_table().find(call, args.account)?.map(U256::from).ok_or(Failure::Plain)
        }),
        lookupIndexCall::SELECTOR => Method::new(View, |call, args: lookupIndexCall| {
            let index = u64::try_from(args.index).map_err(|_| Failure::Plain)?;
            Root::address_table().get(call, index)?.ok_or(Failure::Plain)
        }),
        registerCall::SELECTOR => Method::new(Write, |call, args: registerCall| {
            Root::address_table().register(call, args.account).map(U256::from)
        }),
        sizeCall::SELECTOR => Method::new(View, |call, _: sizeCall| Root::address_table().size(call).map(U256::from)),
        _ => None,
    }
}

/// The number of an address in RLP, or the address itself if it has none.
fn compress<DB: Database>(call: &mut Call<'_, DB>, account: Address) -> Answer<Vec<u8>, DB> {
    let Some(number) = Root::address_table().find(call, account)? else {
        return Ok([&[RLP_STRING + 20], account.as_slice()].concat());
    };
    let bytes = number.to_be_bytes();
    let digits = bytes.get(bytes.iter().take_while(|byte| **byte == 0).count()..).unwrap_or_default();
    Ok(match digits {
        [digit @ 1..RLP_STRING] => vec![*digit],
        digits => [&[RLP_STRING.saturating_add(u8::try_from(digits.len()).unwrap_or_default())], digits].concat(),
    })
}

/// The address at the start of `buffer`, in the form of [`compress`], with the bytes that it takes.
fn decompress<DB: Database>(call: &mut Call<'_, DB>, buffer: &[u8]) -> Answer<decompressReturn, DB> {
    let (string, length) = rlp_string(buffer).ok_or(Failure::Plain)?;
    let account = match <[u8; 20]>::try_from(string) {
        Ok(account) => Address::from(account),
        Err(_) => {
            // A number is as short as it can be.
            let number = U256::try_from_be_slice(string).filter(|_| string.first() != Some(&0));
            let number = number.and_then(|number| u64::try_from(number).ok()).ok_or(Failure::Plain)?;
            Root::address_table().get(call, number)?.ok_or(Failure::Plain)?
        }
    };
    Ok(decompressReturn { account, length: U256::from(length) })
}

/// The first byte of an empty string in RLP.
const RLP_STRING: u8 = 0x80;

/// The short string at the start of `buffer` in RLP, and the bytes that it takes with its length.
fn rlp_string(buffer: &[u8]) -> Option<(&[u8], usize)> {
    match buffer.split_first()? {
        (..RLP_STRING, _) => Some((buffer.get(..1)?, 1)),
        (first @ RLP_STRING..=0xb7, rest) => {
            let length = usize::from(first.saturating_sub(RLP_STRING));
            let string = rest.get(..length)?;
            let is_shortest = !matches!(string, [..RLP_STRING]);
            is_shortest.then_some((string, length.saturating_add(1)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::rlp_string;

    #[test]
    fn strings_are_as_short_as_they_can_be() {
        assert_eq!(rlp_string(&[7, 9]), Some((&[7][..], 1)));
        assert_eq!(rlp_string(&[0x81, 0x80, 9]), Some((&[0x80][..], 2)));
        assert_eq!(rlp_string(&[0x80, 9]), Some((&[][..], 1)));
        for bad in [&[][..], &[0x81], &[0x81, 7], &[0xb8, 1, 7], &[0xc0]] {
            assert_eq!(rlp_string(bad), None, "{bad:?}");
        }
    }
}
