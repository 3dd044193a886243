use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Where the [`IRestakingVault`] stakes: up to eight operators by weights, which its owner
    /// ([`IOwnable`](crate::IOwnable)) sets. Less of a weight, or of the commitment that was agreed with it, holds at
    /// once; more, after a notice in which holders can leave. Anyone has the vault move.
    interface IRestakingWeights {
        /// From `effectiveAt` the part `weight` (wad) of all assets shall be staked with `operator`, while its
        /// commitment is at most `maxCommitment` (wad). Less of either holds at once.
        event WeightScheduled(address indexed operator, uint64 weight, uint64 maxCommitment, uint64 effectiveAt);
        /// What was scheduled for `operator` and did not hold yet was cancelled.
        event WeightCancelled(address indexed operator);

        /// Everything is where it shall be, or cannot go there now.
        error NothingToDo();
        /// The weights, in force and announced, would add up to `total`, more than 1e18.
        error WeightsTooHigh(uint64 total);
        /// Nothing was scheduled for this operator that does not hold yet.
        error NoWeightPending();

        /// Anyone: stakes idle tokens with the operators that have less than their weight, in parts where the TokenPool
        /// takes no more at once. Leaves out those that refuse (frozen ones, commitments above what was agreed).
        ///
        /// Reverts: `NothingToDo`.
        function stakeIdle() external;
        /// Anyone: stakes idle tokens with the operator that misses the most of its weight and takes them: what it
        /// misses, and of what others miss up to a hundredth of its weight, which a rebalancing leaves there. For a
        /// deposit that does not wait: one stake instead of one with each operator.
        ///
        /// Reverts: `NothingToDo`.
        function stakeIdleWithOne() external;
        /// Anyone: queues withdrawals of what an operator has above its weight, if that is a hundredth of it; of
        /// everything with an operator without weight, and with one whose commitment (announced raises count) is above
        /// what was agreed. Leaves out those that refuse.
        ///
        /// Reverts: `NothingToDo`.
        function rebalance() external;
        /// Owner: the part `weight` (wad) of all assets shall be staked with `operator`, while its commitment is at
        /// most `maxCommitment` (wad). Less of either holds at once; more, after a notice of four epochs in which
        /// holders can leave, and at once while the vault is empty. Replaces what was announced before. The part that
        /// is nobody's weight stays idle, and so does what an operator may not get.
        ///
        /// Reverts: `Unauthorized`, `ZeroAddress`, `WeightsTooHigh`, and `IsItself`, `TooManyOperators` of the vault.
        function scheduleWeight(address operator, uint64 weight, uint64 maxCommitment) external;
        /// Owner: cancels what was scheduled for `operator` and does not hold yet. Reverts: `Unauthorized`,
        /// `NoWeightPending`.
        function cancelWeight(address operator) external;

        /// The operator at the place `index`, its weight and the highest commitment at which it gets stake, now and as
        /// scheduled last, and when that holds (zero: it does); the zero address beyond the end.
        function operatorAt(uint64 index) external view returns (
            address operator, uint64 weight, uint64 nextWeight, uint64 effectiveAt, uint64 maxCommitment, uint64
            nextMaxCommitment
        );
        /// The vault that it moves, and the Slasher that it asks.
        function contracts() external view returns (address vault, address slasher);
    }
}
