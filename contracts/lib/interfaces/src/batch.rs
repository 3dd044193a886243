use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Several things in one transaction, and permits instead of approvals: a second hand on the stakers' door. It
    /// holds nothing, and acts for nobody but its caller. Allowances are given to the
    /// [`ITokenPool`](crate::ITokenPool), never to this contract.
    interface IBatch {
        /// The withdrawal of `staker` was left as it is because it could not be completed now: not matured, none,
        /// frozen, paused, or its token refused to pay.
        event WithdrawalSkipped(
            address indexed staker, address indexed operator, address indexed token, uint64 releaseEpoch
        );

        /// The lists differ in length, or are empty.
        error LengthMismatch();

        /// Stakes `amount` of the caller's `token` with `operator`, with a permit (ERC-2612) of the caller for exactly
        /// `amount` to the TokenPool. A permit that was used already, by whoever sent it first, is no failure: what
        /// counts is the allowance.
        ///
        /// Reverts: as `TokenPool.stake`.
        function stakeWithPermit(
            address token, uint128 amount, address operator, uint64 maxCommitment, uint256 deadline, uint8 v, bytes32 r,
            bytes32 s
        ) external returns (uint128 shares);
        /// Stakes `amounts[i]` of the caller's `token` with `operators[i]`, whose commitment must not exceed
        /// `maxCommitments[i]`, all or nothing. Reverts: `LengthMismatch`, and as `TokenPool.stake`.
        function stakeSplit(address token, address[] operators, uint128[] amounts, uint64[] maxCommitments) external;
        /// Queues `shares[i]` of the caller's in `tokens[i]` with `operators[i]`, all or nothing. Reverts:
        /// `LengthMismatch`, and as `TokenPool.queueWithdrawal`.
        function queueWithdrawals(address[] tokens, address[] operators, uint128[] shares) external;
        /// Pays the caller's withdrawals `tokens[i]`, `operators[i]`, `releaseEpochs[i]` to `recipient`. One cannot
        /// block the rest: what cannot be completed now is left as it is (`WithdrawalSkipped`), also where a token
        /// refuses or burns all the gas it gets, at most 1,000,000 for each withdrawal. Reverts: `LengthMismatch`.
        function completeQueuedWithdrawals(address[] tokens, address[] operators, uint64[] releaseEpochs, address
        recipient) external;

        /// The door.
        function tokenPool() external view returns (address);
    }
}
