use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// The ledger: strategies (listed tokens), pools (an operator's stake in one token), positions, withdrawals,
    /// streams of rewards and funds set aside. It never touches a token. Only the [`ITokenPool`] credits and debits
    /// stakers, only the [`ISlasher`] slashes. What only people look at is read through [`ILens`](crate::ILens).
    interface IStrategyManager {
        /// `staker` staked `amount` with `operator` (zero address: idle) and got `shares`.
        event Staked(
            address indexed staker, address indexed operator, address indexed token, uint128 amount, uint128 shares
        );
        /// `staker` moved idle stake worth `amount` to `operator`, giving `idleShares` for `shares`.
        event Delegated(
            address indexed staker, address indexed operator, address indexed token, uint128 amount, uint128 idleShares,
            uint128 shares
        );
        /// `staker` queued `shares` worth `amount` for withdrawal: `bucketShares` of the bucket that is released at
        /// `releaseEpoch`.
        event WithdrawalQueued(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint128
            shares, uint128 amount, uint128 bucketShares
        );
        /// `staker` was paid `amount` for its withdrawal of `releaseEpoch`, to `recipient`.
        event WithdrawalCompleted(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint128
            amount, address recipient
        );
        /// `staker` staked its withdrawal of `releaseEpoch`, worth `amount`, again, with `newOperator`, for `shares`.
        event WithdrawalRestaked(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint128
            amount, address newOperator, uint128 shares
        );
        /// A slash took `fromPool` of `operator`'s active stake in `token` and `fromBuckets` of its pending
        /// withdrawals; `toChallenger` of it was set aside for `challenger`, the rest for `recipient`, until
        /// `releaseEpoch`.
        event PoolSlashed(
            address indexed operator, address indexed token, uint128 fromPool, uint128 fromBuckets,
            address challenger, uint128 toChallenger, address recipient, uint64 releaseEpoch
        );
        /// `amount` streams into the pool of `operator` until `ends`, or longer where that is more than a tenth of the
        /// pool in an epoch; `commission` was set aside for the operator.
        event RewardAdded(
            address indexed operator, address indexed token, uint128 amount, uint128 commission, uint64 ends
        );
        /// `claimant` was paid the `amount` that was set aside for it until `releaseEpoch`.
        event FundsClaimed(address indexed claimant, address indexed token, uint64 releaseEpoch, uint128 amount);

        /// No more than `limit` strategies can be listed, because a slash visits each.
        error TooManyStrategies(uint64 limit);
        /// Nobody has stake with `operator` in this token, so nobody could earn a reward.
        error NothingStaked(address operator, address token);
        /// The pool could take `room` of a reward at most: a share is never worth more than one base unit.
        error NoRoomForReward(uint128 room);
        /// `operator` has an open slash request: nothing joins its stake, and what leaves must wait.
        error OperatorIsFrozen(address operator);
        /// The position holds `have` shares, fewer than the `want` ones.
        error InsufficientShares(uint128 have, uint128 want);
        /// The amount or the number of shares is zero, or worth less than one base unit.
        error ZeroAmount();
        /// An amount above 2^112 - 1 base units, or shares beyond that limit.
        error AmountTooLarge();
        /// The pool was slashed to less than a millionth of its initial price; it only pays out.
        error PoolDepleted(address operator, address token);
        /// The withdrawal, or what was set aside, can be completed or claimed from `releaseTime` (Unix seconds).
        error WithdrawalNotReady(uint64 releaseTime);
        /// The staker has no withdrawal from this pool at this release epoch.
        error NoWithdrawal();
        /// Nothing of this token is set aside for the claimant.
        error NothingToClaim();

        /// TokenPool: from now on a slash visits `token` as well. Reverts: `Unauthorized`, `TooManyStrategies`.
        function addStrategy(address token) external;
        /// TokenPool: see [`ITokenPool::stake`].
        function creditStake(address staker, address token, address operator, uint128 amount, uint64 maxCommitment)
            external returns (uint128 shares);
        /// TokenPool: see [`ITokenPool::delegateTo`].
        function delegate(address staker, address token, address operator, uint128 shares, uint64 maxCommitment)
            external returns (uint128 issued);
        /// TokenPool: see [`ITokenPool::queueWithdrawals`]. Returns of each the amount, the shares of the bucket issued
        /// for it, and what the whole withdrawal of that epoch is worth now, rounded down; zeros where nothing is
        /// queued.
        function queueWithdrawals(address staker, address token, address[8] operators, uint128[8] shares)
            external returns (uint128[8] amounts, uint128[8] bucketShares, uint128[8] totals);
        /// TokenPool: see [`ITokenPool::completeQueuedWithdrawal`].
        function completeWithdrawal(address staker, address token, address operator, uint64 releaseEpoch, address
        recipient) external returns (uint128 amount);
        /// TokenPool: see [`ITokenPool::completeQueuedWithdrawalAsShares`].
        function completeWithdrawalAsShares(
            address staker, address token, address operator, uint64 releaseEpoch, address newOperator, uint64
            maxCommitment
        ) external returns (uint128 issued);
        /// TokenPool: see [`ITokenPool::claimFunds`].
        function claimFunds(address claimant, address token, uint64 releaseEpoch) external returns (uint128 amount);

        /// TokenPool: lets `amount` stream into `operator`'s pool over an epoch, by no more than a tenth of the pool's
        /// assets in an epoch, and sets `commission` aside for the operator; the TokenPool then takes in both.
        ///
        /// Reverts: `Unauthorized`, `ZeroAddress`, `NothingStaked`, `NoRoomForReward`, `ZeroAmount`, `AmountTooLarge`.
        function addReward(address operator, address token, uint128 amount, uint128 commission) external;

        /// Slasher: takes `taken` / `magnitude` of every active pool of `operator`, and of every bucket of it released
        /// in epoch `captureEpoch` + 1 or later, which has not felt the slashes captured since its release: with their
        /// sum `later[i]` for the bucket of epoch `captureEpoch` + 1 + i (zero beyond the list) that is `taken` /
        /// (`magnitude` + `later[i]`). Rounded up per pool. The challenger's share is rounded down; the rest is for
        /// `recipient`. Both are set aside like a withdrawal that is queued now. No token moves.
        ///
        /// Reverts: `Unauthorized`.
        function slash(
            address operator, uint64 taken, uint64 magnitude, uint64 captureEpoch, uint64[4] later, address challenger,
            uint64 challengerShare, address recipient
        ) external;

        /// The active stake of `operator` in `token`, in base units. Services weigh operators by it.
        function operatorStake(address operator, address token) external view returns (uint128 assets);
        /// Whether anybody but `operator` itself has stake with it that a slash captured now would reach: active, or in
        /// a bucket released after this epoch.
        function hasForeignStake(address operator) external view returns (bool);
        /// The staker's shares of a pool, and what they are worth now, rounded down.
        function position(address staker, address operator, address token)
            external view returns (uint128 shares, uint128 assets);
        /// The same with each of `operators`; zeros for the zero address.
        function positions(address staker, address token, address[8] operators)
            external view returns (uint128[8] shares, uint128[8] assets);
        /// The staker's withdrawal from a pool that is released at `releaseEpoch`: its bucket shares, what they pay
        /// now, rounded down, and how often a slash took all of the bucket.
        function withdrawal(address staker, address operator, address token, uint64 releaseEpoch)
            external view returns (uint128 shares, uint128 assets, uint32 generation);
        /// What is set aside of `token` for `claimant` until `releaseEpoch`: slashed funds and commission; and how much
        /// of that was in no withdrawal before.
        function fundsOf(address claimant, address token, uint64 releaseEpoch)
            external view returns (uint128 amount, uint128 unqueued);
        /// The storage word `slot` (EIP-2330): anyone can read everything on chain, as [`ILens`](crate::ILens) does.
        function extsload(bytes32 slot) external view returns (bytes32 value);
    }
}
