//! A small liquid staking token to stake on development chains.
