//! Where an operator has a price from.

mod endpoint;
mod file;
mod series;

pub use endpoint::Endpoint;
pub use file::File;
pub use series::Series;

use alloy::primitives::U256;
use alloy::primitives::utils::{ParseUnits, parse_units};
use async_trait::async_trait;

/// Where a price comes from. What it gives has the decimals of the feed.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// The price at `slot` (Unix seconds), which has just come.
    ///
    /// # Errors
    /// [`SourceError`]; then nothing is reported.
    async fn price(&self, slot: u64) -> Result<U256, SourceError>;
}

/// Why there is no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The source cannot be asked.
    #[error("{source_name} is down: {reason}")]
    Down {
        /// Which.
        source_name: String,
        /// Why.
        reason: String,
    },
    /// It says something that is no price.
    #[error("{source_name} gives no price: '{given}'")]
    NoPrice {
        /// Which.
        source_name: String,
        /// What it says.
        given: String,
    },
}

/// Reads a number of whole units, as people write it, into one with so many decimals; none that is not above zero.
fn read(source_name: &str, text: &str, decimals: u8) -> Result<U256, SourceError> {
    let text = text.trim();
    let is_plain = text.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
    let price = match parse_units(text, decimals) {
        Ok(ParseUnits::U256(price)) if is_plain && !price.is_zero() => Some(price),
        _ => None,
    };
    let given = text.chars().take(64).collect();
    price.ok_or_else(|| SourceError::NoPrice { source_name: source_name.to_owned(), given })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_as_people_write_it() {
        let read = |text| read("it", text, 8).map(|price| price.saturating_to::<u64>());
        assert_eq!(read("3512.25\n"), Ok(351_225_000_000));
        assert_eq!(read("1"), Ok(100_000_000));
        assert_eq!(read("0.000000019"), Ok(1), "what is finer than the decimals is cut off");
        for bad in ["", "0", "-1", "1e3", "NaN", "abc", "1,000", "0.000000001", "."] {
            assert!(matches!(read(bad), Err(SourceError::NoPrice { .. })), "{bad}: {:?}", read(bad));
        }
    }
}
