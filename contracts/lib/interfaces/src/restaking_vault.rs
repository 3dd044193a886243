use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What is behind a receipt: one token, restaked with up to eight operators by weights. To the protocol it is a
    /// staker like any other. Only the [`ILiquidRestakingToken`] puts in, only the [`IRedemptionDesk`] takes out, and
    /// only the [`IRestakingWeights`] say where to; it never asks them anything.
    ///
    /// Stake that it moves is told by the events of the [`IStrategyManager`], which name it as the staker.
    ///
    /// What redemptions own is no asset of the vault: shares that are set apart with an operator that could not be
    /// queued out of, bucket shares of withdrawals on their way, and tokens that came in for them.
    interface IRestakingVault {
        /// A withdrawal came in: `amount`, of which `kept` is the holders', and the rest of redemptions.
        event Collected(address indexed operator, uint64 releaseEpoch, uint128 amount, uint128 kept);

        /// The receipt cannot back itself, and neither it nor its vault or desk is an operator.
        error IsItself();
        /// A sum beyond 128 bits.
        error SumTooLarge();
        /// The vault has `idle` tokens at hand, fewer than asked for.
        error InsufficientIdle(uint128 idle);
        /// The receipts are worth less than one base unit, or each of their parts is.
        error WorthNothing();
        /// The receipts are worth `worth` with pending slashes, less than the `minimum`.
        error WorthBelowMinimum(uint128 worth, uint128 minimum);
        /// A withdrawal of the vault that was released at this epoch must be collected first: it is too old to be
        /// divided.
        error CollectFirst(address operator, uint64 releaseEpoch);
        /// No withdrawal from this operator is on its way that is released at this epoch.
        error NoReleaseAt(uint64 releaseEpoch);
        /// Something is still with the operator of this place, or comes from it.
        error PlaceTaken();
        /// No more than `limit` operators at a time; with 4,095, ever.
        error TooManyOperators(uint64 limit);

        /// The connector, once: sets the receipt, the desk of its redemptions, and its weights, for good. Nothing else
        /// can be done before. The receipt cannot be the token.
        function connect(address receipt, address desk, address weights) external;
        /// Receipt: takes `amount` of the token from `account`, which has let the vault take it. Returns all assets as
        /// they were before.
        ///
        /// Reverts: `Unauthorized`, `SumTooLarge`, the token's own error, `TransferFailed`, `TransferShortfall`.
        function take(address account, uint128 amount) external returns (uint128 assets);
        /// Desk: takes the part of `shares` of `supply` out of everything, rounded down: pays idle tokens to `account`,
        /// divides what is on its way, queues the part of the stake with each operator, and sets it apart where
        /// queueing is refused. `minAssets` is the least that the receipts must be worth with pending slashes. Returns
        /// when what was queued is released, what was paid, and the parts (112 bits of units, 12 of the operator's
        /// number, 4 of its place).
        ///
        /// Reverts: `Unauthorized`, `WorthNothing`, `WorthBelowMinimum`, `CollectFirst`, the token's own error.
        function redeem(address account, uint128 shares, uint128 supply, uint128 minAssets)
            external returns (uint64 releaseEpoch, uint128 paid, uint128[] parts);
        /// Desk: completes the withdrawal from the operator with this number that is released at `releaseEpoch`.
        /// Returns what of it is the holders', what is of redemptions, and their bucket shares.
        ///
        /// Reverts: `Unauthorized`, `NoReleaseAt`, and as [`ITokenPool::completeQueuedWithdrawal`].
        function collect(uint64 id, uint64 releaseEpoch)
            external returns (uint128 kept, uint128 amount, uint128 shares);
        /// Desk: queues `shares` that were set apart with the operator with this number. Returns when they are released
        /// and their bucket shares; none, if the pool was slashed to nothing meanwhile, or they are worth nothing.
        ///
        /// Reverts: `Unauthorized`, and as [`ITokenPool::queueWithdrawal`].
        function queueWaiting(uint64 id, uint128 shares) external returns (uint64 releaseEpoch, uint128 bucketShares);
        /// Desk: pays `amount` of what came in for redemptions to `account`. Reverts: `Unauthorized`, the token's own
        /// error, `TransferFailed`.
        function pay(address account, uint128 amount) external;

        /// Weights: `operator` gets the place `index`, and a number if it never had one. Reverts: `Unauthorized`,
        /// `IsItself`, `PlaceTaken`, `TooManyOperators`.
        function hold(uint64 index, address operator) external;
        /// Weights: stakes `amount` of the idle tokens with the operator at `index`, if its commitment is at most
        /// `maxCommitment` (wad); in parts where the TokenPool takes no more at once. Returns what was staked: nothing
        /// if it is refused, or while shares that a slash made void are set apart with it or were queued in this epoch.
        ///
        /// Reverts: `Unauthorized`, `InsufficientIdle`.
        function stakeWith(uint64 index, uint128 amount, uint64 maxCommitment) external returns (uint128 staked);
        /// Weights: queues a withdrawal of `amount`, or of `everything`, from the operator at `index`. Returns whether
        /// it was queued: not if it is refused, or too many are on their way. Reverts: `Unauthorized`.
        function unstakeFrom(uint64 index, uint128 amount, bool everything) external returns (bool queued);

        /// All assets of the holders, without pending slashes: idle tokens, stake, and withdrawals on their way; how
        /// much of them is idle; and how much is at stake with the operator at each place.
        function totalAssets() external view returns (uint128 assets, uint128 idle, uint128[8] stakes);
        /// The same assets, and what pending slashes may take of them at most.
        function assetsAtRisk() external view returns (uint128 assets, uint128 pendingSlashes);
        /// Whether nothing is with the operator at this place, comes from it, or was queued out of it in this epoch.
        function isEmptyAt(uint64 index) external view returns (bool);
        /// The number of an operator that ever had a weight, which never changes; zero for others.
        function idOf(address operator) external view returns (uint64 id);
        /// The operator with this number; the zero address for none.
        function accountOf(uint64 id) external view returns (address operator);
        /// The shares of the pool of the operator with the given index that are set apart for redemptions.
        function setApartAt(uint64 index) external view returns (uint128 shares);
        /// The holders' withdrawal with the number `transit` (0 to 3) from the operator with the given index: when it
        /// is released, and their bucket shares; zero for none.
        function transitAt(uint64 index, uint64 transit)
            external view returns (uint64 releaseEpoch, uint128 shares);
        /// The receipt, its redemption desk, the weights, the token, and the contracts that it is restaked in.
        function contracts()
            external view returns (
                address receipt, address desk, address weights, address token,
                address tokenPool, address strategyManager, address slasher
            );
    }
}
