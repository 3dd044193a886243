//! `scheduleAdmission`: a contract of the service's choice decides which operators sign. It never decides what is in
//! the total before a notice has ended, never hinders leaving, and is never made to fail by others.

use super::support::{
    DAY, EPOCH, ask, create, forwarder, question, serving, signed_at, stake_at, tick, total_at, update, update_all,
};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256, address};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use arithmetic::wad::ONE;
use eyre::{OptionExt, Result};
use interfaces::IAccess::{NotAContract, Unauthorized};
use interfaces::IAdmission::isAdmittedCall;
use interfaces::IRegistry::{
    AdmissionScheduled, InsufficientStipend, NotAdmitted, OperatorRefused, StakeUpdated, admissionCall,
    admissionReturn, deregisterOperatorCall, scheduleAdmissionCall, updateStakesCall,
};
use restake::actors::Actor;
use restake::chain::event;
use restake::suite::Service;
use restake_tests::programs::deploy_program;
use restake_tests::{World, ether};

/// What the contract of these tests answers, whoever is asked about.
#[derive(Clone, Copy)]
enum Answer {
    No = 0,
    Yes = 1,
    /// A word that is no boolean.
    Two = 2,
    Revert = 3,
    /// Runs until its gas is used up.
    Burn = 4,
    /// The longest answer that its gas pays for, all zero.
    Bomb = 5,
}

/// Every way not to say yes.
const REFUSALS: [Answer; 5] = [Answer::No, Answer::Two, Answer::Revert, Answer::Burn, Answer::Bomb];

/// A contract that answers as it was told with one word of calldata.
async fn admission(world: &World, answer: Answer) -> Result<Address> {
    let code = [
        // A word of calldata is the answer from now on.
        &alloy::hex!("36602014602457")[..],
        // 3 reverts, 4 burns, 5 bombs; everything else is the answer.
        &alloy::hex!("5f5480600314602a57806004 14602e57806005146032575f5260205ff3"),
        // 24: sstore(0, calldataload(0)); 2a: revert(0, 0); 2e: jump(2e); 32: return(0, 294,912)
        &alloy::hex!("5b5f355f5500 5b5f5ffd 5b602e56 5b620480005ff3"),
    ]
    .concat();
    let admission = create(world, &code).await?;
    say(world, admission, answer).await?;
    if let Answer::Yes | Answer::No = answer {
        let says = world.chain.view(admission, &isAdmittedCall { operator: world.honest() }).await?;
        assert_eq!(says, matches!(answer, Answer::Yes));
    }
    Ok(admission)
}

/// From now on `admission` answers so.
async fn say(world: &World, admission: Address, answer: Answer) -> Result<()> {
    let word = U256::from(answer as u8).to_be_bytes::<32>();
    let request = TransactionRequest::default().with_from(world.cast.bob.address).with_to(admission).with_input(word);
    world.chain.transact(request).await?;
    Ok(())
}

/// Both operators serve, and an admission contract that says yes is in force. Returns it.
async fn serving_admitted() -> Result<(World, Address)> {
    let world = World::new().await?;
    let admission = admission(&world, Answer::Yes).await?;
    assert!(world.chain.view(admission, &isAdmittedCall { operator: world.honest() }).await?);
    schedule(&world, admission).await?;
    world.join(&world.cast.dishonest, ONE).await?;
    world.opt_in(&world.cast.honest, ONE).await?;
    world.stake(&world.cast.honest, ether(96), world.honest()).await?;
    world.register(&world.cast.honest).await?;
    Ok((world, admission))
}

/// The owner names the admission contract. Returns from when it holds (Unix seconds).
async fn schedule(world: &World, admission: Address) -> Result<u64> {
    let (owner, registry) = (&world.cast.owner, world.suite.service.registry);
    let receipt = world.act(owner, registry, &scheduleAdmissionCall { admission }).await?;
    let scheduled = event::<AdmissionScheduled>(&receipt, registry).ok_or_eyre("no AdmissionScheduled event")?;
    assert_eq!(scheduled.admission, admission);
    Ok(scheduled.effectiveAt)
}

async fn scheduled(world: &World) -> Result<admissionReturn> {
    Ok(world.chain.view(world.suite.service.registry, &admissionCall {}).await?)
}

