//! What is shown: tables for people and for other programs, and pictures.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;
pub mod plot;
#[cfg(feature = "png")]
mod png;
mod table;
pub mod tables;

pub use table::{Cells, Column, Table};
