//! What the views of risk on a chain say: of an operator, of a service, of receipts.

use crate::deployment::{Chained, Place};
use alloy::primitives::{Address, U256};
use clap::{Args, Subcommand};
use eyre::{Result, WrapErr, ensure};
use interfaces::IERC20;
use interfaces::IRisk::{
    claimOfCall, exposureOfCall, layersOfCall, leastCostCall, lookThroughCall, takesBehindCall, utilisationOfCall,
};
use restake::amounts::{Amount, ETHER_DECIMALS, format};
use restake::suite::decimals;
use restake_simulator::decimal::Decimal;
use serde_json::{Value, json};

/// What is looked at.
#[derive(Debug, Subcommand)]
pub(crate) enum View {
    /// How often an operator's stake is promised, what it loses at worst, and its utilisation
    #[command(after_help = "Example: restake risk operator honest-op --views 0x..")]
    Operator {
        /// Who
        operator: String,
        #[command(flatten)]
        looking: Looking,
    },
    /// What a service claims that corrupting it brings, and what secures it
    #[command(after_help = "Example: restake risk service --views 0x..")]
    Service {
        /// Which
        #[arg(default_value = "service")]
        service: String,
        #[command(flatten)]
        looking: Looking,
    },
    /// What stands behind receipts: operators, services, what they lose at worst, how often they are promised
    #[command(after_help = "Example: restake risk receipt 1 --views 0x..")]
    Receipt {
        /// How many
        #[arg(default_value = "1")]
        shares: Amount,
        #[command(flatten)]
        looking: Looking,
    },
}

/// Where the views are.
#[derive(Debug, Args)]
pub(crate) struct Looking {
    /// The views, as `restake service deploy-risk` prints them
    #[arg(long, env = "RESTAKE_VIEWS", value_name = "ADDRESS")]
    views: Address,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

impl Looking {
    fn show(&self, lines: &[String], value: &Value) {
        if self.json {
            println!("{value}");
        } else {
            lines.iter().for_each(|line| println!("{line}"));
        }
    }

