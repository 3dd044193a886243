//! What operators, services and stakers risk.

use restake_simulator::Allocations;
use restake_simulator::exposure::{of_operators, of_services, of_stakers};
use restake_simulator::network::{Grant, Network, Operator, Position, Service, Tier, Token};

const ONE: u64 = 1_000_000_000_000_000_000;

/// Two operators, of which the first is exclusive to one service for a half and shares the rest between two others, and
/// two tokens, of which one is worth two.
fn network() -> Network {
    let service = |name: &str| Service { name: name.to_owned(), profit: 10, threshold: ONE, penalty: ONE };
    let grant = |service, budget, tier| Grant { service, budget, tier };
    let operator = |name: &str, stakes: [u128; 2], grants: &[Grant]| Operator {
        name: name.to_owned(),
        magnitude: ONE,
        stakes: stakes.to_vec(),
        grants: grants.to_vec(),
    };
    let token = |name: &str, price| Token { name: name.to_owned(), price };
    let grants =
        [grant(0, ONE / 2, Tier::Exclusive), grant(1, ONE / 4 * 3, Tier::Shared), grant(2, ONE / 4, Tier::Shared)];
    let position = |staker, operator, token, amount| Position { staker, operator, token, amount };
    Network {
        tokens: vec![token("one", ONE), token("two", 2 * ONE)],
        services: vec![service("a"), service("b"), service("c")],
        operators: vec![operator("x", [100, 50], &grants), operator("y", [40, 0], &[grant(0, ONE / 4, Tier::Shared)])],
        stakers: vec!["alice".to_owned(), "bob".to_owned(), "nobody".to_owned()],
        positions: vec![position(1, 0, 1, 50), position(0, 0, 0, 100), position(0, 1, 0, 40)],
    }
}

#[test]
fn an_operator_shows_what_is_guaranteed_what_is_shared_and_the_worst() {
    let network = network();
    let operators = of_operators(&network, &Allocations::of(&network));
    let x = &operators[0];
    assert_eq!((x.value, x.guaranteed), (200, 100));
    // Three quarters are granted, and half is there.
    assert_eq!(x.shared, 100 + 50);
    assert_eq!((x.degree, x.worst_loss), (u128::from(ONE / 2 * 3), ONE.into()));
    let y = &operators[1];
    assert_eq!((y.value, y.guaranteed, y.shared), (40, 0, 10));
    assert_eq!((y.degree, y.worst_loss), ((ONE / 4).into(), (ONE / 4).into()));
}

#[test]
fn a_service_shows_what_only_it_can_take_apart_from_what_it_shares() {
    let network = network();
    let services = of_services(&Allocations::of(&network));
    let of = |place: usize| (services[place].operators, services[place].guaranteed, services[place].shared);
    assert_eq!([of(0), of(1), of(2)], [(2, 100, 10), (1, 0, 100), (1, 0, 50)]);
}

#[test]
fn a_staker_sees_what_can_be_lost_how_often_it_is_promised_and_to_whom_most() {
    let network = network();
    let stakers = of_stakers(&network, &Allocations::of(&network));
    let alice = &stakers[0];
    assert_eq!((alice.value, alice.worst_loss, alice.services), (140, 110, 3));
    // 100 promised one and a half times and 40 a quarter of once, of 140.
    assert_eq!(alice.degree, (160 * u128::from(ONE)).div_ceil(140));
    assert_eq!(alice.largest, 60, "half with x and a quarter with y");
    let bob = &stakers[1];
    assert_eq!((bob.value, bob.worst_loss, bob.largest), (100, 100, 50));
    assert_eq!((stakers[2].value, stakers[2].degree), (0, 0));
}
