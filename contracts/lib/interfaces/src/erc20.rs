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
        /// `spender` cannot be given an allowance.
        error ERC20InvalidSpender(address spender);

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
        /// Lets `spender` move up to `value` base units of the caller; the maximum value is never used up. Reverts:
        /// `ERC20InvalidSpender`.
        function approve(address spender, uint256 value) external returns (bool);
        /// Moves `value` base units from `from` to `to` out of the caller's allowance.
        function transferFrom(address from, address to, uint256 value) external returns (bool);
    }

    /// Allowances by signature (ERC-2612). The domain of the typed data has the token's name, version "1", the chain
    /// and the token's address.
    interface IERC20Permit {
        /// What `owner` signs: the same as calling `approve(spender, value)`, once, until and including the second
        /// `deadline`.
        struct Permit {
            address owner;
            address spender;
            uint256 value;
            uint256 nonce;
            uint256 deadline;
        }

        /// The signature could be used until `deadline`.
        error ERC2612ExpiredSignature(uint256 deadline);
        /// The signature is `signer`'s (zero address: nobody's) and not `owner`'s.
        error ERC2612InvalidSigner(address signer, address owner);

        /// Anyone: approves as `owner` signed it. `s` must be the lower of its two forms.
        ///
        /// Reverts: `ERC2612ExpiredSignature`, `ERC2612InvalidSigner`, `ERC20InvalidSpender`.
        function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
            external;
        /// The nonce that `owner`'s next permit must have.
        function nonces(address owner) external view returns (uint256);
        /// The hash of the domain of the typed data.
        function DOMAIN_SEPARATOR() external view returns (bytes32);
    }
}
