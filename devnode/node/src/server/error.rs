//! Errors in the server's terms.

use crate::rpc_error::RpcError;
use jsonrpsee::types::ErrorObjectOwned;

/// An error as the server sends it.
pub(super) fn error_object(error: RpcError) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(error.code(), error.message(), error.data())
}
