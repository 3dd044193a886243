use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Tasks for the operators of a service: anyone posts one with a fee and a deadline; what enough of the service's
    /// stake signed is stored with the stake behind it; the fee goes to the stakers of those who signed, through
    /// [`IRewards`](crate::IRewards). It has no owner, and nothing of it can be changed.
    ///
    /// What operators sign for task `taskId` is (`taskHash(taskId)`, its `taskTime`), so that no signature counts for
    /// another task, board or service. A task of kind 0 is answered by attestations to one answer, one of kind 1 by
    /// commitments to the data with the Merkle root `question`; the kinds are those of faults, and a task is of the
    /// kind that its signers can be slashed for.
    interface ITaskBoard {
        /// `poster` asks `question` for `fee` (base units of the board's token), to be answered until `deadline`.
        /// Operators sign for (`task`, `taskTime`).
        event TaskPosted(
            uint64 indexed taskId, address indexed poster, uint8 indexed kind,
            bytes32 task, bytes32 question, uint128 fee, uint64 taskTime, uint64 deadline
        );
        /// Operators with `signedStake` of `totalStake` signed `answer`; for data that is the number of its leaves.
        event TaskAnswered(uint64 indexed taskId, bytes32 answer, uint128 signedStake, uint128 totalStake);
        /// `amount` of the fee went to the stakers of `operator`.
        event FeePaid(uint64 indexed taskId, address indexed operator, uint128 amount);
        /// `amount` of the fee is the poster's again: nobody answered in time, a reward was refused, or it did not
        /// divide.
        event FeeReturned(uint64 indexed taskId, address indexed poster, uint128 amount);
        /// Nobody answered in time.
        event TaskClosed(uint64 indexed taskId);
        /// `account` was paid what was returned to it.
        event FeeWithdrawn(address indexed account, uint128 amount, address recipient);

        /// There are tasks of kind 0 and 1.
        error InvalidKind(uint8 kind);
        /// The deadline must be after now, and at most `limit`: for so long a quorum can be asked about.
        error InvalidDeadline(uint64 deadline, uint64 limit);
        /// The fees that the board holds exceed 128 bits.
        error FeeTooLarge();
        /// There is no such task, or it is answered or closed.
        error NoOpenTask(uint64 taskId);
        /// The task is of the other `kind`.
        error OtherKind(uint8 kind);
        /// It could be answered until `deadline`.
        error TaskOver(uint64 deadline);
        /// It can be answered until `deadline`.
        error TaskStillOpen(uint64 deadline);
        /// Too little stake signed.
        error QuorumNotReached(uint128 signedStake, uint128 totalStake);
        /// Those who signed keep too few of the leaves.
        error TooFewLeaves(uint64 keptLeaves, uint64 needed);
        /// The task is not answered.
        error NotAnswered(uint64 taskId);
        /// Nothing was returned to the account.
        error NothingReturned();

        /// Anyone: posts a task, with its fee out of the caller's allowance.
        ///
        /// Reverts: `InvalidKind`, `InvalidDeadline`, `FeeTooLarge`, the token's own error, `TransferFailed`,
        /// `TransferShortfall`.
        function postTask(uint8 kind, bytes32 question, uint128 fee, uint64 deadline) external returns (uint64 taskId);
        /// Anyone: stores the answer that a quorum signed (`signatures` as
        /// [`IQuorum.verifyQuorum`](crate::IQuorum) takes them), and pays the fee to the stakers of those of them whose
        /// signatures count, by their stake, rounded down. A reward that is refused for a reason is returned to the
        /// poster; one that fails without, for want of gas above all, reverts all of it.
        ///
        /// Reverts: `NoOpenTask`, `OtherKind`, `TaskOver`, `QuorumNotReached`, and those of `verifyQuorum`.
        function answerTask(uint64 taskId, bytes32 answer, bytes signatures) external;
        /// Anyone: the same for data of `leafCount` leaves (`signatures` as `verifyDataQuorum` takes them).
        ///
        /// Reverts: as `answerTask`, `TooFewLeaves`, and those of `verifyDataQuorum`.
        function answerDataTask(uint64 taskId, uint64 leafCount, bytes signatures) external;
        /// Anyone: closes a task that nobody answered in time; its fee is returned.
        ///
        /// Reverts: `NoOpenTask`, `TaskStillOpen`.
        function closeTask(uint64 taskId) external;
        /// Anyone: sends what was returned to the caller to `recipient`.
        ///
        /// Reverts: `ZeroAddress`, `NothingReturned`, the token's own error, `TransferFailed`.
        function withdrawFees(address recipient) external returns (uint128 amount);

        /// How many tasks were ever posted; they are numbered from zero.
        function taskCount() external view returns (uint64);
        /// A task: its state is 0 for none, 1 open, 2 answered, 3 closed.
        function taskOf(uint64 taskId) external view returns (
            address poster, uint8 kind, uint8 state, bytes32 question, uint128 fee, uint64 taskTime, uint64 deadline
        );
        /// What is signed as the `task` for it.
        function taskHash(uint64 taskId) external view returns (bytes32);
        /// The answer, when it was stored, and how much stake signed it of how much. Reverts: `NotAnswered`.
        function answerOf(uint64 taskId) external view returns (
            bytes32 answer, uint64 answeredAt, uint128 signedStake, uint128 totalStake
        );
        /// What was returned to `account` and not yet withdrawn.
        function returnedTo(address account) external view returns (uint128);
        /// The stake that must sign, and of data the leaves that must be kept by those who do (basis points).
        function thresholds() external view returns (uint16 stake, uint16 leaves);
        /// Whom it asks for quorums, through whom it pays, and in which token.
        function contracts() external view returns (address quorum, address rewards, address token);
    }
}