fn update_call(operator: Address) -> updateStakesCall {
    updateStakesCall { operators: vec![operator] }
}

#[tokio::test]
async fn an_operator_joins_where_the_admission_contract_says_yes_and_nowhere_else() -> Result<()> {
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    let admission = admission(&world, Answer::No).await?;
    schedule(&world, admission).await?;
    world.stake(operator, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let join = world.register_call(operator, operator).await?;
    for answer in REFUSALS {
        say(&world, admission, answer).await?;
        let refusal = NotAdmitted { operator: operator.address };
        world.refuse(operator, registry, &join, &refusal).await?;
    }
    say(&world, admission, Answer::Yes).await?;
    world.act(operator, registry, &join).await?;
    Ok(())
}

#[tokio::test]
async fn whoever_is_refused_signs_nothing_and_stays_in_the_total_for_four_epochs() -> Result<()> {
    for answer in REFUSALS {
        let (world, admission) = serving_admitted().await?;
        let (operator, registry) = (world.honest(), world.suite.service.registry);
        say(&world, admission, answer).await?;
        let refused = tick(&world).await?;
        let effective_at = (refused / EPOCH + 4) * EPOCH;

        let receipt = update_all(&world, vec![operator]).await?;
        let told = OperatorRefused { operator, effectiveAt: effective_at };
        assert_eq!(event::<OperatorRefused>(&receipt, registry), Some(told));
        let updated = StakeUpdated { operator, stake: ether(96), signs: false };
        assert_eq!(event::<StakeUpdated>(&receipt, registry), Some(updated));
        assert_eq!(signed_at(&world, &[operator], refused).await?, 0);
        assert_eq!(signed_at(&world, &[operator], refused - 1).await?, ether(96));

        world.chain.travel_to(effective_at - 1).await?;
        update(&world, operator).await?;
        assert_eq!(total_at(&world, effective_at - 1).await?, ether(128));
        world.chain.travel_to(effective_at).await?;
        assert_eq!(total_at(&world, effective_at).await?, ether(128), "not without an update");
        let receipt = update_all(&world, vec![operator]).await?;
        assert_eq!(event::<OperatorRefused>(&receipt, registry), None, "once");
        assert_eq!(total_at(&world, effective_at).await?, ether(32));
    }
    Ok(())
}

#[tokio::test]
async fn a_refused_operator_counts_in_the_total_with_what_it_has() -> Result<()> {
    let (world, admission) = serving_admitted().await?;
    let operator = world.honest();
    say(&world, admission, Answer::No).await?;
    tick(&world).await?;
    update(&world, operator).await?;
    world.stake(&world.cast.alice, ether(4), operator).await?;
    let now = tick(&world).await?;
    let updated = StakeUpdated { operator, stake: ether(100), signs: false };
    assert_eq!(update(&world, operator).await?, Some(updated));
    assert_eq!(total_at(&world, now).await?, ether(132));
    Ok(())
}

#[tokio::test]
async fn an_answer_that_flickers_begins_the_notice_again() -> Result<()> {
    let (world, admission) = serving_admitted().await?;
    let operator = world.honest();
    say(&world, admission, Answer::No).await?;
    tick(&world).await?;
    update(&world, operator).await?;
    let first = (world.chain.now().await? / EPOCH + 4) * EPOCH;

    world.chain.travel_to(first - 1).await?;
    say(&world, admission, Answer::Yes).await?;
    let admitted = StakeUpdated { operator, stake: ether(96), signs: true };
    assert_eq!(update(&world, operator).await?, Some(admitted));
    say(&world, admission, Answer::Burn).await?;
    update(&world, operator).await?;
    world.chain.travel_to(first).await?;
    update(&world, operator).await?;
    assert_eq!(total_at(&world, first).await?, ether(128), "the notice began one second ago");
    let second = first + 3 * EPOCH;
    world.chain.travel_to(second - 1).await?;
    update(&world, operator).await?;
    assert_eq!(total_at(&world, second - 1).await?, ether(128));
    world.chain.travel_to(second).await?;
    update(&world, operator).await?;
    assert_eq!(total_at(&world, second).await?, ether(32));
    Ok(())
}

#[tokio::test]
async fn an_operator_that_left_the_total_comes_back_when_it_is_admitted_again() -> Result<()> {
    let (world, admission) = serving_admitted().await?;
    let operator = world.honest();
    say(&world, admission, Answer::No).await?;
    update(&world, operator).await?;
    world.chain.travel_to((world.chain.now().await? / EPOCH + 4) * EPOCH).await?;
    update(&world, operator).await?;
    say(&world, admission, Answer::Yes).await?;
    tick(&world).await?;
    let back = StakeUpdated { operator, stake: ether(96), signs: true };
    assert_eq!(update(&world, operator).await?, Some(back));
    assert_eq!(total_at(&world, u64::MAX).await?, ether(128));
    Ok(())
}

#[tokio::test]
async fn leaving_asks_nobody() -> Result<()> {
    for answer in REFUSALS {
        let (world, admission) = serving_admitted().await?;
        say(&world, admission, answer).await?;
        tick(&world).await?;
        update(&world, world.honest()).await?;
        world.act(&world.cast.honest, world.suite.service.registry, &deregisterOperatorCall {}).await?;
        assert_eq!(total_at(&world, u64::MAX).await?, ether(32));
    }
    Ok(())
}

#[tokio::test]
async fn no_gas_limit_turns_a_yes_into_a_no() -> Result<()> {
    let (world, _) = serving_admitted().await?;
    let (operator, registry) = (world.honest(), world.suite.service.registry);
    world.stake(&world.cast.alice, ether(1), operator).await?;
    tick(&world).await?;
    let mut outcomes = (0, 0);
    for gas in (60_000..700_000).step_by(8_000) {
        let request = TransactionRequest::default()
            .with_from(world.cast.accuser.address)
            .with_to(registry)
            .with_input(update_call(operator).abi_encode())
            .with_gas_limit(gas);
        let receipt = world.chain.submit(request).await?;
        if receipt.status() {
            outcomes.0 += 1;
        } else {
            outcomes.1 += 1;
        }
        let now = world.chain.now().await?;
        assert!(signed_at(&world, &[operator], now).await? >= ether(96), "with {gas} gas");
        assert_eq!(event::<OperatorRefused>(&receipt, registry), None, "with {gas} gas");
    }
    assert!(outcomes.0 > 3 && outcomes.1 > 3, "both outcomes occur: {outcomes:?}");
    Ok(())
}

#[tokio::test]
async fn what_uses_all_of_its_gas_gets_200_000_or_is_not_called() -> Result<()> {
    let (world, admission) = serving_admitted().await?;
    let (operator, registry) = (world.honest(), world.suite.service.registry);
    say(&world, admission, Answer::Burn).await?;
    tick(&world).await?;
    let mut least = None;
    for gas in (100_000..700_000).step_by(4_000) {
        let request = TransactionRequest::default()
            .with_from(world.cast.accuser.address)
            .with_to(registry)
            .with_input(update_call(operator).abi_encode())
            .with_gas_limit(gas);
        let receipt = world.chain.submit(request).await?;
        if receipt.status() {
            assert!(event::<OperatorRefused>(&receipt, registry).is_some(), "with {gas} gas");
            least = Some(receipt.gas_used);
            break;
        }
        assert_eq!(signed_at(&world, &[operator], world.chain.now().await?).await?, ether(96), "with {gas} gas");
    }
    assert!(least.ok_or_eyre("never refused")? > 200_000, "{least:?}");
    Ok(())
}

#[tokio::test]
async fn a_failure_behind_another_contract_reverts_and_a_plain_no_does_not() -> Result<()> {
    for answer in [Answer::Two, Answer::Revert, Answer::Burn, Answer::Bomb] {
        let (world, admission) = serving_admitted().await?;
        let through = forwarder(&world, world.suite.service.registry).await?;
        let call = update_call(world.honest());
        tick(&world).await?;
        world.act(&world.cast.accuser, through, &call).await?;
        say(&world, admission, answer).await?;
        world.refuse(&world.cast.accuser, through, &call, &InsufficientStipend {}).await?;
        say(&world, admission, Answer::No).await?;
        let receipt = world.act(&world.cast.accuser, through, &call).await?;
        assert!(event::<OperatorRefused>(&receipt, world.suite.service.registry).is_some());
    }
    Ok(())
}

/// A program that opens 100 pages of memory and passes its calldata (with the callee's address before it) on.
const HOG: &str = r#"(module
    (import "vm_hooks" "read_args" (func $args (param i32)))
    (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))
    (import "vm_hooks" "call_contract" (func $call (param i32 i32 i32 i32 i64 i32) (result i32)))
    (memory (export "memory") 1 110)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (call $pay (i32.const 0))
        (drop (memory.grow (i32.const 99)))
        (call $args (i32.const 0))
        (call $call (i32.const 0) (i32.const 20) (i32.sub (local.get $length) (i32.const 20)) (i32.const 4096)
            (i64.const -1) (i32.const 4200))))"#;

