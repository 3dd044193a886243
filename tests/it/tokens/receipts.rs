//! Receipts: deposits, the rate, and that they are tokens.

use super::restaked::{
    assets, deposit, exit_rate, fund, grant_the_owner, rate, receipts, request, shared, stake_idle, staked,
    wait_and_claim, weighted,
};
use alloy::primitives::{Address, U256};
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad::ONE;
use eyre::Result;
use interfaces::IERC20::{
    self, ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver, allowanceCall, approveCall,
    decimalsCall, nameCall, symbolCall, totalSupplyCall, transferCall, transferFromCall,
};
use interfaces::IERC20Permit::DOMAIN_SEPARATORCall;
use interfaces::ILiquidRestakingToken::{
    AmountTooLarge, Depleted, SharesBelowMinimum, ZeroAmount, assetCall, contractsCall, convertToAssetsCall,
    convertToSharesCall, depositCall, maxDepositCall, previewDepositCall, previewRedeemCall, requestRedemptionCall,
    supportsInterfaceCall, totalAssetsCall,
};
use interfaces::IRestakingVault::WorthBelowMinimum;
use interfaces::IRestakingWeights::{NothingToDo, stakeIdleCall};
use restake_tests::{World, ether};

#[tokio::test]
async fn a_receipt_starts_at_one_for_one() -> Result<()> {
    let world = World::new().await?;
    assert_eq!(rate(&world).await?, ether(1));
    assert_eq!(deposit(&world, &world.cast.alice, ether(3)).await?, ether(3));
    assert_eq!(receipts(&world, &world.cast.alice).await?, U256::from(ether(3)));
    assert_eq!(assets(&world).await?, (ether(3), 0, ether(3)));
    assert_eq!(world.held(world.suite.restaking_vault).await?, U256::from(ether(3)));
    assert_eq!(deposit(&world, &world.cast.bob, 7).await?, 7);
    assert_eq!(rate(&world).await?, ether(1));
    Ok(())
}

#[tokio::test]
async fn the_receipt_says_what_it_is() -> Result<()> {
    let world = World::new().await?;
    let (chain, receipt) = (&world.chain, world.suite.restaking_token);
    assert_eq!(chain.view(receipt, &nameCall {}).await?, "Liquid Restaked Ether");
    assert_eq!(chain.view(receipt, &symbolCall {}).await?, "lrETH");
    assert_eq!(chain.view(receipt, &decimalsCall {}).await?, 18);
    let parts = chain.view(receipt, &contractsCall {}).await?;
    assert_eq!((parts.vault, parts.desk), (world.suite.restaking_vault, world.suite.redemption_desk));
    assert_eq!(parts.weights, world.suite.restaking_weights);
    assert_eq!(chain.view(receipt, &assetCall {}).await?, world.token());
    let own = chain.view(receipt, &DOMAIN_SEPARATORCall {}).await?;
    assert_ne!(own, chain.view(world.token(), &DOMAIN_SEPARATORCall {}).await?);
    Ok(())
}

#[tokio::test]
async fn a_deposit_can_be_for_another() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    fund(&world, alice, 5).await?;
    let call = depositCall { amount: 5, recipient: bob.address, minShares: 5 };
    world.act(alice, world.suite.restaking_token, &call).await?;
    assert_eq!((receipts(&world, alice).await?, receipts(&world, bob).await?), (U256::ZERO, U256::from(5)));
    Ok(())
}

#[tokio::test]
async fn a_deposit_that_cannot_be_is_refused() -> Result<()> {
    let world = World::new().await?;
    let (alice, receipt, vault) = (&world.cast.alice, world.suite.restaking_token, world.suite.restaking_vault);
    let call = |amount| depositCall { amount, recipient: alice.address, minShares: 0 };
    let expected = ERC20InsufficientAllowance { spender: vault, allowance: U256::ZERO, needed: U256::from(1) };
    world.refuse(alice, receipt, &call(1), &expected).await?;
    fund(&world, alice, 5).await?;
    let balance = ERC20InsufficientBalance { sender: alice.address, balance: U256::from(5), needed: U256::from(6) };
    world.refuse(alice, receipt, &call(6), &balance).await?;
    world.refuse(alice, receipt, &call(0), &ZeroAmount {}).await?;
    world.refuse(alice, receipt, &call(MAX_AMOUNT + 1), &AmountTooLarge {}).await?;
    let nobody = depositCall { amount: 1, recipient: Address::ZERO, minShares: 0 };
    world.refuse(alice, receipt, &nobody, &ERC20InvalidReceiver { receiver: Address::ZERO }).await
}

