use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What every contract says about callers and addresses.
    interface IAccess {
        /// The caller is not the one account that may do this.
        error Unauthorized(address caller);
        /// An address that must be set is zero.
        error ZeroAddress();
        /// There is no code at an address that must be a contract.
        error NotAContract(address account);
    }
}
