//! The chain's StylusDeployer: a contract that creates a program, activates it and calls its constructor in one
//! transaction, so that nobody else constructs it first.

use crate::chain::{CallError, Chain};
use crate::refusal::Refusal;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, address};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::sol;
use alloy::sol_types::SolCall;
use eyre::{Result, WrapErr, eyre};
use stylus_program::format::init_code;

/// Where cargo-stylus expects it.
pub const STYLUS_DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");

/// The precompile that activates programs.
pub const ARB_WASM: Address = address!("0000000000000000000000000000000000000071");

/// One ETH: more than any data fee, for the question what it is.
const ENOUGH: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Where a program is supposed to be for that question: nobody's address.
pub(super) const ANYWHERE: Address = address!("00000000000000000000000000000000005717a5");

sol! {
    /// What a deployment calls.
    interface IStylusDeployer {
        /// The constructor refused.
        error ContractInitializationError(address newContract, bytes data);
        /// Creates `bytecode` (by CREATE2, where `salt` is not zero), activates it for a data fee, calls it with
        /// `initData` and `initValue`, and returns what is left of the value to the caller.
        function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt)
            external
            payable
            returns (address);
    }

    /// The part of ArbWasm that a deployment needs.
    interface ArbWasm {
        /// The program runs already at this version of Stylus.
        error ProgramUpToDate();
        /// Activates `program` for a data fee; what exceeds it is returned to the caller.
        function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    }
}

/// There is no StylusDeployer.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no StylusDeployer at {0}: without one somebody else could call the constructors first. Where the chain \
     has one, name it with --stylus-deployer; where it has none, deploy Offchain Labs' StylusDeployer.sol \
     (github.com/OffchainLabs/nitro-contracts, src/stylus) once, for everybody"
)]
pub struct NoStylusDeployer(pub Address);

/// One program to deploy, by one account.
#[derive(Debug)]
pub struct Creation<'a> {
    /// The StylusDeployer.
    pub stylus_deployer: Address,
    /// Who pays.
    pub from: Address,
    /// The program's name, for messages.
    pub name: &'a str,
    /// The code.
    pub code: &'a Bytes,
    /// The call of the constructor.
    pub construction: Bytes,
    /// What makes the address this deployment's own.
    pub salt: B256,
}

impl Creation<'_> {
    /// The transaction, with `fee` wei for the activation.
    pub fn transaction(&self, fee: U256) -> TransactionRequest {
        let call = IStylusDeployer::deployCall {
            bytecode: init_code(self.code).into(),
            initData: self.construction.clone(),
            initValue: U256::ZERO,
            salt: self.salt,
        };
        let to = TransactionRequest::default().with_from(self.from).with_to(self.stylus_deployer);
        to.with_input(call.abi_encode()).with_value(fee)
    }

    /// What the activation will cost, with a fifth more, as cargo-stylus sends: the fee moves with every activation,
    /// and the rest comes back. Nothing where the same code is active already: activation belongs to the code.
    ///
    /// # Errors
    /// If the chain cannot be asked, or does not take the code for a program.
    pub async fn fee(&self, chain: &Chain) -> Result<U256> {
        let question = ArbWasm::activateProgramCall { program: ANYWHERE };
        let request = TransactionRequest::default().with_from(self.from).with_to(ARB_WASM);
        let request = request.with_input(question.abi_encode()).with_value(ENOUGH);
        let code = AccountOverride { code: Some(self.code.clone()), ..Default::default() };
        let supposed = StateOverride::from_iter([(ANYWHERE, code), self.rich()]);
        match chain.suppose(request, supposed).await {
            Ok(answer) => {
                let fee = ArbWasm::activateProgramCall::abi_decode_returns_validate(&answer)?.dataFee;
                Ok(fee + fee / U256::from(5))
            }
            Err(CallError::Refused(refusal)) if refusal.decode::<ArbWasm::ProgramUpToDate>().is_some() => {
                Ok(U256::ZERO)
            }
            Err(error) => Err(error).wrap_err_with(|| format!("{} cannot be activated", self.name)),
        }
    }

    /// Where the contract will be, by the chain's own word: each StylusDeployer has its own rule.
    ///
    /// # Errors
    /// If it cannot be deployed; [`CallError::Refused`] by the constructor's own refusal if that is why.
    pub async fn address(&self, chain: &Chain, fee: U256, supposed: StateOverride) -> Result<Address> {
        let supposed = supposed.into_iter().chain([self.rich()]).collect();
        let answer = chain.suppose(self.transaction(fee), supposed).await.map_err(|error| self.reason(error))?;
        IStylusDeployer::deployCall::abi_decode_returns_validate(&answer)
            .map_err(|error| eyre!(error).wrap_err(NoStylusDeployer(self.stylus_deployer)))
    }

    /// Why the StylusDeployer refused, as far as it says so.
    pub fn reason(&self, error: CallError) -> eyre::Report {
        let reason = match error {
            CallError::Refused(refusal) => match refusal.decode::<IStylusDeployer::ContractInitializationError>() {
                Some(inner) => eyre!(CallError::Refused(Refusal { data: inner.data })),
                None => eyre!(CallError::Refused(refusal)),
            },
            CallError::Node(error) => error,
        };
        reason.wrap_err(format!("{} cannot be constructed", self.name))
    }

    /// The sender, with more than anything here costs: what it would cost is asked before it is there.
    pub(super) fn rich(&self) -> (Address, AccountOverride) {
        (self.from, AccountOverride { balance: Some(ENOUGH * U256::from(1_000)), ..Default::default() })
    }
}

/// Refuses a chain without it.
///
/// # Errors
/// [`NoStylusDeployer`], or if the chain cannot be asked.
pub async fn require(chain: &Chain, stylus_deployer: Address) -> Result<()> {
    if chain.provider().get_code_at(stylus_deployer).await?.is_empty() {
        return Err(NoStylusDeployer(stylus_deployer).into());
    }
    Ok(())
}
