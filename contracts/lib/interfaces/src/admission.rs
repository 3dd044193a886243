use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What a service may ask about operators, beside their stake: a contract of its own choice (an allow list, a
    /// scoring, a vote), which the [`IRegistry`](crate::IRegistry) calls with 200,000 gas when an operator registers
    /// and when its stake is updated. A failure, an answer that is no boolean and a lack of code count as a refusal,
    /// where an account without code calls the Registry itself; behind other contracts the call reverts, because they
    /// can make a failure (programs pay for the memory of all that run). It cannot ask the Registry back: re-entry is
    /// denied.
    interface IAdmission {
        /// Whether `operator` may sign for the service.
        function isAdmitted(address operator) external view returns (bool);
    }
}
