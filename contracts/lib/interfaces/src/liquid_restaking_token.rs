use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A receipt for tokens that its [`IRestakingVault`] restakes. It is an [`IERC20`] with [`IERC20Permit`] and starts
    /// at one receipt per token; its rate follows rewards and slashes at once. Slashes that are requested and not
    /// executed yet count where somebody leaves, and not where somebody joins: so nobody gains by leaving before a
    /// slash is executed, or by joining before it is vetoed.
    ///
    /// A redemption takes as long as a withdrawal of the stakers' and bears the slashes of that time. Redemptions are
    /// paid in the order of their requests.
    interface ILiquidRestakingToken {
        /// `amount` of the token came from `sender`, and `recipient` got `shares` for it.
        event Deposited(address indexed sender, address indexed recipient, uint128 amount, uint128 shares);
        /// `account` gave `shares` to be redeemed for at most `amount`, from `claimableAt`.
        event RedemptionRequested(
            uint64 indexed id, address indexed account, uint128 shares, uint128 amount, uint64 claimableAt
        );
        /// The redemption was paid to `account`.
        event RedemptionClaimed(uint64 indexed id, address indexed account, uint128 amount);

        /// The amount is zero, or worth less than one base unit.
        error ZeroAmount();
        /// More than 2^112 - 1 base units, or a sum beyond 128 bits.
        error AmountTooLarge();
        /// The receipts are worth less than a millionth of their initial price; no more are issued.
        error Depleted();
        /// There is no such redemption, or it was claimed.
        error NoRedemption(uint64 id);
        /// The redemption can be claimed from `claimableAt` (Unix seconds).
        error RedemptionNotReady(uint64 claimableAt);
        /// The tokens that have come in do not reach this redemption in the order of the requests yet.
        error RedemptionNotFunded(uint128 idle);

        /// Anyone: takes `amount` of the token from the caller, who has let the vault take it, and mints receipts to
        /// `recipient`, at the rate without pending slashes, rounded down. The tokens stay idle until [`stakeIdle`].
        /// Returns the receipts.
        ///
        /// Reverts: `ZeroAmount`, `AmountTooLarge`, `Depleted`, `ERC20InvalidReceiver`, the token's own error,
        /// `TransferFailed`, `TransferShortfall`.
        function deposit(uint128 amount, address recipient) external returns (uint128 shares);
        /// Holder: gives `shares` to be redeemed for what they are worth now with pending slashes, or at the claim if
        /// that is less. Queues withdrawals for what is missing, from operators that are not frozen. Returns the number
        /// of the redemption.
        ///
        /// Reverts: `ZeroAmount`, `ERC20InsufficientBalance`.
        function requestRedemption(uint128 shares) external returns (uint64 id);
        /// Whoever requested it: pays the redemption. Returns the amount.
        ///
        /// Reverts: `NoRedemption`, `Unauthorized`, `RedemptionNotReady`, `RedemptionNotFunded`, `ZeroAmount` (all of
        /// it is slashed or may be), the token's own error.
        function claimRedemption(uint64 id) external returns (uint128 amount);
        /// Anyone: stakes idle tokens that no redemption waits for, with the operators that have less than their
        /// weight. Leaves out those that refuse (frozen ones).
        ///
        /// Reverts: `NothingToDo` of the vault.
        function stakeIdle() external;
        /// Anyone: queues withdrawals for what redemptions lack, from the operators that have more than their weight,
        /// and everything from those without weight. Leaves out those that refuse. Returns whether any was queued.
        function unstake() external returns (bool queued);

        /// What one whole receipt is redeemed for now (wad, rounded down): with pending slashes.
        function rate() external view returns (uint128);
        /// A redemption: all zero if there is none or it was claimed. `position` is the sum of all amounts requested
        /// before it.
        function redemption(uint64 id)
            external view returns (
                address account, uint64 claimableAt, uint128 shares,
                uint128 amount, uint128 position
            );
        /// The sums of all amounts ever requested, and of those whose redemption was claimed; the receipts that wait to
        /// be redeemed.
        function redemptions() external view returns (uint128 requested, uint128 claimed, uint128 shares);
        /// The vault, which names the token.
        function vault() external view returns (address);
    }
}
