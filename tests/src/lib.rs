//! Integration tests of the protocol and of the node
