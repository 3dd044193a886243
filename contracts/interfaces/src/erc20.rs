use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// The part of ERC-20 that the suite uses, with the errors of ERC-6093.
    interface IERC20 {
        /// `value` base units moved from `from` to `to`; minting comes from and burning goes to the zero address.
        event Transfer(address indexed from, address indexed to, uint256 value);
        /// `spender` may now move up to `value` base units of `owner`.
        event Approval(address indexed owner, address indexed spender, uint256 value);

        /// `sender` holds `balance`, fewer than the `needed` base units.
        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        /// `spender` may move `allowance`, fewer than the `needed` base units.
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        /// `receiver` cannot hold tokens.
        error ERC20InvalidReceiver(address receiver);

        /// The token's name.
        function name() external view returns (string);
        /// The token's symbol.
        function symbol() external view returns (string);
        /// Decimals of a whole token.
        function decimals() external view returns (uint8);
        /// Base units in existence.
        function totalSupply() external view returns (uint256);
        /// Base units that `account` holds.
        function balanceOf(address account) external view returns (uint256);
        /// Base units of `owner` that `spender` may still move.
        function allowance(address owner, address spender) external view returns (uint256);
        /// Moves `value` base units of the caller to `to`.
        function transfer(address to, uint256 value) external returns (bool);
        /// Lets `spender` move up to `value` base units of the caller; the maximum value is never used up.
        function approve(address spender, uint256 value) external returns (bool);
        /// Moves `value` base units from `from` to `to` out of the caller's allowance.
        function transferFrom(address from, address to, uint256 value) external returns (bool);
    }
}
