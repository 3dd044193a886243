use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Whether enough of a service's stake signed something. It stores nothing but its collaborators and the evidence
    /// window of the [`IRegistry`](crate::IRegistry), which keeps the signing keys and what they weigh.
    interface IQuorum {
        /// Signatures are 64 bytes each, with the leaves that their signers keep 80.
        error MalformedSignatures();
        /// The signers must be in strictly ascending order of their addresses, so that none counts twice.
        error UnsortedSigners(address signer);
        /// `signer` says that it keeps none, or leaves which the data does not have, or not all behind those of the
        /// signer before it.
        error InvalidLeaves(address signer);
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
        /// The same for [`IDisputeResolution::DataCommitment`](crate::IDisputeResolution)s to data with the Merkle
        /// `root` of `leafCount` leaves, of which each signer keeps leaves of its own: each signature is followed by
        /// `firstLeaf` and `keptLeaves`, eight bytes each (big-endian), so it has 80 bytes, and the leaves are in the
        /// order of the signers, none of them twice. Also says how many leaves are kept by the signers whose signatures
        /// count: each of these can be asked for, of somebody who has stake to lose.
        ///
        /// Reverts: as `verifyQuorum`, and `InvalidLeaves`.
        function verifyDataQuorum(
            bytes32 task, uint64 taskTime, bytes32 root, uint64 leafCount, bytes signatures, uint16 threshold
        ) external view returns (bool reached, uint128 signedStake, uint128 totalStake, uint64 keptLeaves);
        /// Who signed `answer` to the task, of those whose signatures count, and the stake that each signature carries,
        /// in the order of `signatures`: what `verifyQuorum` adds up.
        ///
        /// Reverts: `MalformedSignatures`, `UnsortedSigners`.
        function signersOf(bytes32 task, uint64 taskTime, bytes32 answer, bytes signatures)
            external view returns (address[] operators, uint128[] stakes);
        /// The same for what `verifyDataQuorum` adds up.
        ///
        /// Reverts: `MalformedSignatures`, `UnsortedSigners`, `InvalidLeaves`.
        function dataSignersOf(bytes32 task, uint64 taskTime, bytes32 root, uint64 leafCount, bytes signatures)
            external view returns (address[] operators, uint128[] stakes);
        /// The service's Registry and ServiceManager.
        function contracts() external view returns (address registry, address serviceManager);
    }
}
