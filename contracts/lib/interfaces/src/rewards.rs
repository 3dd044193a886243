use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Rewards: a service pays an operator's stakers in a listed token. What is paid streams into the price of the
    /// operator's pool over an epoch, but by no more than a tenth of the pool's assets in an epoch; nobody posts a root
    /// and nobody has to claim.
    interface IRewards {
        /// `payer` paid `amount` of `token` to the stakers of `operator`, which keeps `commission` of it.
        event RewardPaid(
            address indexed payer, address indexed operator, address indexed token, uint128 amount, uint128 commission
        );
        /// From `effectiveAt` the operator keeps the part `commission` (wad) of rewards.
        event CommissionScheduled(address indexed operator, uint64 commission, uint64 effectiveAt);

        /// A commission may be at most `limit` (wad).
        error CommissionTooHigh(uint64 commission, uint64 limit);
        /// The last change takes effect at `effectiveAt`; only then can another be scheduled.
        error CommissionPending(uint64 effectiveAt);

        /// Anyone, services above all: pays `amount` of `token` out of the caller's allowance to the TokenPool. The
        /// operator's commission of it, rounded down, is set aside for the operator; the rest streams to who has stake
        /// in its pool.
        ///
        /// Reverts: those of the ledger's `addReward`, the token's own error, `TransferFailed`, `TransferShortfall`.
        function payReward(address operator, address token, uint128 amount) external;
        /// Operator: keeps the part `commission` (wad, at most 20 %) of rewards, from the end of the notice of four
        /// epochs in which stakers can leave.
        ///
        /// Reverts: `CommissionTooHigh`, `CommissionPending`.
        function scheduleCommission(uint64 commission) external;

        /// The operator's commission now (wad), the scheduled one, and from when that holds (zero: none was ever
        /// scheduled).
        function commissionOf(address operator)
            external view returns (uint64 commission, uint64 next, uint64 effectiveAt);
        /// The ledger and the vault.
        function contracts() external view returns (address strategyManager, address tokenPool);
    }
}
