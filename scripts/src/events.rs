//! Events as people read them.

use crate::people::People;
use alloy::primitives::{Address, Log};
use alloy::sol_types::SolEventInterface;
use interfaces::{
    IBisection, IDisputeResolution, IERC20, IGovernance, ILiquidRestakingToken, IPriceFeed, IRedemptionDesk, IRegistry,
    IRestakingVault, IRestakingWeights, IRewards, IServiceManager, ISlasher, IStrategyManager, ITaskBoard, ITokenPool,
};
use std::fmt;

/// `contract: Event { fields }`, with accounts by their names; the topics of an event that is not ours.
pub fn sentence(people: &People, log: &Log) -> String {
    let emitter = people.name(log.address);
    let text = named::<ITokenPool::ITokenPoolEvents>(log)
        .or_else(|| named::<IStrategyManager::IStrategyManagerEvents>(log))
        .or_else(|| named::<ISlasher::ISlasherEvents>(log))
        .or_else(|| named::<IRegistry::IRegistryEvents>(log))
        .or_else(|| named::<IServiceManager::IServiceManagerEvents>(log))
        .or_else(|| named::<IDisputeResolution::IDisputeResolutionEvents>(log))
        .or_else(|| named::<IBisection::IBisectionEvents>(log))
        .or_else(|| named::<IGovernance::IGovernanceEvents>(log))
        .or_else(|| named::<IRewards::IRewardsEvents>(log))
        .or_else(|| named::<IERC20::IERC20Events>(log))
        .or_else(|| named::<ILiquidRestakingToken::ILiquidRestakingTokenEvents>(log))
        .or_else(|| named::<IRestakingVault::IRestakingVaultEvents>(log))
        .or_else(|| named::<IRestakingWeights::IRestakingWeightsEvents>(log))
        .or_else(|| named::<IRedemptionDesk::IRedemptionDeskEvents>(log))
        .or_else(|| named::<ITaskBoard::ITaskBoardEvents>(log))
        .or_else(|| named::<IPriceFeed::IPriceFeedEvents>(log))
        .unwrap_or_else(|| format!("an event with the topics {:?}", log.topics()));
    format!("{emitter}: {}", with_names(people, &text))
}

/// `Name { fields }`, without the enum's own wrapping.
fn named<E: SolEventInterface + fmt::Debug>(log: &Log) -> Option<String> {
    let text = format!("{:?}", E::decode_log(log).ok()?.data);
    let inner = text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(&text);
    Some(inner.to_owned())
}

/// The text with the names of the accounts in it.
fn with_names(people: &People, text: &str) -> String {
    const WIDTH: usize = 2 + 2 * Address::len_bytes();
    let (mut named, mut rest) = (String::new(), text);
    while let Some(start) = rest.find("0x") {
        let (before, from) = rest.split_at(start);
        named.push_str(before);
        let digits = from.char_indices().skip(2).find(|(_, letter)| !letter.is_ascii_hexdigit());
        let end = digits.map_or(from.len(), |(end, _)| end);
        let (word, after) = from.split_at(end);
        match word.parse::<Address>() {
            Ok(account) if word.len() == WIDTH => named.push_str(&people.name(account)),
            _ => named.push_str(word),
        }
        rest = after;
    }
    named.push_str(rest);
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::Cast;
    use alloy::primitives::{B256, LogData};
    use alloy::sol_types::SolEvent;
    use eyre::Result;

    #[test]
    fn an_event_is_told_with_the_names_of_accounts() -> Result<()> {
        let cast = Cast::development()?;
        let people = People::default().with_development_accounts(&cast);
        let event = ISlasher::OperatorFrozen { operator: cast.dishonest.address, serviceManager: cast.bob.address };
        let log = Log { address: cast.owner.address, data: event.encode_log_data() };
        let told = "Owner: OperatorFrozen { operator: Crooked Op, serviceManager: Bob }";
        assert_eq!(sentence(&people, &log), told);
        let unknown = Log { address: cast.owner.address, data: LogData::new_unchecked(vec![B256::ZERO], [].into()) };
        assert!(sentence(&people, &unknown).starts_with("Owner: an event with the topics [0x00"));
        Ok(())
    }
}
