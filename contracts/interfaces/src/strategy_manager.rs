use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// The ledger: strategies (listed tokens), pools (an operator's stake in one token), positions, withdrawals and slashed funds. It never touches
    /// a token. Only the [`ITokenPool`] credits and debits stakers, only the [`ISlasher`] slashes, only the owner lists strategies.
    interface IStrategyManager {
        /// `token` can be staked, up to `cap` base units in all.
        event StrategyCapSet(address indexed token, uint128 cap);
        /// `staker` staked `amount` with `operator` (zero address: idle) and got `shares`.
        event Staked(address indexed staker, address indexed operator, address indexed token, uint128 amount, uint128 shares);
        /// `staker` moved idle stake worth `amount` to `operator`, giving `idleShares` for `shares`.
        event Delegated(address indexed staker, address indexed operator, address indexed token, uint128 amount, uint128 idleShares, uint128 shares);
        /// `staker` queued `shares` worth `amount` for withdrawal: `bucketShares` of the bucket that is released at `releaseEpoch`.
        event WithdrawalQueued(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint128 shares, uint128 amount, uint128 bucketShares
        );
        /// `staker` was paid `amount` for its withdrawal of `releaseEpoch`, to `recipient`.
        event WithdrawalCompleted(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint128 amount, address recipient
        );
        /// `staker` staked its withdrawal of `releaseEpoch`, worth `amount`, again, with `newOperator`, for `shares`.
        event WithdrawalRestaked(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint128 amount, address newOperator, uint128 shares
        );
        /// A slash took `fromPool` of `operator`'s active stake in `token` and `fromBuckets` of its pending withdrawals; `toChallenger` of it was set aside for
        /// `challenger`, the rest for `recipient`.
        event PoolSlashed(
            address indexed operator, address indexed token, uint128 fromPool, uint128 fromBuckets, address challenger, uint128 toChallenger, address recipient
        );
        /// `claimant` was paid the `amount` of slashed funds that was set aside for it.
        event SlashedFundsClaimed(address indexed claimant, address indexed token, uint128 amount);

        /// `token` is not a listed strategy.
        error StrategyNotListed(address token);
        /// `token` is listed already.
        error StrategyAlreadyListed(address token);
        /// No more than `limit` strategies can be listed, because a slash visits each.
        error TooManyStrategies(uint64 limit);
        /// With this deposit the protocol would hold `total` of the token, more than its `cap`.
        error StrategyCapExceeded(uint128 total, uint128 cap);
        /// `operator` has an open slash request: nothing can join or leave its stake until it is closed.
        error OperatorIsFrozen(address operator);
        /// The position holds `have` shares, fewer than the `want` ones.
        error InsufficientShares(uint128 have, uint128 want);
        /// The amount or the number of shares is zero, or worth less than one base unit.
        error ZeroAmount();
        /// An amount above 2^112 - 1 base units, or shares beyond that limit.
        error AmountTooLarge();
        /// The pool was slashed to less than a millionth of its initial price; it only pays out.
        error PoolDepleted(address operator, address token);
        /// The withdrawal can be completed from `releaseTime` (Unix seconds).
        error WithdrawalNotReady(uint64 releaseTime);
        /// The staker has no withdrawal from this pool at this release epoch.
        error NoWithdrawal();
        /// Nothing of this token is set aside for the claimant.
        error NothingToClaim();

        /// Owner: lists `token` with a `cap` on what the protocol holds of it.
        ///
        /// Reverts: `Unauthorized`, `NotAContract`, `StrategyAlreadyListed`, `TooManyStrategies`, `AmountTooLarge`.
        function addStrategy(address token, uint128 cap) external;
        /// Owner: sets the cap of a listed token; zero closes it for deposits. Stake that is there already is never affected.
        ///
        /// Reverts: `Unauthorized`, `StrategyNotListed`, `AmountTooLarge`.
        function setStrategyCap(address token, uint128 cap) external;

        /// TokenPool: see [`ITokenPool::stake`].
        function creditStake(address staker, address token, address operator, uint128 amount) external returns (uint128 shares);
        /// TokenPool: see [`ITokenPool::delegateTo`].
        function delegate(address staker, address token, address operator, uint128 shares) external returns (uint128 issued);
        /// TokenPool: see [`ITokenPool::queueWithdrawal`].
        function queueWithdrawal(address staker, address token, address operator, uint128 shares) external returns (uint64 releaseEpoch);
        /// TokenPool: see [`ITokenPool::completeQueuedWithdrawal`].
        function completeWithdrawal(address staker, address token, address operator, uint64 releaseEpoch, address recipient) external returns (uint128 amount);
        /// TokenPool: see [`ITokenPool::completeQueuedWithdrawalAsShares`].
        function completeWithdrawalAsShares(address staker, address token, address operator, uint64 releaseEpoch, address newOperator) external returns (uint128 issued);
        /// TokenPool: see [`ITokenPool::claimSlashed`].
        function claimSlashed(address claimant, address token) external returns (uint128 amount);

        /// Slasher: takes the fraction `wad` of everything staked with `operator`, rounded up per pool: of its active pool in each strategy and of the two
        /// buckets that had not matured in `captureEpoch`. The challenger's share is rounded down; the rest is for `recipient`. No token moves.
        ///
        /// Reverts: `Unauthorized`.
        function slash(address operator, uint64 wad, uint64 captureEpoch, address challenger, uint64 challengerShare, address recipient) external;

        /// Whether `token` is listed, the cap on what the protocol holds of it, and what it owes now: pools, pending withdrawals and slashed funds.
        function strategy(address token) external view returns (bool listed, uint128 cap, uint128 owed);
        /// How many strategies are listed.
        function strategyCount() external view returns (uint64 count);
        /// The strategy with the given index, in the order of listing; the zero address beyond the end.
        function strategyAt(uint64 index) external view returns (address token);
        /// The active stake of `operator` in `token` (zero address: all idle stake).
        function pool(address operator, address token) external view returns (uint128 assets, uint128 shares, uint32 generation);
        /// The active stake of `operator` in `token`, in base units. Services weigh operators by it.
        function operatorStake(address operator, address token) external view returns (uint128 assets);
        /// The staker's shares of a pool, and what they are worth now, rounded down.
        function position(address staker, address operator, address token) external view returns (uint128 shares, uint128 assets);
        /// All withdrawals from a pool that are released at `releaseEpoch`.
        function bucket(address operator, address token, uint64 releaseEpoch) external view returns (uint128 assets, uint128 shares);
        /// The staker's withdrawal from a pool that is released at `releaseEpoch`: its bucket shares, and what they pay now, rounded down.
        function withdrawal(address staker, address operator, address token, uint64 releaseEpoch) external view returns (uint128 shares, uint128 assets);
        /// What slashes have set aside of `token` for `claimant`.
        function slashedFunds(address claimant, address token) external view returns (uint128 amount);
        /// The current epoch.
        function currentEpoch() external view returns (uint64 epoch);
    }
}
