//! The price of WASM memory.
//!
//! A transaction's programs share one memory budget: *open* pages are those of the programs on the call stack, *ever*
//! is the most that were open at once. The first few pages are free. Every page above them costs a flat amount, and a
//! new maximum costs an exponential amount on top, so that no transaction can ask the node for more than 8 MiB (128
//! pages).

/// The most pages that a transaction can have open: one more costs more gas than can exist.
pub const MAX_PAGES: u16 = 128;

/// Fraction bits of [`RAMP_BASE`].
const RAMP_FRACTION_BITS: u32 = 48;

/// The base of the exponential, b = 1.1445126526592464, times 2^48. It makes b^128 = 31,874,000 - 10^-4, so that
/// opening all 128 pages costs just under 32 million gas, one transaction's allowance.
const RAMP_BASE: u128 = 322_151_672_252_312;

/// Gas of a transaction whose maximum is p pages, `X[p] = floor(b^p)`, with `X[0] = 1`.
///
/// Fixed point with 48 fraction bits is exact here: after 128 truncating products the value is low by less than 10^-5,
/// and no `b^p` is closer than that above an integer.
const RAMP: [u128; MAX_PAGES as usize + 1] = {
    let mut table = [1; MAX_PAGES as usize + 1];
    let mut value = 1 << RAMP_FRACTION_BITS;
    let mut pages = 1;
    while pages < table.len() {
        value = (value * RAMP_BASE) >> RAMP_FRACTION_BITS;
        table[pages] = value >> RAMP_FRACTION_BITS;
        pages += 1;
    }
    table
};

/// `X[p]`, the cumulative gas of having opened `pages` at once; `u64::MAX` above [`MAX_PAGES`].
fn ramp(pages: u16) -> u64 {
    RAMP.get(usize::from(pages)).and_then(|gas| u64::try_from(*gas).ok()).unwrap_or(u64::MAX)
}

/// Gas for opening `new` pages when `open` are open and at most `ever` were open at once, before this request.
///
/// With `o = open + new` and `e = max(ever, o)`: nothing while `e <= free_pages`, otherwise
/// `page_gas * ((o - free)+ - (open - free)+) + X[e] - X[ever]`. Saturates at `u64::MAX`.
pub fn cost(new: u16, open: u16, ever: u16, free_pages: u16, page_gas: u16) -> u64 {
    let new_open = open.saturating_add(new);
    let new_ever = ever.max(new_open);
    if new_ever <= free_pages {
        return 0;
    }
    let paid_pages = new_open.saturating_sub(free_pages).saturating_sub(open.saturating_sub(free_pages));
    let linear = u64::from(paid_pages) * u64::from(page_gas);
    linear.saturating_add(ramp(new_ever).saturating_sub(ramp(ever)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramp_passes_through_the_published_points() {
        assert_eq!(RAMP[0], 1);
        assert_eq!(RAMP[1], 1);
        assert_eq!(RAMP[64], 5_645);
        assert_eq!(RAMP[128], 31_873_999);
        assert_eq!(ramp(129), u64::MAX);
    }

    #[test]
    fn ramp_is_the_floor_of_the_power_everywhere() {
        // The same curve from its other definition, floor(31,873,999.9999^(p/128)).
        for pages in 1..=MAX_PAGES {
            let value = (f64::from(pages) / 128.0 * 31_873_999.999_9_f64.ln()).exp();
            let entry = f64::from(u32::try_from(ramp(pages)).unwrap());
            assert!(
                entry <= value + 1e-6 && value - 1e-6 < entry + 1.0,
                "page {pages}: {entry} is not the floor of {value}"
            );
        }
    }

    #[test]
    fn free_pages_cost_nothing() {
        assert_eq!(cost(0, 0, 0, 2, 1_000), 0);
        assert_eq!(cost(2, 0, 0, 2, 1_000), 0);
        assert_eq!(cost(1, 1, 2, 2, 1_000), 0);
    }

    #[test]
    fn all_pages_cost_one_transaction() {
        // 1000 * (128 - 2) + 31,873,999 - X[0] = 126,000 + 31,873,998.
        assert_eq!(cost(128, 0, 0, 2, 1_000), 31_999_998);
    }

    #[test]
    fn a_page_counts_once_towards_the_maximum() {
        // 3 pages from none: one paid page, and X[3] - X[0] = 1 - 1.
        assert_eq!(cost(3, 0, 0, 2, 1_000), 1_000);
        // Reopening below the maximum pays the flat part only: pages 3 and 4 of 64 ever.
        assert_eq!(cost(2, 2, 64, 2, 1_000), 2_000);
        // From 64 to 65: 1000 + X[65] - X[64]; b * 5645.6 = 6461.4.
        assert_eq!(cost(1, 64, 64, 2, 1_000), 1_000 + 6_461 - 5_645);
    }

    #[test]
    fn nobody_affords_page_129() {
        assert_eq!(cost(129, 0, 0, 2, 1_000), u64::MAX);
        assert_eq!(cost(u16::MAX, u16::MAX, 5, 2, u16::MAX), u64::MAX - ramp(5));
    }
}
