//! Allowances by signature.

use alloy::primitives::{Address, B256, Signature, U256, b256, keccak256};
use alloy::providers::Provider;
use alloy::signers::SignerSync;
use alloy::sol_types::{Eip712Domain, SolStruct};
use eyre::Result;
use interfaces::IERC20::{Approval, ERC20InvalidSpender, allowanceCall, approveCall};
use interfaces::IERC20Permit::{
    DOMAIN_SEPARATORCall, ERC2612ExpiredSignature, ERC2612InvalidSigner, Permit, noncesCall, permitCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake_tests::World;

/// The order of secp256k1: subtracted from it, the scalar of a signature gives the other one.
const ORDER: B256 = b256!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

/// The token's domain, as a wallet builds it.
async fn domain(world: &World, name: &'static str, token: Address) -> Result<Eip712Domain> {
    let chain_id = U256::from(world.chain.provider().get_chain_id().await?);
    Ok(Eip712Domain::new(Some(name.into()), Some("1".into()), Some(chain_id), Some(token), None))
}

async fn token_domain(world: &World) -> Result<Eip712Domain> {
    domain(world, "Liquid Staked Ether", world.token()).await
}

/// Alice lets Bob move 7 base units, until one hour from now.
async fn alices_permit(world: &World) -> Result<Permit> {
    let deadline = U256::from(world.chain.now().await? + 3_600);
    let (owner, spender) = (world.cast.alice.address, world.cast.bob.address);
    Ok(Permit { owner, spender, value: U256::from(7), nonce: U256::ZERO, deadline })
}

/// The call with `signer`'s signature in `domain`.
fn signed(permit: &Permit, signer: &Actor, domain: &Eip712Domain) -> Result<permitCall> {
    let signature: Signature = signer.key.sign_hash_sync(&permit.eip712_signing_hash(domain))?;
    let Permit { owner, spender, value, deadline, .. } = *permit;
    let v = 27 + u8::from(signature.v());
    Ok(permitCall { owner, spender, value, deadline, v, r: signature.r().into(), s: signature.s().into() })
}

async fn allowance(world: &World) -> Result<U256> {
    let call = allowanceCall { owner: world.cast.alice.address, spender: world.cast.bob.address };
    Ok(world.chain.view(world.token(), &call).await?)
}

/// The call is refused because the signature is `signer`'s and not Alice's.
async fn refuse_signer(world: &World, call: &permitCall, signer: Address) -> Result<()> {
    let expected = ERC2612InvalidSigner { signer, owner: call.owner };
    world.refuse(&world.cast.bob, world.token(), call, &expected).await
}

/// The call is refused whoever's the signature is taken for.
async fn refuse_forgery(world: &World, call: &permitCall) -> Result<()> {
    let refusal = world.refusal(&world.cast.bob, world.token(), call, U256::ZERO).await?;
    let named = refusal.decode::<ERC2612InvalidSigner>();
    assert!(named.is_some_and(|error| error.signer != call.owner), "{refusal}");
    Ok(())
}

#[tokio::test]
async fn anyone_approves_with_a_permit() -> Result<()> {
    let world = World::new().await?;
    let permit = alices_permit(&world).await?;
    let call = signed(&permit, &world.cast.alice, &token_domain(&world).await?)?;
    let receipt = world.act(&world.cast.accuser, world.token(), &call).await?;
    let approved = Approval { owner: permit.owner, spender: permit.spender, value: permit.value };
    assert_eq!(event::<Approval>(&receipt, world.token()), Some(approved));
    assert_eq!(allowance(&world).await?, permit.value);
    let nonce: U256 = world.chain.view(world.token(), &noncesCall { owner: permit.owner }).await?;
    assert_eq!(nonce, U256::ONE);
    Ok(())
}

#[tokio::test]
async fn the_domain_is_that_of_the_standard() -> Result<()> {
    let world = World::new().await?;
    let expected = token_domain(&world).await?.hash_struct();
    assert_eq!(world.chain.view(world.token(), &DOMAIN_SEPARATORCall {}).await?, expected);
    Ok(())
}

#[tokio::test]
async fn a_permit_is_used_once() -> Result<()> {
    let world = World::new().await?;
    let call = signed(&alices_permit(&world).await?, &world.cast.alice, &token_domain(&world).await?)?;
    world.act(&world.cast.bob, world.token(), &call).await?;
    refuse_forgery(&world, &call).await
}

#[tokio::test]
async fn permits_are_used_in_the_order_of_their_nonces() -> Result<()> {
    let world = World::new().await?;
    let domain = token_domain(&world).await?;
    let first = alices_permit(&world).await?;
    let second = Permit { nonce: U256::ONE, value: U256::from(8), ..first.clone() };
    let call = signed(&second, &world.cast.alice, &domain)?;
    refuse_forgery(&world, &call).await?;
    world.act(&world.cast.bob, world.token(), &signed(&first, &world.cast.alice, &domain)?).await?;
    world.act(&world.cast.bob, world.token(), &call).await?;
    assert_eq!(allowance(&world).await?, U256::from(8));
    Ok(())
}

#[tokio::test]
async fn a_permit_can_be_used_until_and_including_its_deadline() -> Result<()> {
    let world = World::new().await?;
    let permit = alices_permit(&world).await?;
    let call = signed(&permit, &world.cast.alice, &token_domain(&world).await?)?;
    world.chain.travel_to(permit.deadline.to::<u64>()).await?;
    world.act(&world.cast.bob, world.token(), &call).await?;
    assert_eq!(allowance(&world).await?, permit.value);
    Ok(())
}

#[tokio::test]
async fn a_permit_is_refused_one_second_after_its_deadline() -> Result<()> {
    let world = World::new().await?;
    let permit = alices_permit(&world).await?;
    let call = signed(&permit, &world.cast.alice, &token_domain(&world).await?)?;
    world.chain.travel_to(permit.deadline.to::<u64>() + 1).await?;
    let expected = ERC2612ExpiredSignature { deadline: permit.deadline };
    world.refuse(&world.cast.bob, world.token(), &call, &expected).await
}

#[tokio::test]
async fn nobody_signs_for_another() -> Result<()> {
    let world = World::new().await?;
    let call = signed(&alices_permit(&world).await?, &world.cast.bob, &token_domain(&world).await?)?;
    refuse_signer(&world, &call, world.cast.bob.address).await
}

#[tokio::test]
async fn what_was_signed_cannot_be_changed() -> Result<()> {
    let world = World::new().await?;
    let call = signed(&alices_permit(&world).await?, &world.cast.alice, &token_domain(&world).await?)?;
    refuse_forgery(&world, &permitCall { value: U256::from(8), ..call.clone() }).await?;
    refuse_forgery(&world, &permitCall { spender: world.cast.accuser.address, ..call.clone() }).await?;
    refuse_forgery(&world, &permitCall { deadline: U256::MAX, ..call }).await
}

#[tokio::test]
async fn the_second_form_of_a_signature_is_refused() -> Result<()> {
    let world = World::new().await?;
    let call = signed(&alices_permit(&world).await?, &world.cast.alice, &token_domain(&world).await?)?;
    let high = U256::from_be_bytes(ORDER.0) - U256::from_be_bytes(call.s.0);
    let second = permitCall { v: 55 - call.v, s: high.into(), ..call };
    refuse_signer(&world, &second, Address::ZERO).await
}

#[tokio::test]
async fn a_parity_hidden_in_the_scalar_is_refused() -> Result<()> {
    let world = World::new().await?;
    let mut call = signed(&alices_permit(&world).await?, &world.cast.alice, &token_domain(&world).await?)?;
    call.s.0[0] |= 0x80;
    for v in [27, 28] {
        refuse_signer(&world, &permitCall { v, ..call.clone() }, Address::ZERO).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_parity_that_is_none_is_refused() -> Result<()> {
    let world = World::new().await?;
    let call = signed(&alices_permit(&world).await?, &world.cast.alice, &token_domain(&world).await?)?;
    for v in [0, 1, 26, 29, 255] {
        refuse_signer(&world, &permitCall { v, ..call.clone() }, Address::ZERO).await?;
    }
    Ok(())
}

#[tokio::test]
async fn nobody_signs_for_the_zero_address() -> Result<()> {
    let world = World::new().await?;
    let call = signed(&alices_permit(&world).await?, &world.cast.alice, &token_domain(&world).await?)?;
    let call = permitCall { owner: Address::ZERO, r: B256::ZERO, ..call };
    refuse_signer(&world, &call, Address::ZERO).await
}

#[tokio::test]
async fn a_permit_for_another_token_or_another_chain_is_refused() -> Result<()> {
    let world = World::new().await?;
    let permit = alices_permit(&world).await?;
    let other = domain(&world, "Liquid Staked Ether", world.suite.token_pool).await?;
    refuse_forgery(&world, &signed(&permit, &world.cast.alice, &other)?).await?;
    let mut elsewhere = token_domain(&world).await?;
    elsewhere.chain_id = Some(U256::from(1));
    refuse_forgery(&world, &signed(&permit, &world.cast.alice, &elsewhere)?).await?;
    let mut renamed = token_domain(&world).await?;
    renamed.name = Some("Liquid Restaked Ether".into());
    refuse_forgery(&world, &signed(&permit, &world.cast.alice, &renamed)?).await
}

#[tokio::test]
async fn the_zero_address_gets_no_allowance() -> Result<()> {
    let world = World::new().await?;
    let (alice, expected) = (&world.cast.alice, ERC20InvalidSpender { spender: Address::ZERO });
    let approval = approveCall { spender: Address::ZERO, value: U256::ONE };
    world.refuse(alice, world.token(), &approval, &expected).await?;
    let permit = Permit { spender: Address::ZERO, ..alices_permit(&world).await? };
    let call = signed(&permit, alice, &token_domain(&world).await?)?;
    world.refuse(alice, world.token(), &call, &expected).await
}

#[tokio::test]
async fn the_type_of_a_permit_is_that_of_the_standard() -> Result<()> {
    let standard = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
    assert_eq!(Permit::eip712_encode_type(), standard);
    assert_eq!(
        keccak256(standard),
        b256!("6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9"),
        "what other wallets sign"
    );
    Ok(())
}

#[tokio::test]
async fn a_permit_counts_for_the_token_of_its_domain_alone() -> Result<()> {
    let world = World::new().await?;
    let (alice, bob, receipt) = (&world.cast.alice, &world.cast.bob, world.suite.restaking_token);
    let permit = alices_permit(&world).await?;
    let for_the_receipt = signed(&permit, alice, &domain(&world, "Liquid Restaked Ether", receipt).await?)?;
    let for_the_token = signed(&permit, alice, &token_domain(&world).await?)?;
    refuse_forgery(&world, &for_the_receipt).await?;
    let refusal = world.refusal(bob, receipt, &for_the_token, U256::ZERO).await?;
    assert!(refusal.decode::<ERC2612InvalidSigner>().is_some(), "{refusal}");
    world.act(bob, receipt, &for_the_receipt).await?;
    let call = allowanceCall { owner: alice.address, spender: bob.address };
    assert_eq!(world.chain.view(receipt, &call).await?, permit.value);
    let nonce: U256 = world.chain.view(receipt, &noncesCall { owner: alice.address }).await?;
    assert_eq!(nonce, U256::ONE);
    assert_eq!(allowance(&world).await?, U256::ZERO);
    Ok(())
}
