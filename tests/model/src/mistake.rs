//! Ways in which the model can be wrong on purpose.

/// A way in which the model can be wrong on purpose, to test that a test finds it. All but the first three take a rule
/// away that ends a kind of attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// It is right.
    None,
    /// Who leaves a pool gets what its shares are worth rounded up.
    LeavesRoundedUp,
    /// A slash takes its part rounded down.
    SlashesRoundedDown,
    /// A withdrawal is ready one second early.
    ReadyEarly,
    /// Slashed funds can be claimed at once.
    FundsAtOnce,
    /// A slash takes its part of what is left when it is executed, whatever was executed before: slashes do not
    /// commute.
    SlashesCompound,
    /// A notice runs also while nobody can queue a withdrawal.
    NoticeIgnoresRefusals,
    /// Grants are in force at once, whoever has stake with the operator.
    GrantsAtOnce,
    /// What was announced can be activated at any time after its notice.
    NothingLapses,
    /// Stake joins an operator whatever it is committed to.
    NoMaxCommitment,
    /// Queueing is refused as long as an operator is frozen.
    FreezesWithoutWindows,
    /// A withdrawal waits for every open request.
    FreezesHoldEverything,
    /// Budgets, and what a fault takes of them, can be as small as one wad.
    BudgetsOfOneWad,
    /// A shared request takes what it asks for, and leaves less than the exclusive tier needs.
    SharedTakesAll,
    /// Exclusive budgets are bounded by the commitment alone.
    ExclusiveTierOverfull,
    /// Rejected evidence is remembered, and with it the fault that it speaks of.
    RejectedEvidenceRemembered,
    /// A key that was replaced signs and accuses for ever.
    KeysAccuseForEver,
    /// Evidence of a task that is not set yet is judged.
    EvidenceAboutTheFuture,
    /// A fault costs what the terms ask that were in force when its task was set, also where they ask for more now.
    MilderTerms,
    /// A proven fault leaves the weight of the operator as it is.
    NobodyIsSuspended,
    /// A checkpoint counts until it is renewed.
    CheckpointsNeverExpire,
    /// A checkpoint that expired leaves the total when somebody looks.
    ExpiredLeavesTotal,
    /// What a service's own open requests ask for leaves the total, also if it comes back.
    RequestsLeaveTotal,
    /// A freeze takes the weight of an operator in every service.
    FreezesZeroWeight,
    /// A service counts the whole stake of an operator, whatever it may slash of it.
    WholeStakeCounts,
    /// Limits that were scheduled can be applied at any time after their notice.
    LimitsNeverLapse,
    /// A stream releases all that is due.
    StreamWithoutTenth,
    /// The outflow queue counts what was queued, and not what is owed.
    QueueWithoutBound,
    /// What is staked again keeps others waiting and does not wait itself.
    RestakingTakesNoTurn,
    /// Withdrawals that leave together have the last turn of theirs.
    LastTurnCounts,
    /// Deposits and redemptions are priced as if pending slashes were executed.
    ReceiptsPriceFreezes,
    /// What waits for redemptions until queueing opens still belongs to the holders as well.
    WaitingIsTheHolders,
    /// The vault stakes with an operator whatever it is committed to.
    VaultAcceptsEverything,
    /// A weight holds at once.
    WeightsAtOnce,
}

impl Mistake {
    /// All that are wrong.
    pub const ALL: [Self; 33] = [
        Self::LeavesRoundedUp,
        Self::SlashesRoundedDown,
        Self::ReadyEarly,
        Self::FundsAtOnce,
        Self::SlashesCompound,
        Self::NoticeIgnoresRefusals,
        Self::GrantsAtOnce,
        Self::NothingLapses,
        Self::NoMaxCommitment,
        Self::FreezesWithoutWindows,
        Self::FreezesHoldEverything,
        Self::BudgetsOfOneWad,
        Self::SharedTakesAll,
        Self::ExclusiveTierOverfull,
        Self::RejectedEvidenceRemembered,
        Self::KeysAccuseForEver,
        Self::EvidenceAboutTheFuture,
        Self::MilderTerms,
        Self::NobodyIsSuspended,
        Self::CheckpointsNeverExpire,
        Self::ExpiredLeavesTotal,
        Self::RequestsLeaveTotal,
        Self::FreezesZeroWeight,
        Self::WholeStakeCounts,
        Self::LimitsNeverLapse,
        Self::StreamWithoutTenth,
        Self::QueueWithoutBound,
        Self::RestakingTakesNoTurn,
        Self::LastTurnCounts,
        Self::ReceiptsPriceFreezes,
        Self::WaitingIsTheHolders,
        Self::VaultAcceptsEverything,
        Self::WeightsAtOnce,
    ];
}
