//! A client of the node, for tests that use alloy.

use crate::node::Devnode;
use alloy::network::EthereumWallet;
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::signers::local::PrivateKeySigner;

impl Devnode {
    /// A client that completes transactions, and signs for all of the node's accounts: for the first one if a
    /// transaction does not say who sends it. It speaks HTTP, as any other client does.
    ///
    /// # Panics
    ///
    /// If the node was started with accounts whose keys are none.
    pub fn provider(&self) -> DynProvider {
        let mut wallet = EthereumWallet::default();
        for account in self.accounts().iter().rev() {
            let signer = PrivateKeySigner::from_bytes(&account.key).expect("a key");
            // The last one signs for whoever is not named.
            wallet.register_default_signer(signer);
        }
        let url = self.http_url().parse().expect("an address is a URL");
        ProviderBuilder::new().wallet(wallet).connect_http(url).erased()
    }
}
