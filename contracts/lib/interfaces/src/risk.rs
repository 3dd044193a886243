use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// What stakers and whoever relies on services risk, on chain: views that nothing depends on and that store nothing
    /// but where the [`ISlasher`](crate::ISlasher) is. Who reads which number must know what it is:
    ///
    /// - what an operator has promised is a fact of the Slasher's books;
    /// - what a service says that corrupting it could bring is a claim of its owner (`profitFromCorruption` of
    ///   [`IServiceManager`](crate::IServiceManager)), whose changes wait for the notice of terms;
    /// - a *ratio* is that claim by the stake that must attack, a *utilisation* what the ratios make of an operator: an
    ///   attack costs at least its profit by the utilisation. Both are wads, rounded up, and 2^128 - 1 where no bound
    ///   holds.
    ///
    /// The part of a service's stake that corrupts it (`threshold`, a wad) is given by whoever asks: each use of a
    /// quorum has its own. Each service counts stake by its own weights, so sums over services hold as far as no weight
    /// is above what the token is worth.
    interface IRisk {
        /// A threshold is a wad above zero and at most 1e18.
        error InvalidThreshold(uint64 threshold);
        /// Services are listed in ascending order of their addresses, each once.
        error NotAscending();
        /// What this contract says of itself cannot be read.
        error Unreadable(address account);
        /// Too little gas is left to give a contract that is asked its full stipend of 200,000.
        error InsufficientStipend();
        /// There are no more than `supply` receipts.
        error SharesAboveSupply(uint128 supply);
        /// A sum beyond 128 bits.
        error SumTooLarge();

        /// How much of an operator's stake is promised (wads of the stake): what services of the exclusive tier can
        /// take together (`guaranteed`) and those of the shared tier together (`shared`), both rounded down; what is
        /// `announced` beside them, the restaking `degree` (all budgets and open requests; at most 2^64 - 1), and the
        /// part that is lost if every service takes all that it can (`worstLoss`), rounded up.
        function exposureOf(address operator) external view returns (
            uint64 guaranteed, uint64 shared, uint64 announced, uint64 degree, uint64 worstLoss
        );

        /// What a service claims, and what secures it: the profit from corruption by the terms in force (weighted
        /// stake), as scheduled last, and from when that holds (Unix seconds; zero: it was never changed); the stake
        /// that its Registry counts now; how much of that an attack loses at least (`demand`: the threshold's part of
        /// it, of which the mildest fault that the terms punish takes its wad); and the ratio of the first to that. An
        /// account without code claims nothing. A larger number than 128 bits hold is 2^128 - 1.
        ///
        /// Reverts: `InvalidThreshold`, `Unreadable`, `InsufficientStipend`.
        function claimOf(address serviceManager, uint64 threshold) external view returns (
            uint128 claimedProfit, uint128 nextProfit, uint64 effectiveAt, uint128 countedStake, uint128 demand,
            uint128 ratio
        );

        /// The utilisation of an operator: the largest ratio of the services that it lets slash, or the sum over its
        /// shared grants of ratio x what that takes / its room (what exclusive budgets leave), if that is more. Only
        /// `services` are asked: `unlisted` is how much of its budgets and open requests (wad of the magnitude one) is
        /// of others; zero says that none is missing. A service that cannot be read leaves no bound.
        ///
        /// Reverts: `InvalidThreshold`, `NotAscending`, `InsufficientStipend`.
        function utilisationOf(address operator, address[] services, uint64 threshold)
            external view returns (uint128 utilisation, uint64 unlisted);
        /// The largest utilisation of `operators` and ratio of `services`: a page of the network, and whether no
        /// operator on it lets a service slash that is not listed. Pages compose: of several pages that are `complete`
        /// the largest utilisation is that of all their operators and services.
        ///
        /// Reverts: as `utilisationOf`.
        function networkUtilisation(address[] operators, address[] services, uint64 threshold)
            external view returns (uint128 utilisation, bool complete);
        /// What an attack costs at least that brings `profit`, rounded down: its profit by the utilisation of the
        /// network. 2^128 - 1 where nothing can be gained.
        function leastCost(uint128 profit, uint128 utilisation) external view returns (uint128 cost);
        /// What is lost at most of all stake, in the end, if `lost` of it (wad) is lost at first, **if all stake were
        /// lost** with each fault: `lost` / (1 - utilisation). That is proved for services that take all of an
        /// operator's stake and for nothing else: with partial budgets it is no bound. Not `bounded` from a utilisation
        /// of one on.
        function ifAllStakeWereLost(uint64 lost, uint128 utilisation)
            external view returns (bool bounded, uint64 most);

        /// What stands behind `shares` of a receipt: the idle part, what is on its way out of operators, and the stake
        /// with each operator (a zero address is a place that is not used), all rounded down; what of that stake is
        /// lost if every service takes all that it can (rounded up), and how often the stake is promised (`degree`, a
        /// wad: that of its operators, by stake, rounded up). What is on its way can still be slashed until its
        /// release.
        ///
        /// Reverts: `SharesAboveSupply`, `SumTooLarge`, and what the receipt's contracts revert with.
        function lookThrough(address receipt, uint128 shares) external view returns (
            uint128 idle, uint128 leaving, uint128 worstLoss, uint128 degree, address[8] operators, uint128[8] stakes
        );
        /// What each of `services` could take of the stake behind `shares` of a receipt at most, open requests
        /// included, rounded up. Of shared budgets others may take it first.
        ///
        /// Reverts: as `lookThrough`.
        function takesBehind(address receipt, uint128 shares, address[] services)
            external view returns (uint128[] takes);
        /// The layers of a receipt: itself, the token behind it, the token behind that if it is a receipt again
        /// (ERC-4626's `asset`), eight at most. How often one loss can be passed on.
        ///
        /// Reverts: `InsufficientStipend`.
        function layersOf(address receipt) external view returns (address[] layers);
        /// The Slasher whose books are read.
        function slasher() external view returns (address);
    }
}
