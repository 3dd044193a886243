use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A small liquid staking token for development chains: ETH in, tokens out, and back, at a rate that starts at one
    /// and grows with the rewards that the owner reports. It is an [`IERC20`] with [`IERC20Permit`] and an
    /// [`IOwnable`](crate::IOwnable) too.
    interface ILiquidStakingToken {
        /// `amount` wei of rewards were added; with what was left of earlier ones they raise the rate evenly until
        /// `streamedAt`.
        event RewardsReported(uint256 amount, uint64 streamedAt);

        /// Nothing was sent, or nothing asked for, or what was is worth less than one base unit.
        error ZeroAmount();
        /// More than 128 bits.
        error AmountTooLarge();
        /// Nobody holds tokens that could earn the rewards.
        error NoSupply();

        /// Mints tokens for the ETH sent with the call to the caller, at the rate, rounded down. Reverts: `ZeroAmount`.
        function deposit() external payable;
        /// Burns `amount` base units of the caller and pays ETH for them to it, at the rate, rounded down. Reverts:
        /// `ZeroAmount`, `ERC20InsufficientBalance`.
        function redeem(uint256 amount) external;
        /// Owner: adds the ETH sent with the call to what the tokens are worth, evenly over one day, so that nobody
        /// gains by holding tokens for a moment.
        ///
        /// Reverts: `Unauthorized`, `ZeroAmount`, `NoSupply`.
        function reportRewards() external payable;

        /// The ETH that one whole token is worth now (wad, rounded down).
        function rate() external view returns (uint256);
        /// The ETH (wei) that all tokens are worth now.
        function totalAssets() external view returns (uint256);
    }
}
