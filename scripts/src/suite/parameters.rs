//! What a suite is deployed with.

use alloy::primitives::{Address, U256};
use arithmetic::fault::COUNT;
use arithmetic::limits;
use arithmetic::time::LONGEST_DISPUTE_SECONDS;
use arithmetic::wad::{MAX_CHALLENGER_SHARE, ONE};

/// The largest bond (wei): it is stored in 96 bits.
const MAX_BOND: U256 = U256::from_limbs([u64::MAX, 0xffff_ffff, 0, 0]);

/// What a suite is deployed with.
#[derive(Debug, Clone, Copy)]
pub struct Parameters {
    /// Who owns the protocol, the service, the receipt's weights and the token; whoever deploys, where nobody is named.
    pub owner: Option<Address>,
    /// Who may pause; the owner, where nobody is named.
    pub pauser: Option<Address>,
    /// Who may end a pause; the owner, where nobody is named.
    pub unpauser: Option<Address>,
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
            owner: None,
            pauser: None,
            unpauser: None,
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

    /// Looks for what a contract would refuse. Returns the field, as a configuration calls it, and why.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let refuse = |refused: bool, field, reason| if refused { Err((field, reason)) } else { Ok(()) };
        let (kinds, room) = self.wads.split_at(COUNT);
        refuse(self.owner == Some(Address::ZERO), "owner", "the zero address owns nothing")?;
        let (deposit, outflow) = (self.deposit_percent, self.outflow_percent);
        refuse(!limits::fit(0, deposit, 0), "depositPercent", "not within 1 and 100")?;
        refuse(!limits::fit(0, deposit, outflow), "outflowPercent", "neither zero nor within 10 and 100")?;
        refuse(!limits::fit(self.cap, deposit, outflow), "cap", "more than the protocol can hold of any token")?;
        refuse(kinds.iter().any(|wad| *wad > ONE), "service", "a fault costs more than all")?;
        refuse(kinds.iter().all(|wad| *wad == 0), "service", "no fault costs anything: challenges would be pointless")?;
        refuse(room.iter().any(|wad| *wad != 0), "service", "there are only three kinds of fault")?;
        refuse(self.challenger_share > MAX_CHALLENGER_SHARE, "service.challengerShare", "more than a tenth")?;
        refuse(self.reward_rate > ONE, "service.rewardRate", "more than all")?;
        refuse(self.recipient.is_zero(), "service.recipient", "the zero address; 0x...dEaD is for nobody")?;
        refuse(self.bond > MAX_BOND, "service.bond", "more ETH than there is")?;
        let (window, answers) = (self.evidence_window, self.answer_window);
        refuse(window == 0 || window > LONGEST_DISPUTE_SECONDS, "service.evidenceWindow", "not within three days")?;
        refuse(answers == 0 || answers > window / 2, "service.answerWindow", "not within half of evidenceWindow")
    }
}
