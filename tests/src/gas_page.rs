//! What operations cost as a page with a picture: `docs/gas.md` and `docs/gas.svg`.

use crate::gas::{Cost, OPERATIONS};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Costs by name.
pub type Costs = BTreeMap<&'static str, Cost>;

/// The kinds of gas that come back instead of being spent.
const REFUND: &str = "refund";

/// The colours of the kinds, in their order.
const COLOURS: [&str; 10] =
    ["#8c8c8c", "#d62728", "#1f77b4", "#aec7e8", "#ff7f0e", "#9467bd", "#e377c2", "#2ca02c", "#bcbd22", "#17becf"];

/// The picture, in pixels: the height of a bar and what it takes with its gap, the place of the names, and how many gas
/// a pixel is.
const BAR: u64 = 16;
const ROW: u64 = 24;
const NAMES: u64 = 230;
const GAS_A_PIXEL: u64 = 400;

/// What stands above the first table.
const ABOVE: &str = "\
# What operations cost

Written by `cargo run -p restake-tests --example gas -- --write` and held up to date by a test. Gas with the intrinsic
part, with the programs outside and inside the chain's cache. The peer is the first release of EigenLayer behind its
proxies, in the same states; it reads and writes on a plain EVM.

| operation | not cached | cached | peer | cached / peer |
|---|--:|--:|--:|--:|
";

/// What stands above the second one.
const BETWEEN: &str = "
## Where it goes, cached

![A bar for each operation](gas.svg)

Starts are those of programs, with their number; reads are of words, cold ones with their number; calls are without
what the called does; foreign is what precompiles do.

| operation |";

/// The page. (Writing to a string cannot fail.)
pub fn page(uncached: &Costs, cached: &Costs) -> String {
    let mut text = String::from(ABOVE);
    for operation in OPERATIONS {
        let of = |costs: &Costs| costs.get(operation.name).map_or(0, |cost| cost.gas);
        let (uncached, cached) = (of(uncached), of(cached));
        let hundredths = (cached * 100 + operation.peer / 2) / operation.peer;
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        let _ =
            writeln!(text, "| {} | {uncached} | {cached} | {} | {whole}.{rest:02} |", operation.name, operation.peer);
    }
    text.push_str(BETWEEN);
    let kinds = cached.values().next().map(|cost| cost.spent.kinds()).unwrap_or([("", 0); 11]);
    for (name, _) in kinds {
        let _ = write!(text, " {name} |");
    }
    let _ = writeln!(text, "\n|---|{}", "--:|".repeat(kinds.len()));
    for operation in OPERATIONS {
        let Some(Cost { spent, .. }) = cached.get(operation.name) else { continue };
        let _ = write!(text, "| {} |", operation.name);
        for (name, gas) in spent.kinds() {
            let _ = match name {
                "starts" => write!(text, " {gas} ({}) |", spent.started),
                "cold reads" => write!(text, " {gas} ({}) |", spent.cold),
                _ => write!(text, " {gas} |"),
            };
        }
        text.push('\n');
    }
    text
}

/// A bar for each operation, a colour for each kind.
pub fn bars(cached: &Costs) -> String {
    let widest = cached.values().map(|cost| cost.gas).max().unwrap_or(0) / GAS_A_PIXEL;
    let rows = u64::try_from(OPERATIONS.len()).unwrap_or(0);
    let (width, height) = (NAMES + widest + 90, (rows + 2) * ROW);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (row, operation) in (0..).zip(OPERATIONS) {
        let Some(cost) = cached.get(operation.name) else { continue };
        let (y, baseline) = (row * ROW, row * ROW + 13);
        let _ =
            writeln!(text, "<text x=\"{}\" y=\"{baseline}\" text-anchor=\"end\">{}</text>", NAMES - 8, operation.name);
        let mut x = NAMES;
        let kinds = cost.spent.kinds().into_iter().filter(|(name, _)| *name != REFUND);
        for ((_, gas), colour) in kinds.zip(COLOURS) {
            let wide = gas / GAS_A_PIXEL;
            let _ = writeln!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{BAR}\" fill=\"{colour}\"/>");
            x += wide;
        }
        let _ = writeln!(text, "<text x=\"{}\" y=\"{baseline}\">{}</text>", x + 6, cost.gas);
    }
    let (mut x, y) = (8, rows * ROW + 8);
    let kinds = cached.values().next().map(|cost| cost.spent.kinds()).into_iter().flatten();
    for ((name, _), colour) in kinds.zip(COLOURS) {
        let letters = u64::try_from(name.len()).unwrap_or(0);
        let _ = writeln!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
        let _ = writeln!(text, "<text x=\"{}\" y=\"{}\">{name}</text>", x + 16, y + 11);
        x += 24 + 7 * letters;
    }
    text.push_str("</svg>\n");
    text
}
