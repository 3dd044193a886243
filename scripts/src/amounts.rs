//! Amounts as people write them: `1.5` of a token, `max`, `50%` of a stake.

use alloy::primitives::U256;
use std::fmt;
use std::str::FromStr;

/// The decimals of ETH.
pub const ETHER_DECIMALS: u8 = 18;

/// The decimals of a wad.
const WAD_DECIMALS: u8 = 18;

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Something else than digits and one point.
    #[error("'{0}' is no amount: write it like 1.5, or max")]
    NotANumber(String),
    /// Below zero.
    #[error("'{0}' is negative")]
    Negative(String),
    /// The token is not divided so finely.
    #[error("'{text}' has more than the {most} decimals of this token")]
    TooManyDecimals {
        /// What was written.
        text: String,
        /// How many decimals the token has.
        most: u8,
    },
    /// More than there can be of any token.
    #[error("'{0}' is more than there can be")]
    TooLarge(String),
}

/// An amount before the decimals of its token are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// All that there is.
    Max,
    /// So much, as it was written.
    Exactly(String),
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        if text.eq_ignore_ascii_case("max") {
            return Ok(Self::Max);
        }
        // With as many decimals as were written, whatever the token has.
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        parse(text, u8::try_from(decimals).unwrap_or(u8::MAX))?;
        Ok(Self::Exactly(text.to_owned()))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Max => f.write_str("max"),
            Self::Exactly(text) => f.write_str(text),
        }
    }
}

impl Amount {
    /// The amount in base units of a token with so many decimals, where `all` is the most.
    ///
    /// # Errors
    /// [`AmountError::TooManyDecimals`], [`AmountError::TooLarge`].
    pub fn base_units(&self, decimals: u8, all: u128) -> Result<u128, AmountError> {
        match self {
            Self::Max => Ok(all),
            Self::Exactly(text) => parse(text, decimals),
        }
    }
}

/// A part of something, as a wad: `50%`, or `0.5`, at most all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction(pub u64);

impl FromStr for Fraction {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let wad = match text.strip_suffix('%') {
            // A percent is a hundredth: two decimals less.
            Some(percent) => parse(percent, WAD_DECIMALS - 2)?,
            None => parse(text, WAD_DECIMALS)?,
        };
        let wad = u64::try_from(wad).ok().filter(|wad| *wad <= arithmetic::wad::ONE);
        wad.map(Self).ok_or_else(|| AmountError::TooLarge(text.to_owned()))
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", format(U256::from(self.0), WAD_DECIMALS - 2))
    }
}

/// The base units of what is written with at most so many decimals.
///
/// # Errors
/// [`AmountError`].
pub fn parse(text: &str, decimals: u8) -> Result<u128, AmountError> {
    if text.starts_with('-') {
        return Err(AmountError::Negative(text.to_owned()));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(AmountError::NotANumber(text.to_owned()));
    }
    let width = usize::from(decimals);
    if fraction.len() > width {
        return Err(AmountError::TooManyDecimals { text: text.to_owned(), most: decimals });
    }
    let padded = format!("{whole}{fraction:0<width$}");
    padded.parse().map_err(|_| AmountError::TooLarge(text.to_owned()))
}

/// An amount of a token with so many decimals, without zeros at the end.
pub fn format(amount: U256, decimals: u8) -> String {
    let width = usize::from(decimals);
    let digits = format!("{amount:0>least$}", least = width + 1);
    let (whole, fraction) = digits.split_at(digits.len() - width);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETHER: u128 = 1_000_000_000_000_000_000;

    #[test]
    fn an_amount_is_written_with_the_decimals_of_its_token() {
        for (text, decimals, units) in [
            ("1.5", 18, ETHER + ETHER / 2),
            ("0.000000000000000001", 18, 1),
            (".5", 1, 5),
            ("7.", 0, 7),
            ("12", 6, 12_000_000),
            ("340282366920938463463374607431768211455", 0, u128::MAX),
        ] {
            assert_eq!(parse(text, decimals), Ok(units), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        let own = str::to_owned;
        for text in ["", ".", "1,5", "1e18", "0x10", "1.5.2", " 1", "+1", "one"] {
            assert_eq!(parse(text, 18), Err(AmountError::NotANumber(own(text))), "{text}");
        }
        assert_eq!(parse("-1", 18), Err(AmountError::Negative(own("-1"))));
        let text = own("0.0000001");
        assert_eq!(parse(&text, 6), Err(AmountError::TooManyDecimals { text, most: 6 }));
        let text = own("340282366920938463463374607431768211456");
        assert_eq!(parse(&text, 0), Err(AmountError::TooLarge(text)));
    }

    #[test]
    fn max_is_all_that_there_is() {
        assert_eq!("max".parse::<Amount>().and_then(|amount| amount.base_units(18, 7)), Ok(7));
        assert_eq!("0.5".parse::<Amount>().and_then(|amount| amount.base_units(18, 7)), Ok(ETHER / 2));
        assert!("half".parse::<Amount>().is_err());
        let fine = "0.25".parse::<Amount>().and_then(|amount| amount.base_units(1, 7));
        assert_eq!(fine, Err(AmountError::TooManyDecimals { text: "0.25".to_owned(), most: 1 }));
    }

    #[test]
    fn a_part_is_a_percentage_or_a_fraction_and_not_more_than_all() {
        for (text, wad) in
            [("50%", ETHER / 2), ("0.5", ETHER / 2), ("100%", ETHER), ("1", ETHER), ("0.01%", ETHER / 10_000)]
        {
            assert_eq!(text.parse::<Fraction>().map(|part| u128::from(part.0)), Ok(wad), "{text}");
        }
        for text in ["101%", "1.1", "100", "-1%", "%", "max"] {
            assert!(text.parse::<Fraction>().is_err(), "{text}");
        }
        assert_eq!(Fraction(arithmetic::wad::ONE / 8).to_string(), "12.5%");
    }

    #[test]
    fn what_is_shown_can_be_written_again() {
        for (units, decimals, text) in
            [(0, 18, "0"), (1, 18, "0.000000000000000001"), (ETHER, 18, "1"), (1_250, 2, "12.5"), (9, 0, "9")]
        {
            assert_eq!(format(U256::from(units), decimals), text);
            assert_eq!(parse(text, decimals), Ok(units));
        }
    }
}
