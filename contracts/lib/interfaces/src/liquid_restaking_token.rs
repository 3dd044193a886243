use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A receipt for tokens that its [`IRestakingVault`] restakes. It is an [`IERC20`] with [`IERC20Permit`] and starts
    /// at one receipt per token; its rate follows rewards and executed slashes at once.
    ///
    /// Who leaves owns its part of everything in kind ([`IRedemptionDesk`]): receipts are burned at once, nothing is
    /// estimated and nothing advanced. So who leaves and who stays bear the same slashes and no vetoed one, and no
    /// order of requests, verdicts and claims changes anything for anybody.
    ///
    /// Events and views have the names of ERC-4626 and ERC-7540 where they mean the same.
    interface ILiquidRestakingToken {
        /// `assets` of the token came from `sender`, and `owner` got `shares` for them (ERC-4626).
        event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
        /// `owner` burned `shares` for the redemption `requestId`, of which the same account is the controller
        /// (ERC-7540).
        event RedeemRequest(
            address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares
        );

        /// The amount is zero, or worth less than one base unit.
        error ZeroAmount();
        /// More than 2^112 - 1 base units, or a sum beyond 128 bits.
        error AmountTooLarge();
        /// The receipts are worth less than a millionth of their initial price; no more are issued.
        error Depleted();
        /// The deposit would bring `shares`, fewer than the `minimum`.
        error SharesBelowMinimum(uint128 shares, uint128 minimum);

        /// Anyone: takes `amount` of the token from the caller, who has let the vault take it, and mints receipts to
        /// `recipient`, at the rate without pending slashes, rounded down. The tokens stay idle until
        /// [`IRestakingWeights::stakeIdle`]. Returns the receipts.
        ///
        /// Reverts: `ZeroAmount`, `AmountTooLarge`, `Depleted`, `SharesBelowMinimum`, `ERC20InvalidReceiver`, the
        /// token's own error, `TransferFailed`, `TransferShortfall`.
        function deposit(uint128 amount, address recipient, uint128 minShares) external returns (uint128 shares);
        /// Anyone: the same, and has idle tokens staked at once ([`IRestakingWeights::stakeIdleWithOne`]): cheaper than
        /// a deposit and a call of its own. What no operator takes now stays idle. Returns the receipts.
        ///
        /// Reverts: as `deposit`.
        function depositAndStake(uint128 amount, address recipient, uint128 minShares)
            external returns (uint128 shares);
        /// Holder: burns `shares` for their part of everything. The part of the idle tokens is paid at once; what is at
        /// stake is queued at once, or as soon as its operator can be queued out of. Reverts if that is worth less than
        /// `minAssets` with pending slashes counted. Returns the number of the redemption.
        ///
        /// Reverts: `ZeroAmount`, `ERC20InsufficientBalance`, `WorthNothing`, `WorthBelowMinimum` and `CollectFirst` of
        /// the vault, the token's own error.
        function requestRedemption(uint128 shares, uint128 minAssets) external returns (uint64 id);
        /// Anyone: see [`IRedemptionDesk::claimRedemption`].
        function claimRedemption(uint64 id) external returns (uint128 amount);

        /// What one whole receipt is worth now (wad, rounded down), without pending slashes: a price that deposits pay,
        /// and that a request which may be vetoed does not push down. For collateral.
        function rate() external view returns (uint128);
        /// The same if all pending slashes are executed: a price for who leaves.
        function exitRate() external view returns (uint128);
        /// The token behind it (ERC-4626).
        function asset() external view returns (address);
        /// All assets of the holders, without pending slashes (ERC-4626).
        function totalAssets() external view returns (uint256);
        /// Receipts for `assets` at the rate without pending slashes, rounded down (ERC-4626).
        function convertToShares(uint256 assets) external view returns (uint256);
        /// What `shares` are worth at the rate without pending slashes, rounded down (ERC-4626).
        function convertToAssets(uint256 shares) external view returns (uint256);
        /// The receipts that a deposit of `assets` brings now (ERC-4626).
        function previewDeposit(uint256 assets) external view returns (uint256);
        /// What `shares` are worth if all pending slashes are executed: what `minAssets` is compared with (ERC-4626).
        function previewRedeem(uint256 shares) external view returns (uint256);
        /// The most that a deposit may bring; nothing once the receipts are depleted (ERC-4626).
        function maxDeposit(address recipient) external view returns (uint256);
        /// Whether it has the interface: ERC-20, ERC-2612 (permits), ERC-165.
        function supportsInterface(bytes4 interfaceId) external view returns (bool);
        /// The vault, the desk of redemptions, and the weights.
        function contracts() external view returns (address vault, address desk, address weights);
    }
}
