//! A service: registry, terms, disputes.
