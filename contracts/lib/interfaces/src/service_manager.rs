use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// A service's single point of contact with the protocol, and its published terms. Its address is the service's
    /// identity: operators opt in to it, and the typed data that operators sign names it as the verifying contract. Its
    /// owner ([`IOwnable`](crate::IOwnable)) owns the service.
    ///
    /// The terms: `wads[kind]` is the part of what is left of an operator's budget that a fault of that kind costs
    /// (kinds are numbered in `arithmetic::fault`: 0 equivocation, 1 unavailability, 2 miscomputation; zero switches a
    /// kind off); `challengerShare` (wad) of it is for the challenger and the rest for `recipient` (the burn address
    /// 0x…dEaD where nobody shall gain from a slash); `resolver` (the zero address: nobody) may veto a request until it
    /// can be executed; `rewardRate` (wad of the weighted stake per year) is what the service promises to pay, and
    /// `profitFromCorruption` (weighted stake) what it says that a corrupt quorum of its operators could gain at most.
    /// Nothing enforces these two: they are claims.
    ///
    /// The first two kinds are decided by the DisputeResolution. A kind beyond them has a *judge*: a contract that
    /// decides it, as [`IBisection`](crate::IBisection) does with the third.
    interface IServiceManager {
        /// Other terms hold for faults from `effectiveAt` on.
        event TermsScheduled(
            uint64[4] wads, uint64 challengerShare, uint64 rewardRate, uint128 profitFromCorruption, address recipient,
            address resolver, uint64 effectiveAt
        );
        /// The scheduled terms were withdrawn.
        event TermsCancelled();
        /// From now on `judge` decides faults of `kind`.
        event JudgeNamed(uint8 indexed kind, address judge);

        /// A term is out of range: the wads of faults must be at most 1e18, one of them above zero, and zero for kinds
        /// that do not exist; `challengerShare` at most 1e17, `rewardRate` at most 1e18.
        error InvalidTerms();
        /// The terms changed, or are to change: others can be scheduled from `allowedAt`, two epochs after that, when
        /// no dispute about a fault of the terms before can be open any more.
        error TermsPending(uint64 allowedAt);
        /// No other terms are scheduled.
        error NoTermsScheduled();
        /// There is no such kind of fault.
        error UnknownFaultKind(uint8 kind);
        /// The terms at the time of the fault did not punish this kind.
        error FaultKindIsOff(uint8 kind);
        /// The fault lies in the future.
        error FaultInFuture(uint64 faultTime);
        /// The terms punish this kind, or did before they changed last, or will: nobody is named to decide it.
        error FaultKindIsOn(uint8 kind);
        /// This kind has a judge.
        error JudgeIsNamed(uint8 kind);

        /// The connector, once: sets who serves, and where operators are challenged, for good. Nothing else can be done
        /// before.
        function connect(address registry, address disputeResolution) external;
        /// Registry: the operator joins. Returns what the Slasher's `guaranteeOf` says of it and this contract.
        ///
        /// Reverts: `Unauthorized`, and those of the Slasher.
        function recordFirstStakeUpdate(address operator) external
            returns (uint64 guaranteed, uint64 shared, uint64 magnitude, uint64 pending);
        /// Registry: the operator left.
        function recordLastStakeUpdateAndRevokeSlashingAbility(address operator) external;
        /// DisputeResolution, or the judge of the kind: a fault of `operator`, of the given kind, is proven; freezes it
        /// and opens a slash request by the terms of the fault's time, or by the wad in force now if that is harsher.
        /// For a judge, the operator's weight with this service is suspended as well, which the DisputeResolution does
        /// itself. Returns the request's number.
        ///
        /// Reverts: `Unauthorized`, `UnknownFaultKind`, `FaultKindIsOff`, `FaultInFuture`, and those of the Slasher.
        function freezeOperator(address operator, address challenger, uint8 kind, uint64 faultTime)
            external returns (uint64 requestId);
        /// Owner: changes the terms for faults from the end of a notice of five epochs, in which operators and stakers
        /// can leave.
        ///
        /// Reverts: `Unauthorized`, `InvalidTerms`, `ZeroAddress`, `TermsPending`.
        function scheduleTerms(
            uint64[4] wads, uint64 challengerShare, uint64 rewardRate, uint128 profitFromCorruption, address recipient,
            address resolver
        ) external;
        /// Owner: names the contract that decides faults of `kind`, which must be one beyond those of the
        /// DisputeResolution, once and for good. That is before the service is connected, or while none of the terms
        /// that anything is judged by punishes this kind: so a notice of five epochs lies between a judge and the first
        /// fault that it can find.
        ///
        /// Reverts: `Unauthorized`, `UnknownFaultKind`, `JudgeIsNamed`, `FaultKindIsOn`, `NotAContract`.
        function nameJudge(uint8 kind, address judge) external;
        /// Owner: withdraws the scheduled terms. Reverts: `Unauthorized`, `NoTermsScheduled`.
        function cancelTerms() external;

        /// The terms in force.
        function terms() external view returns (
            uint64[4] wads, uint64 challengerShare, uint64 rewardRate, uint128 profitFromCorruption, address recipient,
            address resolver
        );
        /// The terms for a fault at `time` (Unix seconds): exact as long as disputes about that time can be open.
        function termsAt(uint64 time) external view returns (
            uint64[4] wads, uint64 challengerShare, uint64 rewardRate, uint128 profitFromCorruption, address recipient,
            address resolver
        );
        /// When the last change of the terms took or takes effect (Unix seconds); zero for none.
        function termsEffectiveAt() external view returns (uint64 time);
        /// Who decides faults of a kind: the DisputeResolution, a judge, or the zero address while there is none.
        function judgeOf(uint8 kind) external view returns (address judge);
        /// The Slasher, the service's Registry and its DisputeResolution.
        function contracts() external view returns (address slasher, address registry, address disputeResolution);
    }
}
