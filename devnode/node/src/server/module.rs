//! The methods as the server knows them.

use super::error::error_object;
use super::subscriptions;
use crate::rpc::methods;
use crate::shared::SharedBackend;
use jsonrpsee::RpcModule;
use jsonrpsee::core::RegisterMethodError;
use jsonrpsee::types::ErrorObjectOwned;
use serde_json::Value;

/// All methods and subscriptions of a chain.
///
/// # Errors
///
/// If a name is used twice.
pub(super) fn module(backend: SharedBackend) -> Result<RpcModule<SharedBackend>, RegisterMethodError> {
    let mut module = RpcModule::new(backend);
    for (name, method) in methods() {
        module.register_method(name, move |params, backend, _| -> Result<Value, ErrorObjectOwned> {
            backend.serve(name, method, params.parse()?).map_err(error_object)
        })?;
    }
    subscriptions::register(&mut module)?;
    Ok(module)
}
