use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A service's operator set: who serves, with which signing keys and how much stake, now and at any past time. It
    /// belongs to the owner of the ServiceManager.
    ///
    /// The stake of an operator is counted by *checkpoints*, renewed by anyone. A checkpoint of epoch n signs until
    /// three days into epoch n + 1; then it signs nothing until it is renewed, but stays in the total, so that a
    /// minority cannot become the whole. Only updates, deregistrations and registrations change the total.
    interface IRegistry {
        /// What a signing key signs to be registered, as typed data (EIP-712) of the service: it signs for `operator`.
        struct KeyBinding {
            address operator;
        }

        /// `operator` joined the service with `signingKey` and the weighted stake `stake`.
        event OperatorRegistered(address indexed operator, address indexed signingKey, uint128 stake);
        /// `operator` signs with `newKey` from now on, and not with `oldKey` any more.
        event KeyRotated(address indexed operator, address indexed oldKey, address indexed newKey);
        /// From now on `stake` of `operator` counts in the total; `signs` says whether its signatures carry it.
        event StakeUpdated(address indexed operator, uint128 stake, bool signs);
        /// A fault of `operator` was proven: its signatures carry nothing until an update finds no open request.
        event OperatorSuspended(address indexed operator);
        /// The admission contract refuses `operator`: it leaves the total with an update from `effectiveAt` on.
        event OperatorRefused(address indexed operator, uint64 effectiveAt);
        /// `operator` left the service.
        event OperatorDeregistered(address indexed operator);
        /// From `effectiveAt` one base unit of `token` counts `weight` (wad) units of stake.
        event StrategyWeightScheduled(address indexed token, uint64 weight, uint64 effectiveAt);
        /// From `effectiveAt` an operator needs at least `minimumStake` of weighted stake to join, and to count.
        event MinimumStakeScheduled(uint128 minimumStake, uint64 effectiveAt);
        /// From `effectiveAt` `admission` decides who signs (the zero address: whoever has stake).
        event AdmissionScheduled(address indexed admission, uint64 effectiveAt);

        /// The operator serves already.
        error AlreadyRegistered(address operator);
        /// The operator does not serve.
        error NotRegistered(address operator);
        /// The key is or was registered, by this or another operator: a key never returns.
        error SigningKeyInUse(address signingKey);
        /// The signature is not the signing key's over its binding to this operator.
        error InvalidKeyProof();
        /// The operator's weighted stake is below the `minimum`.
        error StakeBelowMinimum(uint128 stake, uint128 minimum);
        /// The admission contract does not admit the operator.
        error NotAdmitted(address operator);
        /// The call cannot give the admission contract its full stipend: too little gas is left, or the admission
        /// contract failed behind other contracts, whose memory may be the reason.
        error InsufficientStipend();
        /// The evidence window must be above zero and at most `limit` seconds.
        error InvalidEvidenceWindow(uint64 evidenceWindow, uint64 limit);
        /// No more than `limit` tokens can ever get a weight.
        error TooManyWeights(uint64 limit);
        /// The weighted stake of all operators exceeds 87 bits (154 million times 1e18), or a minimum stake 96.
        error StakeTooLarge();

        /// Operator: joins the service. `signingKey` is the address of the key it will sign answers with; (`r`, `vs`)
        /// is that key's compact signature (ERC-2098) over the typed data [`KeyBinding`], so that nobody can register a
        /// key that is not theirs.
        ///
        /// Reverts: `AlreadyRegistered`, `SigningKeyInUse`, `InvalidKeyProof`, `StakeBelowMinimum`, `NotAdmitted`,
        /// `InsufficientStipend`, `StakeTooLarge`, and the Slasher's `NotOptedIn`, `GrantPending`.
        function registerOperator(address signingKey, bytes32 r, bytes32 vs) external;
        /// Operator: signs with another key from now on, without leaving. The old one still accuses for what it signed.
        ///
        /// Reverts: `NotRegistered`, `SigningKeyInUse`, `InvalidKeyProof`.
        function rotateKey(address signingKey, bytes32 r, bytes32 vs) external;
        /// Operator: leaves the service, which can slash it until the end of the next epoch. Reverts: `NotRegistered`.
        function deregisterOperator() external;
        /// Anyone: weighs operators of the service again, and renews their checkpoints; skips who does not serve. Lifts
        /// the suspension of an operator against whom this service has no open request. Whom the admission contract
        /// refuses signs nothing from now on, and leaves the total with an update after a notice of four epochs.
        ///
        /// Reverts: `StakeTooLarge`, `InsufficientStipend`.
        function updateStakes(address[] operators) external;
        /// DisputeResolution, ServiceManager: a fault of `operator` was proven; its signatures carry nothing until an
        /// update finds no open request of this service. Its stake stays in the total. Reverts: `Unauthorized`.
        function suspendOperator(address operator) external;
        /// DisputeResolution: the same, if `signingKey` accuses `operator` for a task of `taskTime`: it was its key
        /// then, the second included in which it was replaced. Says whether it does. Reverts: `Unauthorized`.
        function suspendAccused(address signingKey, address operator, uint64 taskTime) external returns (bool accuses);
        /// Owner: lets one base unit of `token` count `weight` (wad, zero to stop counting it) units of stake, after a
        /// notice of four epochs; at once while nobody serves. Replaces what was scheduled and does not hold yet.
        ///
        /// Reverts: `Unauthorized`, `NotAContract`, `TooManyWeights`.
        function scheduleStrategyWeight(address token, uint64 weight) external;
        /// Owner: sets the weighted stake that an operator needs to join, and to count, with the same notice.
        ///
        /// Reverts: `Unauthorized`, `StakeTooLarge`.
        function scheduleMinimumStake(uint128 minimumStake) external;
        /// Owner: names the [`IAdmission`](crate::IAdmission) that decides who signs, with the same notice; the zero
        /// address for none. Reverts: `Unauthorized`, `NotAContract`.
        function scheduleAdmission(address admission) external;

        /// Whether the operator serves now.
        function isRegistered(address operator) external view returns (bool);
        /// Whether the signatures of the operator carry nothing because a fault of it was proven.
        function isSuspended(address operator) external view returns (bool);
        /// The operator's current signing key; kept after it left. Zero if it never served.
        function signingKeyOf(address operator) external view returns (address);
        /// The operator that registered a signing key, and when it was: its signatures count for tasks of `from` <=
        /// task time < `until`, and accuse for `from` <= task time <= `until` (the maximum: no end).
        function keyOf(address signingKey) external view returns (address operator, uint64 from, uint64 until);
        /// The weighted active stake of the operator that the service could take now: rounded down per token,
        /// `guaranteed` or `shared` as its grant is of the exclusive or the shared tier.
        function weightedStakeOf(address operator) external view returns (uint128 guaranteed, uint128 shared);
        /// The stake that signatures of `operator` for a task of `time` (Unix seconds) carry; none since a suspension,
        /// whose end gives nothing of it back. Before a suspension it is what they carried.
        function stakeAt(address operator, uint64 time) external view returns (uint128 stake);
        /// The stake of all operators at `time` (Unix seconds), also of those whose signatures carry nothing.
        function totalStakeAt(uint64 time) external view returns (uint128 stake);
        /// The stake that signatures by `signingKeys` for a task of `time` carry together, and the total at that time.
        /// Keys that are nobody's at `time`, and those of operators that are suspended now, carry nothing. The caller
        /// sees to it that no key is given twice: two keys of one operator never count for the same time.
        function signedStakeAt(address[] signingKeys, uint64 time) external view
            returns (uint128 signedStake, uint128 totalStake);
        /// How long evidence of a task is good (seconds); quorums can be asked about for half of it.
        function evidenceWindow() external view returns (uint64);
        /// Whether stake of the shared tier counts for this service.
        function acceptsShared() external view returns (bool);
        /// How many operators serve.
        function operatorCount() external view returns (uint64);
        /// The weighted stake that an operator needs, now and as scheduled last, and from when that holds (Unix
        /// seconds).
        function minimumStake() external view returns (uint128 stake, uint128 nextStake, uint64 effectiveAt);
        /// The weight of a token (wad), now and as scheduled last, and from when that holds (Unix seconds).
        function strategyWeight(address token)
            external view returns (uint64 weight, uint64 nextWeight, uint64 effectiveAt);
        /// The admission contract, now and as scheduled last, and from when that holds (Unix seconds).
        function admission() external view returns (address admission, address nextAdmission, uint64 effectiveAt);
    }
}
