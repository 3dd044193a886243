//! Tables by columns, each with its meaning.

use crate::decimal::Decimal;
use arithmetic::risk::UNBOUNDED;

/// A table, also a very long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is called; a file is called the same.
    pub name: &'static str,
    /// All of the same length.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it is called.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// By row.
    pub cells: Cells,
}

/// What is in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// A name.
    Text(Vec<String>),
    /// How many.
    Count(Vec<usize>),
    /// An amount, or a value: whole units with 18 decimals.
    Amount(Vec<u128>),
    /// A fraction with 18 decimals; nothing where no bound holds.
    Ratio(Vec<u128>),
}

impl Cells {
    /// What its kind is called in the schema.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Count(_) => "count",
            Self::Amount(_) => "amount",
            Self::Ratio(_) => "ratio",
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Count(cells) => cells.len(),
            Self::Amount(cells) | Self::Ratio(cells) => cells.len(),
        }
    }

    /// A cell as text; nothing where there is none.
    pub fn written(&self, row: usize) -> String {
        let cell = match self {
            Self::Text(cells) => cells.get(row).cloned(),
            Self::Count(cells) => cells.get(row).map(usize::to_string),
            Self::Amount(cells) => cells.get(row).map(|amount| Decimal(*amount).to_string()),
            Self::Ratio(cells) => {
                cells.get(row).filter(|ratio| **ratio != UNBOUNDED).map(|ratio| Decimal(*ratio).to_string())
            }
        };
        cell.unwrap_or_default()
    }
}

impl Table {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.rows())
    }

    /// A row of its schema for each column: the table, the column, its kind, what it says.
    pub fn schema(&self) -> Vec<[&'static str; 4]> {
        self.columns.iter().map(|column| [self.name, column.name, column.cells.kind(), column.meaning]).collect()
    }

    /// Its first rows for people: columns of one width, numbers with four decimals.
    pub fn shown(&self, most: usize) -> String {
        let rows = self.rows().min(most);
        let column = |column: &Column| {
            let cells = (0..rows).map(|row| shortened(&column.cells.written(row), &column.cells));
            let texts: Vec<String> = std::iter::once(column.name.to_owned()).chain(cells).collect();
            let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or(0);
            let is_text = matches!(column.cells, Cells::Text(_));
            let pad = move |text: String| if is_text { format!("{text:<width$}") } else { format!("{text:>width$}") };
            texts.into_iter().map(pad).collect::<Vec<_>>()
        };
        let columns: Vec<Vec<String>> = self.columns.iter().map(column).collect();
        let line = |row: usize| columns.iter().filter_map(|column| column.get(row)).cloned().collect::<Vec<_>>();
        let mut lines: Vec<String> = (0..=rows).map(|row| line(row).join("  ").trim_end().to_owned()).collect();
        if rows < self.rows() {
            lines.push(format!("... and {} more", self.rows().saturating_sub(rows)));
        }
        lines.join("\n")
    }
}

/// A number with at most four decimals, cut off; "no bound" where there is none.
fn shortened(text: &str, cells: &Cells) -> String {
    if text.is_empty() && matches!(cells, Cells::Ratio(_)) {
        return "no bound".to_owned();
    }
    match (cells, text.split_once('.')) {
        (Cells::Amount(_) | Cells::Ratio(_), Some((whole, decimals))) => {
            format!("{whole}.{}", decimals.get(..4).unwrap_or(decimals))
        }
        _ => text.to_owned(),
    }
}
