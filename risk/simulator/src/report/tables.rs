//! Which tables there are.

use super::{Cells, Column, Table};
use crate::allocations::Allocations;
use crate::bounds::Bounds;
use crate::cascade::Cascade;
use crate::exposure::{of_operators, of_services, of_stakers};
use crate::leverage::Scenario;
use crate::network::{Network, Tier};

fn column(name: &'static str, meaning: &'static str, cells: Cells) -> Column {
    Column { name, meaning, cells }
}

/// What bounds attacks on each service.
pub fn services(network: &Network, allocations: &Allocations, bounds: &Bounds) -> Table {
    let exposure = of_services(allocations);
    let (services, prizes) = (network.services.iter(), allocations.prizes.iter());
    let columns = vec![
        column("service", "its name", Cells::Text(services.clone().map(|service| service.name.clone()).collect())),
        column("operators", "how many serve it", Cells::Count(exposure.iter().map(|of| of.operators).collect())),
        column(
            "profit",
            "what it says that corrupting it brings: a claim",
            Cells::Amount(services.clone().map(|service| service.profit).collect()),
        ),
        column(
            "guaranteed",
            "what it can take and nobody else",
            Cells::Amount(exposure.iter().map(|of| of.guaranteed).collect()),
        ),
        column("shared", "what it and others can take", Cells::Amount(exposure.iter().map(|of| of.shared).collect())),
        column(
            "demand",
            "how much of both must attack for it to fall",
            Cells::Amount(prizes.clone().map(|prize| prize.demand()).collect()),
        ),
        column("ratio", "its profit by its demand", Cells::Ratio(bounds.ratios.clone())),
    ];
    Table { name: "services", columns }
}

/// What each operator's stake is promised for.
pub fn operators(network: &Network, allocations: &Allocations, bounds: &Bounds) -> Table {
    let exposure = of_operators(network, allocations);
    let operators = network.operators.iter();
    let columns = vec![
        column("operator", "its name", Cells::Text(operators.clone().map(|operator| operator.name.clone()).collect())),
        column(
            "services",
            "how many can slash it",
            Cells::Count(operators.clone().map(|operator| operator.grants.len()).collect()),
        ),
        column("value", "what its stake is worth", Cells::Amount(exposure.iter().map(|of| of.value).collect())),
        column(
            "guaranteed",
            "what services of the exclusive tier can take, together",
            Cells::Amount(exposure.iter().map(|of| of.guaranteed).collect()),
        ),
        column(
            "shared",
            "what services of the shared tier can take, each for itself, in sum",
            Cells::Amount(exposure.iter().map(|of| of.shared).collect()),
        ),
        column("degree", "all budgets by its magnitude", Cells::Ratio(exposure.iter().map(|of| of.degree).collect())),
        column(
            "worst_loss",
            "the part of its stake that is lost if every service takes its whole budget",
            Cells::Ratio(exposure.iter().map(|of| of.worst_loss).collect()),
        ),
        column(
            "utilisation",
            "its part in the bound: an attack costs at least its profit by the largest of these",
            Cells::Ratio(bounds.utilisations.clone()),
        ),
    ];
    Table { name: "operators", columns }
}

/// Whom each operator lets take how much.
pub fn grants(network: &Network, allocations: &Allocations) -> Table {
    let pairs = || {
        let operators = network.operators.iter().zip(&allocations.holdings);
        operators.flat_map(|(operator, holding)| {
            operator.grants.iter().zip(&holding.edges).map(move |(grant, edge)| (operator, grant, edge))
        })
    };
    let service = |place: usize| network.services.get(place).map(|service| service.name.clone()).unwrap_or_default();
    let tier = |tier| if tier == Tier::Exclusive { "exclusive" } else { "shared" };
    let columns = vec![
        column("operator", "who grants", Cells::Text(pairs().map(|(operator, ..)| operator.name.clone()).collect())),
        column("service", "to whom", Cells::Text(pairs().map(|(_, grant, _)| service(grant.service)).collect())),
        column("tier", "exclusive or shared", Cells::Text(pairs().map(|(_, g, _)| tier(g.tier).to_owned()).collect())),
        column(
            "budget",
            "the part of the operator's stake as it began",
            Cells::Ratio(pairs().map(|(_, grant, _)| grant.budget.into()).collect()),
        ),
        column("takes", "what one fault takes", Cells::Amount(pairs().map(|(_, _, edge)| edge.takes).collect())),
    ];
    Table { name: "grants", columns }
}

