//! Nothing but tests, apart from the others because what TLS needs is compiled from C.
#![deny(missing_docs)]
