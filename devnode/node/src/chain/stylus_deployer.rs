//! The contract that deploys a Stylus program, activates it and calls its constructor in one transaction.
//!
//! `cargo stylus deploy` uses such a contract for programs with a constructor, at the address in the usual setups of
//! development chains. This one has code of its own with the same interface:
//!
//! ```solidity
//! function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) payable returns (address);
//! event ContractDeployed(address deployedContract);
//! error ContractDeploymentError(bytes bytecode);
//! error ContractInitializationError(address newContract, bytes reason);
//! error RefundExcessValueError(uint256 excessValue);
//! error EmptyBytecode();
//! error InitValueButNotInitData();
//! ```
//!
//! With a salt that is not zero, the contract uses CREATE2 with the hash of salt, data and value, so that an address
//! tells what its program was initialised with. The value beyond `initValue` pays for activation, and the rest goes
//! back to the caller. Arguments that are cut off count as zeros.

use alloy::primitives::{Address, address, hex};

/// Where it is.
pub(super) const STYLUS_DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");

/// Its code.
pub(super) const STYLUS_DEPLOYER_CODE: [u8; 517] = hex!(
    // nothing but `deploy`
    "5f3560e01c63a9a8e4e914610012575f5ffd"
    // a salt: hashed with the data and the value of the constructor's call
    "5b606435801561003e57"
    "608052602435600401803590602001819060a037"
    "6044358160a00152604001608020"
    // the init code, to memory at 0x80
    "5b600435600401803580156101d057906020018190608037"
    // CREATE, or with a salt CREATE2; the new address stays at 0x40
    "81610064578060805ff061006b56"
    "5b818160805ff5"
    "5b806040528061009b573d6101fd57"
    // not created: ContractDeploymentError(init code)
    "81606052602060405263794c92ce60205281601f0160051c60051b604401603cfd"
    // whether ArbWasm.codehashVersion, or 0 if it reverts, is ArbWasm.stylusVersion; stays at 0x60
    "5b3f63d70c0ca760e01b5f5260045260205f60245f60715afa5f5102"
    "63a996e0c260e01b5f5260205f60045f60715afa156101fd57"
    "5f511415806060521561010957"
    // if not: ArbWasm.activateProgram, with what came beyond the constructor's value
    "6044358034106101e9573403"
    "6358c780c260e01b5f526040516004525f5f60245f8460715af1156101fd5750"
    // the constructor, if there is data for it
    "5b6024356004018035801561016557906020018190608037"
    "5f5f8260806044356040515af161016d57"
    // it failed: ContractInitializationError(address, what it reverted with)
    "6388d8f57d60e01b5f526040516004526040602452"
    "3d6044525f3d606401523d5f60643e3d601f0160051c60051b6064015ffd"
    "5b6044356101da57"
    // what is left goes back
    "5b60443534141560605117156101a1574780156101a157"
    "5f5f5f5f84335af16101a157"
    // it is not taken: RefundExcessValueError(wei)
    "633ea9916960e01b5f5260045260245ffd"
    // ContractDeployed(address), and the address
    "5b6040515f527f8ffcdc15a283d706d38281f500270d8b5a656918f555de0913d7455e3e6bc1bf60205fa160205ff3"
    // EmptyBytecode(), InitValueButNotInitData()
    "5b6321744a596101df56"
    "5b62cc7971"
    "5b60e01b5f5260045ffd"
    // less than the constructor's value: Panic(0x11)
    "5b634e487b7160e01b5f52601160045260245ffd"
    // whatever a callee reverted with
    "5b3d5f5f3e3d5ffd"
);
