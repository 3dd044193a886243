use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What every contract says about callers and addresses.
    interface IAccess {
        /// A contract knows all others for good: `connect` was called, once, by the account that its constructor named.
        event Connected();
        /// The caller is not the one account that may do this.
        error Unauthorized(address caller);
        /// The contract does not know the others yet: its deployment goes on.
        error NotConnected();
        /// An address that must be set is zero.
        error ZeroAddress();
        /// There is no code at an address that must be a contract.
        error NotAContract(address account);
        /// The action, one bit, is paused: 1 stake, 2 delegate, 4 queue a withdrawal, 8 complete one, 16 execute a
        /// slash, 32 opt in.
        error Paused(uint8 action);
    }
}
