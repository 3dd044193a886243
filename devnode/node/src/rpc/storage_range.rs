//! `debug_storageRangeAt`, by which debuggers such as Remix's show what a contract stores.

use super::error::{failure, json};
use super::{Backend, Method, Params, RpcResult};
use crate::chain::StorageRange;
use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, Bytes, U256};
use serde::Serialize;
use std::collections::BTreeMap;

/// The methods of this file.
pub(super) const METHODS: &[(&str, Method)] = &[("debug_storageRangeAt", storage_range_at)];

/// The answer; without any storage both fields are null.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    /// By the hash of the slot.
    storage: Option<BTreeMap<B256, SlotView>>,
    next_key: Option<B256>,
}

#[derive(Serialize)]
struct SlotView {
    key: B256,
    value: B256,
}

/// Takes a block, how many of its transactions came before, an account, the hash of the first slot (or its beginning),
/// and how many slots are wanted.
fn storage_range_at(backend: &mut Backend, mut params: Params) -> RpcResult {
    let id = params.required::<BlockId>()?;
    let index = params.required::<usize>()?;
    let address = params.required::<Address>()?;
    let start = params.required::<Bytes>()?;
    let most = params.required::<i64>()?;
    // Fewer than none are none, as in go-ethereum.
    let most = usize::try_from(most).unwrap_or_default();
    let range = backend.chain.storage_range(id, index, address, &start, most).map_err(failure)?;
    json(range.map(View::from).unwrap_or_default())
}

impl From<StorageRange> for View {
    fn from(range: StorageRange) -> Self {
        let view = |(hash, key, value): (B256, B256, U256)| (hash, SlotView { key, value: value.into() });
        Self { storage: Some(range.slots.into_iter().map(view).collect()), next_key: range.next }
    }
}
