//! What the chain charges for starts of the suite's programs.

use crate::world::World;
use alloy::sol;
use eyre::Result;
use restake::suite::stylus_deployer::ARB_WASM;

sol! {
    /// The part of ArbWasm that is used here.
    interface ArbWasm {
        /// What it costs to start `program`, outside and inside the cache.
        function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
        /// What the machine code of a program takes (bytes, an estimate).
        function codehashAsmSize(bytes32 codehash) external view returns (uint32 size);
    }
}

/// What a program costs before it does anything.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// Its name.
    pub program: &'static str,
    /// A start outside the cache.
    pub uncached: u64,
    /// Inside.
    pub cached: u64,
    /// How much of the cache it takes (bytes).
    pub size: u32,
}

/// Asks the chain about all programs of the suite.
pub(crate) async fn starts(world: &World) -> Result<Vec<Start>> {
    let mut starts = Vec::new();
    for (name, program) in world.suite.programs(&world.parameters) {
        let gas = world.chain.view(ARB_WASM, &ArbWasm::programInitGasCall { program }).await?;
        let codehash = world.chain.code_hash(program).await?;
        let size = world.chain.view(ARB_WASM, &ArbWasm::codehashAsmSizeCall { codehash }).await?;
        starts.push(Start { program: name, uncached: gas.gas, cached: gas.gasWhenCached, size });
    }
    Ok(starts)
}
