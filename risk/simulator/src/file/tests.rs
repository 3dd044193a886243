use super::*;
use crate::random::{self, Size};
use serde_json::{Value, json};

fn read(value: Value) -> Result<Network, String> {
    let file: File = serde_json::from_value(value).map_err(|error| error.to_string())?;
    Network::try_from(&file).map_err(|error| error.to_string())
}

fn small() -> Value {
    json!({
        "tokens": [{ "name": "lsETH" }],
        "services": [{ "name": "oracle", "profit": "12.5", "threshold": "0.5" }],
        "operators": [{
            "name": "op", "stakes": { "lsETH": 100 },
            "grants": [{ "service": "oracle", "budget": "0.5", "tier": "exclusive" }]
        }],
        "stakers": [{ "name": "alice", "positions": [{ "operator": "op", "token": "lsETH", "amount": "32" }] }]
    })
}

#[test]
fn what_is_written_of_a_network_is_read_as_the_same() {
    let network = random::network(Size { stakers: 300, operators: 20, services: 5 }, ONE / 2, 1);
    let text = serde_json::to_string(&File::from(&network)).unwrap();
    let file: File = serde_json::from_str(&text).unwrap();
    assert_eq!(Network::try_from(&file), Ok(network));
}

#[test]
fn what_is_left_out_is_one_and_nobody() {
    let network = read(small()).unwrap();
    assert_eq!(network.tokens[0].price, ONE);
    assert_eq!((network.services[0].penalty, network.services[0].profit), (ONE, 12_500_000_000_000_000_000));
    assert_eq!((network.operators[0].magnitude, network.operators[0].stakes[0]), (ONE, 100 * u128::from(ONE)));
}

#[test]
fn what_makes_no_sense_is_refused_and_named() {
    let cases: [(&str, Value, &str); 9] = [
        ("/tokens/0/price", json!(0), "the price of 'lsETH' must be above 0"),
        ("/services/0/threshold", json!("1.1"), "the threshold of 'oracle' must be above 0 and at most 1"),
        ("/services/0/penalty", json!("2"), "the penalty of 'oracle' must be above 0 and at most 1"),
        ("/services/0/profit", json!(1.5), "did not match"),
        ("/operators/0/grants/0/service", json!("orakel"), "there is no service called 'orakel'"),
        ("/operators/0/grants/0/budget", json!("1.5"), "the budget of 'op' must be above 0 and at most 1"),
        ("/operators/0/stakes", json!({ "stETH": 1 }), "there is no token called 'stETH'"),
        ("/stakers/0/positions/0/amount", json!(101), "stakers have more of 'lsETH' with 'op' than its stake"),
        ("/stakers/0/positions/0/operator", json!("nobody"), "there is no operator called 'nobody'"),
    ];
    for (place, value, expected) in cases {
        let mut file = small();
        let (parent, key) = place.rsplit_once('/').unwrap();
        file.pointer_mut(parent).unwrap()[key] = value;
        let error = read(file).unwrap_err();
        assert!(error.contains(expected), "{place}: {error}");
    }
    let mut file = small();
    let again = file["operators"][0]["grants"][0].clone();
    file["operators"][0]["grants"].as_array_mut().unwrap().push(again);
    assert_eq!(read(file), Err("two of the grants are called 'oracle'".to_owned()));
    let mut file = small();
    file["unknown"] = json!(1);
    assert!(read(file).unwrap_err().contains("unknown field"));
}

#[test]
fn exclusive_budgets_are_within_the_magnitude() {
    let mut file = small();
    file["services"].as_array_mut().unwrap().push(json!({ "name": "other", "profit": 0, "threshold": 1 }));
    let other = json!({ "service": "other", "budget": "0.6", "tier": "exclusive" });
    file["operators"][0]["grants"].as_array_mut().unwrap().push(other);
    assert_eq!(read(file.clone()), Err("the exclusive budgets of 'op' are more than its magnitude".to_owned()));
    file["operators"][0]["grants"][1]["tier"] = json!("shared");
    assert!(read(file).is_ok());
}
