//! What happens to a network.

use clap::Args;
use eyre::{OptionExt, Result, WrapErr, bail};
use restake::amounts::Fraction;
use restake_simulator::Network;
use restake_simulator::cascade::Cascade;
use restake_simulator::shock::Shock;

/// What happens at first: one thing, or nothing.
#[derive(Debug, Args)]
#[command(next_help_heading = "Shock")]
pub(crate) struct Shocks {
    /// Operators that lose everything
    #[arg(long, value_name = "OPERATORS", value_delimiter = ',', conflicts_with_all = ["fall", "take"])]
    fail: Vec<String>,
    /// A token that falls by a part, while profits stay
    #[arg(long, value_name = "TOKEN=PART", conflicts_with = "take")]
    fall: Option<String>,
    /// A service that takes all that it can
    #[arg(long, value_name = "SERVICE")]
    take: Option<String>,
}

impl Shocks {
    /// What follows; nothing if nothing was asked for.
    pub(crate) fn cascade(&self, network: &Network) -> Result<Option<Cascade>> {
        let shock = match (&self.fall, &self.take) {
            (Some(fall), _) => price(fall, network)?,
            (_, Some(service)) => {
                let names = network.services.iter().map(|service| service.name.as_str());
                Shock::Service(place("service", names, service)?)
            }
            _ if self.fail.is_empty() => return Ok(None),
            _ => {
                let names = || network.operators.iter().map(|operator| operator.name.as_str());
                let places = self.fail.iter().map(|name| place("operator", names(), name));
                Shock::Operators(places.collect::<Result<_>>()?)
            }
        };
        Ok(Some(Cascade::after(&shock, network)))
    }
}

fn price(text: &str, network: &Network) -> Result<Shock> {
    let (name, part) = text.split_once('=').ok_or_eyre("which token, by how much? Write it like lsETH=30%")?;
    let token = place("token", network.tokens.iter().map(|token| token.name.as_str()), name)?;
    let fall: Fraction = part.parse().wrap_err("a token falls by a part of its price")?;
    Ok(Shock::Price { token, fall: fall.0 })
}

/// The place of a name.
fn place<'a>(kind: &str, mut names: impl Iterator<Item = &'a str>, name: &str) -> Result<usize> {
    match names.position(|known| known == name) {
        Some(place) => Ok(place),
        None => bail!("there is no {kind} called '{name}'"),
    }
}