    /// The chain with the suite; the views must be those of its Slasher.
    async fn open(&self) -> Result<Chained> {
        let chained = self.place.open().await?;
        let slasher = chained.chain.view(self.views, &interfaces::IRisk::slasherCall {}).await;
        let slasher = slasher.wrap_err_with(|| format!("there are no views of risk at {}", self.views))?;
        ensure!(slasher == chained.suite.slasher, "the views at {} are of another protocol", self.views);
        Ok(chained)
    }
}

/// Looks.
pub(crate) async fn show(view: &View) -> Result<()> {
    match view {
        View::Operator { operator, looking } => of_operator(operator, looking).await,
        View::Service { service, looking } => of_service(service, looking).await,
        View::Receipt { shares, looking } => of_receipt(shares, looking).await,
    }
}

async fn of_operator(name: &str, looking: &Looking) -> Result<()> {
    let chained = looking.open().await?;
    let (operator, chain) = (chained.people.find(name)?, &chained.chain);
    let exposure = chain.view(looking.views, &exposureOfCall { operator }).await?;
    // In ascending order, as the views ask for.
    let services = chained.services_of(operator).await?;
    let call = utilisationOfCall { operator, services: services.clone(), threshold: looking.place.threshold() };
    let found = chain.view(looking.views, &call).await?;
    let names: Vec<String> = services.iter().map(|service| chained.people.name(*service)).collect();
    let lines = [
        format!("{} ({operator}) lets slash: {}", chained.people.name(operator), listed(&names)),
        format!("  guaranteed {}, shared {} of the stake", part(exposure.guaranteed), part(exposure.shared)),
        format!("  promised {} times, {} announced beside", part(exposure.degree), part(exposure.announced)),
        format!("  loses {} at worst", part(exposure.worstLoss)),
        format!("  utilisation {}, by the profits that services claim", ratio(found.utilisation)),
    ];
    let value = json!({
        "operator": operator, "services": services, "guaranteed": exposure.guaranteed.to_string(),
        "shared": exposure.shared.to_string(), "announced": exposure.announced.to_string(),
        "degree": exposure.degree.to_string(), "worstLoss": exposure.worstLoss.to_string(),
        "utilisation": found.utilisation.to_string(), "unlisted": found.unlisted.to_string()
    });
    looking.show(&lines, &value);
    Ok(())
}

async fn of_service(name: &str, looking: &Looking) -> Result<()> {
    let chained = looking.open().await?;
    let (service, chain) = (chained.people.find(name)?, &chained.chain);
    let threshold = looking.place.threshold();
    let claim = chain.view(looking.views, &claimOfCall { serviceManager: service, threshold }).await?;
    let profit = claim.claimedProfit;
    let cost = chain.view(looking.views, &leastCostCall { profit, utilisation: claim.ratio }).await?;
    let decimals = decimals(chain, chained.suite.token).await?;
    let amount = |amount: u128| format(U256::from(amount), decimals);
    let mut lines = vec![
        format!(
            "{} ({service}) claims that corrupting it brings {} at most",
            chained.people.name(service),
            amount(profit)
        ),
        format!(
            "  counts {} of stake; an attack loses {} of it at least",
            amount(claim.countedStake),
            amount(claim.demand)
        ),
        format!("  ratio {}", ratio(claim.ratio)),
    ];
    if profit > 0 && claim.ratio > 0 {
        lines.push(format!("  attacked alone it costs {} at least", amount(cost)));
    }
    if claim.nextProfit != profit {
        let now = chain.now().await?;
        let from = restake::times::seen_from(claim.effectiveAt, now);
        lines.push(format!("  claims {} from {from} on", amount(claim.nextProfit)));
    }
    let value = json!({
        "serviceManager": service, "claimedProfit": profit.to_string(), "nextProfit": claim.nextProfit.to_string(),
        "effectiveAt": claim.effectiveAt, "countedStake": claim.countedStake.to_string(),
        "demand": claim.demand.to_string(), "ratio": claim.ratio.to_string(), "leastCost": cost.to_string()
    });
    looking.show(&lines, &value);
    Ok(())
}

async fn of_receipt(shares: &Amount, looking: &Looking) -> Result<()> {
    let chained = looking.open().await?;
    let (chain, receipt) = (&chained.chain, chained.suite.restaking_token);
    let supply = chain.view(receipt, &IERC20::totalSupplyCall {}).await?;
    let shares = shares.base_units(ETHER_DECIMALS, u128::try_from(supply).unwrap_or(u128::MAX))?;
    let behind = chain.view(looking.views, &lookThroughCall { receipt, shares }).await?;
    let layers = chain.view(looking.views, &layersOfCall { receipt }).await?;
    let services = chained.services().await?;
    let call = takesBehindCall { receipt, shares, services: services.clone() };
    let takes = chain.view(looking.views, &call).await?;
    let decimals = decimals(chain, chained.suite.token).await?;
    let amount = |amount: u128| format(U256::from(amount), decimals);
    let name = |account: &Address| chained.people.name(*account);
    let mut lines = vec![
        format!(
            "{} receipts, layers: {}",
            format(U256::from(shares), ETHER_DECIMALS),
            listed(&layers.iter().map(name).collect::<Vec<_>>())
        ),
        format!("  idle {}, on its way {}", amount(behind.idle), amount(behind.leaving)),
    ];
    let places = || behind.operators.iter().zip(behind.stakes).filter(|(operator, _)| !operator.is_zero());
    lines.extend(places().map(|(operator, stake)| format!("  with {}: {}", name(operator), amount(stake))));
    let takers = || services.iter().zip(&takes).filter(|(_, taken)| **taken > 0);
    lines.extend(takers().map(|(service, taken)| format!("  {} could take {}", name(service), amount(*taken))));
    lines.push(format!(
        "  loses {} at worst; its stake is promised {} times",
        amount(behind.worstLoss),
        ratio(behind.degree)
    ));
    let value = json!({
        "receipt": receipt, "shares": shares.to_string(), "layers": layers, "idle": behind.idle.to_string(),
        "leaving": behind.leaving.to_string(), "worstLoss": behind.worstLoss.to_string(),
        "degree": behind.degree.to_string(),
        "operators": places().map(|(operator, stake)| json!({ "operator": operator, "stake": stake.to_string() }))
            .collect::<Vec<_>>(),
        "services": takers().map(|(service, taken)| json!({ "serviceManager": service, "takes": taken.to_string() }))
            .collect::<Vec<_>>()
    });
    looking.show(&lines, &value);
    Ok(())
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// A fraction of 64 bits.
fn part(wad: u64) -> Decimal {
    Decimal(wad.into())
}

/// A ratio, or that there is no bound.
fn ratio(wad: u128) -> String {
    if wad == arithmetic::risk::UNBOUNDED { "without a bound".to_owned() } else { Decimal(wad).to_string() }
}
