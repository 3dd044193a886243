use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A small liquid staking token for development chains: ETH in, the same number of tokens out, and back. It is an [`IERC20`] too.
    interface ILiquidStakingToken {
        /// Nothing was sent, or nothing asked for.
        error ZeroAmount();

        /// Mints the ETH sent with the call, 1:1, to the caller.
        function deposit() external payable;
        /// Burns `amount` base units of the caller and pays the same amount of ETH to it.
        function redeem(uint256 amount) external;
    }
}