/// A program that grows by a page and says yes.
const PROGRAM: &str = r#"(module
    (import "vm_hooks" "pay_for_memory_grow" (func $pay (param i32)))
    (import "vm_hooks" "write_result" (func $result (param i32 i32)))
    (memory (export "memory") 1 4)
    (func (export "user_entrypoint") (param $length i32) (result i32)
        (call $pay (i32.const 0))
        (drop (memory.grow (i32.const 3)))
        (i32.store8 (i32.const 31) (i32.const 1))
        (call $result (i32.const 0) (i32.const 32))
        (i32.const 0)))"#;

async fn deploy(world: &World, text: &str) -> Result<Address> {
    let module = wat::parse_str(text)?;
    let code = stylus_program::format::compress(&module)?.into();
    let program = restake::build::Program { name: "a test's".to_owned(), code, module_size: module.len() };
    deploy_program(&world.chain, world.cast.owner.address, &program).await
}

/// Whether an update goes through when the hog passes it on.
async fn hog_updates(world: &World, operator: Address) -> Result<bool> {
    let hog = deploy(world, HOG).await?;
    let call = update_call(operator).abi_encode();
    let request = TransactionRequest::default()
        .with_from(world.cast.accuser.address)
        .with_to(hog)
        .with_input([world.suite.service.registry.as_slice(), &call].concat())
        .with_gas_limit(30_000_000);
    let receipt = world.chain.submit(request).await?;
    assert_eq!(event::<OperatorRefused>(&receipt, world.suite.service.registry), None);
    Ok(receipt.status())
}