#[tokio::test]
async fn receipts_move_like_any_token() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, receipt) = (&world.cast.alice, &world.cast.bob, world.suite.restaking_token);
    deposit(&world, alice, 10).await?;
    world.act(alice, receipt, &transferCall { to: bob.address, value: U256::from(3) }).await?;
    world.act(alice, receipt, &approveCall { spender: bob.address, value: U256::from(5) }).await?;
    let take = transferFromCall { from: alice.address, to: bob.address, value: U256::from(4) };
    world.act(bob, receipt, &take).await?;
    assert_eq!((receipts(&world, alice).await?, receipts(&world, bob).await?), (U256::from(3), U256::from(7)));
    let rest = world.chain.view(receipt, &allowanceCall { owner: alice.address, spender: bob.address }).await?;
    assert_eq!(rest, U256::ONE);
    let expected = ERC20InsufficientAllowance { spender: bob.address, allowance: U256::ONE, needed: U256::from(4) };
    world.refuse(bob, receipt, &take, &expected).await?;
    let supply: U256 = world.chain.view(receipt, &totalSupplyCall {}).await?;
    assert_eq!(supply, U256::from(10));
    Ok(())
}

#[tokio::test]
async fn staking_changes_no_rate_and_the_vault_is_a_staker_like_any_other() -> Result<()> {
    let world = shared(ether(10)).await?;
    assert_eq!(assets(&world).await?, (ether(20), 0, 0));
    assert_eq!(rate(&world).await?, ether(1));
    assert_eq!(staked(&world, &world.cast.honest).await?, ether(10));
    assert_eq!(staked(&world, &world.cast.dishonest).await?, ether(10));
    assert_eq!(world.pool(world.dishonest()).await?.0, ether(42), "with the operator's own");
    Ok(())
}

#[tokio::test]
async fn staking_without_anything_idle_is_refused() -> Result<()> {
    let world = shared(ether(10)).await?;
    world.refuse(&world.cast.alice, world.suite.restaking_weights, &stakeIdleCall {}, &NothingToDo {}).await
}

#[tokio::test]
async fn tokens_that_are_sent_to_it_change_no_price() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (accuser, amount) = (&world.cast.accuser, ether(5));
    fund(&world, accuser, 2 * amount).await?;
    for to in [world.suite.restaking_vault, world.suite.restaking_token] {
        world.act(accuser, world.token(), &IERC20::transferCall { to, value: U256::from(amount) }).await?;
    }
    assert_eq!(assets(&world).await?, (ether(20), 0, 0));
    assert_eq!(rate(&world).await?, ether(1));
    assert_eq!(deposit(&world, &world.cast.fund, ether(1)).await?, ether(1));
    Ok(())
}

#[tokio::test]
async fn receipts_that_are_sent_to_it_are_redeemed_by_nobody() -> Result<()> {
    let world = shared(ether(10)).await?;
    let receipt = world.suite.restaking_token;
    world.act(&world.cast.bob, receipt, &transferCall { to: receipt, value: U256::from(ether(10)) }).await?;
    let redemption = request(&world, &world.cast.alice, ether(10)).await?;
    assert_eq!(wait_and_claim(&world, &redemption).await?, ether(10), "Alice gets hers and no more");
    Ok(())
}

#[tokio::test]
async fn a_first_depositor_gains_nothing_by_a_gift() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    assert_eq!(deposit(&world, alice, 1).await?, 1);
    fund(&world, alice, ether(100)).await?;
    let gift = transferCall { to: world.suite.restaking_vault, value: U256::from(ether(100)) };
    world.act(alice, world.token(), &gift).await?;
    assert_eq!(deposit(&world, bob, ether(1)).await?, ether(1));
    assert_eq!(request(&world, bob, ether(1)).await?.paid, ether(1));
    Ok(())
}

#[tokio::test]
async fn a_first_depositor_who_is_slashed_takes_nothing_from_the_next() -> Result<()> {
    let world = weighted(&[("Honest Op", ONE / 2), ("Crooked Op", ONE / 2)]).await?;
    grant_the_owner(&world).await?;
    let (alice, bob) = (&world.cast.alice, &world.cast.bob);
    deposit(&world, alice, 2).await?;
    stake_idle(&world).await?;
    let attack = super::restaked::accuse(&world, ONE).await?;
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (1, 0, 0));
    let shares = deposit(&world, bob, ether(1)).await?;
    let redemption = request(&world, bob, shares).await?;
    assert!(redemption.paid <= ether(1) && redemption.paid >= ether(1) - 2, "{}", redemption.paid);
    Ok(())
}

