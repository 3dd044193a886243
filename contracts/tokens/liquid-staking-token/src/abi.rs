//! Prints the Solidity interface of the contract, or its constructor alone: what `cargo stylus export-abi` and `cargo
//! stylus deploy` run.

fn main() {
    liquid_staking_token::print_from_args();
}
