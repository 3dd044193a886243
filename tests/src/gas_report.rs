//! All that is measured and derived about gas, as it is printed, written and guarded.

use crate::floor::{Floor, Prices};
use crate::gas::{Cost, Costs, measure, prepared};
use crate::operations::{OPERATIONS, Operation};
use crate::token_gas::measure_token;
use eyre::{OptionExt, Result};
use serde_json::{Map, Value, json};

/// What an operation costs and must cost.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which one.
    pub operation: Operation,
    /// With the programs outside the chain's cache.
    pub uncached: Cost,
    /// Inside.
    pub cached: Cost,
    /// What it must cost.
    pub floor: Floor,
}

/// The operations, in the order of the table.
#[derive(Debug, Clone)]
pub struct Report {
    /// A row for each.
    pub rows: Vec<Row>,
}

impl Report {
    /// Measures everything.
    ///
    /// # Errors
    /// If an operation fails, or the chain does not say what it charges.
    pub async fn measure() -> Result<Self> {
        let (uncached, cached) = (measure(false).await?, measure(true).await?);
        let prices = Prices::of(&prepared(true).await?, measure_token(true).await?).await?;
        let rows = OPERATIONS.into_iter().map(|operation| Row::of(operation, &prices, &uncached, &cached));
        Ok(Self { rows: rows.collect::<Result<_>>()? })
    }

    /// The gas, to be kept.
    pub fn snapshot(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let gas = json!({ "uncached": row.uncached.gas, "cached": row.cached.gas, "floor": row.floor.gas() });
            (row.operation.name.to_owned(), gas)
        });
        Value::Object(rows.collect::<Map<_, _>>())
    }
}

impl Row {
    /// Its gas outside and inside the cache, its floor, and the first release's gas.
    pub(crate) fn figures(&self) -> [u64; 4] {
        [self.uncached.gas, self.cached.gas, self.floor.gas(), self.operation.peer]
    }

    fn of(operation: Operation, prices: &Prices, uncached: &Costs, cached: &Costs) -> Result<Self> {
        let of = |costs: &Costs| costs.get(operation.name).copied().ok_or_eyre("not measured");
        let (uncached, cached) = (of(uncached)?, of(cached)?);
        let floor = (operation.needs)(Floor::of(prices, &cached.spent));
        Ok(Self { operation, uncached, cached, floor })
    }
}
