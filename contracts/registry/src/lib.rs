//! A service's operator set.
