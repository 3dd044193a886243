//! Act five: a second service with a judge, a receipt for restaked tokens, rewards, and a wrong slash that is vetoed.

use super::staking::{opt_in, prepare_tokens, register};
use super::teller::Teller;
use super::{ETHER, all_for, domain, wad};
use crate::balances::units;
use crate::chain::event;
use crate::merkle::MerkleTree;
use crate::requests;
use crate::suite::{Parameters, Service};
use crate::verbs::{challenge, receipt, service, staker, token};
use alloy::primitives::{U256, keccak256};
use arithmetic::epoch;
use arithmetic::fault::UNAVAILABILITY;
use arithmetic::time::EPOCH_SECONDS;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result, ensure};
use interfaces::IDisputeResolution::{AvailabilityChallenged, ChallengeRanOut};
use interfaces::{ILiquidRestakingToken, IRedemptionDesk};

pub(super) async fn play(teller: &mut Teller<'_>, parameters: &Parameters, alices_epoch: u64) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let wads = all_for(UNAVAILABILITY)?;
    let terms = Parameters { minimum_stake: 0, wads, resolver: cast.fund.address, ..*parameters };
    let service = Service::deploy(teller.chain, suite, &cast.owner, &terms).await?;
    teller.act("A second service stores data on the same stake, and it has a judge");
    teller.say(
        "A storage service opens. It punishes one other kind of fault: not to show the data that one signed for. The \
         Insurance Fund is its judge, named in its terms: it may veto a slash.",
    );
    opt_in(teller, &cast.honest, service, 30, "With the first service's that is 80 %, of 100 % at most").await?;
    register(teller, &cast.honest, service).await?;

    restake(teller).await?;
    reward(teller).await?;
    wrong_slash(teller, service, &terms, alices_epoch).await?;
    redeem(teller).await
}

/// Bob restakes without choosing an operator himself.
async fn restake(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("A receipt: restaked, and still a token");
    let weight = receipt::schedule_weight(suite, cast.honest.address, ONE, wad(80));
    let text = "has the receipt's vault stake everything with Honest Op, while services may slash no more than 80 % \
                there. While the vault is empty that needs no notice";
    teller.step(&cast.owner, text, &weight).await?;
    let approve = token::approve(suite.token, suite.restaking_vault, U256::from(10 * ETHER));
    teller.prepare(&cast.bob, &approve).await?;
    let deposit = receipt::deposit(suite, 10 * ETHER, cast.bob.address, 10 * ETHER);
    teller.step(&cast.bob, "lets the vault take 10 lsETH, and gets 10 lrETH", &deposit).await?;
    let stake = receipt::stake_idle(suite);
    teller.step(&cast.alice, "has the vault stake what is idle. Anyone can", &stake).await?;
    expect_rate(teller, "At first", 100).await
}

/// The service pays those whose stake secures it.
async fn reward(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    teller.act("The service pays those who secure it");
    prepare_tokens(teller, &cast.owner, 1).await?;
    let pay = service::pay(suite, cast.honest.address, ETHER);
    let text = "turns 1 ETH into 1 lsETH and pays it to the stakers of Honest Op, for a week";
    teller.step(&cast.owner, text, &pay).await?;
    expect_rate(teller, "Who joins and leaves now gains nothing", 100).await?;
    let week = teller.chain.now().await? + EPOCH_SECONDS;
    teller.wait_until(week, "A week passes.").await?;
    expect_rate(teller, "Every second of it has paid", 110).await
}

