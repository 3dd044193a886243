use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Any computation as a fault: a game about one signed result. The operator and a challenger halve the trace in
    /// turns until one step is left, and that step is executed on chain, by the program that the operator ran.
    ///
    /// A game has a bond of the challenger, which whoever is right gets, and a clock for each side, which runs while it
    /// is that side's turn. An operator keeps one bond here as a deposit that stands for all of its games: so nobody
    /// can make it lose by opening more games than it has bonds. Whoever wins against it gets that deposit.
    ///
    /// The errors of evidence and bonds are those of [`IDisputeResolution`](crate::IDisputeResolution).
    interface IBisection {
        /// What an operator signs to give the result of a computation, as typed data (EIP-712) of the service: for
        /// `task`, which was set at `taskTime`, `program` (an [`IStep`](crate::IStep)) leads from the state `input` to
        /// the state `output` in `steps` steps. What proves one kind of fault is never signed as another kind.
        struct Computation {
            bytes32 task;
            uint64 taskTime;
            address program;
            bytes32 input;
            bytes32 output;
            uint64 steps;
        }
        /// The evidence that a game is about: a computation with its compact signature (ERC-2098).
        struct Miscomputation {
            bytes32 task;
            uint64 taskTime;
            address program;
            bytes32 input;
            bytes32 output;
            uint64 steps;
            bytes32 r;
            bytes32 vs;
        }

        /// `challenger` says that `operator` signed a wrong result: `computation` is the hash that it signed. The first
        /// move must be made by `deadline` (Unix seconds, included).
        event ComputationChallenged(
            uint64 indexed gameId, address indexed operator, address indexed challenger, bytes32 computation,
            uint64 steps, uint64 deadline
        );
        /// The operator says that the state after `at` steps is `state`. The challenger's turn, until `deadline`.
        event StateNamed(uint64 indexed gameId, uint64 at, bytes32 state, uint64 deadline);
        /// The challenger takes the state after `at` steps for right if it `agrees`. They differ about the steps from
        /// `first` to `last` now. If that is one step it is the challenger's turn still, else the operator's.
        event StateJudged(uint64 indexed gameId, uint64 at, bool agrees, uint64 first, uint64 last, uint64 deadline);
        /// The challenger leaves the last step to the operator, until `deadline`.
        event StepPassed(uint64 indexed gameId, uint64 deadline);
        /// The step after `first` was executed, and leads to `state`.
        event StepExecuted(uint64 indexed gameId, uint64 first, bytes32 state, bool asClaimed);
        /// The game is over. `outcome`: 5 the result is wrong, `paid` (the bond, and the operator's deposit) goes to
        /// `challenger`; 6 it was not shown to be wrong, the bond goes to `operator`; 7 nobody could execute the step,
        /// the bond goes back. The operator is frozen by request `requestId` if `frozen`: not if this result was proven
        /// wrong before, nor if the service cannot slash it any more.
        event GameEnded(
            uint64 indexed gameId, address indexed operator, address indexed challenger,
            uint8 outcome, uint256 paid, bool frozen, uint64 requestId
        );
        /// `operator` has a deposit of `amount` (wei).
        event Deposited(address indexed operator, uint256 amount);

        /// A clock must be above zero and at most `limit` seconds, a quarter of the Registry's evidence window.
        error InvalidClock(uint64 clock, uint64 limit);
        /// The result is not signed by a key that the operator had at the time of the task.
        error NotSigned(address operator);
        /// There is no open game with this number.
        error NoOpenGame(uint64 gameId);
        /// The game does not wait for this move.
        error OtherMove(uint64 gameId, uint8 state);
        /// The move is about the state after `expected` steps.
        error OtherState(uint64 at, uint64 expected);
        /// They differ about more than one step.
        error NotOneStep(uint64 first, uint64 last);
        /// The move was due until `deadline`.
        error ClockRanOut(uint64 deadline);
        /// The move can be made until `deadline`.
        error ClockRuns(uint64 deadline);
        /// The program gave no state: it is not there, has expired, ran out of gas, or failed without a reason.
        error StepFailed(address program);
        /// The deposit stands for so many games that are open.
        error GamesOpen(uint64 count);

        /// Anyone: says that `operator` signed a wrong result; `evidence` is an ABI-encoded [`Miscomputation`]. Both
        /// clocks must end inside the evidence window, so a game can be opened until that much before its end. Returns
        /// the game's number.
        ///
        /// Reverts: `WrongBond`, `MalformedEvidence`, `EvidenceFromFuture`, `EvidenceExpired`, `AlreadyJudged`,
        /// `NotSigned`, `FaultKindIsOff`.
        function challengeComputation(address operator, bytes evidence) external payable returns (uint64 gameId);
        /// The operator, or the key that signed the result: names the state in the middle, after `at` = first + (last -
        /// first) / 2 steps. Carries the bond as the operator's deposit where it has none, and nothing otherwise.
        ///
        /// Reverts: `NoOpenGame`, `OtherMove`, `ClockRanOut`, `Unauthorized`, `OtherState`, `WrongBond`.
        function nameState(uint64 gameId, uint64 at, bytes32 state) external payable;
        /// The challenger: says whether the state that the operator named is right. If it `agrees` they differ about
        /// the second half now, else about the first. `state` is the one that was named, so that a node that takes back
        /// a block cannot make of this an answer to another one.
        ///
        /// Reverts: `NoOpenGame`, `OtherMove`, `ClockRanOut`, `Unauthorized`, `OtherState`.
        function judgeState(uint64 gameId, uint64 at, bytes32 state, bool agrees) external;
        /// Anyone, the challenger above all: executes the step that is left, from the state that both agree about, with
        /// the part of it that the program reads. Where it leads decides the game: to the state that the operator
        /// claims, and the bond is the operator's; elsewhere, and the operator is frozen in the same transaction, or as
        /// soon as it can be, by `resolveGame`.
        ///
        /// Reverts: `NoOpenGame`, `NotOneStep`, `ClockRanOut`, `StepFailed`, and the program's reason, as
        /// `WrongWitness`; so whoever fails here has lost nothing but gas.
        function executeStep(uint64 gameId, bytes witness) external;
        /// The challenger, where one step is left: leaves it to the operator to execute it. That is for a step that
        /// cannot be executed, as its program has expired: if nobody does, everybody has back what was theirs.
        ///
        /// Reverts: `NoOpenGame`, `NotOneStep`, `OtherMove`, `ClockRanOut`, `Unauthorized`.
        function passStep(uint64 gameId) external;
        /// Anyone: ends a game whose clock ran out, or freezes for one that is won. The operator loses that did not
        /// name a state; the challenger that did not judge one, or did not execute the step. While the service's budget
        /// is used up, which a veto may undo, this reverts and can be repeated; when the grant ended, and at the latest
        /// at the start of the third epoch after the task's, bond and deposit go to the challenger without a freeze.
        ///
        /// Reverts: `NoOpenGame`, `ClockRuns`, and those of the ServiceManager's `freezeOperator` except `CannotSlash`.
        function resolveGame(uint64 gameId) external;
        /// An operator without open games: takes its deposit back. Reverts: `ZeroAddress`, `GamesOpen`, `NoBond`,
        /// `BondTransferFailed`.
        function withdrawDeposit(address recipient) external returns (uint256 amount);
        /// Anyone: pays the caller's bonds to `recipient`. Reverts: `ZeroAddress`, `NoBond`, `BondTransferFailed`.
        function withdrawBond(address recipient) external returns (uint256 amount);

        /// The bond of a challenge, and an operator's deposit (wei).
        function bond() external view returns (uint256);
        /// How long each side has for all of its moves of a game (seconds).
        function clock() external view returns (uint64);
        /// How long after a task was set evidence about it is good, games included (seconds).
        function evidenceWindow() external view returns (uint64);
        /// How many games were ever opened; they are numbered from zero.
        function gameCount() external view returns (uint64);
        /// Who plays a game about what: `signingKey` signed the result, and may move for the operator.
        function gameOf(uint64 gameId) external view returns (
            address operator, address challenger, address signingKey, address program, bytes32 computation,
            uint64 taskTime
        );
        /// How a game stands. `state`: 0 there is none, 1 the operator names the state in the middle, 2 the challenger
        /// judges it, or executes the step where one is left, 3 the operator executes that, 4 the result is proven
        /// wrong and the freeze has to wait, 5 to 7 the outcomes of `GameEnded`. They agree about the state after
        /// `first` steps, and not about that after `last`. The clocks say what was left at the last move (seconds),
        /// `deadline` when the turn ends.
        function positionOf(uint64 gameId) external view returns (
            uint8 state, uint64 first, uint64 last, bytes32 firstState, bytes32 lastState, bytes32 middleState,
            uint64 operatorClock, uint64 challengerClock, uint64 deadline
        );
        /// What an operator has as its deposit (wei), and in how many open games it plays.
        function depositOf(address operator) external view returns (uint256 deposit, uint64 openGames);
        /// What `account` can withdraw (wei).
        function bondOf(address account) external view returns (uint256);
        /// Whether a wrong result of an operator was proven: its id is keccak256(operator ‖ kind ‖ computation).
        function isJudged(bytes32 evidence) external view returns (bool);
        /// The hash that an operator signs for a computation (EIP-712).
        function computationHash(
            bytes32 task, uint64 taskTime, address program, bytes32 input, bytes32 output, uint64 steps
        ) external view returns (bytes32);
        /// The service's Registry and ServiceManager.
        function contracts() external view returns (address registry, address serviceManager);
    }
}
