//! The restaking suite's deployment and story.

use crate::difference::Differences;
use crate::replay::{fresh, name, play, recorded, rows, start};
use crate::transactions::without_module_hashes;
use serde_json::Value;
use std::sync::LazyLock;

static SUITE: LazyLock<Vec<Value>> = LazyLock::new(|| rows(include_bytes!("recorded/suite.json.br")));

/// What the node said of each transaction.
static PLAYED: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let node = fresh(0, start(&SUITE));
    SUITE.iter().map(|row| play(&node, row)).collect()
});

#[test]
fn the_suite_lives_as_on_nitro() {
    let mut differences = Differences::default();
    for (row, ours) in SUITE.iter().zip(PLAYED.iter()) {
        let nitro = without_module_hashes(recorded(row, ours));
        differences.compare(name(row), &nitro, &without_module_hashes(ours.clone()));
    }
    differences.expect(SUITE.len(), &[]);
}