/// A fault by the letter, and no harm: the judge named in the terms stops the slash.
async fn wrong_slash(teller: &mut Teller<'_>, service: Service, terms: &Parameters, alices_epoch: u64) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let disputes = service.dispute_resolution;
    teller.act("A wrong slash, vetoed");
    let data = MerkleTree::new(&[b"one".to_vec(), b"two".to_vec(), b"three".to_vec()]);
    let (now, task) = (teller.chain.now().await?, keccak256("Store this"));
    let committed = domain(teller, service).await?.commit(&cast.honest.key, task, now, &data)?;
    teller.aside("Honest Op signs, off the chain, that it stores three chunks. Then a storm takes its line down.");
    let ask = challenge::availability(&service, cast.honest.address, &committed.leaf(1), terms.bond);
    let text = "asks on the chain for the second one";
    let asked = teller.step(&cast.challenger, text, &ask).await?;
    let asked = event::<AvailabilityChallenged>(&asked, disputes).ok_or_eyre("nothing was asked")?;
    teller.wait_until(asked.deadline + 1, "A day passes without an answer.").await?;
    let resolve = challenge::resolve(&service, asked.challengeId);
    let text = "has the time to answer declared over: the bond goes back, a slash is requested";
    let ran_out = teller.step(&cast.challenger, text, &resolve).await?;
    let ran_out = event::<ChallengeRanOut>(&ran_out, disputes).ok_or_eyre("no verdict")?;
    ensure!(ran_out.frozen, "nobody was frozen");
    expect_rate(teller, "A slash that may be vetoed moves no price of a receipt", 110).await?;
    let exit = teller.chain.view(suite.restaking_token, &ILiquidRestakingToken::exitRateCall {}).await?;
    teller.remark(&format!("A careful rate beside it counts the slash: {} lsETH.", units(U256::from(exit))));
    ensure!(is_nearly(U256::from(exit), ETHER / 100 * 77), "the careful rate is {exit}");

    let alices = staker::complete(suite, cast.honest.address, alices_epoch, cast.alice.address);
    let text = "collects her withdrawal from Honest Op, frozen or not: it matured before the fault. All 60 lsETH: \
                nobody pays for another operator's fault";
    teller.step(&cast.alice, text, &alices).await?;
    teller.expect_balance(&cast.alice, "lsETH in the wallet", 60)?;

    let requested = requests::opened(teller.chain, suite.slasher, ran_out.requestId).await?;
    let veto = challenge::veto(suite, ran_out.requestId, requested.request);
    let text = "had the chunk from a copy all the time. Nobody was harmed: it vetoes the slash";
    teller.step(&cast.fund, text, &veto).await?;
    expect_rate(teller, "Nothing was lost", 110).await
}

/// Bob gets out what he put in, and the reward.
async fn redeem(teller: &mut Teller<'_>) -> Result<()> {
    let (cast, suite) = (teller.cast, teller.suite);
    let desk = suite.redemption_desk;
    teller.act("The receipt is redeemed");
    let request = receipt::redeem(suite, 10 * ETHER, 10 * ETHER);
    let text = "burns his 10 lrETH. His part of everything is queued, like the withdrawal of any staker";
    let requested = teller.step(&cast.bob, text, &request).await?;
    let opened = event::<IRedemptionDesk::RedemptionOpened>(&requested, desk).ok_or_eyre("no redemption was opened")?;
    teller.wait_until(epoch::start(opened.releaseEpoch), "The second epoch from then begins.").await?;
    let claim = receipt::claim(suite, opened.id);
    let text = "has Bob's redemption collected and paid to him. Anyone can. He gets his 10 lsETH and the reward, but \
                for the dust that rounding leaves to who stays";
    teller.step(&cast.alice, text, &claim).await?;
    let paid = teller.now().of(&cast.bob, "lsETH in the wallet");
    ensure!(is_nearly(paid, 11 * ETHER), "Bob was paid {}", units(paid));
    Ok(())
}

/// The same or less, by a trillionth at most: receipts round against who leaves.
fn is_nearly(amount: U256, expected: u128) -> bool {
    let expected = U256::from(expected);
    amount <= expected && (expected - amount) * U256::from(1_000_000_000_000_u64) <= expected
}

/// What a receipt is worth, in hundredths of a token.
async fn expect_rate(teller: &mut Teller<'_>, text: &str, hundredths: u128) -> Result<()> {
    let rate = teller.chain.view(teller.suite.restaking_token, &ILiquidRestakingToken::rateCall {}).await?;
    teller.remark(&format!("{text}: 1 lrETH is worth {} lsETH.", units(U256::from(rate))));
    let expected = ETHER / 100 * hundredths;
    ensure!(is_nearly(U256::from(rate), expected), "the rate of the receipt is {rate}, it should be {expected}");
    Ok(())
}
