//! Executes transactions of a Stylus chain: revm for EVM code, wasmi for Stylus programs, ArbOS state and precompiles
