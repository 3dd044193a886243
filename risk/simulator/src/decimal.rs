//! Numbers as people write them, with at most 18 decimals: amounts in whole units, and fractions.

use arithmetic::wad::ONE;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// How many decimals there are.
const DECIMALS: usize = 18;

/// A number in units of its last decimal: `1.5` is 1.5e18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(pub u128);

/// Not a number with at most 18 decimals.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no number with at most {DECIMALS} decimals")]
pub struct NotDecimal(String);

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = digits(whole) && digits(fraction) && fraction.len() <= DECIMALS;
        let number = format!("{whole}{fraction:0<DECIMALS$}").parse().ok().filter(|_| is_number);
        number.map(Self).ok_or_else(|| NotDecimal(text.to_owned()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = u128::from(ONE);
        let (whole, fraction) = (self.0.div_euclid(one), self.0.rem_euclid(one));
        let fraction = format!("{fraction:0>DECIMALS$}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            fraction => write!(f, "{whole}.{fraction}"),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A number that has decimals is text: JSON's numbers are binary.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(u64),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Whole(number) => number.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (text, number) in
            [("0", 0), ("1", WAD), ("1.5", WAD / 2 * 3), ("0.000000000000000001", 1), ("12.03", WAD / 100 * 1203)]
        {
            assert_eq!(text.parse(), Ok(Decimal(number)));
            assert_eq!(Decimal(number).to_string(), text);
        }
        assert_eq!("1.50".parse(), Ok(Decimal(WAD / 2 * 3)));
    }

    #[test]
    fn what_is_no_number_or_too_fine_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "1e3", "1,5", "0.0000000000000000001", "999999999999999999999999999999"]
        {
            assert_eq!(text.parse::<Decimal>(), Err(NotDecimal(text.to_owned())));
        }
    }

    const WAD: u128 = ONE as u128;
}
