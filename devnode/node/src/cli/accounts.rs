//! The options for accounts.

use super::CliError;
use crate::{DEV_ACCOUNTS, DevAccount};
use alloy::primitives::{U256, utils::parse_ether};
use alloy::signers::local::MnemonicBuilder;
use alloy::signers::local::coins_bip39::English;
use clap::Args;

/// What most development nodes derive their accounts from.
const USUAL_MNEMONIC: &str = "test test test test test test test test test test test junk";

/// Where in the tree of keys the accounts are, without the last number (BIP-44).
const USUAL_PATH: &str = "m/44'/60'/0'/0/";

/// How many accounts there are, unless told otherwise.
const USUAL_COUNT: u32 = 10;

/// Who has something at the start.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Accounts")]
pub(super) struct AccountArguments {
    /// How many accounts of the mnemonic get a balance. Default: Nitro's own, and ten.
    #[arg(long, short, value_name = "N")]
    accounts: Option<u32>,
    /// What each of them gets, in ETH.
    #[arg(long, value_name = "ETH", default_value = "10000", value_parser = parse_ether)]
    balance: U256,
    /// What the accounts are derived from. The first one owns the chain.
    #[arg(long, short, value_name = "WORDS")]
    mnemonic: Option<String>,
    /// Where in the tree of keys the accounts are.
    #[arg(long, value_name = "PATH", default_value = USUAL_PATH)]
    derivation_path: String,
    /// Let everybody be impersonated.
    #[arg(long, alias = "auto-unlock")]
    auto_impersonate: bool,
}

impl AccountArguments {
    pub(super) fn balance(&self) -> Option<U256> {
        Some(self.balance).filter(|balance| *balance != crate::DEV_BALANCE)
    }

    pub(super) fn auto_impersonate(&self) -> bool {
        self.auto_impersonate
    }

    /// The accounts that were asked for, if any were.
    pub(super) fn accounts(&self) -> Result<Option<Vec<DevAccount>>, CliError> {
        if self.accounts.is_none() && self.mnemonic.is_none() && self.derivation_path == USUAL_PATH {
            return Ok(None);
        }
        let phrase = self.mnemonic.as_deref().unwrap_or(USUAL_MNEMONIC);
        let derived = (0..self.accounts.unwrap_or(USUAL_COUNT)).map(|index| {
            let path = format!("{}/{index}", self.derivation_path.trim_end_matches('/'));
            let builder = MnemonicBuilder::<English>::default().phrase(phrase).derivation_path(path);
            let signer =
                builder.and_then(|builder| builder.build()).map_err(|error| CliError::Mnemonic(error.to_string()))?;
            Ok(DevAccount { address: signer.address(), key: signer.to_bytes() })
        });
        // Setups of Arbitrum's chains expect the owner's account.
        let owner = self.mnemonic.is_none().then_some(Ok(DEV_ACCOUNTS[0]));
        owner.into_iter().chain(derived).collect::<Result<_, _>>().map(Some)
    }
}
