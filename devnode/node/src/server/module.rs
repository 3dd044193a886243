//! The methods as the server knows them.

use super::subscriptions;
use crate::rpc::methods;
use crate::thread::ChainHandle;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use serde_json::Value;

/// All methods and subscriptions of a chain.
///
/// # Errors
///
/// If a name is used twice.
pub(super) fn module(chain: ChainHandle) -> Result<RpcModule<ChainHandle>, RegisterMethodError> {
    let mut module = RpcModule::new(chain);
    for (name, method) in methods() {
        module.register_async_method(name, move |params, chain, _| async move {
            chain.request_async(method, params.parse::<Value>()?).await
        })?;
    }
    subscriptions::register(&mut module)?;
    Ok(module)
}
