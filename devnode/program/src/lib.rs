//! The Stylus program format: validation, the metering pass and what programs cost
