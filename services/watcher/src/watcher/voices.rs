//! Whose answers count: keys that were ever registered. What strangers say is not kept.

use super::Setting;
use alloy::primitives::Address;
use interfaces::IRegistry::keyOfCall;
use std::collections::BTreeSet;

/// How many strangers are remembered until the next block.
const MOST_STRANGERS: usize = 4_096;

/// Keys that were asked about.
#[derive(Debug, Default)]
pub(super) struct Voices {
    keys: BTreeSet<Address>,
    strangers: BTreeSet<Address>,
}

impl Voices {
    /// Whether a key was ever an operator's. While the node cannot be asked everybody's may be.
    pub(super) async fn has(&mut self, setting: &Setting, key: Address) -> bool {
        if self.keys.contains(&key) || self.strangers.contains(&key) {
            return self.keys.contains(&key);
        }
        match setting.chain.view(setting.suite.service.registry, &keyOfCall { signingKey: key }).await {
            Ok(found) if found.operator.is_zero() => {
                if self.strangers.len() >= MOST_STRANGERS {
                    self.strangers.clear();
                }
                self.strangers.insert(key);
                false
            }
            Ok(_) => {
                self.keys.insert(key);
                true
            }
            Err(_) => true,
        }
    }

    /// A block came: somebody may have registered.
    pub(super) fn forget_strangers(&mut self) {
        self.strangers.clear();
    }
}
