//! The client that a node gives to tests.

use crate::contracts::recorder;
use crate::support::node;
use alloy::network::TransactionBuilder;
use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;

#[tokio::test]
async fn a_provider_signs_for_every_account_and_else_for_the_first() {
    let node = node().await;
    let provider = node.provider();
    let create = TransactionRequest::default().with_deploy_code(recorder());
    for (named, account) in [(None, 0), (Some(3), 3), (Some(0), 0)] {
        let sender = node.accounts()[account].address;
        let create = match named {
            Some(account) => create.clone().with_from(node.accounts()[account].address),
            None => create.clone(),
        };
        let receipt = provider.send_transaction(create).await.expect("sent").get_receipt().await.expect("mined");
        assert_eq!((receipt.from, receipt.status()), (sender, true));
        let value = provider.get_storage_at(receipt.contract_address.expect("a contract"), U256::ZERO).await;
        assert_eq!(value.expect("an answer"), U256::ZERO);
    }
}
