use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A consumer of a price, small enough to be read whole: whether a debt is covered by its collateral. It refuses a
    /// price that is too old, and one that too little stake stands behind.
    interface ILendingCheck {
        /// The price is of `updatedAt`, more than `maxAge` seconds ago.
        error StalePrice(uint64 updatedAt, uint64 maxAge);
        /// Less stake signed the price than the `minimum`.
        error WeakPrice(uint128 signedStake, uint128 minimum);
        /// The part of the collateral's value that can be borrowed must be 1 to 10,000 basis points.
        error InvalidLoanToValue(uint16 loanToValue);
        /// The value exceeds 128 bits.
        error ValueTooLarge();

        /// What can be borrowed against `collateral` (base units of what the price is of), in units of the price
        /// without its decimals; rounded down, against the borrower.
        ///
        /// Reverts: `StalePrice`, `WeakPrice`, `ValueTooLarge`, the feed's `NoRound`.
        function borrowable(uint128 collateral) external view returns (uint128 amount);
        /// Whether `debt` is at most that. Reverts: as `borrowable`.
        function isCovered(uint128 collateral, uint128 debt) external view returns (bool);
        /// The feed; how old a price may be (seconds); how much stake must have signed it; and the part of the value
        /// that can be borrowed (basis points).
        function terms() external view returns (address feed, uint64 maxAge, uint128 minimumStake, uint16 loanToValue);
    }
}
