use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A price that a service's operators sign, with the functions by which feeds are read everywhere. It has no owner,
    /// and nothing of it can be changed.
    ///
    /// Rounds lie on a grid of time: a *slot* is a multiple of the interval (Unix seconds). Operators sign for the task
    /// (`task()`, slot) what the price was then, so a round is one transaction, nobody has to ask for it, and one that
    /// is lost costs nothing. A price is stored when it moved by the deviation since the last, or when that is a
    /// heartbeat old.
    interface IPriceFeed {
        /// The price of round `roundId` is `current`, at `updatedAt`.
        event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);
        /// How much stake signed it.
        event RoundSigned(uint256 indexed roundId, uint128 signedStake, uint128 totalStake);

        /// The interval must be above zero and at most `limit`, the heartbeat at least the interval, the deviation at
        /// most 10,000 basis points.
        error InvalidTimes(uint64 interval, uint64 heartbeat, uint16 deviation, uint64 limit);
        /// A slot is a multiple of the interval.
        error OffGrid(uint64 slot, uint64 interval);
        /// The last round was of `slot`; the next must be later.
        error RoundNotNew(uint64 slot);
        /// A price can be stored until two intervals after its slot, which was before `until`.
        error RoundTooOld(uint64 until);
        /// A price must be above zero and below 2^127.
        error InvalidPrice(uint256 price);
        /// The price moved by less than the deviation; whatever it is can be stored for a slot from `dueAt` on.
        error NothingToReport(uint64 dueAt);
        /// Too little stake signed.
        error QuorumNotReached(uint128 signedStake, uint128 totalStake);
        /// There is no such round.
        error NoRound(uint80 roundId);

        /// Anyone: stores the `price` of `slot` that a quorum signed as its answer to (`task()`, `slot`). `signatures`
        /// as [`IQuorum.verifyQuorum`](crate::IQuorum) takes them.
        ///
        /// Reverts: `OffGrid`, `RoundNotNew`, `RoundTooOld`, `InvalidPrice`, `NothingToReport`, `QuorumNotReached`, and
        /// those of `verifyQuorum`.
        function update(uint64 slot, uint256 price, bytes signatures) external;

        /// The last round. Both times are its slot: what came later was not looked at. Reverts: `NoRound`.
        function latestRoundData() external view returns (
            uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound
        );
        /// A round; they are numbered from one. Reverts: `NoRound`.
        function getRoundData(uint80 roundId) external view returns (
            uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound
        );
        /// How much stake signed a round, of how much: the guarantee behind its price. Reverts: `NoRound`.
        function guaranteeOf(uint80 roundId) external view returns (uint128 signedStake, uint128 totalStake);
        /// The decimals of the price.
        function decimals() external view returns (uint8);
        /// What it is the price of.
        function description() external view returns (string);
        /// The version of this interface.
        function version() external view returns (uint256);
        /// What operators sign as the task.
        function task() external view returns (bytes32);
        /// Seconds between two slots; after how many a price is stored whatever it is; by how much it must have moved
        /// before (basis points); and how much of the stake must sign (basis points).
        function terms() external view returns (uint64 interval, uint64 heartbeat, uint16 deviation, uint16 threshold);
        /// Whom it asks for quorums.
        function quorum() external view returns (address);
    }
}
