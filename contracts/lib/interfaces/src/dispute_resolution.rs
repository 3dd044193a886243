use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Bonded challenges against a service's operators. An equivocation is decided at once, by two signatures; whether
    /// data is available, by the operator's opening of it before a deadline.
    ///
    /// A bond whose owner sends the call that gives it to it is paid with that call; everybody else, and who refuses to
    /// be paid, is credited, and withdraws it.
    interface IDisputeResolution {
        /// What an operator signs to answer, as typed data (EIP-712) of the service: `answer` to `task`, which was set
        /// at `taskTime` (Unix seconds). A task is the pair of both.
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

        /// What an operator signs to say that it keeps data available, as typed data (EIP-712) of the service: for
        /// `task`, which was set at `taskTime`, of data of `leafCount` leaves with the Merkle `root`, the `keptLeaves`
        /// leaves from `firstLeaf` on. It can be asked for those and for no others. What proves one kind of fault is
        /// never signed as another kind.
        ///
        /// The tree: leaves are hashed keccak256(0x00 ‖ leaf), nodes keccak256(0x01 ‖ left ‖ right); it is filled up
        /// with zero hashes to the next power of two, its depth.
        struct DataCommitment {
            bytes32 task;
            uint64 taskTime;
            bytes32 root;
            uint64 leafCount;
            uint64 firstLeaf;
            uint64 keptLeaves;
        }
        /// The evidence that an operator committed to data of which leaf `index` is asked for: a data commitment with
        /// its compact signature (ERC-2098).
        struct Unavailability {
            bytes32 task;
            uint64 taskTime;
            bytes32 root;
            uint64 leafCount;
            uint64 firstLeaf;
            uint64 keptLeaves;
            uint64 index;
            bytes32 r;
            bytes32 vs;
        }

        /// `operator` must open leaf `index` of what it committed to in `commitment` (its hash) by `deadline` (Unix
        /// seconds, included).
        event AvailabilityChallenged(
            uint64 indexed challengeId, address indexed operator, address indexed challenger, bytes32 commitment,
            uint64 index, uint64 deadline
        );
        /// The leaf was opened: the bond goes to `operator`.
        event ChallengeAnswered(uint64 indexed challengeId, address indexed operator, uint256 bond);
        /// The leaf was not opened in time: the bond goes back to `challenger`. The operator is frozen by request
        /// `requestId` if `frozen`: not if it was for another leaf of the same commitment, nor if the service cannot
        /// slash it any more.
        event ChallengeRanOut(
            uint64 indexed challengeId, address indexed operator, address indexed challenger,
            bool frozen, uint64 requestId
        );
        /// The proof holds: `operator` is frozen, the bond goes back to `challenger`.
        event ChallengeUpheld(
            address indexed operator, address indexed challenger, bytes32 indexed evidence, uint64 requestId
        );
        /// The proof does not hold: the bond goes to `operator`. The fault `evidence` is not proven, and can be.
        event ChallengeRejected(
            address indexed operator, address indexed challenger, bytes32 indexed evidence, uint256 bond
        );
        /// `account` was paid the `amount` (wei) of bonds it had won or got back: with the verdict, or as it withdrew.
        event BondWithdrawn(address indexed account, uint256 amount, address recipient);

        /// A bond must fit 96 bits, which is more wei than there will ever be.
        error BondTooLarge(uint256 bond);
        /// The call must carry exactly the bond (wei).
        error WrongBond(uint256 sent, uint256 bond);
        /// The evidence is not an encoded `Equivocation` or `Unavailability`.
        error MalformedEvidence();
        /// This fault is proven, or this leaf was asked for, already.
        error AlreadyJudged(bytes32 evidence);
        /// The operator never served.
        error OperatorNotRegistered(address operator);
        /// The task lies in the future: there is no evidence about it.
        error EvidenceFromFuture(uint64 taskTime);
        /// The task is too old: it could be challenged until `deadline`.
        error EvidenceExpired(uint64 deadline);
        /// The account has no bond to withdraw.
        error NoBond();
        /// The recipient did not accept the ETH.
        error BondTransferFailed(address recipient);
        /// The Registry's evidence window must be at most `limit` seconds, and the window for answers above zero and at
        /// most half of it.
        error InvalidWindows(uint64 evidenceWindow, uint64 answerWindow, uint64 limit);
        /// The commitment is not signed by a key that the operator had at the time of the task.
        error NotSigned(address operator);
        /// The data has no leaf with this index, or it is none of those that the operator said it keeps.
        error NotCommitted();
        /// There is no open challenge with this number.
        error NoOpenChallenge(uint64 challengeId);
        /// The operator could answer until `deadline`.
        error AnswerTooLate(uint64 deadline);
        /// The operator can answer until `deadline`.
        error AnswerWindowOpen(uint64 deadline);
        /// The service's terms at the time of the task did not punish this kind of fault.
        error FaultKindIsOff(uint8 kind);
        /// What was opened is not the leaf that was asked for, or is longer than 4,096 bytes.
        error WrongOpening();

        /// The connector, once: sets the service and its Registry, whose evidence window it takes over, for good.
        /// Nothing else can be done before. The window must be at most three days, and that for answers at most half of
        /// it.
        function connect(address serviceManager, address registry) external;
        /// Anyone: accuses `operator` of having given two answers to one task; `evidence` is an ABI-encoded
        /// [`Equivocation`]. Verdict, freeze, slash request and the suspension of the operator's weight with this
        /// service are one transaction. Returns whether the accusation holds; if not, the bond is the operator's and
        /// nothing else changes: nothing is remembered of rejected evidence.
        ///
        /// Reverts: `WrongBond`, `MalformedEvidence`, `OperatorNotRegistered`, `EvidenceFromFuture`, `EvidenceExpired`,
        /// `AlreadyJudged`, the ServiceManager's `FaultKindIsOff`, and those of the Slasher's `freezeOperator`.
        function challenge(address operator, bytes evidence) external payable returns (bool upheld);
        /// Anyone: asks `operator` to open a leaf that it committed to; `evidence` is an ABI-encoded
        /// [`Unavailability`]. The game must end inside the evidence window, so a leaf can be asked for until one
        /// answer window before its end. Returns the challenge's number.
        ///
        /// Reverts: `WrongBond`, `MalformedEvidence`, `OperatorNotRegistered`, `EvidenceFromFuture`, `EvidenceExpired`,
        /// `NotCommitted`, `FaultKindIsOff`, `AlreadyJudged` (this leaf was asked for), `NotSigned`.
        function challengeAvailability(address operator, bytes evidence) external payable returns (uint64 challengeId);
        /// Anyone, the operator above all: opens the leaf. `proof` is the concatenation of its siblings from the bottom
        /// up, one for each level. Wins the bond for the operator.
        ///
        /// Reverts: `NoOpenChallenge`, `AnswerTooLate`, `WrongOpening`.
        function answerChallenge(uint64 challengeId, bytes leaf, bytes proof) external;
        /// Anyone: closes a challenge that was not answered in time; freezes the operator, once for each commitment.
        /// While the service's budget is used up, which a veto may undo, this reverts and can be repeated; when the
        /// grant ended, and at the latest at the start of the third epoch after the task's, the bond goes back without
        /// a freeze.
        ///
        /// Reverts: `NoOpenChallenge`, `AnswerWindowOpen`, and those of `freezeOperator` except `CannotSlash`.
        function resolveChallenge(uint64 challengeId) external;
        /// Anyone: pays the caller's bonds to `recipient`. Reverts: `ZeroAddress`, `NoBond`, `BondTransferFailed`.
        function withdrawBond(address recipient) external returns (uint256 amount);

        /// The bond of a challenge (wei).
        function bond() external view returns (uint256);
        /// How long after a task was set evidence about it is good (seconds, at most three days).
        function evidenceWindow() external view returns (uint64);
        /// How long an operator has to open a leaf (seconds).
        function answerWindow() external view returns (uint64);
        /// How many leaves were ever asked for; challenges are numbered from zero.
        function challengeCount() external view returns (uint64);
        /// An availability challenge: its state is 0 for none, 1 open, 2 answered, 3 ran out.
        function challengeOf(uint64 challengeId) external view returns (
            address operator, address challenger, bytes32 commitment, uint64 index, uint64 deadline, uint8 state
        );
        /// What `account` can withdraw (wei).
        function bondOf(address account) external view returns (uint256);
        /// Whether this fault was proven, or this leaf asked for. The id of a fault is keccak256(operator ‖ kind ‖ task
        /// ‖ taskTime) for an equivocation and keccak256(operator ‖ kind ‖ commitment) for an unavailability; of a leaf
        /// keccak256(operator ‖ kind ‖ commitment ‖ index). Kinds are one byte, times and indices eight.
        function isJudged(bytes32 evidence) external view returns (bool);
        /// The hash that an operator signs for an attestation (EIP-712).
        function attestationHash(bytes32 task, uint64 taskTime, bytes32 answer) external view returns (bytes32);
        /// The hash that an operator signs for a data commitment (EIP-712).
        function dataCommitmentHash(
            bytes32 task, uint64 taskTime, bytes32 root, uint64 leafCount, uint64 firstLeaf, uint64 keptLeaves
        ) external view returns (bytes32);
        /// The service's Registry and ServiceManager.
        function contracts() external view returns (address registry, address serviceManager);
    }
}
