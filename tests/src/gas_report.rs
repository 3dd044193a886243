//! All that is measured and derived about gas, as it is printed, written and guarded.

use crate::floor::{Floor, Prices};
use crate::game_gas::{GameCost, measure_games};
use crate::gas::{Cost, Costs, measure, prepared};
use crate::operations::{OPERATIONS, Operation};
use crate::start::{Start, starts};
use crate::token::Token;
use crate::token_gas::{TokenCosts, measure_token};
use eyre::{OptionExt, Result};
use serde_json::{Map, Value, json};

/// What an operation costs and must cost.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which one.
    pub operation: Operation,
    /// With OpenZeppelin's token and the programs outside the chain's cache.
    pub uncached: Cost,
    /// Inside.
    pub cached: Cost,
    /// Inside, with the suite's own token.
    pub own_token: Cost,
    /// What it must cost.
    pub floor: Floor,
}

/// The operations, in the order of the table.
#[derive(Debug, Clone)]
pub struct Report {
    /// A row for each.
    pub rows: Vec<Row>,
    /// What OpenZeppelin's token costs.
    pub token: TokenCosts,
    /// What the suite's own costs, outside and inside the cache.
    pub own_token: [TokenCosts; 2],
    /// What starts of the programs cost.
    pub starts: Vec<Start>,
    /// What games about computations cost, outside and inside the cache.
    pub games: [Vec<GameCost>; 2],
}

impl Report {
    /// Measures everything.
    ///
    /// # Errors
    /// If an operation fails, or the chain does not say what it charges.
    pub async fn measure() -> Result<Self> {
        let (peer, own) = (Token::OpenZeppelin, Token::Own);
        let costs = [measure(peer, false).await?, measure(peer, true).await?, measure(own, true).await?];
        let token = measure_token(peer, true).await?;
        let own_token = [measure_token(own, false).await?, measure_token(own, true).await?];
        let starts = starts(&prepared(own, true).await?).await?;
        let prices = Prices::new(&starts, token);
        let rows = OPERATIONS.into_iter().map(|operation| Row::of(operation, &prices, &costs));
        let games = [measure_games(false).await?, measure_games(true).await?];
        Ok(Self { rows: rows.collect::<Result<_>>()?, token, own_token, starts, games })
    }

    /// The gas, to be kept.
    pub fn snapshot(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let (uncached, cached, own_token) = (row.uncached.gas, row.cached.gas, row.own_token.gas);
            let floor = row.floor.gas();
            let gas = json!({ "uncached": uncached, "cached": cached, "own token": own_token, "floor": floor });
            (row.operation.name.to_owned(), gas)
        });
        let tokens = self.tokens().map(|(name, [peer, uncached, cached], _)| {
            (name.to_owned(), json!({ "OpenZeppelin": peer, "uncached": uncached, "cached": cached }))
        });
        let [uncached, cached] = &self.games;
        let games = uncached.iter().zip(cached).map(|(uncached, cached)| {
            let gas = [uncached, cached].map(|game| game.operator() + game.challenger());
            (format!("2^{}", cached.exponent), json!({ "uncached": gas[0], "cached": gas[1] }))
        });
        let (rows, tokens) = (rows.collect::<Map<_, _>>(), tokens.collect::<Map<_, _>>());
        json!({ "operations": rows, "tokens": tokens, "games": games.collect::<Map<_, _>>() })
    }

    /// The tokens' own operations: OpenZeppelin's token, the suite's own outside and inside the cache, and the peer's.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (&'static str, [u64; 3], Option<u64>)> {
        let [uncached, cached] = self.own_token.map(|costs| costs.named());
        let names = self.token.named().into_iter().zip(uncached).zip(cached);
        names.map(|(((name, token, recorded), (_, uncached, _)), (_, cached, _))| {
            (name, [token, uncached, cached].map(|cost| cost.gas), recorded)
        })
    }
}

impl Row {
    /// Its gas outside and inside the cache, its floor, the first release's gas, and with the suite's own token.
    pub(crate) fn figures(&self) -> [u64; 5] {
        [self.uncached.gas, self.cached.gas, self.floor.gas(), self.operation.peer, self.own_token.gas]
    }

    fn of(operation: Operation, prices: &Prices, costs: &[Costs; 3]) -> Result<Self> {
        let of = |costs: &Costs| costs.get(operation.name).copied().ok_or_eyre("not measured");
        let [uncached, cached, own_token] = costs;
        let (uncached, cached, own_token) = (of(uncached)?, of(cached)?, of(own_token)?);
        let floor = (operation.needs)(Floor::of(prices, &cached.spent));
        Ok(Self { operation, uncached, cached, own_token, floor })
    }
}
