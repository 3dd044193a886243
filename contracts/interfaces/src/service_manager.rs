use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A service's single point of contact with the protocol, and its published terms. Its address is the service's identity: operators opt in to it, and
    /// the typed data that operators sign names it as the verifying contract.
    interface IServiceManager {
        /// The terms: a proven fault asks for `slashWad` of the operator's stake, `challengerShare` of which is for the challenger and the rest for `recipient`
        /// (the burn address 0x…dEaD where nobody shall gain from a slash).
        event TermsSet(uint64 slashWad, uint64 challengerShare, address recipient);

        /// A term is out of range: `slashWad` must be above zero and at most 1e18, `challengerShare` at most 1e17.
        error InvalidTerms();

        /// Registry: the operator joined and owes service until `serveUntil`.
        function recordFirstStakeUpdate(address operator, uint64 serveUntil) external;
        /// Registry: the operator owes service until `serveUntil`.
        function recordStakeUpdate(address operator, uint64 serveUntil) external;
        /// Registry: the operator left; it can be slashed until `serveUntil`.
        function recordLastStakeUpdateAndRevokeSlashingAbility(address operator, uint64 serveUntil) external;
        /// DisputeResolution: a fault of `operator` is proven; freezes it and opens a slash request by the terms. Returns the request's number.
        ///
        /// Reverts: `Unauthorized`, and those of the Slasher.
        function freezeOperator(address operator, address challenger) external returns (uint64 requestId);
        /// Owner: changes the terms for faults proven from now on. Reverts: `Unauthorized`, `InvalidTerms`, `ZeroAddress`.
        function setTerms(uint64 slashWad, uint64 challengerShare, address recipient) external;

        /// The terms in force.
        function terms() external view returns (uint64 slashWad, uint64 challengerShare, address recipient);
        /// The Slasher, the service's Registry and its DisputeResolution.
        function contracts() external view returns (address slasher, address registry, address disputeResolution);
    }
}
