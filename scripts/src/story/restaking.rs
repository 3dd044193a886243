//! Act four: a second service with a judge, a receipt for restaked tokens, rewards, and a wrong slash that is vetoed.

use super::staking::{get_tokens, opt_in, register};
use super::teller::Teller;
use super::{ETHER, percent};
use crate::attestation::Domain;
use crate::availability::unavailability;
use crate::balances::units;
use crate::chain::event;
use crate::merkle::MerkleTree;
use crate::suite::{Parameters, Service};
use alloy::primitives::{U256, keccak256};
use alloy::providers::Provider;
use alloy::sol_types::SolValue;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::{AvailabilityChallenged, ChallengeRanOut};
use interfaces::{IDisputeResolution, IERC20, ILiquidRestakingToken, IRestakingVault, IRewards, ISlasher};

pub(super) async fn play(teller: &mut Teller<'_>, parameters: &Parameters) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let terms =
        Parameters { minimum_stake: 0, availability_wad: ONE / 100 * 30, resolver: cast.fund.address, ..*parameters };
    let service = Service::deploy(teller.chain, suite, &cast.owner, &terms).await?;
    teller.act("A second service stores data on the same stake, and it has a judge");
    teller.aside(&format!(
        "A storage service opens. Who cannot show the data that it signed for loses {} % of its stake. The Insurance Fund is its judge: it may veto a slash.",
        percent(terms.availability_wad)
    ));
    opt_in(teller, &cast.honest, service, 30).await?;
    register(teller, &cast.honest, service).await?;

    restake(teller).await?;
    reward(teller).await?;
    wrong_slash(teller, service, &terms).await?;
    redeem(teller).await
}

/// Bob restakes without choosing an operator himself.
async fn restake(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("A receipt: restaked, and still a token");
    let weight = IRestakingVault::scheduleWeightCall { operator: cast.honest.address, weight: ONE };
    let text = "has the receipt's vault stake everything with Honest Op. While the vault is empty that needs no notice";
    teller.step(&cast.owner, text, suite.restaking_vault, &weight).await?;
    let approve = IERC20::approveCall { spender: suite.restaking_vault, value: U256::from(10 * ETHER) };
    teller.step(&cast.bob, "lets the vault take 10 lsETH", suite.token, &approve).await?;
    let deposit = ILiquidRestakingToken::depositCall { amount: 10 * ETHER, recipient: cast.bob.address };
    teller.step(&cast.bob, "gets 10 lrETH for them", suite.restaking_token, &deposit).await?;
    let stake = ILiquidRestakingToken::stakeIdleCall {};
    teller.step(&cast.accuser, "has the vault stake what is idle. Anyone can", suite.restaking_token, &stake).await?;
    expect_rate(teller, "At first", 100).await
}

/// The service pays those whose stake secures it.
async fn reward(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("The service pays those who secure it");
    get_tokens(teller, &cast.owner, 1, "the TokenPool", suite.token_pool).await?;
    let pay = IRewards::payRewardCall { operator: cast.honest.address, token: suite.token, amount: ETHER };
    teller.step(&cast.owner, "pays 1 lsETH to the stakers of Honest Op, for a week", suite.rewards, &pay).await?;
    expect_rate(teller, "Who joins and leaves now gains nothing", 100).await?;
    let week = teller.chain.now().await? + arithmetic::time::EPOCH_SECONDS;
    teller.wait_until(week, "A week passes.").await?;
    expect_rate(teller, "Every second of it has paid", 110).await
}

