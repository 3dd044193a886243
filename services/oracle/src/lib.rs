//! The operators of a price feed, and who puts together what they sign.
//!
//! A *slot* is a multiple of the feed's interval. At each slot an operator looks at its [`source`] and publishes a
//! signed [`report`]; an [`aggregator`] takes the [`median`] of reports that carry enough stake and publishes a
//! [`proposal`] with them; an [`operator`] that finds the proposed price to be the median of what it carries, and not
//! further from its own observation than the feed's deviation, signs it as its answer, once for a slot; and with enough
//! answers the aggregator sends one transaction to the [`feed`].
//!
//! Reports are typed data of their own, so that a report is never an answer: only two answers can be held against an
//! operator. Anyone may aggregate. Who proposes two prices for a slot finds no operator that signs both; at worst the
//! round is lost, and the next one follows.
#![deny(missing_docs)]

pub mod aggregator;
pub mod electorate;
pub mod feed;
pub mod median;
pub mod operator;
pub mod proposal;
pub mod report;
pub mod setting;
pub mod source;
