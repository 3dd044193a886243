use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Every hand that the protocol's owner has on it. There is no other: the TokenPool and the Slasher take settings
    /// from here alone. The owner lists tokens and changes their limits after a notice; a pauser stops actions, exits
    /// for a bounded time only; an unpauser lets them go on.
    interface IGovernance {
        /// The `pauser` and the `unpauser` from now on.
        event RolesSet(address indexed pauser, address indexed unpauser);
        /// The limits of `token` change at `effectiveAt` or within one epoch of that, when somebody applies them.
        event LimitsScheduled(
            address indexed token, uint128 cap, uint8 depositPercent, uint8 outflowPercent, uint64 effectiveAt
        );
        /// The scheduled change of `token`'s limits was withdrawn.
        event LimitsCancelled(address indexed token);
        /// `flags` are paused by `account`; exits and slashes among them until `until`.
        event Paused(address indexed account, uint8 flags, uint64 until);
        /// Nothing is paused any more, by `account`.
        event Unpaused(address indexed account);

        /// Exits and slashes were paused before: not again until `allowedAt`.
        error PausedTooSoon(uint64 allowedAt);
        /// There is no such action, or none was named.
        error InvalidFlags(uint8 flags);
        /// `token` is listed already.
        error AlreadyListed(address token);
        /// `token` is not listed.
        error NotListed(address token);
        /// No change of this token's limits is scheduled.
        error NothingScheduled(address token);
        /// The scheduled change takes effect at `effectiveAt`.
        error NoticeNotEnded(uint64 effectiveAt);
        /// The scheduled change could be applied until `lapsedAt`.
        error LimitsHaveLapsed(uint64 lapsedAt);

        /// Owner: lists `token`, open for deposits. Reverts: `Unauthorized`, `AlreadyListed`, and those of the
        /// TokenPool's `setStrategy`.
        function addStrategy(address token, uint128 cap, uint8 depositPercent, uint8 outflowPercent) external;
        /// Owner: closes `token` for new deposits, at once, and withdraws limits that were scheduled, which would
        /// reopen it.
        ///
        /// Reverts: `Unauthorized`, `NotListed`.
        function closeStrategy(address token) external;
        /// Owner: schedules other limits for `token`, which also reopen it, at the end of the notice of four epochs;
        /// replaces what was scheduled.
        ///
        /// Reverts: `Unauthorized`, `NotListed`.
        function scheduleLimits(address token, uint128 cap, uint8 depositPercent, uint8 outflowPercent) external;
        /// Owner: withdraws the scheduled change. Reverts: `Unauthorized`, `NothingScheduled`.
        function cancelLimits(address token) external;
        /// Anyone: applies the scheduled change when its notice has ended, and within one epoch of that.
        ///
        /// Reverts: `NothingScheduled`, `NoticeNotEnded`, `LimitsHaveLapsed`, and those of the TokenPool's
        /// `setStrategy`.
        function applyLimits(address token) external;
        /// Owner: names who may pause and who may unpause; the zero address is nobody. Reverts: `Unauthorized`.
        function setRoles(address pauser, address unpauser) external;

        /// Pauser: pauses the actions of `flags` beside those that are paused: 1 stake, 2 delegate, 4 queue a
        /// withdrawal, 8 complete one, 16 execute a slash, 32 opt in. The actions 4, 8 and 16 resume by themselves
        /// after 7 days, and cannot be paused again for 28 days after that.
        ///
        /// Reverts: `Unauthorized`, `InvalidFlags`, `PausedTooSoon`.
        function pause(uint8 flags) external;
        /// Unpauser: ends every pause. Reverts: `Unauthorized`.
        function unpause() external;

        /// The actions that are paused now, and until when exits and slashes among them are (Unix seconds).
        function paused() external view returns (uint8 flags, uint64 until);
        /// From when exits and slashes may be paused again (Unix seconds).
        function pauseAllowedAt() external view returns (uint64 time);
        /// Who may pause and who may unpause.
        function roles() external view returns (address pauser, address unpauser);
        /// The scheduled change of `token`'s limits; all zero if there is none.
        function scheduledLimits(address token)
            external view returns (uint128 cap, uint8 depositPercent, uint8 outflowPercent, uint64 effectiveAt);
        /// The vault and the Slasher.
        function contracts() external view returns (address tokenPool, address slasher);
    }
}
