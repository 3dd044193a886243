use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A service's operator set: who serves, with which signing key and how much stake, now and at any past time; and whether enough of it signed an answer. It belongs to
    /// the owner of the ServiceManager.
    interface IRegistry {
        /// What a signing key signs to be registered, as typed data (EIP-712) of the service: it signs for `operator`.
        struct KeyBinding {
            address operator;
        }

        /// `operator` joined the service with `signingKey` and the weighted stake `stake`.
        event OperatorRegistered(address indexed operator, address indexed signingKey, uint128 stake);
        /// The stake of `operator` that counts for the service is `stake` from now on.
        event StakeUpdated(address indexed operator, uint128 stake);
        /// `operator` left the service.
        event OperatorDeregistered(address indexed operator);
        /// From `effectiveAt` one base unit of `token` counts `weight` (wad) units of stake.
        event StrategyWeightScheduled(address indexed token, uint64 weight, uint64 effectiveAt);
        /// From `effectiveAt` an operator needs at least `minimumStake` of weighted stake to join, and to count.
        event MinimumStakeScheduled(uint128 minimumStake, uint64 effectiveAt);

        /// The operator serves already.
        error AlreadyRegistered(address operator);
        /// The operator does not serve.
        error NotRegistered(address operator);
        /// The key is bound to another operator.
        error SigningKeyInUse(address signingKey);
        /// The signature is not the signing key's over its binding to this operator.
        error InvalidKeyProof();
        /// The operator's weighted stake is below the `minimum`.
        error StakeBelowMinimum(uint128 stake, uint128 minimum);
        /// No more than `limit` tokens can ever get a weight.
        error TooManyWeights(uint64 limit);
        /// Signatures are 64 bytes each.
        error MalformedSignatures();
        /// The signers must be in strictly ascending order of their addresses, so that none counts twice.
        error UnsortedSigners(address signer);
        /// `signer` (zero address: nobody) is not the signing key of an operator that it is in use for now.
        error UnknownSigner(address signer);
        /// A threshold must be 1 to 10,000 basis points.
        error InvalidThreshold(uint16 threshold);
        /// The task lies in the future.
        error TaskInFuture(uint64 taskTime);
        /// The weighted stake exceeds 128 bits, or a minimum stake 96.
        error StakeTooLarge();

        /// Operator: joins the service. `signingKey` is the address of the key it will sign answers with; (`r`, `vs`) is that key's compact signature (ERC-2098) over the
        /// typed data [`KeyBinding`], so that nobody can register a key that is not theirs.
        ///
        /// Reverts: `AlreadyRegistered`, `SigningKeyInUse`, `InvalidKeyProof`, `StakeBelowMinimum`, and the Slasher's `NotOptedIn`.
        function registerOperator(address signingKey, bytes32 r, bytes32 vs) external;
        /// Operator: leaves the service; its obligations end one epoch later.
        ///
        /// Reverts: `NotRegistered`.
        function deregisterOperator() external;
        /// Anyone: weighs operators of the service again. An operator's stake counts while it serves, is not frozen, lets the service slash it without an end in sight, and holds the
        /// minimum; otherwise it counts nothing until this is called again. Records that those that count owe service for another epoch.
        ///
        /// Reverts: `NotRegistered`, `StakeTooLarge`.
        function updateStakes(address[] operators) external;
        /// Owner: lets one base unit of `token` count `weight` (wad, zero to stop counting it) units of stake, after a notice of four epochs; at once while nobody serves.
        /// Replaces what was scheduled and does not hold yet.
        ///
        /// Reverts: `Unauthorized`, `NotAContract`, `TooManyWeights`.
        function scheduleStrategyWeight(address token, uint64 weight) external;
        /// Owner: sets the weighted stake that an operator needs to join, and to count, with the same notice. Reverts: `Unauthorized`, `StakeTooLarge`.
        function scheduleMinimumStake(uint128 minimumStake) external;

        /// Whether the operator serves now.
        function isRegistered(address operator) external view returns (bool);
        /// The operator's current signing key; kept after it left. Zero if it never served.
        function signingKeyOf(address operator) external view returns (address);
        /// The operator a signing key is bound to, for good: also after the operator left or took another key.
        function operatorOf(address signingKey) external view returns (address);
        /// The operator's weighted active stake now, rounded down per token.
        function weightedStakeOf(address operator) external view returns (uint128);
        /// The stake of `operator` that counted at `time` (Unix seconds).
        function stakeAt(address operator, uint64 time) external view returns (uint128 stake);
        /// The stake of all operators that counted at `time` (Unix seconds).
        function totalStakeAt(uint64 time) external view returns (uint128 stake);
        /// Whether operators with at least `threshold` (basis points, rounded up) of the stake that counted at `taskTime` signed `answer` to the task, and how much signed of how much.
        /// `signatures` are compact ones (ERC-2098: r, vs), 64 bytes each, over the attestation (see [`IDisputeResolution`](crate::IDisputeResolution)), in strictly ascending order of their signers'
        /// addresses; an operator signs with its current key. Never reached where nobody had stake. Any contract can ask.
        ///
        /// Reverts: `InvalidThreshold`, `TaskInFuture`, `MalformedSignatures`, `UnsortedSigners`, `UnknownSigner`, `StakeTooLarge`.
        function verifyQuorum(bytes32 task, uint64 taskTime, bytes32 answer, bytes signatures, uint16 threshold) external view
            returns (bool reached, uint128 signedStake, uint128 totalStake);
        /// How many operators serve.
        function operatorCount() external view returns (uint64);
        /// The weighted stake that an operator needs, now and as scheduled last, and from when that holds (Unix seconds).
        function minimumStake() external view returns (uint128 stake, uint128 nextStake, uint64 effectiveAt);
        /// The weight of a token (wad), now and as scheduled last, and from when that holds (Unix seconds).
        function strategyWeight(address token) external view returns (uint64 weight, uint64 nextWeight, uint64 effectiveAt);
    }
}
