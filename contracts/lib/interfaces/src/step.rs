use alloy_sol_types::sol;

sol! {
    #![sol(all_derives)]

    /// One step of a computation: a program without storage and without an owner, which says for a state what the next
    /// one is. The same code runs natively in who computes a trace and in who doubts it.
    ///
    /// A state is the hash of all there is. A witness is the part of it that the step touches, opened against the hash,
    /// so that each valid witness of a state leads to the same next state.
    interface IStep {
        /// The witness does not open the state, or has more in it than the step touches.
        error WrongWitness();

        /// The state that follows `state`. Where nothing is left to do, that is the state itself.
        ///
        /// Reverts: `WrongWitness`.
        function step(bytes32 state, bytes witness) external view returns (bytes32 next);
    }
}
