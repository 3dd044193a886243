use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// The redemptions of a receipt. A redemption owns its part of everything in kind: of the idle tokens, which it is
    /// paid at once, and of the stake with each operator, which is queued at once; with an operator that refuses, as
    /// soon as it does not. What belongs to redemptions belongs to no holder any more; it bears the slashes of its own
    /// buckets and no others, and nothing that concerns one operator delays the parts of the others.
    ///
    /// The withdrawal of a bucket is collected once, by anyone; what came in waits in a *pot* for the parts that own it
    /// by bucket shares. What waits for queueing to open is a *batch*, by operator and period.
    interface IRedemptionDesk {
        /// `account` burned `shares` for the redemption `id`: it was paid `paid` at once, and owns `parts` more, whose
        /// withdrawals are released at `releaseEpoch`, were on their way before, or wait in the batches of `period`.
        event RedemptionOpened(
            uint64 indexed id, address indexed account, uint128 shares, uint128 paid, uint64 releaseEpoch,
            uint64 period, uint64 parts
        );
        /// The part of the redemption `id` with `operator` could not be queued: `poolShares` wait in the batch of
        /// `period`.
        event PartWaits(uint64 indexed id, address indexed operator, uint64 period, uint128 poolShares);
        /// `account` was paid `amount`; `left` parts of the redemption are still on their way.
        event RedemptionClaimed(uint64 indexed id, address indexed account, uint128 amount, uint64 left);
        /// A batch was queued: `poolShares` for `bucketShares` of the bucket that is released at `releaseEpoch`. None,
        /// if the pool was slashed to nothing meanwhile, or the batch to less than one base unit.
        event WaitingQueued(
            address indexed operator, uint64 indexed period, uint64 releaseEpoch, uint128 poolShares,
            uint128 bucketShares
        );

        /// There is no such redemption, or all of it was paid.
        error NoRedemption(uint64 id);
        /// No part of the redemption can be paid now.
        error NothingToClaim();
        /// Nothing waits with this operator since this period, or it was queued.
        error NothingWaiting(uint64 period);

        /// The connector, once: sets the receipt, and its vault, for good. Nothing else can be done before.
        function connect(address receipt, address vault) external;
        /// Receipt: opens the redemption of `shares` of `supply` for `account`, worth at least `minAssets` with pending
        /// slashes. Returns its number, and what was paid at once.
        ///
        /// Reverts: `Unauthorized`, and those of [`IRestakingVault::redeem`].
        function open(address account, uint128 shares, uint128 supply, uint128 minAssets)
            external returns (uint64 id, uint128 paid);

        /// Anyone, for the account of the redemption: pays each part whose money is there; collects what has matured
        /// where that works. What cannot be paid yet (a frozen operator, a turn in the outflow queue that has not come)
        /// is left for later claims. Returns the amount.
        ///
        /// Reverts: `NoRedemption`, `NothingToClaim`, the token's own error.
        function claimRedemption(uint64 id) external returns (uint128 amount);
        /// Anyone: collects the vault's withdrawal from `operator` that is released at `releaseEpoch`. Returns what
        /// came in, for redemptions and for holders.
        ///
        /// Reverts: `NoReleaseAt` of the vault, and as [`ITokenPool::completeQueuedWithdrawal`].
        function collect(address operator, uint64 releaseEpoch) external returns (uint128 amount);
        /// Anyone: queues what waits with `operator` since `period`. Returns when it is released.
        ///
        /// Reverts: `NothingWaiting`, and as [`ITokenPool::queueWithdrawal`].
        function queueWaiting(address operator, uint64 period) external returns (uint64 releaseEpoch);

        /// A redemption: whose, when what was queued with it is released, in which period the rest began to wait, and
        /// how many parts are left; all zero if there is none or all of it was paid.
        function redemption(uint64 id)
            external view returns (address account, uint64 releaseEpoch, uint64 period, uint64 parts);
        /// A part of a redemption, by its place: `units` bucket shares of the withdrawal from `operator` that is
        /// released at `releaseEpoch`; with `releaseEpoch` zero, shares of the pool that wait. All zero beyond the end.
        function partOf(uint64 id, uint64 index)
            external view returns (address operator, uint128 units, uint64 releaseEpoch);
        /// What is left of what came in from `operator` for redemptions with the release `releaseEpoch`, and the bucket
        /// shares that own it.
        function potOf(address operator, uint64 releaseEpoch) external view returns (uint128 amount, uint128 shares);
        /// What waits with `operator` since `period`: shares of its pool; once it was queued, also when it is released
        /// and the bucket shares that it got.
        function waitingOf(address operator, uint64 period)
            external view returns (uint128 poolShares, uint64 releaseEpoch, uint128 bucketShares);
        /// The present period, which ends when a batch of it is queued; and the number of redemptions ever opened.
        function counts() external view returns (uint64 period, uint64 redemptions);
        /// The receipt, and its vault.
        function contracts() external view returns (address receipt, address vault);
    }
}
