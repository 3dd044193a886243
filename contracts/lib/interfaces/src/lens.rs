use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What only people and tools look at: everything that the ledger and the Slasher store, what would happen, and
    /// whether the books are sound. It stores nothing but its collaborators' addresses and reads their words through
    /// `extsload`, so that they stay small.
    interface ILens {
        /// Whether `token` is listed and takes deposits, its limits (see
        /// [`IStrategyManager::setStrategyLimits`](crate::IStrategyManager)), and what the protocol owes of it now:
        /// pools, streams, pending withdrawals and funds set aside.
        function strategy(address token)
            external view returns (
                bool listed, bool open, uint128 cap, uint8 depositPercent,
                uint8 outflowPercent, uint128 owed
            );
        /// How many strategies are listed.
        function strategyCount() external view returns (uint64 count);
        /// The strategy with the given index, in the order of listing; the zero address beyond the end.
        function strategyAt(uint64 index) external view returns (address token);
        /// The active stake of `operator` in `token` (zero address: all idle stake), with the rewards that are due.
        function pool(address operator, address token)
            external view returns (uint128 assets, uint128 shares, uint32 generation);
        /// All withdrawals from a pool that are released at `releaseEpoch`.
        function bucket(address operator, address token, uint64 releaseEpoch)
            external view returns (uint128 assets, uint128 shares);
        /// Rewards on their way into a pool: what has not been released, and when the last of it will be, or later
        /// where that is more than a tenth of the pool in an epoch.
        function rewardStream(address operator, address token) external view returns (uint128 remaining, uint64 ends);
        /// What is set aside of `token` for `claimant` until `releaseEpoch`: slashed funds and commission; how much of
        /// it has a turn in the token's outflow queue (all of it where the token has no limit: it needs none), and from
        /// when that can be claimed (Unix seconds).
        function fundsOf(address claimant, address token, uint64 releaseEpoch)
            external view returns (uint128 amount, uint128 queued, uint64 readyAt);
        /// The current epoch.
        function currentEpoch() external view returns (uint64 epoch);
        /// The withdrawals of `staker` from a pool that were queued in the epochs `fromEpoch` to `toEpoch` (at most
        /// 64), oldest first: when each is released and ready, and what it pays now. With the staker's
        /// `WithdrawalQueued` events, which name its pools, these are all of its withdrawals.
        ///
        /// Reverts: `TooManyEpochs`.
        function withdrawals(address staker, address operator, address token, uint64 fromEpoch, uint64 toEpoch)
            external view returns (uint64[] releaseEpochs, uint64[] readyAt, uint128[] assets);

        /// What `operator`'s stakers risk: `exclusive` and `shared` budgets with their open requests, what is
        /// `announced` beside them, the `magnitude` that they are parts of, and their sum divided by it, rounded up
        /// (wad; at most 2^64 - 1).
        function commitmentOf(address operator) external view
            returns (uint64 exclusive, uint64 shared, uint64 announced, uint64 magnitude, uint64 commitment);
        /// The grant of `operator` to `serviceManager`: budget left, as it came into force, its tier, until when it can
        /// be used (the maximum: no end), and what its open requests ask for.
        function grant(address operator, address serviceManager) external view
            returns (uint64 budget, uint64 fullBudget, bool exclusive, uint64 canSlashUntil, uint64 pending);
        /// What `operator` announced to `serviceManager` and is not in force: the raise of the budget (wad, zero for
        /// nothing), its tier, when its notice ends, and when it lapses, if queueing is not refused until then.
        function pendingGrant(address operator, address serviceManager) external view
            returns (uint64 raise, bool exclusive, uint64 effectiveAt, uint64 lapsesAt);
        /// The operator's number of open requests, since when it is frozen (zero: it is not), when it was released
        /// last, and for how many seconds queueing was ever refused or paused.
        function operatorStatus(address operator) external view
            returns (uint64 openRequests, uint64 frozenSince, uint64 releasedAt, uint64 refusedSeconds);
        /// From when a request with these two numbers has expired (Unix seconds), if executing is not paused until
        /// then.
        function requestExpiry(uint64 executableAt, uint64 pausedBefore) external view returns (uint64 expiresAt);

        /// What a withdrawal of `shares` of `operator`'s pool would pay, queued now and if nothing is slashed, and from
        /// when (Unix seconds).
        ///
        /// Reverts: `InsufficientShares` if the pool has fewer.
        function previewWithdraw(address operator, address token, uint128 shares)
            external view returns (uint128 assets, uint64 readyAt);
        /// What a slash of `wad` of the stake, captured now, would take of `operator`'s stake in `token`: of its active
        /// pool and of both buckets.
        function previewSlash(address operator, address token, uint64 wad)
            external view returns (uint128 fromPool, uint128 fromBuckets);

        /// The books of `token`: what the vault holds, what the ledger owes, and whether the first covers the second.
        function solvency(address token) external view returns (uint256 held, uint128 owed, bool solvent);
        /// Whether what the Slasher says about `operator` agrees with itself: frozen exactly while it has open
        /// requests, with a time, and nothing at stake in them otherwise; exclusive budgets and their requests within
        /// the magnitude, which is one if nothing is granted, open or announced.
        function operatorIsConsistent(address operator) external view returns (bool consistent);
        /// The vault, the ledger and the Slasher.
        function contracts() external view returns (address tokenPool, address strategyManager, address slasher);

        /// At most `limit` epochs at a time, first to last.
        error TooManyEpochs(uint64 limit);
    }
}