#[tokio::test]
async fn memory_that_the_caller_holds_makes_an_update_dearer_and_no_more() -> Result<()> {
    let (world, _) = serving_admitted().await?;
    world.stake(&world.cast.alice, ether(1), world.honest()).await?;
    tick(&world).await?;
    assert!(
        hog_updates(&world, world.honest()).await?,
        "an admission contract of the EVM's code has memory of its own"
    );
    assert_eq!(total_at(&world, u64::MAX).await?, ether(129));
    Ok(())
}

#[tokio::test]
async fn memory_that_the_caller_holds_turns_no_yes_into_a_no() -> Result<()> {
    let world = World::new().await?;
    let operator = world.honest();
    schedule(&world, deploy(&world, PROGRAM).await?).await?;
    world.join(&world.cast.honest, ONE).await?;
    world.stake(&world.cast.alice, ether(1), operator).await?;
    let now = tick(&world).await?;
    assert!(!hog_updates(&world, operator).await?, "the stipend does not pay for so much memory");
    assert_eq!(stake_at(&world, operator, now).await?, ether(32));
    // By itself the same is admitted.
    let updated = StakeUpdated { operator, stake: ether(33), signs: true };
    assert_eq!(update(&world, operator).await?, Some(updated));
    Ok(())
}

#[tokio::test]
async fn a_contract_without_the_function_admits_nobody() -> Result<()> {
    // The token, and a precompile.
    let world = World::new().await?;
    let (operator, registry) = (&world.cast.honest, world.suite.service.registry);
    world.stake(operator, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let join = world.register_call(operator, operator).await?;
    for other in [world.token(), registry, address!("0000000000000000000000000000000000000064")] {
        schedule(&world, other).await?;
        world.refuse(operator, registry, &join, &NotAdmitted { operator: operator.address }).await?;
    }
    schedule(&world, Address::ZERO).await?;
    world.act(operator, registry, &join).await?;
    Ok(())
}

#[tokio::test]
async fn an_admission_contract_holds_after_a_notice_and_is_ended_with_one() -> Result<()> {
    let world = serving().await?;
    let operator = world.honest();
    let admission = admission(&world, Answer::No).await?;
    let notice = |now: u64| (now / EPOCH + 4) * EPOCH;
    let effective_at = schedule(&world, admission).await?;
    assert_eq!(effective_at, notice(world.chain.now().await?));
    let expected = admissionReturn { admission: Address::ZERO, nextAdmission: admission, effectiveAt: effective_at };
    assert_eq!(scheduled(&world).await?, expected);

    world.chain.travel_to(effective_at - 1).await?;
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, effective_at - 1).await?, ether(96));
    world.chain.travel_to(effective_at).await?;
    assert_eq!(scheduled(&world).await?.admission, admission);
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, effective_at).await?, 0);

    // Its end is scheduled, and the operator not refused any more from then on.
    let ends = schedule(&world, Address::ZERO).await?;
    world.chain.travel_to(ends - 1).await?;
    assert_eq!(scheduled(&world).await?.admission, admission);
    world.chain.travel_to(ends).await?;
    update(&world, operator).await?;
    assert_eq!(stake_at(&world, operator, ends).await?, ether(96));
    Ok(())
}

