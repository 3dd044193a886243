//! What operations are meant to cost, beside what they do: the section of goals of `docs/gas.md`.

use crate::gas_page::ratio;
use crate::gas_report::Row;
use crate::operations::Role;
use std::fmt::Write;

/// What stands above the table.
const ABOVE: &str = "
## Goals

What an operation is meant to cost beside the peer's first release inside the cache, and what it does; what its floor
alone would be, so that a goal below that cannot be reached; its cost by its floor, which is meant to be 1.15 at most;
and for stakers the cost outside the cache, which is meant to be no more than the peer's. In bold what misses its goal.

| operation | goal | is | floor alone | is / floor | outside the cache |
|---|--:|--:|--:|--:|--:|
";

/// What stands under it.
const UNDER: &str = "
What stands against the rest:

- **Floors above their goals.** Delegating, a later withdrawal and opting in write more new words than the peer does,
  because a rule needs each of them (the lists are below): no code reaches these goals without checking less.
- **Checkpoints.** A service judges a fault by the stake of its time, so each change of an operator's stake is kept, and
  the total with it. Two share a word; every second one needs a new word in both histories, which is what the dearer
  update and deregistering pay. A history that forgets would make that cheap, and evidence of what it forgot worthless.
- **Addresses in storage.** Programs have no immutables: who calls whom is a word for each contract on the way, cold in
  each transaction, 2,100 gas, three to five times. Constants patched into the code would save them, at the price of
  code that differs from suite to suite: none would share a place in the cache, and nobody could compare what is
  deployed with what is built.
- **What WASM computes**, with host I/Os, is 2,000 to 4,000 gas of each operation. Compiled for speed instead of size it
  would be less, but the TokenPool alone is nearly twice as large then, and beyond what a program may be.
- **Outside the cache** a start costs 12,000 to 21,000 gas instead of 1,000 to 2,000, two to four times in a
  transaction. One program instead of TokenPool, StrategyManager and Slasher would not fit the size of a program.
";

/// How far above its floor an operation may be, in hundredths.
const ABOVE_FLOOR: u64 = 115;

/// The section. `mean` is the geometric mean over v1.3.0 of the operations that it has, and of their floors.
pub(crate) fn section(rows: &[Row], [mean, mean_of_floors]: [String; 2]) -> String {
    let mut text = String::from(ABOVE);
    for row in rows {
        let [uncached, cached, floor, peer, _] = row.figures();
        let goal = row.operation.goal;
        let outside = match row.operation.role {
            Role::Staker => marked(ratio(uncached, peer), uncached > peer),
            Role::Service => String::new(),
        };
        let of_floor = marked(ratio(cached, floor), cached * 100 > floor * ABOVE_FLOOR);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {of_floor} | {outside} |",
            row.operation.name,
            ratio(goal, peer),
            marked(ratio(cached, peer), cached > goal),
            marked(ratio(floor, peer), floor > goal),
        );
    }
    let _ = writeln!(
        text,
        "\nThe geometric mean over v1.3.0 is meant to be 0.45; it is {mean}, and of the floors alone {mean_of_floors}."
    );
    text.push_str(UNDER);
    text
}

/// A figure, in bold where it misses its goal.
fn marked(figure: String, misses: bool) -> String {
    if misses { format!("**{figure}**") } else { figure }
}
