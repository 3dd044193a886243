use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// An [`IAdmission`](crate::IAdmission) contract for a service that wants no operators whose stake is promised too
    /// often: nobody joins it, and nobody's signatures count, whose utilisation may pass the service's `cap`. The
    /// service names it with [`IRegistry::scheduleAdmission`](crate::IRegistry); its rule never changes: another rule
    /// is another contract, with the notice of that call.
    ///
    /// It takes the service's own ratio for its own budgets (the profit that its terms in force claim, by the demand of
    /// `countedStake`, below which nobody should rely on the service), and `assumedRatio` for all that the operator
    /// lets others take. While the service counts as much and no other service of the operator has a higher ratio, what
    /// the operator puts into any attack brings at most `cap` times what it loses.
    ///
    /// Nothing that other services say enters, nor how much stake anybody has: only the operator's own grants, slashes
    /// of them, and the terms of the service decide. An exclusive budget of the service and what else is exclusive are
    /// never too much; splitting an operator changes nothing.
    interface IRiskAdmission {
        /// The threshold is a wad above zero and at most 1e18, the cap another, the assumed ratio is at most the cap,
        /// and the counted stake is above zero.
        error InvalidRule();
        /// By the terms in force the service's own ratio is `ratio`, above the `cap`: nobody would be admitted.
        error AdmitsNobody(uint128 ratio, uint64 cap);

        /// What is compared with the cap: at least the utilisation of `operator`, if the assumptions hold (wad, rounded
        /// up; 2^128 - 1 where no bound holds).
        function boundOf(address operator) external view returns (uint128 utilisation);
        /// The service's own ratio (wad), as the rule takes it by the terms in force.
        function ownRatio() external view returns (uint128 ratio);
        /// The rule: the highest utilisation (wad), the ratio that other services are taken to have (wad), the part of
        /// the service's stake that corrupts it (wad), and the stake (weighted) below which nobody should rely on it.
        function rule()
            external view returns (uint64 cap, uint64 assumedRatio, uint64 threshold, uint128 countedStake);
        /// The service, and the Slasher whose books are read.
        function contracts() external view returns (address serviceManager, address slasher);
    }
}
