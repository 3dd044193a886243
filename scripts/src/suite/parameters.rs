//! What a suite is deployed with.

use alloy::primitives::{Address, U256};

/// What a suite is deployed with.
#[derive(Debug, Clone, Copy)]
pub struct Parameters {
    /// The token to stake; the zero address for a LiquidStakingToken of the suite's own.
    pub token: Address,
    /// Most base units of the token that the protocol may hold.
    pub cap: u128,
    /// Most of the cap that one deposit may bring (percent).
    pub deposit_percent: u8,
    /// Most of what the protocol owes of the token that may leave per epoch (percent), zero for no limit.
    pub outflow_percent: u8,
    /// Weighted stake that an operator needs to join the service.
    pub minimum_stake: u128,
    /// What a fault of each kind costs (wad of what is left of the operator's budget), by the numbers of
    /// [`arithmetic::fault`]; zero for a kind that is off.
    pub wads: [u64; arithmetic::fault::ROOM],
    /// The challenger's part of it (wad).
    pub challenger_share: u64,
    /// What the service promises to pay (wad of the weighted stake per year).
    pub reward_rate: u64,
    /// What the service says that corrupting it could earn at most (weighted stake).
    pub profit_from_corruption: u128,
    /// Who gets the rest of a slash.
    pub recipient: Address,
    /// Who may veto a slash; the zero address for nobody.
    pub resolver: Address,
    /// The bond of a challenge (wei).
    pub bond: U256,
    /// How long evidence of a task is good (seconds).
    pub evidence_window: u64,
    /// How long an operator has to open a leaf (seconds).
    pub answer_window: u64,
    /// Whether stake of the shared tier counts for the service.
    pub accepts_shared: bool,
    /// The contract that decides who signs; the zero address for none.
    pub admission: Address,
}

impl Parameters {
    /// What the story and the tests use: a cap of a million tokens, a minimum stake of 32, half of the budget for an
    /// equivocation, a tenth of that for the challenger, a bond of one ETH, three days of evidence.
    pub fn example(recipient: Address) -> Self {
        const ETHER: u128 = 1_000_000_000_000_000_000;
        Self {
            token: Address::ZERO,
            cap: 1_000_000 * ETHER,
            deposit_percent: 100,
            outflow_percent: 0,
            minimum_stake: 32 * ETHER,
            wads: [arithmetic::wad::ONE / 2, arithmetic::wad::ONE / 10, 0, 0],
            challenger_share: arithmetic::wad::MAX_CHALLENGER_SHARE,
            reward_rate: arithmetic::wad::ONE / 20,
            profit_from_corruption: 16 * ETHER,
            recipient,
            resolver: Address::ZERO,
            bond: U256::from(ETHER),
            evidence_window: 3 * 24 * 60 * 60,
            answer_window: 24 * 60 * 60,
            accepts_shared: false,
            admission: Address::ZERO,
        }
    }
}
