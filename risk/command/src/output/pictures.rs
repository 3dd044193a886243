//! Which pictures there are.

use super::Output;
use arithmetic::wad::ONE;
use arithmetic::wide::mul_div_down;
use restake_simulator::cascade::Cascade;
use restake_simulator::leverage::Scenario;
use restake_simulator::report::plot::Plot;
use restake_simulator::shock::Shock;
use restake_simulator::{Allocations, Bounds, Network};
use std::cmp::Reverse;

/// At how many sizes a shock is tried.
const SHOCKS: usize = 20;

/// A number as it is drawn.
fn drawn(number: usize) -> u128 {
    u128::try_from(number).unwrap_or(u128::MAX).saturating_mul(ONE.into())
}

fn part(amount: u128, whole: u128) -> u128 {
    mul_div_down(amount, ONE.into(), whole).unwrap_or(0)
}

/// Those of a network; none where they are not wanted, because shocks take time.
pub(crate) fn plots(
    network: &Network,
    allocations: &Allocations,
    bounds: &Bounds,
    output: &Output,
) -> Vec<(&'static str, Plot)> {
    if !output.is_written() {
        return vec![];
    }
    let mut sorted = bounds.utilisations.clone();
    sorted.sort_unstable_by_key(|utilisation| Reverse(*utilisation));
    let points = |of: &dyn Fn(u128) -> u128| sorted.iter().enumerate().map(|(at, u)| (drawn(at), of(*u))).collect();
    let utilisations = Plot {
        title: "Utilisation of operators".to_owned(),
        right: "operators, the most utilised first".to_owned(),
        up: "utilisation".to_owned(),
        lines: vec![
            ("utilisation".to_owned(), points(&|utilisation| utilisation)),
            ("above one, attacks may be worth it".to_owned(), points(&|_| ONE.into())),
        ],
    };
    vec![("utilisation", utilisations), ("losses", losses(network, allocations))]
}

/// How much is lost in the end if the largest operators fail, by how much they have.
fn losses(network: &Network, allocations: &Allocations) -> Plot {
    let mut largest: Vec<usize> = (0..network.operators.len()).collect();
    let value = |place: &usize| allocations.holdings.get(*place).map_or(0, |holding| holding.value);
    largest.sort_unstable_by_key(|place| Reverse(value(place)));
    let (all, mut failed, mut ended) = (allocations.value(), vec![(0, 0)], vec![(0, 0)]);
    // Small shocks matter most: up to a third of the operators.
    let most = largest.len().div_ceil(3);
    for size in (1..=most).step_by(most.div_ceil(SHOCKS).max(1)) {
        let operators: Vec<usize> = largest.iter().take(size).copied().collect();
        let shock = operators.iter().map(value).fold(0, u128::saturating_add);
        let cascade = Cascade::after(&Shock::Operators(operators), network);
        failed.push((part(shock, all), part(shock, all)));
        ended.push((part(shock, all), part(cascade.lost(), all)));
    }
    Plot {
        title: "If the largest operators fail".to_owned(),
        right: "part of the stake that fails".to_owned(),
        up: "part of the stake that is lost".to_owned(),
        lines: vec![("what fails".to_owned(), failed), ("what is lost with what follows".to_owned(), ended)],
    }
}

/// What each round of a cascade leaves.
pub(crate) fn rounds(cascade: &Cascade) -> (&'static str, Plot) {
    let left = cascade.rounds.iter().map(|round| round.left);
    let left = std::iter::once(cascade.before).chain(left).enumerate();
    let points = left.map(|(round, left)| (drawn(round), part(left, cascade.before))).collect();
    let plot = Plot {
        title: "The shock, and what follows".to_owned(),
        right: "round (1 is the shock)".to_owned(),
        up: "part of the stake that is left".to_owned(),
        lines: vec![("what is left".to_owned(), points)],
    };
    ("cascade", plot)
}

/// The price of a receipt, and what stays staked, by round.
pub(crate) fn prices(scenario: &Scenario) -> (&'static str, Plot) {
    let down = scenario.down();
    let all = scenario.up().last().map_or(0, |up| up.staked);
    let line = |of: &dyn Fn(usize) -> u128| (0..down.len()).map(|at| (drawn(at), of(at))).collect();
    let round = |at: usize| down.get(at).copied().unwrap_or_default();
    let plot = Plot {
        title: "Receipts as collateral, after the fall".to_owned(),
        right: "round of liquidations".to_owned(),
        up: "part".to_owned(),
        lines: vec![
            ("what stays staked".to_owned(), line(&|at| part(round(at).staked, all))),
            ("price of a receipt".to_owned(), line(&|at| round(at).price)),
        ],
    };
    ("leverage", plot)
}
