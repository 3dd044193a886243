use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// The stakers' only door, and the vault: it holds every token of the protocol and moves tokens in and out. What
    /// belongs to whom is kept by the [`IStrategyManager`], which also emits the events and raises the errors of the
    /// ledger.
    interface ITokenPool {
        /// `token` can be staked if it is `open`, up to `cap` base units in all and `depositPercent` of that at once;
        /// `outflowPercent` of what is owed may leave per epoch (0: all).
        event StrategySet(address indexed token, bool open, uint128 cap, uint8 depositPercent, uint8 outflowPercent);
        /// The actions of `flags` are paused: queueing and completing until `until`, staking and delegating until the
        /// next change.
        event PauseSet(uint8 flags, uint64 until);
        /// What was set aside of `token` for `claimant` until `releaseEpoch` has its turn in the outflow queue at
        /// `readyAt`.
        event FundsQueued(
            address indexed claimant, address indexed token, uint64 releaseEpoch, uint128 amount, uint64 readyAt
        );
        /// A withdrawal of `staker` waits for its turn in the outflow queue of `token`: tokens are paid from `readyAt`
        /// and not before.
        event WithdrawalDeferred(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch, uint64 readyAt
        );

        /// `token` is not a listed strategy.
        error StrategyNotListed(address token);
        /// `token` takes no new deposits.
        error StrategyIsClosed(address token);
        /// One deposit may bring at most `limit` base units.
        error DepositTooLarge(uint128 amount, uint128 limit);
        /// The percentages must be: deposits 1 to 100, outflow 0 (no limit) or 10 to 100.
        error InvalidLimits();
        /// With this deposit the protocol would hold `total` of the token, more than its `cap`.
        error StrategyCapExceeded(uint128 total, uint128 cap);
        /// Tokens are paid from `readyAt` (Unix seconds), when the withdrawal has its turn in the token's outflow
        /// queue.
        error WithdrawalDeferredUntil(uint64 readyAt);
        /// Everything that was set aside until that epoch has its turn already, or needs none.
        error AlreadyQueued();
        /// `amount` of what was set aside has no turn yet in the token's outflow queue: see `queueFunds`.
        error FundsNotQueued(uint128 amount);
        /// After a transfer into the pool it held less than it owes, as if `received` base units had come instead of
        /// the `expected` ones: the token takes a fee, which no strategy may, or took away what was there.
        error TransferShortfall(uint256 received, uint256 expected);
        /// The token answered a transfer with `false`, or with something that is not a boolean.
        error TransferFailed(address token);

        /// The connector, once: sets the ledger, who changes limits and pauses, who brings rewards, and who brings
        /// batches, for good. Nothing else can be done before.
        function connect(address strategyManager, address governance, address rewards, address batch) external;
        /// Takes `amount` of `token` from the caller and stakes it with `operator`, whose commitment (announced raises
        /// included) must not exceed `maxCommitment` (wad): nobody can put a grant in front of a stake. 2^64 - 1
        /// accepts every commitment: larger ones count as that. The zero address keeps it idle, which is never
        /// slashable. Returns the shares issued, rounded down.
        ///
        /// Reverts: `Paused`, `StrategyNotListed`, `StrategyIsClosed`, `DepositTooLarge`, `StrategyCapExceeded`,
        /// `OperatorIsFrozen`, `CommitmentAboveMax`, `MagnitudeDepleted`, `ZeroAmount`, `AmountTooLarge`,
        /// `PoolDepleted` of the ledger, the token's own error (no allowance, no balance), `TransferFailed`,
        /// `TransferShortfall`.
        function stake(address token, uint128 amount, address operator, uint64 maxCommitment)
            external returns (uint128 shares);

        /// As [`stake`], for `staker`: the caller pays, the stake is the staker's. Reverts also: `ZeroAddress` (no
        /// staker).
        function stakeFor(address token, uint128 amount, address operator, address staker, uint64 maxCommitment)
            external returns (uint128 shares);

        /// Moves `shares` of the caller's idle stake to `operator`. Returns the shares issued by the operator's pool,
        /// rounded down.
        ///
        /// Reverts: `Paused`, `ZeroAddress` (no operator), `OperatorIsFrozen`, `CommitmentAboveMax` (see [`stake`]),
        /// `MagnitudeDepleted`, `InsufficientShares`, `ZeroAmount`, `PoolDepleted`.
        function delegateTo(address token, address operator, uint128 shares, uint64 maxCommitment)
            external returns (uint128 issued);

        /// Starts to take `shares` out of `operator`'s pool (the zero address: idle stake). They leave the active stake
        /// now, stay slashable for one full epoch and can be completed from the start of the returned epoch, or from
        /// their turn where the token has an outflow limit. Withdrawals of one staker from one pool in one epoch are
        /// one withdrawal, whose turn is the mean of theirs by amount. Returns also the shares of the bucket issued.
        ///
        /// Reverts: `Paused`, `OperatorIsFrozen`, `InsufficientShares`, `ZeroAmount`, `PoolDepleted`.
        function queueWithdrawal(address token, address operator, uint128 shares)
            external returns (uint64 releaseEpoch, uint128 bucketShares);
        /// The same with each of `operators` for which `shares` are not zero. One that is frozen is left out: no bucket
        /// shares are issued for it then. Every other refusal is one of all.
        ///
        /// Reverts: `Paused`, `InsufficientShares`, `ZeroAmount`, `PoolDepleted`.
        function queueWithdrawals(address token, address[8] operators, uint128[8] shares)
            external returns (uint64 releaseEpoch, uint128[8] bucketShares);

        /// Pays the caller's withdrawal from `operator`'s pool that is released at `releaseEpoch` to `recipient`.
        /// Returns the amount paid, rounded down.
        ///
        /// Reverts: `Paused`, `WithdrawalDeferredUntil` (not its turn), `ZeroAddress` (no recipient),
        /// `OperatorIsFrozen`, `WithdrawalNotReady`, `NoWithdrawal` (none, not the caller's, already completed, or
        /// slashed to nothing).
        function completeQueuedWithdrawal(address token, address operator, uint64 releaseEpoch, address recipient)
            external returns (uint128 amount);

        /// Puts the caller's withdrawal that is released at `releaseEpoch` back to work with `newOperator` (the zero
        /// address: idle). No token moves. Returns the shares issued, rounded down.
        ///
        /// Reverts: as [`completeQueuedWithdrawal`] (it uses the turn up, so it waits for it), and for `newOperator` as
        /// [`delegateTo`] (a pause of delegating included).
        function completeQueuedWithdrawalAsShares(
            address token, address operator, uint64 releaseEpoch, address newOperator, uint64 maxCommitment
        ) external returns (uint128 issued);

        /// Anyone: puts what was set aside of `token` for `claimant` until `releaseEpoch` into the token's outflow
        /// queue, as a withdrawal is that is queued now; nothing to do where the token has no limit. Returns when it
        /// has its turn.
        ///
        /// Reverts: `Paused`, the ledger's `NothingToClaim`, `AlreadyQueued`.
        function queueFunds(address token, address claimant, uint64 releaseEpoch) external returns (uint64 readyAt);
        /// Anyone: pays what was set aside of `token` for `claimant` until `releaseEpoch` to it: slashed funds, an
        /// operator's commission. Slashed funds leave no faster than stake: two epochs after the slash, in their turn
        /// where the token has an outflow limit. Returns the amount. For the burn address this burns it.
        ///
        /// Reverts: `Paused`, `WithdrawalNotReady`, `NothingToClaim`, `FundsNotQueued`, `WithdrawalDeferredUntil`.
        function claimFunds(address token, address claimant, uint64 releaseEpoch) external returns (uint128 amount);

        /// Batch: see [`stake`], for `staker`, who called the batch and pays. Reverts also: `Unauthorized`.
        function stakeFrom(address staker, address token, uint128 amount, address operator, uint64 maxCommitment)
            external returns (uint128 shares);
        /// Batch: see [`queueWithdrawal`], for `staker`, who called the batch. Reverts also: `Unauthorized`.
        function queueWithdrawalFor(address staker, address token, address operator, uint128 shares)
            external returns (uint64 releaseEpoch, uint128 bucketShares);
        /// Batch: see [`completeQueuedWithdrawal`], for `staker`, who called the batch. Reverts also: `Unauthorized`.
        function completeQueuedWithdrawalFor(address staker, address token, address operator, uint64 releaseEpoch,
        address recipient) external returns (uint128 amount);

        /// Rewards: takes `amount` + `commission` of `token` from `payer`, out of its allowance to this contract, for
        /// the stakers of `operator` and for the operator.
        ///
        /// Reverts: `Unauthorized`, `Paused` (staking), `StrategyNotListed`, `StrategyIsClosed`, `StrategyCapExceeded`,
        /// those of the ledger's `addReward`, the token's own error, `TransferFailed`, `TransferShortfall`.
        function receiveReward(address payer, address operator, address token, uint128 amount, uint128 commission)
            external;

        /// Governance: lists `token`, or changes the limits of a listed one: whether it is open for deposits, up to
        /// `cap` in all and `depositPercent` of the cap at once, and how much of what is owed may leave per epoch
        /// (percent; 0: no limit, else at least 10). Stake that is there stays; withdrawals that are queued keep their
        /// turn.
        ///
        /// Reverts: `Unauthorized`, `NotAContract`, `InvalidLimits`, the ledger's `TooManyStrategies`.
        function setStrategy(address token, bool open, uint128 cap, uint8 depositPercent, uint8 outflowPercent)
            external;
        /// Governance: pauses the actions of `flags` (1 stake, 2 delegate, 4 queue, 8 complete) and no others; 4 and 8
        /// only until `until`. Reverts: `Unauthorized`.
        function setPause(uint8 flags, uint64 until) external;

        /// The storage word `slot` (EIP-2330), as [`ILens`](crate::ILens) reads it.
        function extsload(bytes32 slot) external view returns (bytes32 value);
        /// The ledger behind this door.
        function strategyManager() external view returns (address);
    }
}
