use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// Ownership that moves in two steps, so that it cannot be given to an account that nobody holds.
    interface IOwnable {
        /// `owner` offered the ownership to `pendingOwner` (the zero address: to nobody any more).
        event OwnershipTransferStarted(address indexed owner, address indexed pendingOwner);
        /// The ownership went from `previousOwner` to `newOwner`.
        event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

        /// Owner: offers the ownership to `newOwner`; replaces an earlier offer. Reverts: `Unauthorized`.
        function transferOwnership(address newOwner) external;
        /// Whoever the ownership was offered to: takes it. Reverts: `Unauthorized`.
        function acceptOwnership() external;
        /// The owner.
        function owner() external view returns (address);
        /// Whom the ownership is offered to; the zero address for nobody.
        function pendingOwner() external view returns (address);
    }
}
