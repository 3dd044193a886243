//! The numbers that the documentation publishes. Whoever changes one changes a promise, and has to say so here.

use arithmetic::{epoch, fault, freeze, limits, magnitude, pause, pool, redemption, stream, time, wad};

#[test]
fn the_published_constants() {
    // Times, in seconds.
    for (name, seconds, published) in [
        ("an epoch: seven days", time::EPOCH_SECONDS, 604_800),
        ("the challenge period: two days", time::CHALLENGE_PERIOD_SECONDS, 172_800),
        ("how long a slash can be executed: seven days", time::EXECUTION_WINDOW_SECONDS, 604_800),
        ("the longest pause of exits and slashes: seven days", time::LONGEST_PAUSE_SECONDS, 604_800),
        ("between two of them: 28 days", time::PAUSE_INTERVAL_SECONDS, 2_419_200),
        ("how long evidence is good at most: three days", time::LONGEST_DISPUTE_SECONDS, 259_200),
        ("how long a checkpoint signs into the next epoch: three days", time::CHECKPOINT_GRACE_SECONDS, 259_200),
        ("the notice of a grant or a raise: 28 days", time::GRANT_NOTICE_SECONDS, 2_419_200),
        ("until what was announced lapses: seven days", time::LAPSE_SECONDS, 604_800),
        ("how long a freeze refuses queueing: nine days", time::LONGEST_QUEUE_REFUSAL_SECONDS, 777_600),
        ("for how long it is open after that: a day", time::QUEUE_OPEN_SECONDS, 86_400),
        ("the stream of the liquid staking token: a day", time::REWARD_STREAM_SECONDS, 86_400),
    ] {
        assert_eq!(seconds, published, "{name}");
    }

    // What follows from them, for something that begins in the first second of an epoch.
    let start = 2_900 * 604_800;
    for (name, at, published) in [
        ("a withdrawal is released", epoch::start(epoch::release_of(start)), 2_902 * 604_800),
        ("a change of the protocol takes effect", epoch::notice_ends(start), 2_904 * 604_800),
        ("other terms take effect", epoch::terms_notice_ends(start), 2_905 * 604_800),
        ("a grant that ended can be used last", epoch::can_slash_until(start), 2_902 * 604_800 - 1),
        ("disputes about a fault are over", epoch::disputes_over(start), 2_903 * 604_800),
        ("a checkpoint signs no more", epoch::checkpoint_expires(start), 2_901 * 604_800 + 259_200),
        ("what was announced is in force", freeze::notice_ends(start, 7), start + 2_419_207),
        ("what was announced lapses", freeze::lapses(start), start + 604_800),
        ("a request can be executed", freeze::executable(start), start + 172_800),
        ("a request has expired", freeze::expires(freeze::executable(start), 7), start + 777_607),
    ] {
        assert_eq!(at, published, "{name}");
    }
    assert_eq!(epoch::slashable_releases(2_900), [2_901, 2_902], "the releases that a fault reaches");
    assert_eq!((epoch::RELEASE_DELAY_EPOCHS, epoch::NOTICE_EPOCHS, epoch::TERMS_NOTICE_EPOCHS), (2, 4, 5));

    // Fractions, in wads.
    for (name, fraction, published) in [
        ("all", wad::ONE, 1_000_000_000_000_000_000),
        ("the highest commitment: twice the magnitude", wad::MAX_COMMITMENT, 2_000_000_000_000_000_000),
        ("the highest share of a challenger: a tenth", wad::MAX_CHALLENGER_SHARE, 100_000_000_000_000_000),
        ("the highest commission: a fifth", wad::MAX_COMMISSION, 200_000_000_000_000_000),
        ("the smallest magnitude: a millionth", magnitude::MIN_MAGNITUDE, 1_000_000_000_000),
    ] {
        assert_eq!(fraction, published, "{name}");
    }
    assert_eq!(
        magnitude::SMALLEST_PART,
        100,
        "the smallest budget of a magnitude, and the smallest request of a budget"
    );
    assert_eq!(stream::MAX_RELEASE_PART, 10, "what a stream releases in an epoch at most: a tenth of the pool");
    assert_eq!(limits::MIN_OUTFLOW_PERCENT, 10, "the smallest limit of what leaves in an epoch");

    // Counts.
    assert_eq!(limits::MAX_STRATEGIES, 16, "tokens that a slash visits");
    assert_eq!(limits::MAX_WEIGHTS, 8, "tokens that a service weighs");
    assert_eq!(limits::ADMISSION_STIPEND, 200_000, "gas of an admission contract");
    assert_eq!(limits::SERVICE_STIPEND, 200_000, "gas of an answer of a service about itself, where risk is looked at");
    assert_eq!(pool::SHARES_PER_ASSET, 1_000_000, "shares of a base unit");
    assert_eq!(pool::MAX_AMOUNT, 5_192_296_858_534_827_628_530_496_329_220_095, "base units of a token: 112 bits");

    assert_eq!(redemption::MAX_OPERATOR_ID, 4_095, "operators that a receipt can ever have");
    assert_eq!(redemption::OLDEST_TRANSIT, 14, "epochs after which a withdrawal must be collected to be divided");

    // Numbers that are part of the ABI.
    let actions = [pause::STAKE, pause::DELEGATE, pause::QUEUE, pause::COMPLETE, pause::EXECUTE, pause::OPT_IN];
    assert_eq!((actions, pause::BOUNDED, pause::ALL), ([1, 2, 4, 8, 16, 32], 28, 63));
    assert_eq!((fault::EQUIVOCATION, fault::UNAVAILABILITY, fault::MISCOMPUTATION), (0, 1, 2));
    assert_eq!((fault::COUNT, fault::ROOM), (3, 4));
}
