use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// The stakers' only door, and the vault: it holds every token of the protocol and moves tokens in and out. What belongs to whom is
    /// kept by the [`IStrategyManager`], which also emits the events and raises the errors of the ledger.
    interface ITokenPool {
        /// A transfer into the pool brought `received` base units instead of the `expected` ones: the token takes a fee, which no strategy may.
        error TransferShortfall(uint256 received, uint256 expected);
        /// The token answered a transfer with `false`, or with something that is not a boolean.
        error TransferFailed(address token);

        /// Takes `amount` of `token` from the caller and stakes it with `operator`; the zero address keeps it idle, which is never slashable.
        /// Returns the shares issued, rounded down.
        ///
        /// Reverts: `StrategyNotListed`, `StrategyCapExceeded`, `OperatorIsFrozen`, `ZeroAmount`, `AmountTooLarge`, `PoolDepleted` of the ledger, the
        /// token's own error (no allowance, no balance), `TransferFailed`, `TransferShortfall`.
        function stake(address token, uint128 amount, address operator) external returns (uint128 shares);

        /// Moves `shares` of the caller's idle stake to `operator`. Returns the shares issued by the operator's pool, rounded down.
        ///
        /// Reverts: `ZeroAddress` (no operator), `OperatorIsFrozen`, `InsufficientShares`, `ZeroAmount`, `PoolDepleted`.
        function delegateTo(address token, address operator, uint128 shares) external returns (uint128 issued);

        /// Starts to take `shares` out of `operator`'s pool (the zero address: idle stake). They leave the active stake now, stay slashable for one full epoch
        /// and can be completed from the start of the returned epoch. Withdrawals of one staker from one pool in one epoch are one withdrawal.
        ///
        /// Reverts: `OperatorIsFrozen`, `InsufficientShares`, `ZeroAmount`, `PoolDepleted`.
        function queueWithdrawal(address token, address operator, uint128 shares) external returns (uint64 releaseEpoch);

        /// Pays the caller's withdrawal from `operator`'s pool that is released at `releaseEpoch` to `recipient`. Returns the amount paid, rounded down.
        ///
        /// Reverts: `ZeroAddress` (no recipient), `OperatorIsFrozen`, `WithdrawalNotReady`, `NoWithdrawal` (none, not the caller's, already completed, or
        /// slashed to nothing).
        function completeQueuedWithdrawal(address token, address operator, uint64 releaseEpoch, address recipient) external returns (uint128 amount);

        /// Puts the caller's withdrawal that is released at `releaseEpoch` back to work with `newOperator` (the zero address: idle). No token moves. Returns the
        /// shares issued, rounded down.
        ///
        /// Reverts: as [`completeQueuedWithdrawal`], and `OperatorIsFrozen`, `PoolDepleted` for `newOperator`.
        function completeQueuedWithdrawalAsShares(address token, address operator, uint64 releaseEpoch, address newOperator) external returns (uint128 issued);

        /// Anyone: pays everything of `token` that slashes have set aside for `claimant` to it. Returns the amount. For the burn address this burns it.
        ///
        /// Reverts: `NothingToClaim`.
        function claimSlashed(address token, address claimant) external returns (uint128 amount);

        /// The ledger behind this door.
        function strategyManager() external view returns (address);
    }
}
