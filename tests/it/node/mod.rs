//! What a node refuses: programs and requests.
