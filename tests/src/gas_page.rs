//! What operations cost as a page with a picture: `docs/gas.md` and `docs/gas.svg`.

use crate::game_gas::GameCost;
use crate::gas::Cost;
use crate::gas_report::{Report, Row};
use crate::goals::section;
use crate::operations::{FAULT, LATER_PEER_FAULT};
use crate::rule::Rule;
use crate::start::Start;
use eyre::{OptionExt, Result};
use std::fmt::Write;

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

Written by `cargo run -p restake-tests --example gas -- --write` and held up to date by a test: *not cached*, *cached*,
*floor* and *own token* are live, measured and derived anew by every run of it. Gas with the intrinsic part, with the
programs outside and inside the chain's cache. The token is OpenZeppelin's, as the peer's; *own token* is cached with
the LiquidStakingToken instead. The floor is what the operation must cost with the words, calls and logs that a rule of
the design needs ([below](#what-must-be-paid)).

The peer is EigenLayer behind its proxies, in the same states, on a plain EVM: its *first* release (the tag
`mainnet-deployment`), and *v1.3.0*, the one with slashing, where it has the operation. Both are recorded: measured
once and not again.

| operation | not cached | cached | floor | cached / floor \
| first | cached / first | v1.3.0 | cached / v1.3.0 | own token |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

/// What stands under it.
const UNDER: &str = "
The mean over the first release is over the single operations; that over v1.3.0 is over those that it has and the
fault. There a dispute, which judges nothing, slashes in one transaction what is here a challenge with its proof and an
execution after the challenge period (burning what it took is another one, not counted); opting in is its first
allocation of magnitude, with one strategy; it has no freeze, and leaves the weights of operators to services.
";

/// What stands above the table of the tokens.
const TOKENS: &str = "
## The tokens themselves

OpenZeppelin's ERC20PresetFixedSupply of its release 4.9.6, EVM code, and the LiquidStakingToken, a program: each
operation in a transaction of its own, of accounts that hold the token before and after. Allowances are a million
tokens, of which each transfer and each stake takes its part. *Recorded* is the peer's token, in the same states.

| operation | OpenZeppelin | recorded | own, not cached | own, cached |
|---|--:|--:|--:|--:|
";

/// What stands above the table of the games.
const GAMES: &str = "
## Games about computations

A wrong result, from its challenge to the freeze: each side has a turn for each time that the trace is halved, and the
first step is the wrong one, of a batch of a thousand transfers between a thousand accounts. Gas of all turns together,
with the programs in the cache, and in brackets outside. The bond pays whoever is right for what it spent: at a gas
price of 0.1 gwei the longest of these games costs a side a few ten-thousandths of an ETH, the bond of the story is one.

| steps | turns of each side | opening | the operator's turns | the challenger's | the last step | operator, in all \
| challenger, in all |
|---|--:|--:|--:|--:|--:|--:|--:|
";

/// What stands above the table of the programs.
const CACHE: &str = "
## What cached means, and who pays for it

A chain charges for loading a program whenever something calls it, unless the program is in the chain's cache. That is a
matter of places and not of what was called before: a program that has one is started at the cached price by everybody,
one that has none by nobody (from ArbOS 60 on, what the same block started before costs the cached price too). Places
belong to code and not to addresses, so all services that are deployed from the same code share one.

On a public chain the CacheManager auctions the places. Anyone bids ETH for any program (`cargo stylus cache bid`, which
calls `placeBid`); `getMinBid` says what is needed, which is nothing while there is room for its machine code. A bid is
not given back, not even when others push the program out, and goes to the account of the chain's fees. Every bid counts
less than one of the same amount that comes later, so a place that others want has to be paid for again and again. The
bid's transaction itself costs a start outside the cache, and the words of the CacheManager.

Nothing in the protocol pays for that, and no rule depends on it: whoever wants the users to pay less bids, once for the
protocol and the services of the same code. Until then each user pays the difference in each transaction: *not cached*.
On a development chain there is no auction. The chain's owner puts the suite into the cache when it is deployed, so the
gas that the story prints is *cached*.

| program | start, not cached | start, cached | takes of the cache |
|---|--:|--:|--:|
";

/// What stands above the second one.
const BETWEEN: &str = "
## Where it goes, cached

![A bar for each operation, its floor as a line across it](gas.svg)

Starts are those of programs, with their number; reads are of words, cold ones with their number; calls are without
what the called does; foreign is what precompiles and the token do.

| operation |";

/// What stands above the list of needs.
const NEEDS: &str = "
## What must be paid

The floor, entry by entry: what it is, its gas, and in brackets who names it. That the code does something is no reason
for an entry. A start is of a program that is in the cache, with the call that reaches it and its page of memory; the
token's calls are measured apart. Not in a floor are what WASM computes, addresses and numbers that are set once (they
could be constants of the code), events that no rule names, and words that are read or written again, although no code
goes without all of that.

| who names it | what it says |
|---|---|
";

/// What stands above the entries.
const ENTRIES: &str = "
| operation | entries |
|---|---|
";

/// The page. (Writing to a string cannot fail.)
pub fn page(report: &Report) -> String {
    let mut text = String::from(ABOVE);
    for row in &report.rows {
        text.push_str(&line(row.operation.name, row.figures(), row.operation.later_peer));
    }
    let steps = report.rows.iter().rev().take(FAULT).map(Row::figures);
    let fault = steps.fold([0; 5], |sum, step| [0, 1, 2, 3, 4].map(|place| sum[place] + step[place]));
    text.push_str(&line("a fault, from the challenge to the release", fault, Some(LATER_PEER_FAULT)));
    let cached: fn(&Row) -> u64 = |row| row.cached.gas;
    let of_floor = mean(report.rows.iter().map(|row| (cached(row), row.floor.gas())));
    let of_peer = mean(report.rows.iter().map(|row| (cached(row), row.operation.peer)));
    let of_later = |gas: fn(&Row) -> u64, of_fault| {
        let rows = report.rows.iter().filter_map(|row| Some((gas(row), row.operation.later_peer?)));
        mean(rows.chain([(of_fault, LATER_PEER_FAULT)]))
    };
    let later = [of_later(cached, fault[1]), of_later(|row| row.floor.gas(), fault[2])];
    let _ = writeln!(text, "| geometric mean of the ratios | | | | {of_floor} | | {of_peer} | | {} | |", later[0]);
    text.push_str(UNDER);
    text.push_str(&section(&report.rows, later));
    text.push_str(TOKENS);
    for (name, [token, uncached, cached], recorded) in report.tokens() {
        let recorded = recorded.map(|gas| gas.to_string()).unwrap_or_default();
        let _ = writeln!(text, "| {name} | {token} | {recorded} | {uncached} | {cached} |");
    }
    text.push_str(GAMES);
    for (uncached, cached) in report.games[0].iter().zip(&report.games[1]) {
        let of = |part: fn(&GameCost) -> u64| format!("{} ({})", part(cached), part(uncached));
        let turns = [of(|game| game.opening), of(|game| game.naming), of(|game| game.judging), of(|game| game.step)];
        let sides = [of(GameCost::operator), of(GameCost::challenger)];
        let exponent = cached.exponent;
        let _ = writeln!(text, "| 2^{exponent} | {exponent} | {} | {} |", turns.join(" | "), sides.join(" | "));
    }
    text.push_str(CACHE);
    for Start { program, uncached, cached, size } in &report.starts {
        let _ = writeln!(text, "| {program} | {uncached} | {cached} | {} KB |", size.div_ceil(1024));
    }
    where_it_goes(&mut text, &report.rows);
    text.push_str(NEEDS);
    for rule in Rule::ALL {
        let _ = writeln!(text, "| {rule} | {} |", rule.says());
    }
    text.push_str(ENTRIES);
    for row in &report.rows {
        let entries = row.floor.needs.iter().map(|need| format!("{} {} ({})", need.what, need.gas, need.rule));
        let _ = writeln!(text, "| {} | {} |", row.operation.name, entries.collect::<Vec<_>>().join("; "));
    }
    text
}

/// The lines of the README's table: what an operation costs inside the cache, beside the peer's two releases.
pub fn short(report: &Report) -> String {
    let mut text =
        String::from("| operation | gas | EigenLayer, first release | EigenLayer v1.3.0 |\n|---|--:|--:|--:|\n");
    for Row { operation, cached, .. } in &report.rows {
        let later = operation.later_peer.map(|gas| gas.to_string()).unwrap_or_default();
        let _ = writeln!(text, "| {} | {} | {} | {later} |", operation.name, cached.gas, operation.peer);
    }
    text
}

/// The README with that table in place of the one that it has.
///
/// # Errors
/// If it has none.
pub fn with_short(readme: &str, report: &Report) -> Result<String> {
    let begin = readme.find("| operation | gas |").ok_or_eyre("the README has no table of gas")?;
    let length = readme[begin..].find("\n\n").ok_or_eyre("the README's table of gas does not end")?;
    Ok([&readme[..begin], &short(report), &readme[begin + length + 1..]].concat())
}

/// A line of the first table: the figures outside and inside the cache, of the floor, of the peer, and with the own
/// token.
fn line(name: &str, [uncached, cached, floor, peer, own]: [u64; 5], later: Option<u64>) -> String {
    let (of_floor, of_peer) = (ratio(cached, floor), ratio(cached, peer));
    let later = later.map_or_else(|| " | ".to_owned(), |gas| format!("{gas} | {}", ratio(cached, gas)));
    format!("| {name} | {uncached} | {cached} | {floor} | {of_floor} | {peer} | {of_peer} | {later} | {own} |\n")
}

fn where_it_goes(text: &mut String, rows: &[Row]) {
    text.push_str(BETWEEN);
    let kinds = kinds(rows);
    for name in &kinds {
        let _ = write!(text, " {name} |");
    }
    let _ = writeln!(text, "\n|---|{}", "--:|".repeat(kinds.len()));
    for row in rows {
        let Cost { spent, .. } = &row.cached;
        let _ = write!(text, "| {} |", row.operation.name);
        for (name, gas) in spent.kinds() {
            let _ = match name {
                "starts" => write!(text, " {gas} ({}) |", spent.started),
                "cold reads" => write!(text, " {gas} ({}) |", spent.cold),
                _ => write!(text, " {gas} |"),
            };
        }
        text.push('\n');
    }
}

/// A bar for each operation, a colour for each kind, and a line where its floor is.
pub fn bars(report: &Report) -> String {
    let widest = report.rows.iter().map(|row| row.cached.gas).max().unwrap_or(0) / GAS_A_PIXEL;
    let count = u64::try_from(report.rows.len()).unwrap_or(0);
    let (width, height) = (NAMES + widest + 90, (count + 2) * ROW);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for (place, row) in (0..).zip(&report.rows) {
        let (y, baseline, name) = (place * ROW, place * ROW + 13, row.operation.name);
        let _ = writeln!(text, "<text x=\"{}\" y=\"{baseline}\" text-anchor=\"end\">{name}</text>", NAMES - 8);
        let mut x = NAMES;
        let kinds = row.cached.spent.kinds().into_iter().filter(|(name, _)| *name != REFUND);
        for ((_, gas), colour) in kinds.zip(COLOURS) {
            let wide = gas / GAS_A_PIXEL;
            let _ = writeln!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{BAR}\" fill=\"{colour}\"/>");
            x += wide;
        }
        text.push_str(&mark(NAMES + row.floor.gas() / GAS_A_PIXEL, y));
        let _ = writeln!(text, "<text x=\"{}\" y=\"{baseline}\">{}</text>", x + 6, row.cached.gas);
    }
    let (mut x, y) = (8, count * ROW + 8);
    for (name, colour) in kinds(&report.rows).into_iter().zip(COLOURS) {
        let letters = u64::try_from(name.len()).unwrap_or(0);
        let _ = writeln!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
        let _ = writeln!(text, "<text x=\"{}\" y=\"{}\">{name}</text>", x + 16, y + 11);
        x += 24 + 7 * letters;
    }
    text.push_str(&mark(x + 2, y - 2));
    let _ = writeln!(text, "<text x=\"{}\" y=\"{}\">floor</text>", x + 8, y + 11);
    text.push_str("</svg>\n");
    text
}

/// A line across a bar.
fn mark(x: u64, y: u64) -> String {
    format!("<line x1=\"{x}\" y1=\"{y}\" x2=\"{x}\" y2=\"{}\" stroke=\"black\" stroke-width=\"2\"/>\n", y + BAR)
}

/// The names of the kinds of gas.
fn kinds(rows: &[Row]) -> Vec<&'static str> {
    rows.first().map(|row| row.cached.spent.kinds()).into_iter().flatten().map(|(name, _)| name).collect()
}

/// A ratio with two digits after the point.
pub(crate) fn ratio(gas: u64, other: u64) -> String {
    let hundredths = (gas * 100 + other / 2).checked_div(other).unwrap_or(0);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The geometric mean of ratios. (Figures for people: precision does not matter.)
pub fn mean(pairs: impl Iterator<Item = (u64, u64)>) -> String {
    let (sum, count) =
        pairs.fold((0.0, 0.0), |(sum, count), (gas, other)| (sum + (gas as f64 / other as f64).ln(), count + 1.0));
    format!("{:.2}", (sum / count).exp())
}
