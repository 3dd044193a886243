use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A service's operator set: who serves, with which signing key and how much stake.
    interface IRegistry {
        /// What a signing key signs to be registered, as typed data (EIP-712) of the service: it signs for `operator`.
        struct KeyBinding {
            address operator;
        }

        /// `operator` joined the service with `signingKey` and the weighted stake `stake`.
        event OperatorRegistered(address indexed operator, address indexed signingKey, uint128 stake);
        /// `operator` left the service.
        event OperatorDeregistered(address indexed operator);
        /// One whole unit (1e18 wad) of weight counts one base unit of `token` as one unit of stake.
        event StrategyWeightSet(address indexed token, uint64 weight);
        /// An operator needs at least `minimumStake` of weighted stake to join.
        event MinimumStakeSet(uint128 minimumStake);

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
        /// The weighted stake exceeds 128 bits.
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
        /// Owner: sets the weight of a token, zero to stop counting it. Reverts: `Unauthorized`, `NotAContract`, `TooManyWeights`.
        function setStrategyWeight(address token, uint64 weight) external;
        /// Owner: sets the weighted stake that an operator needs to join. Reverts: `Unauthorized`.
        function setMinimumStake(uint128 minimumStake) external;

        /// Whether the operator serves now.
        function isRegistered(address operator) external view returns (bool);
        /// The operator's current signing key; kept after it left. Zero if it never served.
        function signingKeyOf(address operator) external view returns (address);
        /// The operator a signing key is bound to, for good: also after the operator left or took another key.
        function operatorOf(address signingKey) external view returns (address);
        /// The operator's weighted active stake now, rounded down per token.
        function weightedStakeOf(address operator) external view returns (uint128);
        /// How many operators serve.
        function operatorCount() external view returns (uint64);
        /// The weighted stake that an operator needs to join.
        function minimumStake() external view returns (uint128);
        /// The weight of a token (wad).
        function strategyWeight(address token) external view returns (uint64);
    }
}
