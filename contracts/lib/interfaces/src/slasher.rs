use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Grants, freezes and slash requests. An operator grants each service a budget, a part of its *magnitude*; a
    /// service that proves a fault opens a request, which freezes the operator; after the challenge period anyone
    /// executes it; with its last open request the operator is released.
    ///
    /// The magnitude of an operator starts at 1e18 and shrinks by what slashes take of it; a request for `w` takes
    /// w / magnitude of every pool, so slashes commute. The budgets of the *exclusive* tier and their open requests
    /// never exceed the magnitude in sum: what such a service counts, it can take. Budgets of the *shared* tier come
    /// after them, and may be taken by somebody else first.
    interface ISlasher {
        /// What is open under a number. Only its hash is stored: [`SlashRequested`] publishes it, and whoever executes,
        /// vetoes or closes it gives it again.
        struct SlashRequest {
            /// Whom it slashes.
            address operator;
            /// The service whose grant it uses.
            address serviceManager;
            /// What it asks for (wad of the magnitude one).
            uint64 wad;
            /// Whether the grant is of the exclusive tier.
            bool exclusive;
            /// Who proved the fault.
            address challenger;
            /// The challenger's part of the slash (wad).
            uint64 challengerShare;
            /// Who gets the rest.
            address recipient;
            /// Who may veto it; the zero address for nobody.
            address resolver;
            /// From when it can be executed (Unix seconds): one challenge period after its capture.
            uint64 executableAt;
            /// For how many seconds executing had ever been paused before its capture.
            uint64 pausedBefore;
        }

        /// `operator` lets `serviceManager` slash up to `budget` (wad of the magnitude one) from now on.
        event OptedIntoSlashing(
            address indexed operator, address indexed serviceManager, uint64 budget, bool exclusive
        );
        /// `operator` adds `raise` (wad) to what `serviceManager` may slash, from `effectiveAt` at the earliest.
        event GrantAnnounced(
            address indexed operator, address indexed serviceManager, uint64 raise, bool exclusive, uint64 effectiveAt
        );
        /// What `operator` had announced was withdrawn by it, or cleared after it lapsed.
        event GrantCancelled(address indexed operator, address indexed serviceManager, uint64 raise);
        /// The ability of `serviceManager` to slash `operator` ends after `canSlashUntil`.
        event SlashingAbilityRevoked(address indexed operator, address indexed serviceManager, uint64 canSlashUntil);
        /// The budget that was left of an ended grant no longer counts in the commitment of `operator`.
        event CommitmentReleased(address indexed operator, address indexed serviceManager, uint64 budget);
        /// Nothing is granted or announced any more: the magnitude of `operator` is 1e18 again.
        event MagnitudeReset(address indexed operator);
        /// `operator` joined `serviceManager`.
        event ServiceJoined(address indexed operator, address indexed serviceManager);
        /// `operator` got its first open request.
        event OperatorFrozen(address indexed operator, address indexed serviceManager);
        /// A request to slash `operator` was opened under the number `requestId`; anyone may execute it from its
        /// `executableAt`, its `resolver` may veto it until then.
        event SlashRequested(
            uint64 indexed requestId, address indexed operator, address indexed serviceManager, SlashRequest request
        );
        /// The request was executed by `executor`: it took `taken` of `magnitude` from everything it reaches.
        event SlashExecuted(
            uint64 indexed requestId, address indexed operator, address executor, uint64 taken, uint64 magnitude
        );
        /// The request was vetoed by its resolver: it takes nothing.
        event SlashVetoed(uint64 indexed requestId, address indexed operator, address resolver);
        /// The request was not executed in time: it takes nothing.
        event SlashExpired(uint64 indexed requestId, address indexed operator);
        /// The last open request of `operator` was closed.
        event FrozenStatusReset(address indexed operator);
        /// The actions of `flags` are paused: executing until `until`, opting in until the next change.
        event PauseSet(uint8 flags, uint64 until);

        /// A wad that must be above zero and at most 1e18 (100 %) is `wad`.
        error InvalidWad(uint64 wad);
        /// A budget must be at least `minimum`, a hundredth of the magnitude.
        error BudgetTooSmall(uint64 budget, uint64 minimum);
        /// This service has a grant already: in force, announced, or ended and not released.
        error AlreadyOptedIn();
        /// Exclusive budgets, what is announced of them, and open shared requests would reach `size`, above the
        /// `magnitude`.
        error ExclusiveTierFull(uint64 size, uint64 magnitude);
        /// With this grant the operator's commitment would be `commitment`, above the `limit` (both wads).
        error CommitmentTooHigh(uint64 commitment, uint64 limit);
        /// The operator's `commitment` is above what the staker accepts (both wads; announced raises count).
        error CommitmentAboveMax(uint64 commitment, uint64 maxCommitment);
        /// Slashes left the operator less than a millionth of its magnitude: it takes no stake, grants or raises.
        error MagnitudeDepleted(address operator, uint64 magnitude);
        /// The operator has not let this service slash, or has revoked it.
        error NotOptedIn(address operator, address serviceManager);
        /// The service may not slash this operator: never granted, or the grant ended at `canSlashUntil`.
        error CannotSlash(address operator, uint64 canSlashUntil);
        /// The service has used up the budget that the operator granted it.
        error SlashBudgetExhausted(address operator);
        /// The grant can still be used until `canSlashUntil`.
        error GrantNotEnded(uint64 canSlashUntil);
        /// Open requests of the service ask for `pending` of this operator: close them first.
        error GrantHasOpenRequests(uint64 pending);
        /// The challenger may be promised at most `limit` (wad) of a slash.
        error ChallengerShareTooHigh(uint64 share, uint64 limit);
        /// There is no open request with this number: never opened, or closed already.
        error NoOpenRequest(uint64 requestId);
        /// What is open under this number is another request than the one that was given.
        error WrongRequest(uint64 requestId);
        /// The challenge period runs until `executableAt`.
        error SlashNotExecutable(uint64 executableAt);
        /// The request could be executed until `expiredAt`.
        error SlashRequestExpired(uint64 expiredAt);
        /// The request can be executed until `expiresAt`.
        error SlashNotExpired(uint64 expiresAt);
        /// The request could be vetoed until `endedAt`, from when it can be executed.
        error VetoWindowEnded(uint64 endedAt);
        /// What the operator announced to this service is not in force, and is from `effectiveAt` at the earliest.
        error GrantPending(uint64 effectiveAt);
        /// What the operator announced to this service could be activated until `lapsedAt`.
        error GrantHasLapsed(uint64 lapsedAt);
        /// What the operator announced to this service can be activated until `lapsesAt`.
        error GrantNotLapsed(uint64 lapsesAt);
        /// The operator has announced nothing to this service.
        error NothingPending();

        /// The connector, once: sets who pauses, and the ledger that slashes are executed on, for good. Nothing else
        /// can be done before.
        function connect(address governance, address strategyManager) external;
        /// Operator: lets `serviceManager` slash up to `budget`, a wad of the magnitude one, in the exclusive or the
        /// shared tier. Slashes use the budget up. It is in force at once if nobody else has stake with the caller
        /// (active, or queued and released after this epoch) and no shared budget exists; otherwise after a notice of
        /// 28 days and the time for which queueing was refused or paused meanwhile, when [`activateGrant`] is called.
        ///
        /// Reverts: `Paused`, `ZeroAddress`, `OperatorIsFrozen`, `MagnitudeDepleted`, `AlreadyOptedIn`, `InvalidWad`
        /// (above 1e18), `BudgetTooSmall`, `ExclusiveTierFull`, `CommitmentTooHigh`.
        function optIntoSlashing(address serviceManager, uint64 budget, bool exclusive) external;
        /// Operator: raises what is left of a budget to `budget`, in its tier, at once or after a notice as
        /// [`optIntoSlashing`] does.
        ///
        /// Reverts: `Paused`, `OperatorIsFrozen`, `MagnitudeDepleted`, `NotOptedIn`, `GrantPending`, `InvalidWad` (not
        /// a raise, or above 1e18), `BudgetTooSmall`, `ExclusiveTierFull`, `CommitmentTooHigh`.
        function raiseBudget(address serviceManager, uint64 budget) external;
        /// Operator: withdraws what it announced to `serviceManager` and is not in force. Reverts: `NothingPending`.
        function cancelPendingGrant(address serviceManager) external;
        /// Anyone: puts what `operator` announced to `serviceManager` into force, when its notice has ended and within
        /// one epoch of that, if it still fits.
        ///
        /// Reverts: `Paused`, `NothingPending`, `OperatorIsFrozen`, `GrantPending`, `GrantHasLapsed`,
        /// `MagnitudeDepleted`, `ExclusiveTierFull`, `CommitmentTooHigh`.
        function activateGrant(address operator, address serviceManager) external;
        /// Anyone: clears what `operator` announced to `serviceManager` and nobody activated within one epoch of its
        /// notice. Reverts: `NothingPending`, `GrantNotLapsed`.
        function clearLapsedGrant(address operator, address serviceManager) external;
        /// Operator: ends the grant, and withdraws what it announced. The service can slash until the end of the next
        /// epoch. No service can block this. Reverts: `NotOptedIn`, `GrantPending` (nothing is in force, and what is
        /// announced is withdrawn by [`cancelPendingGrant`]).
        function optOutOfSlashing(address serviceManager) external;
        /// Anyone: takes what is left of an ended grant out of the operator's commitment.
        ///
        /// Reverts: `NotOptedIn`, `GrantNotEnded`, `GrantHasOpenRequests`.
        function releaseCommitment(address operator, address serviceManager) external;

        /// Service: the operator joins. Returns what [`guaranteeOf`] says of both. Reverts: `NotOptedIn`,
        /// `GrantPending`.
        function recordFirstStakeUpdate(address operator) external
            returns (uint64 guaranteed, uint64 shared, uint64 magnitude, uint64 pending);
        /// Service: the operator left; its grant ends as with [`optOutOfSlashing`], if there is one that has not ended
        /// already. Never reverts: nothing may keep an operator from leaving.
        function recordLastStakeUpdateAndRevokeSlashingAbility(address operator) external;

        /// Service: freezes `operator` and opens a request for `wad` of what is left of the budget, rounded up, but at
        /// least a hundredth of the budget as it came into force, and all that is left where less than that would be.
        /// `challengerShare` (wad) of the slash is for `challenger`, the rest for `recipient`. `resolver` may veto it
        /// until it can be executed; the zero address for nobody. Returns the request's number. Cannot be paused.
        ///
        /// Reverts: `CannotSlash`, `ZeroAddress` (challenger or recipient), `InvalidWad`, `SlashBudgetExhausted`,
        /// `ChallengerShareTooHigh`.
        function freezeOperator(
            address operator, uint64 wad, address challenger, uint64 challengerShare, address recipient, address
            resolver
        ) external returns (uint64 requestId);
        /// Anyone: executes a request after its challenge period, and releases the operator if it was the last open
        /// one. `request` is what [`SlashRequested`] published under `requestId`.
        ///
        /// Reverts: `NoOpenRequest`, `WrongRequest`, `Paused`, `SlashNotExecutable`, `SlashRequestExpired`.
        function executeSlash(uint64 requestId, SlashRequest request) external;
        /// Resolver of the request: takes it back before it could first be executed. What it asked for returns to the
        /// budget.
        ///
        /// Reverts: `NoOpenRequest`, `WrongRequest`, `Unauthorized`, `VetoWindowEnded`.
        function vetoSlash(uint64 requestId, SlashRequest request) external;
        /// Anyone: closes a request that nobody executed within 7 days after its challenge period, longer by the time
        /// for which executing was paused, as a veto does.
        ///
        /// Reverts: `NoOpenRequest`, `WrongRequest`, `SlashNotExpired`.
        function closeExpiredRequest(uint64 requestId, SlashRequest request) external;

        /// Governance: pauses the actions of `flags` (16 execute, until `until`; 32 opt in) and no others; counts
        /// pauses of queueing (4). Freezing, vetoing and leaving cannot be paused. Reverts: `Unauthorized`.
        function setPause(uint8 flags, uint64 until) external;

        /// Whether `operator` has an open request.
        function isFrozen(address operator) external view returns (bool);
        /// Passes if stake may join `operator` now. A `maxCommitment` of 2^64 - 1 accepts every commitment: larger ones
        /// count as that.
        ///
        /// Reverts: `MagnitudeDepleted`, `CommitmentAboveMax`, `OperatorIsFrozen`, in this order.
        function checkStake(address operator, uint64 maxCommitment) external view;
        /// From which of `operators` no withdrawals may be queued now. While one is frozen they may only from the ninth
        /// day of the freeze on, and in the first 24 hours after it was released or a pause of queueing ended.
        function refuseQueueing(address[8] operators) external view returns (bool[8] refused);
        /// Passes if no open request reaches what `operator`'s stakers withdraw at `releaseEpoch`: none that was
        /// captured in one of the three epochs before it, and at the latest nine days after the release, longer by the
        /// time for which executing was paused since.
        ///
        /// Reverts: `OperatorIsFrozen`.
        function checkRelease(address operator, uint64 releaseEpoch) external view;
        /// Whether `serviceManager` may slash `operator` now.
        function canSlash(address operator, address serviceManager) external view returns (bool);
        /// What `serviceManager` can count of the stake of `operator`: `guaranteed` or `shared` of `magnitude`, as its
        /// grant is of the exclusive or the shared tier; zero if the grant is not in force or has been ended. And what
        /// the open requests of this service ask for (zero: none is open).
        function guaranteeOf(address operator, address serviceManager) external view
            returns (uint64 guaranteed, uint64 shared, uint64 magnitude, uint64 pending);
        /// The fraction (wad, rounded up) of what `operator` has at stake that its open requests take in all, and since
        /// when it is frozen (zero: it is not).
        function pendingSlash(address operator) external view returns (uint64 wad, uint64 frozenSince);
        /// How many requests were ever opened; they are numbered from zero.
        function requestCount() external view returns (uint64 count);
        /// keccak256 of the ABI encoding of the request that is open under this number; zero if none is.
        function requestHash(uint64 requestId) external view returns (bytes32 hash);
        /// The ledger that slashes are executed on.
        function strategyManager() external view returns (address);
        /// The storage word `slot` (EIP-2330), as [`ILens`](crate::ILens) reads it: grants, pauses, and what
        /// operators are committed to.
        function extsload(bytes32 slot) external view returns (bytes32 value);
    }
}
