//! Pure arithmetic of the protocol: pool price, epochs, wads