/// A fault by the letter, and no harm: the judge named in the terms stops the slash.
async fn wrong_slash(teller: &mut Teller<'_>, service: Service, terms: &Parameters) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let disputes = service.dispute_resolution;
    teller.act("A wrong slash, vetoed");
    let data = MerkleTree::new(&[b"one".to_vec(), b"two".to_vec(), b"three".to_vec()]);
    let domain = Domain::new(teller.chain.provider().get_chain_id().await?, service.service_manager);
    let now = teller.chain.now().await?;
    let commitment = domain.commit(&cast.honest.key, keccak256("Store this"), now, &data)?;
    teller.aside("Honest Op signs, off the chain, that it stores three chunks. Then a storm takes its line down.");
    let ask = IDisputeResolution::challengeAvailabilityCall {
        operator: cast.honest.address,
        evidence: unavailability(&commitment.leaf(1)),
    };
    let asked = teller
        .step_paying(&cast.challenger, "asks on the chain for the second one", disputes, &ask, terms.bond)
        .await?;
    let asked = event::<AvailabilityChallenged>(&asked, disputes).ok_or_eyre("nothing was asked")?;
    teller.wait_until(asked.deadline + 1, "A day passes without an answer.").await?;
    let resolve = IDisputeResolution::resolveChallengeCall { challengeId: asked.challengeId };
    let text = "has the time to answer declared over: the bond goes back, a slash is requested";
    let ran_out = teller.step(&cast.challenger, text, disputes, &resolve).await?;
    let ran_out = event::<ChallengeRanOut>(&ran_out, disputes).ok_or_eyre("no verdict")?;
    ensure!(ran_out.frozen, "nobody was frozen");
    expect_rate(teller, "A receipt counts a slash from its request on, so nobody gains by running first", 77).await?;
    let veto = ISlasher::vetoSlashCall { requestId: ran_out.requestId };
    let text = "had the chunk from a copy all the time. Nobody was harmed: it vetoes the slash";
    teller.step(&cast.fund, text, suite.slasher, &veto).await?;
    expect_rate(teller, "Nothing was lost", 110).await
}

/// Bob gets out what he put in, and the reward.
async fn redeem(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let (receipt, vault) = (suite.restaking_token, suite.restaking_vault);
    teller.act("The receipt is redeemed");
    let request = ILiquidRestakingToken::requestRedemptionCall { shares: 10 * ETHER };
    let text = "gives his 10 lrETH back. The vault queues a withdrawal like any staker";
    let requested = teller.step(&cast.bob, text, receipt, &request).await?;
    let unstaked = event::<IRestakingVault::Unstaked>(&requested, vault).ok_or_eyre("no withdrawal was queued")?;
    let requested =
        event::<ILiquidRestakingToken::RedemptionRequested>(&requested, receipt).ok_or_eyre("no redemption")?;
    let released = epoch::start(unstaked.releaseEpoch).max(requested.claimableAt);
    teller.wait_until(released, "The second epoch from then begins.").await?;
    let collect = IRestakingVault::collectCall { operator: cast.honest.address, releaseEpoch: unstaked.releaseEpoch };
    teller.step(&cast.accuser, "has the vault collect it. Anyone can", vault, &collect).await?;
    let claim = ILiquidRestakingToken::claimRedemptionCall { id: requested.id };
    let text = "is paid his 10 lsETH and the reward, but for the dust that rounding leaves to who stays";
    teller.step(&cast.bob, text, receipt, &claim).await?;
    let paid = teller.now().of(&cast.bob, "lsETH in the wallet");
    ensure!(is_nearly(paid, 11 * ETHER), "Bob was paid {}", units(paid));
    Ok(())
}

/// The same or less, by a trillionth at most: receipts round against who leaves.
fn is_nearly(amount: U256, expected: u128) -> bool {
    let expected = U256::from(expected);
    amount <= expected && (expected - amount) * U256::from(1_000_000_000_000_u64) <= expected
}

/// What a receipt is redeemed for, in hundredths of a token.
async fn expect_rate(teller: &mut Teller<'_>, text: &str, hundredths: u128) -> Result<()> {
    let rate = teller.chain.view(teller.suite.restaking_token, &ILiquidRestakingToken::rateCall {}).await?;
    teller.remark(&format!("{text}: 1 lrETH is worth {} lsETH.", units(U256::from(rate))));
    let expected = ETHER / 100 * hundredths;
    ensure!(is_nearly(U256::from(rate), expected), "the rate of the receipt is {rate}, it should be {expected}");
    Ok(())
}
