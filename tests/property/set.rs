//! The stage with a chain: everything is deployed as the model's setup says.

use crate::stage::{CHAIN_ID, LIMITS, PURSE, SERVICES, Stage, TOKENS, WALLETS, Who};
use alloy::primitives::{Address, U256, address, bytes};
use alloy::sol_types::{SolCall, SolValue};
use eyre::{Result, ensure, eyre};
use interfaces::{IERC20, IGovernance, ILiquidStakingToken, IOwnable, IRegistry};
use restake::suite::{Parameters, Service};
use restake_model::{Contracts, ReceiptContracts, ServiceContracts, ServiceSetup, Setup, Since, TokenSetup};
use restake_tests::World;
use restake_tests::programs::construction;
use serde_json::json;
use stylus_devnode::{Devnode, Impersonation};

/// Where the admission contract is.
const ADMISSION: Address = address!("00000000000000000000000000000000000ad317");

/// Starts a chain on which everything is deployed, three tokens are listed, and everybody has some of each. Returns the
/// stage, the quorums of its services, and the node.
pub(crate) async fn set() -> Result<(Stage, [Address; SERVICES], Address, Devnode)> {
    let world = World::new().await?;
    let (owner, suite) = (&world.cast.owner, world.suite);
    let contracts = Contracts {
        token_pool: suite.token_pool,
        strategy_manager: suite.strategy_manager,
        slasher: suite.slasher,
        batch: suite.batch,
        rewards: suite.rewards,
        governance: suite.governance,
    };
    let mut tokens = [suite.token; TOKENS];
    for token in &mut tokens[1..] {
        *token = world.copy_of(suite.token).await?;
        world.chain.transact(construction(owner.address, *token, &(owner.address,).abi_encode_params())).await?;
    }
    let token = |token: Address| TokenSetup { token, ..TokenSetup::default() };
    let setup = Setup {
        chain_id: CHAIN_ID,
        contracts,
        receipt: ReceiptContracts {
            receipt: suite.restaking_token,
            vault: suite.restaking_vault,
            desk: suite.redemption_desk,
            weights: suite.restaking_weights,
            token: suite.token,
        },
        tokens: tokens.map(token).to_vec(),
        services: vec![ServiceSetup::default(); SERVICES],
        ..Setup::default()
    };
    let mut stage = Stage::new(setup, ADMISSION, Some(owner.address));
    stage.furnish();
    for (token, limits) in tokens.iter().zip(LIMITS).skip(1) {
        let list = IGovernance::addStrategyCall {
            token: *token,
            cap: limits.cap,
            depositPercent: limits.deposit,
            outflowPercent: limits.outflow,
        };
        world.act(owner, suite.governance, &list).await?;
    }
    let mut quorums = [Address::ZERO; SERVICES];
    for (number, quorum) in quorums.iter_mut().enumerate() {
        let service = Service::deploy(&world.chain, &suite, owner, &parameters(&stage, number)).await?;
        *quorum = service.quorum;
        let registry = service.registry;
        let weights = stage.setup.services[number].weights.clone();
        for (token, weight) in weights.iter().skip(1) {
            let weigh = IRegistry::scheduleStrategyWeightCall { token: *token, weight: weight.value };
            world.act(owner, registry, &weigh).await?;
        }
        let offer = IOwnable::transferOwnershipCall { newOwner: stage.setup.services[number].owner };
        if offer.newOwner != owner.address {
            world.act(owner, service.service_manager, &offer).await?;
        }
        let setup = &mut stage.setup.services[number];
        setup.contracts = ServiceContracts {
            registry,
            service_manager: service.service_manager,
            dispute_resolution: service.dispute_resolution,
        };
        setup.minimum_stake.time = world.chain.view(registry, &IRegistry::minimumStakeCall {}).await?.effectiveAt;
        setup.admission.time = world.chain.view(registry, &IRegistry::admissionCall {}).await?.effectiveAt;
        for (token, weight) in &mut setup.weights {
            let view = world.chain.view(registry, &IRegistry::strategyWeightCall { token: *token }).await?;
            *weight = Since { value: view.weight, time: view.effectiveAt };
        }
    }
    let judge = stage.of(Who::JUDGE);
    let roles = IGovernance::setRolesCall { pauser: judge, unpauser: judge };
    world.act(owner, suite.governance, &roles).await?;
    let node = world.into_node()?;
    // Whoever writes two words beside a selector sets an answer, whoever writes one gets it: SSTORE, or SLOAD.
    let code = bytes!("36604414601157600435545f5260205ff35b6024356004355500");
    node.request("anvil_setCode", json!([ADMISSION, code])).map_err(|error| eyre!("{error}"))?;
    fund(&stage, &node)?;
    for service in &stage.setup.services {
        if service.owner != owner_of(&stage) {
            send(
                &node,
                service.owner,
                service.contracts.service_manager,
                U256::ZERO,
                &IOwnable::acceptOwnershipCall {},
            )?;
            set_balance(&node, service.owner, U256::from(PURSE))?;
        }
    }
    Ok((stage, quorums, suite.lens, node))
}

fn owner_of(stage: &Stage) -> Address {
    stage.of(Who::GOV)
}

/// A service's setup as it is deployed.
fn parameters(stage: &Stage, number: usize) -> Parameters {
    let service = &stage.setup.services[number];
    let terms = service.terms;
    Parameters {
        minimum_stake: service.minimum_stake.value,
        wads: terms.wads,
        challenger_share: terms.share,
        reward_rate: terms.rate,
        profit_from_corruption: terms.profit,
        resolver: terms.resolver,
        bond: service.bond,
        evidence_window: service.evidence_window,
        answer_window: service.answer_window,
        accepts_shared: service.accepts_shared,
        admission: service.admission.value,
        ..Parameters::example(terms.recipient)
    }
}

fn fund(stage: &Stage, node: &Devnode) -> Result<()> {
    for who in Who::all().map(|who| stage.of(who)) {
        set_balance(node, who, U256::from(u128::MAX))?;
        for (token, amount) in stage.tokens.iter().zip(WALLETS) {
            send(node, who, *token, U256::from(amount), &ILiquidStakingToken::depositCall {})?;
            let approve = IERC20::approveCall { spender: stage.setup.contracts.token_pool, value: U256::MAX };
            send(node, who, *token, U256::ZERO, &approve)?;
        }
        let receipt = stage.setup.receipt;
        let approve = IERC20::approveCall { spender: receipt.vault, value: U256::MAX };
        send(node, who, receipt.token, U256::ZERO, &approve)?;
        set_balance(node, who, U256::from(PURSE))?;
    }
    Ok(())
}

fn set_balance(node: &Devnode, account: Address, balance: U256) -> Result<()> {
    node.request("anvil_setBalance", json!([account, balance])).map_err(|error| eyre!("{error}"))?;
    Ok(())
}

fn send<C: SolCall>(node: &Devnode, from: Address, to: Address, value: U256, call: &C) -> Result<()> {
    let call = Impersonation { from, to, value, input: call.abi_encode().into() };
    let executed = node.impersonate(call).map_err(|error| eyre!("{error}"))?;
    ensure!(executed.success, "{} was refused with {}", C::SIGNATURE, executed.output);
    Ok(())
}
