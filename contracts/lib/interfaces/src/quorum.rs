use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Whether enough of a service's stake signed something. It stores nothing but its collaborators and the evidence
    /// window of the [`IRegistry`](crate::IRegistry), which keeps the signing keys and what they weigh.
    interface IQuorum {
        /// Signatures are 64 bytes each.
        error MalformedSignatures();
        /// The signers must be in strictly ascending order of their addresses, so that none counts twice.
        error UnsortedSigners(address signer);
        /// A threshold must be 1 to 10,000 basis points.
        error InvalidThreshold(uint16 threshold);
        /// The task lies in the future.
        error TaskInFuture(uint64 taskTime);
        /// The task is older than half the evidence window: a quorum could be asked about until `askableUntil`, so that
        /// the other half is left to prove a fault of who signed.
        error TaskTooOld(uint64 askableUntil);

        /// Whether operators with at least `threshold` (basis points, rounded up) of the total stake at `taskTime`
        /// signed `answer` to the task, and how much signed of how much. `signatures` are compact ones (ERC-2098: r,
        /// vs), 64 bytes each, over the [`IDisputeResolution::Attestation`](crate::IDisputeResolution), in strictly
        /// ascending order of their signers' addresses. A signature that does not count is skipped: nobody's key at
        /// `taskTime`, no stake that counted then, an operator that is suspended now. Never reached where nobody had
        /// stake.
        ///
        /// Reverts: `InvalidThreshold`, `TaskInFuture`, `TaskTooOld`, `MalformedSignatures`, `UnsortedSigners`.
        function verifyQuorum(bytes32 task, uint64 taskTime, bytes32 answer, bytes signatures, uint16 threshold)
            external view returns (bool reached, uint128 signedStake, uint128 totalStake);
        /// The same for a [`IDisputeResolution::DataCommitment`](crate::IDisputeResolution): data with the Merkle
        /// `root` of `leafCount` leaves.
        function verifyDataQuorum(
            bytes32 task, uint64 taskTime, bytes32 root, uint64 leafCount, bytes signatures, uint16 threshold
        ) external view returns (bool reached, uint128 signedStake, uint128 totalStake);
        /// The service's Registry and ServiceManager.
        function contracts() external view returns (address registry, address serviceManager);
    }
}
