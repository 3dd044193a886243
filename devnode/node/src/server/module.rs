//! The methods as the server knows them.

use super::subscriptions;
use crate::rpc::methods;
use crate::shared::SharedBackend;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use serde_json::Value;

/// All methods and subscriptions of a chain.
///
/// # Errors
///
/// If a name is used twice.
pub(super) fn module(backend: SharedBackend) -> Result<RpcModule<SharedBackend>, RegisterMethodError> {
    let mut module = RpcModule::new(backend);
    for (name, method) in methods() {
        module
            .register_method(name, move |params, backend, _| backend.serve(name, method, params.parse::<Value>()?))?;
    }
    subscriptions::register(&mut module)?;
    Ok(module)
}
