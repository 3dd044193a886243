use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Permissions to slash, freezes, and slash requests. An operator grants each service a budget; a service that proves a fault opens a request,
    /// which freezes the operator; after the challenge period anyone executes it; with its last open request the operator is released.
    interface ISlasher {
        /// `operator` lets `serviceManager` slash up to the budget `maxSlash` (wad of its stake).
        event OptedIntoSlashing(address indexed operator, address indexed serviceManager, uint64 maxSlash);
        /// The ability of `serviceManager` to slash `operator` ends after `canSlashUntil`.
        event SlashingAbilityRevoked(address indexed operator, address indexed serviceManager, uint64 canSlashUntil);
        /// The commitment of an ended permission was returned to `operator`.
        event CommitmentReleased(address indexed operator, address indexed serviceManager, uint64 commitment);
        /// `serviceManager` recorded that `operator` owes it service until `serveUntil`.
        event StakeUpdateRecorded(address indexed operator, address indexed serviceManager, uint64 serveUntil);
        /// `operator` got its first open request: nothing joins or leaves its stake.
        event OperatorFrozen(address indexed operator, address indexed serviceManager);
        /// A request to slash `operator` by `wad` was opened; anyone may execute it from `executableAt`, `resolver` (the zero address: nobody) may veto it until then.
        event SlashRequested(
            uint64 indexed requestId, address indexed operator, address indexed serviceManager, uint64 wad, address challenger, uint64 executableAt, address resolver
        );
        /// The request was executed by `executor`.
        event SlashExecuted(uint64 indexed requestId, address indexed operator, address executor);
        /// The request was vetoed by its resolver: it takes nothing.
        event SlashVetoed(uint64 indexed requestId, address indexed operator, address resolver);
        /// The request was not executed in time: it takes nothing.
        event SlashExpired(uint64 indexed requestId, address indexed operator);
        /// `operator` adds `raise` (wad) to what `serviceManager` may slash, from `effectiveAt` at the earliest, because others have stake with it.
        event GrantAnnounced(address indexed operator, address indexed serviceManager, uint64 raise, uint64 effectiveAt);
        /// `operator` withdrew what it had announced.
        event GrantCancelled(address indexed operator, address indexed serviceManager, uint64 raise);
        /// The last open request of `operator` was closed: its stake moves freely again.
        event FrozenStatusReset(address indexed operator);

        /// The actions of `flags` are paused: freezing until `until`, opting in until the next change.
        event PauseSet(uint8 flags, uint64 until);

        /// A wad that must be above zero and at most 1e18 (100 %) is `wad`.
        error InvalidWad(uint64 wad);
        /// The operator has granted this service already and the grant has not ended.
        error AlreadyOptedIn();
        /// With this grant the operator's commitment would be `commitment`, above the `limit` (both wads).
        error CommitmentTooHigh(uint64 commitment, uint64 limit);
        /// The operator has not let this service slash, or has revoked it.
        error NotOptedIn(address operator, address serviceManager);
        /// The service may not slash this operator: never granted, or the grant ended at `canSlashUntil`.
        error CannotSlash(address operator, uint64 canSlashUntil);
        /// The service has used up the budget that the operator granted it.
        error SlashBudgetExhausted(address operator);
        /// Obligations may last until `limit` at most, one epoch from now.
        error ObligationTooLong(uint64 serveUntil, uint64 limit);
        /// The grant can still be used; its commitment is returned after `canSlashUntil`.
        error GrantNotEnded(uint64 canSlashUntil);
        /// The challenger may be promised at most `limit` (wad) of a slash.
        error ChallengerShareTooHigh(uint64 share, uint64 limit);
        /// There is no open request with this number: never opened, or executed already.
        error NoOpenRequest(uint64 requestId);
        /// The challenge period runs until `executableAt`.
        error SlashNotExecutable(uint64 executableAt);
        /// The request could be executed until `expiredAt`.
        error SlashRequestExpired(uint64 expiredAt);
        /// The request can be executed until `expiresAt`.
        error SlashNotExpired(uint64 expiresAt);
        /// The request could be vetoed until `endedAt`, from when it can be executed.
        error VetoWindowEnded(uint64 endedAt);
        /// What the operator announced to this service is not in force: from `effectiveAt`, and later if the operator is frozen meanwhile.
        error GrantPending(uint64 effectiveAt);
        /// The operator has announced nothing to this service.
        error NothingPending();

        /// Operator: lets `serviceManager` slash up to the budget `maxSlash`, a wad of the caller's stake. Slashes use the budget up. It is in force at once if nobody else
        /// has stake with the caller, active or queued in a bucket that can be slashed; otherwise only after a notice of four epochs, when [`activateGrant`] is called.
        ///
        /// Reverts: `Paused`, `ZeroAddress`, `InvalidWad`, `OperatorIsFrozen`, `AlreadyOptedIn`, `CommitmentTooHigh`.
        function optIntoSlashing(address serviceManager, uint64 maxSlash) external;
        /// Operator: raises what is left of a budget to `maxSlash`, at once or after a notice as [`optIntoSlashing`] does.
        ///
        /// Reverts: `Paused`, `OperatorIsFrozen`, `NotOptedIn`, `GrantPending`, `InvalidWad` (not a raise, or above 1e18), `CommitmentTooHigh`.
        function raiseBudget(address serviceManager, uint64 maxSlash) external;
        /// Operator: withdraws what it announced to `serviceManager` and is not in force. Reverts: `NothingPending`.
        function cancelPendingGrant(address serviceManager) external;
        /// Anyone: puts what `operator` announced to `serviceManager` into force, when its notice has ended and a full notice has passed since the operator was last frozen: who
        /// could not leave is not bound.
        ///
        /// Reverts: `NothingPending`, `OperatorIsFrozen`, `GrantPending`.
        function activateGrant(address operator, address serviceManager) external;
        /// Operator: ends the grant one epoch from now, the longest that obligations can last, and withdraws what it announced. No service can block this.
        ///
        /// Reverts: `NotOptedIn`.
        function optOutOfSlashing(address serviceManager) external;
        /// Anyone: returns the commitment of an ended grant to the operator. Reverts: `NotOptedIn`, `GrantNotEnded`.
        function releaseCommitment(address operator, address serviceManager) external;

        /// Service: the operator joined and owes service until `serveUntil`. Reverts: `NotOptedIn`, `GrantPending`, `ObligationTooLong`.
        function recordFirstStakeUpdate(address operator, uint64 serveUntil) external;
        /// Service: the operator owes service until `serveUntil`. Reverts: `NotOptedIn`, `ObligationTooLong`.
        function recordStakeUpdate(address operator, uint64 serveUntil) external;
        /// Service: the operator left; the grant ends at `serveUntil`, or earlier if the operator has revoked it already.
        ///
        /// Reverts: `NotOptedIn` (no grant at all), `ObligationTooLong`.
        function recordLastStakeUpdateAndRevokeSlashingAbility(address operator, uint64 serveUntil) external;

        /// Service: freezes `operator` and opens a request to slash it by `wad`, or by what is left of the budget if that is less. `challengerShare` (wad) of the slash
        /// is for `challenger`, the rest for `recipient`. `resolver` may veto it during the challenge period; the zero address for nobody. Returns the request's number.
        ///
        /// Reverts: `Paused`, `CannotSlash`, `ZeroAddress` (challenger or recipient), `InvalidWad`, `SlashBudgetExhausted`, `ChallengerShareTooHigh`.
        function freezeOperator(address operator, uint64 wad, address challenger, uint64 challengerShare, address recipient, address resolver) external returns (uint64 requestId);
        /// Anyone: executes a request after its challenge period, and releases the operator if it was the last open one.
        ///
        /// Reverts: `NoOpenRequest`, `SlashNotExecutable`, `SlashRequestExpired`.
        function executeSlash(uint64 requestId) external;
        /// Resolver of the request: takes it back before it can be executed. What it asked for returns to the budget if the grant can still be used.
        ///
        /// Reverts: `NoOpenRequest`, `Unauthorized`, `VetoWindowEnded`.
        function vetoSlash(uint64 requestId) external;
        /// Anyone: closes a request that nobody executed within 7 days after its challenge period, as a veto does. Reverts: `NoOpenRequest`, `SlashNotExpired`.
        function closeExpiredRequest(uint64 requestId) external;

        /// Governance: pauses the actions of `flags` (16 freeze, until `until`; 32 opt in) and no others. Execution and leaving cannot be paused. Reverts: `Unauthorized`.
        function setPause(uint8 flags, uint64 until) external;

        /// Whether `operator` has an open request.
        function isFrozen(address operator) external view returns (bool);
        /// Whether `serviceManager` may slash `operator` now.
        function canSlash(address operator, address serviceManager) external view returns (bool);
        /// Whether the stake of `operator` secures `serviceManager`: it can be slashed, with no end in sight and some budget left, and the operator is not frozen.
        function secures(address operator, address serviceManager) external view returns (bool);
        /// The grant of `operator` to `serviceManager`: budget left, until when it can be used (the maximum: no end), until when the operator owes service, and when
        /// that was last recorded.
        function grant(address operator, address serviceManager) external view returns (uint64 maxSlash, uint64 canSlashUntil, uint64 serveUntil, uint64 lastUpdate);
        /// What `operator` announced to `serviceManager` and is not in force: the raise of the budget (wad), and when its notice ends; zero for nothing.
        function pendingGrant(address operator, address serviceManager) external view returns (uint64 raise, uint64 effectiveAt);
        /// The operator's commitment (the sum of what its services may still slash, wad), its number of open requests, and since when it is frozen (zero: it is not).
        function operatorStatus(address operator) external view returns (uint64 commitment, uint64 openRequests, uint64 frozenSince);
        /// The sum of the wads of the operator's open requests: no less than the fraction of its stake that they will take in all.
        function pendingSlash(address operator) external view returns (uint64 wad);
        /// A request: all zero if it was never opened.
        function slashRequest(uint64 requestId) external view returns (
            address operator, address serviceManager, uint64 wad, address challenger, uint64 challengerShare, address recipient, uint64 captureEpoch, uint64 executableAt, bool open, address resolver
        );
        /// How many requests were ever opened; they are numbered from zero.
        function requestCount() external view returns (uint64 count);
        /// The ledger that slashes are executed on.
        function strategyManager() external view returns (address);
    }
}
