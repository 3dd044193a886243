//! A service's single point of contact with the protocol.
