//! The ABI of every contract: structs, errors, events and functions, with their documentation
