//! Who is who in a network: development accounts, by the names that `restake` gives them.

use eyre::{OptionExt, Result};
use restake::actors::{Actor, Cast};
use restake::people::People;

/// The operators, each with the same stake.
pub(super) const OPERATORS: [&str; 4] = ["honest-op", "crooked-op", "sly-op", "bob"];

/// Who puts prices together, and sends them.
pub(super) const AGGREGATOR: &str = "alice";

/// Who looks for faults.
pub(super) const WATCHER: &str = "challenger";

/// Who does what is due.
pub(super) const KEEPER: &str = "insurance-fund";

/// Who deploys, and has data to keep.
pub(super) const OWNER: &str = "owner";

/// The account with this name.
pub(super) fn actor<'a>(cast: &'a Cast, name: &str) -> Result<&'a Actor> {
    let address = People::default().with_development_accounts(cast).find(name)?;
    cast.all().into_iter().find(|actor| actor.address == address).ok_or_eyre("no development account")
}
