//! The price of keeping a program's compiled form on every node: a fee in wei per byte, paid at activation, that rises
//! exponentially with demand and falls as time passes.

/// Basis points in one.
const ONE: u64 = 10_000;

/// Terms of the exponential's series.
const SERIES_TERMS: u64 = 12;

/// The state that the price is computed from. One ArbOS storage slot per field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataPricer {
    /// Bytes activated and not yet worn off.
    pub demand: u32,
    /// Bytes that wear off in a second.
    pub bytes_per_second: u32,
    /// When demand was last brought up to date, in Unix seconds.
    pub last_update: u64,
    /// Wei per byte without demand.
    pub min_price: u32,
    /// Bytes of demand that multiply the price by e.
    pub inertia: u32,
}

impl DataPricer {
    /// A new chain's pricer. It allows 1 TiB (2^40 bytes) a year, which is 34,865 bytes per second:
    /// `floor(floor(2^40 / 8760 hours) / 3600 seconds)`. Its clock starts on 2015-01-16, before any chain.
    pub const fn initial() -> Self {
        Self {
            demand: 0,
            bytes_per_second: 34_865,
            last_update: 1_421_388_000,
            min_price: 82_928_201,
            inertia: 21_360_419,
        }
    }

    /// Activates a program of `bytes` compiled bytes (an [estimate](crate::activation::ProgramInfo::asm_estimate)) at
    /// the Unix second `now`, and returns the fee in wei, saturating.
    ///
    /// With `x = 10,000 * demand / inertia` basis points, where demand includes the new bytes, a byte costs
    /// `price = min_price * e^x`, rounded down.
    pub fn update(&mut self, bytes: u32, now: u64) -> u64 {
        let elapsed = u32::try_from(now.saturating_sub(self.last_update)).unwrap_or(u32::MAX);
        let worn_off = self.bytes_per_second.saturating_mul(elapsed);
        self.demand = self.demand.saturating_sub(worn_off).saturating_add(bytes);
        self.last_update = now;

        let exponent = (ONE * u64::from(self.demand)).checked_div(u64::from(self.inertia)).unwrap_or(u64::MAX);
        let price = u64::from(self.min_price).saturating_mul(exp(exponent)) / ONE;
        price.saturating_mul(u64::from(bytes))
    }
}

/// e^x in basis points, x in basis points: twelve terms of the series in Horner's form, each division rounding down.
fn exp(x: u64) -> u64 {
    let innermost = ONE + x / SERIES_TERMS;
    (1..SERIES_TERMS).rev().fold(innermost, |sum, term| ONE.saturating_add(sum.saturating_mul(x) / (term * ONE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_activation_pays_the_known_fee() {
        let mut pricer = DataPricer::initial();
        // x = 10,000 * 874,578 / 21,360,419 = 409; e^0.0409 = 1.0417.
        // 82,928,201 * 10,417 / 10,000 = 86,386,306 wei per byte.
        assert_eq!(exp(409), 10_417);
        assert_eq!(pricer.update(874_578, 1_700_000_000), 86_386_306 * 874_578);
        assert_eq!(86_386_306 * 874_578_u64, 75_551_562_728_868);
        assert_eq!((pricer.demand, pricer.last_update), (874_578, 1_700_000_000));
    }

    #[test]
    fn the_exponential_is_right_to_a_few_basis_points() {
        assert_eq!(exp(0), 10_000);
        // e = 2.71828...; each of the twelve divisions loses less than one basis point of the sum it is added to.
        assert!((27_178..=27_182).contains(&exp(10_000)), "{}", exp(10_000));
        assert!((73_880..=73_890).contains(&exp(20_000)), "{}", exp(20_000));
    }

    #[test]
    fn demand_raises_the_price_and_time_lowers_it() {
        let mut pricer = DataPricer::initial();
        let first = pricer.update(1_000_000, 2_000_000_000);
        let second = pricer.update(1_000_000, 2_000_000_000);
        assert!(second > first);
        assert_eq!(pricer.demand, 2_000_000);
        // After 58 seconds 58 * 34,865 = 2,022,170 bytes have worn off: all of them.
        assert_eq!(pricer.update(1_000_000, 2_000_000_058), first);
        // After 10 more seconds 348,650 of the million.
        pricer.update(0, 2_000_000_068);
        assert_eq!(pricer.demand, 1_000_000 - 348_650);
    }

    #[test]
    fn inertia_is_the_demand_that_multiplies_by_e() {
        let mut pricer = DataPricer { inertia: 100, min_price: 10_000, ..DataPricer::initial() };
        assert_eq!(pricer.update(100, 0), exp(10_000) * 100);
        assert_eq!(pricer.update(100, 0), exp(20_000) * 100);
    }

    #[test]
    fn extremes_saturate() {
        let mut pricer = DataPricer { demand: u32::MAX, inertia: 1, ..DataPricer::initial() };
        assert_eq!(pricer.update(u32::MAX, 0), u64::MAX);
        assert_eq!((pricer.demand, pricer.last_update), (u32::MAX, 0));
        let mut unset = DataPricer { inertia: 0, ..DataPricer::initial() };
        assert!(unset.update(1, 0) > 0);
    }
}