#[tokio::test]
async fn a_depositor_pays_the_rate_after_a_slash() -> Result<()> {
    let world = shared(ether(10)).await?;
    let attack = world.freeze(&world.cast.dishonest).await?;
    world.execute(&attack).await?;
    assert_eq!(assets(&world).await?, (ether(15), 0, 0));
    assert_eq!(rate(&world).await?, ether(3) / 4);
    let shares = deposit(&world, &world.cast.fund, ether(3)).await?;
    assert!(shares <= ether(4) && shares >= ether(4) - 1_000_000, "{shares}");
    assert!(rate(&world).await? >= ether(3) / 4, "the others do not pay for it");
    Ok(())
}

#[tokio::test]
async fn a_deposit_and_a_redemption_say_the_least_that_they_take() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (alice, newcomer, receipt) = (&world.cast.alice, &world.cast.fund, world.suite.restaking_token);
    fund(&world, newcomer, ether(3)).await?;
    let call = depositCall { amount: ether(3), recipient: newcomer.address, minShares: ether(3) + 1 };
    let expected = SharesBelowMinimum { shares: ether(3), minimum: ether(3) + 1 };
    world.refuse(newcomer, receipt, &call, &expected).await?;
    world.act(newcomer, receipt, &depositCall { minShares: ether(3), ..call }).await?;
    let request = |minimum| requestRedemptionCall { shares: ether(2), minAssets: minimum };
    let expected = WorthBelowMinimum { worth: ether(2), minimum: ether(2) + 1 };
    world.refuse(alice, receipt, &request(ether(2) + 1), &expected).await?;
    world.freeze(&world.cast.dishonest).await?;
    // Half of ten of twenty-three tokens may be taken.
    let worth = ether(2) * 18 / 23;
    let expected = WorthBelowMinimum { worth, minimum: ether(2) };
    world.refuse(alice, receipt, &request(ether(2)), &expected).await?;
    world.act(alice, receipt, &request(worth)).await?;
    Ok(())
}

#[tokio::test]
async fn the_standard_views_say_what_deposits_and_redemptions_are_worth() -> Result<()> {
    let world = shared(ether(10)).await?;
    let (chain, receipt) = (&world.chain, world.suite.restaking_token);
    let recipient = world.cast.alice.address;
    let (four, most) = (U256::from(ether(4)), U256::from(MAX_AMOUNT));
    assert_eq!(chain.view(receipt, &totalAssetsCall {}).await?, U256::from(ether(20)));
    assert_eq!(chain.view(receipt, &convertToSharesCall { assets: four }).await?, four);
    assert_eq!(chain.view(receipt, &convertToAssetsCall { shares: four }).await?, four);
    assert_eq!(chain.view(receipt, &previewRedeemCall { shares: four }).await?, four);
    assert_eq!(chain.view(receipt, &previewDepositCall { assets: four }).await?, four);
    assert_eq!(chain.view(receipt, &maxDepositCall { recipient }).await?, most);
    world.freeze(&world.cast.dishonest).await?;
    assert_eq!(chain.view(receipt, &convertToAssetsCall { shares: four }).await?, four, "without pending slashes");
    let worth = chain.view(receipt, &previewRedeemCall { shares: four }).await?;
    assert_eq!((worth, exit_rate(&world).await?), (U256::from(ether(3)), ether(3) / 4), "with them");
    let huge = chain.simulate(recipient, receipt, &convertToSharesCall { assets: U256::MAX }, U256::ZERO).await;
    assert!(huge.is_err());
    for (id, has) in [([0x01, 0xff, 0xc9, 0xa7], true), ([0x36, 0x37, 0x2b, 0x07], true), ([0xff; 4], false)] {
        let call = supportsInterfaceCall { interfaceId: id.into() };
        assert_eq!(chain.view(receipt, &call).await?, has, "{id:?}");
    }
    Ok(())
}

#[tokio::test]
async fn nothing_is_issued_for_worthless_receipts() -> Result<()> {
    let world = weighted(&[("Crooked Op", ONE)]).await?;
    grant_the_owner(&world).await?;
    deposit(&world, &world.cast.alice, ether(10)).await?;
    stake_idle(&world).await?;
    let attack = super::restaked::accuse(&world, ONE).await?;
    world.execute(&attack).await?;
    fund(&world, &world.cast.bob, ether(1)).await?;
    let recipient = world.cast.bob.address;
    let call = depositCall { amount: ether(1), recipient, minShares: 0 };
    world.refuse(&world.cast.bob, world.suite.restaking_token, &call, &Depleted {}).await?;
    let most = world.chain.view(world.suite.restaking_token, &maxDepositCall { recipient }).await?;
    assert_eq!(most, U256::ZERO);
    Ok(())
}
