//! An in-memory Arbitrum Stylus development chain with a JSON-RPC server
