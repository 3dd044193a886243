//! Prints the Solidity interface of the contract, or its constructor alone: what `cargo stylus export-abi` and `cargo
//! stylus deploy` run.

fn main() {
    batch::print_from_args();
}
