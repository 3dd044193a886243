use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A service's single point of contact with the protocol, and its published terms. Its address is the service's identity: operators opt in to it, and
    /// the typed data that operators sign names it as the verifying contract. Its owner ([`IOwnable`](crate::IOwnable)) owns the service.
    ///
    /// The terms: a proven equivocation asks for `equivocationWad` of the operator's stake, an availability fault for `availabilityWad`; `challengerShare` (wad) of it is for the
    /// challenger and the rest for `recipient` (the burn address 0x…dEaD where nobody shall gain from a slash); `resolver` (the zero address: nobody) may veto a request during its
    /// challenge period; `rewardRate` (wad of the weighted stake per year) is what the service promises to pay, and nothing enforces it.
    interface IServiceManager {
        /// Other terms hold for faults from `effectiveAt` on.
        event TermsScheduled(
            uint64 equivocationWad, uint64 availabilityWad, uint64 challengerShare, uint64 rewardRate, address recipient, address resolver, uint64 effectiveAt
        );
        /// The scheduled terms were withdrawn.
        event TermsCancelled();

        /// A term is out of range: the wads of faults must be above zero and at most 1e18, `challengerShare` at most 1e17, `rewardRate` at most 1e18.
        error InvalidTerms();
        /// The terms changed, or are to change: others can be scheduled from `allowedAt`, one epoch after that, when no fault can be judged by the terms before any more.
        error TermsPending(uint64 allowedAt);
        /// No other terms are scheduled.
        error NoTermsScheduled();
        /// There is no such kind of fault: 0 is an equivocation, 1 an answer that was not available.
        error UnknownFaultKind(uint8 kind);

        /// Registry: the operator joined and owes service until `serveUntil`.
        function recordFirstStakeUpdate(address operator, uint64 serveUntil) external;
        /// Registry: the operator owes service until `serveUntil`.
        function recordStakeUpdate(address operator, uint64 serveUntil) external;
        /// Registry: the operator left; it can be slashed until `serveUntil`.
        function recordLastStakeUpdateAndRevokeSlashingAbility(address operator, uint64 serveUntil) external;
        /// DisputeResolution: a fault of `operator`, of the given kind, is proven; freezes it and opens a slash request by the terms of the fault's time, or by those in force now
        /// if that time is still to come. Returns the request's number.
        ///
        /// Reverts: `Unauthorized`, `UnknownFaultKind`, and those of the Slasher.
        function freezeOperator(address operator, address challenger, uint8 kind, uint64 faultTime) external returns (uint64 requestId);
        /// Owner: changes the terms for faults from the end of a notice of four epochs, in which operators and stakers can leave.
        ///
        /// Reverts: `Unauthorized`, `InvalidTerms`, `ZeroAddress`, `TermsPending`.
        function scheduleTerms(uint64 equivocationWad, uint64 availabilityWad, uint64 challengerShare, uint64 rewardRate, address recipient, address resolver) external;
        /// Owner: withdraws the scheduled terms. Reverts: `Unauthorized`, `NoTermsScheduled`.
        function cancelTerms() external;

        /// The terms in force.
        function terms() external view returns (
            uint64 equivocationWad, uint64 availabilityWad, uint64 challengerShare, uint64 rewardRate, address recipient, address resolver
        );
        /// The terms for a fault at `time` (Unix seconds): exact from one epoch ago on, which is as old as a fault can be.
        function termsAt(uint64 time) external view returns (
            uint64 equivocationWad, uint64 availabilityWad, uint64 challengerShare, uint64 rewardRate, address recipient, address resolver
        );
        /// When the last change of the terms took or takes effect (Unix seconds); zero for none.
        function termsEffectiveAt() external view returns (uint64 time);
        /// The Slasher, the service's Registry and its DisputeResolution.
        function contracts() external view returns (address slasher, address registry, address disputeResolution);
    }
}
