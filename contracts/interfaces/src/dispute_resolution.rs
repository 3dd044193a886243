use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Bonded challenges against a service's operators, decided on chain by a proof.
    interface IDisputeResolution {
        /// What an operator signs, as typed data (EIP-712) of the service: `answer` to `task`, which was set at `taskTime` (Unix seconds). A task is the pair of both.
        struct Attestation {
            bytes32 task;
            uint64 taskTime;
            bytes32 answer;
        }
        /// An attestation with its compact signature (ERC-2098).
        struct SignedAttestation {
            bytes32 task;
            uint64 taskTime;
            bytes32 answer;
            bytes32 r;
            bytes32 vs;
        }
        /// The evidence of an equivocation: two attestations of one operator to one task with different answers.
        struct Equivocation {
            SignedAttestation first;
            SignedAttestation second;
        }

        /// The proof holds: `operator` is frozen, the bond goes back to `challenger`.
        event ChallengeUpheld(address indexed operator, address indexed challenger, bytes32 indexed evidence, uint64 requestId);
        /// The proof does not hold: the bond goes to `operator`.
        event ChallengeRejected(address indexed operator, address indexed challenger, bytes32 indexed evidence, uint256 bond);
        /// `account` was paid the `amount` (wei) of bonds it had won or got back.
        event BondWithdrawn(address indexed account, uint256 amount, address recipient);

        /// The call must carry exactly the bond (wei).
        error WrongBond(uint256 sent, uint256 bond);
        /// The evidence is not an encoded `Equivocation`.
        error MalformedEvidence();
        /// This evidence was judged before, or this fault is proven already.
        error AlreadyJudged(bytes32 evidence);
        /// The operator never served.
        error OperatorNotRegistered(address operator);
        /// The task is older than the challenge window: it could be challenged until `deadline`.
        error EvidenceExpired(uint64 deadline);
        /// The account has no bond to withdraw.
        error NoBond();
        /// The recipient did not accept the ETH.
        error BondTransferFailed(address recipient);
        /// The challenge window must be above zero and at most one epoch.
        error InvalidChallengeWindow(uint64 window, uint64 limit);

        /// Anyone: accuses `operator` of having given two answers to one task; `evidence` is an ABI-encoded [`Equivocation`]. Verdict, freeze and slash request are one
        /// transaction. Returns whether the accusation holds; if not, the bond is the operator's and nothing else changes.
        ///
        /// Reverts: `WrongBond`, `MalformedEvidence`, `OperatorNotRegistered`, `EvidenceExpired`, `AlreadyJudged`, and those of the Slasher's `freezeOperator`.
        function challenge(address operator, bytes evidence) external payable returns (bool upheld);
        /// Anyone: pays the caller's bonds to `recipient`. Reverts: `ZeroAddress`, `NoBond`, `BondTransferFailed`.
        function withdrawBond(address recipient) external returns (uint256 amount);

        /// The bond of a challenge (wei).
        function bond() external view returns (uint256);
        /// How long after a task was set its faults can be challenged (seconds, at most one epoch).
        function challengeWindow() external view returns (uint64);
        /// What `account` can withdraw (wei).
        function bondOf(address account) external view returns (uint256);
        /// Whether this evidence (or fault) was judged.
        function isJudged(bytes32 evidence) external view returns (bool);
        /// The hash that an operator signs for an attestation (EIP-712).
        function attestationHash(bytes32 task, uint64 taskTime, bytes32 answer) external view returns (bytes32);
        /// The service's Registry and ServiceManager.
        function contracts() external view returns (address registry, address serviceManager);
    }
}
