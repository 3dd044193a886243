use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What is behind a receipt: one token, restaked with up to eight operators by weights. To the protocol it is a
    /// staker like any other. Only the [`ILiquidRestakingToken`] puts in and takes out; it never asks the receipt
    /// anything. Its owner ([`IOwnable`](crate::IOwnable)) sets the weights.
    interface IRestakingVault {
        /// `amount` of idle tokens was staked with `operator`.
        event IdleStaked(address indexed operator, uint128 amount);
        /// `shares` worth about `amount` were queued out of `operator`'s pool, released at `releaseEpoch`.
        event Unstaked(address indexed operator, uint64 releaseEpoch, uint128 shares, uint128 amount);
        /// A withdrawal came in.
        event Collected(address indexed operator, uint64 releaseEpoch, uint128 amount);
        /// From `effectiveAt` the part `weight` (wad) of what stays shall be staked with `operator`, while its
        /// commitment is at most `maxCommitment` (wad).
        event WeightScheduled(address indexed operator, uint64 weight, uint64 maxCommitment, uint64 effectiveAt);

        /// The receipt cannot back itself, and neither it nor its vault is an operator.
        error IsItself();
        /// A sum beyond 128 bits.
        error SumTooLarge();
        /// The vault has `idle` tokens at hand, fewer than asked for.
        error InsufficientIdle(uint128 idle);
        /// No withdrawal from this operator is on its way that is released at this epoch.
        error NoReleaseAt(uint64 releaseEpoch);
        /// Everything is where it shall be, or cannot go there now.
        error NothingToDo();
        /// The weights would add up to `total`, more than 1e18.
        error WeightsTooHigh(uint64 total);
        /// The last change of this operator's weight takes effect at `effectiveAt`; only then can another be scheduled.
        error WeightPending(uint64 effectiveAt);
        /// No more than `limit` operators at a time.
        error TooManyOperators(uint64 limit);

        /// Receipt: takes `amount` of the token from `account`, which has let the vault take it.
        ///
        /// Reverts: `Unauthorized`, `SumTooLarge`, the token's own error, `TransferFailed`, `TransferShortfall`.
        function take(address account, uint128 amount) external;
        /// Receipt: pays `amount` of the idle tokens to `account`. Reverts: `Unauthorized`, `InsufficientIdle`, the
        /// token's own error, `TransferFailed`.
        function pay(address account, uint128 amount) external;
        /// Receipt: see [`ILiquidRestakingToken::stakeIdle`]; `kept` is what redemptions wait for. Reverts:
        /// `Unauthorized`, `NothingToDo`.
        function stakeIdle(uint128 kept) external;
        /// Receipt: see [`ILiquidRestakingToken::unstake`]. Returns whether any withdrawal was queued. Reverts:
        /// `Unauthorized`.
        function unstake(uint128 kept) external returns (bool queued);

        /// Anyone: completes a withdrawal that has matured. Returns its amount; zero if it was slashed to nothing.
        ///
        /// Reverts: `NoReleaseAt`, and the ledger's `OperatorIsFrozen`, `WithdrawalNotReady`.
        function collect(address operator, uint64 releaseEpoch) external returns (uint128 amount);
        /// Owner: the part `weight` (wad) of what stays shall be staked with `operator`, while its commitment is at
        /// most `maxCommitment` (wad), after a notice of four epochs in which holders can leave; at once while the
        /// vault is empty. The part that is nobody's weight stays idle, and so does what an operator may not get.
        ///
        /// Reverts: `Unauthorized`, `ZeroAddress`, `IsItself`, `WeightPending`, `WeightsTooHigh`, `TooManyOperators`.
        function scheduleWeight(address operator, uint64 weight, uint64 maxCommitment) external;

        /// All assets: idle tokens, positions and withdrawals on their way; what pending slashes may take of them; and
        /// how much of them is idle.
        function totalAssets() external view returns (uint128 assets, uint128 pendingSlashes, uint128 idle);
        /// The operator with the given index, its weight and the highest commitment at which it gets stake, now and as
        /// scheduled last; the zero address beyond the end.
        function operatorAt(uint64 index) external view returns (
            address operator, uint64 weight, uint64 nextWeight, uint64 effectiveAt, uint64 maxCommitment, uint64
            nextMaxCommitment
        );
        /// The release epochs of the withdrawals from the operator with the given index that are on their way; zero for
        /// none.
        function releasesAt(uint64 index)
            external view returns (uint64 first, uint64 second, uint64 third, uint64 fourth);
        /// The receipt, the token, and the contracts that it is restaked in.
        function contracts()
            external view returns (
                address receipt, address token, address tokenPool,
                address strategyManager, address slasher
            );
    }
}
