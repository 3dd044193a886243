//! The tokens that can be staked on a test's chain.

use alloy::hex;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolValue;
use eyre::{OptionExt, Result};
use restake::chain::Chain;

/// See tests/tokens/README.md.
const CREATION_CODE: &str = include_str!("../tokens/ERC20PresetFixedSupply.hex");

/// More than all tests need.
const SUPPLY: u128 = 1_000_000_000 * crate::ether(1);

/// What is staked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The suite's LiquidStakingToken, a program.
    Own,
    /// OpenZeppelin's ERC20PresetFixedSupply, EVM code.
    OpenZeppelin,
}

impl Token {
    /// Deploys it, with all of it for `owner`. The zero address: the suite brings it.
    pub(crate) async fn deploy(self, chain: &Chain, owner: Address) -> Result<Address> {
        if self == Self::Own {
            return Ok(Address::ZERO);
        }
        let code: String = CREATION_CODE.lines().collect();
        let arguments = ("Plain", "PLAIN", U256::from(SUPPLY), owner).abi_encode_params();
        let create =
            TransactionRequest::default().with_from(owner).with_deploy_code([hex::decode(code)?, arguments].concat());
        chain.transact(create).await?.contract_address.ok_or_eyre("a creation without an address")
    }
}