#[tokio::test]
async fn what_was_scheduled_before_is_replaced() -> Result<()> {
    let world = serving().await?;
    let (no, yes) = (admission(&world, Answer::No).await?, admission(&world, Answer::Yes).await?);
    let first = schedule(&world, no).await?;
    world.chain.travel_to(first - 1).await?;
    let second = schedule(&world, yes).await?;
    assert!(second > first);
    world.chain.travel_to(first).await?;
    assert_eq!(scheduled(&world).await?.admission, Address::ZERO);
    world.chain.travel_to(second).await?;
    assert_eq!(scheduled(&world).await?.admission, yes);
    Ok(())
}

#[tokio::test]
async fn an_admission_contract_has_code_and_is_named_by_the_owner() -> Result<()> {
    let world = World::new().await?;
    let (owner, registry, account) = (&world.cast.owner, world.suite.service.registry, world.cast.bob.address);
    let call = scheduleAdmissionCall { admission: account };
    world.refuse(owner, registry, &call, &NotAContract { account }).await?;
    let call = scheduleAdmissionCall { admission: Address::ZERO };
    for caller in [&world.cast.honest, &world.cast.dishonest] as [&Actor; 2] {
        world.refuse(caller, registry, &call, &Unauthorized { caller: caller.address }).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_service_begins_with_an_admission_contract() -> Result<()> {
    let mut world = World::new().await?;
    world.parameters.admission = admission(&world, Answer::No).await?;
    let service = Service::deploy(&world.chain, &world.suite, &world.cast.owner, &world.parameters).await?;
    world.suite.service = service;
    assert_eq!(scheduled(&world).await?.admission, world.parameters.admission);
    let operator = &world.cast.honest;
    world.stake(operator, ether(32), operator.address).await?;
    world.opt_in(operator, ONE).await?;
    let join = world.register_call(operator, operator).await?;
    let refusal = NotAdmitted { operator: operator.address };
    world.refuse(operator, world.suite.service.registry, &join, &refusal).await
}

#[tokio::test]
async fn a_refused_and_suspended_operator_signs_again_only_when_both_are_over() -> Result<()> {
    let (world, admission) = serving_admitted().await?;
    let operator = world.honest();
    say(&world, admission, Answer::No).await?;
    let attack = world.freeze(&world.cast.honest).await?;
    world.execute(&attack).await?;
    update(&world, operator).await?;
    let now = tick(&world).await?;
    assert_eq!(ask(&world, &question(&world, &[&world.cast.honest], 1).await?).await?, (false, 0, ether(80)));
    say(&world, admission, Answer::Yes).await?;
    update(&world, operator).await?;
    assert_eq!(signed_at(&world, &[operator], now).await?, ether(48));
    assert_eq!(total_at(&world, now + 7 * DAY).await?, ether(80));
    Ok(())
}