/// What each staker risks.
pub fn stakers(network: &Network, allocations: &Allocations) -> Table {
    let exposure = of_stakers(network, allocations);
    let columns = vec![
        column("staker", "the name", Cells::Text(network.stakers.clone())),
        column("value", "what the stake is worth", Cells::Amount(exposure.iter().map(|of| of.value).collect())),
        column(
            "worst_loss",
            "what of that is lost if every service takes its whole budget",
            Cells::Amount(exposure.iter().map(|of| of.worst_loss).collect()),
        ),
        column("degree", "how often it is promised", Cells::Ratio(exposure.iter().map(|of| of.degree).collect())),
        column("services", "how many can take some", Cells::Count(exposure.iter().map(|of| of.services).collect())),
        column(
            "largest",
            "what one fault takes at most, of all services",
            Cells::Amount(exposure.iter().map(|of| of.largest).collect()),
        ),
    ];
    Table { name: "stakers", columns }
}

/// A shock, and what followed.
pub fn cascade(cascade: &Cascade) -> Table {
    let rounds = cascade.rounds.iter();
    let columns = vec![
        column("round", "0 is the shock", Cells::Count((0..cascade.rounds.len()).collect())),
        column("fallen", "services that fell", Cells::Count(rounds.clone().map(|round| round.fallen).collect())),
        column("hit", "operators that lost stake", Cells::Count(rounds.clone().map(|round| round.hit).collect())),
        column("profit", "what attackers gained", Cells::Amount(rounds.clone().map(|round| round.profit).collect())),
        column("lost", "what was lost", Cells::Amount(rounds.clone().map(|round| round.lost).collect())),
        column("left", "what is left of all stake", Cells::Amount(rounds.clone().map(|round| round.left).collect())),
        column("utilisation", "of what is left", Cells::Ratio(rounds.clone().map(|round| round.utilisation).collect())),
    ];
    Table { name: "cascade", columns }
}

/// Leverage on its way up.
pub fn leverage_up(scenario: &Scenario) -> Table {
    let turns = scenario.up();
    let columns = vec![
        column("turn", "how often was borrowed and staked", Cells::Count((0..turns.len()).collect())),
        column("staked", "what is staked", Cells::Amount(turns.iter().map(|turn| turn.staked).collect())),
        column("debt", "what is owed", Cells::Amount(turns.iter().map(|turn| turn.debt).collect())),
    ];
    Table { name: "leverage_up", columns }
}

/// Leverage on its way down.
pub fn leverage_down(scenario: &Scenario) -> Table {
    let rounds = scenario.down();
    let columns = vec![
        column("round", "0 is the fall", Cells::Count((0..rounds.len()).collect())),
        column("price", "of a receipt in the pool", Cells::Ratio(rounds.iter().map(|round| round.price).collect())),
        column("liquidated", "borrowers", Cells::Count(rounds.iter().map(|round| round.liquidated).collect())),
        column("sold", "receipts", Cells::Amount(rounds.iter().map(|round| round.sold).collect())),
        column(
            "bad_debt",
            "what lenders did not get back",
            Cells::Amount(rounds.iter().map(|round| round.bad_debt).collect()),
        ),
        column(
            "staked",
            "what stays staked if what was sold is redeemed",
            Cells::Amount(rounds.iter().map(|round| round.staked).collect()),
        ),
    ];
    Table { name: "leverage_down", columns }
}
