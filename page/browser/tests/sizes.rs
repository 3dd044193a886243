//! What the page says by itself, and the command and the contracts say too.

use eyre::{OptionExt, Result};
use restake::availability::{LEAF_BYTES, LONGEST_LEAF};
use restake::build::workspace;
use std::fs;

/// The number that a file of the page exports by this name.
fn exported(file: &str, name: &str) -> Result<usize> {
    let text = fs::read_to_string(workspace().join("page/app/src").join(file))?;
    let (_, value) =
        text.split_once(&format!("export const {name} = ")).ok_or_eyre("the page exports no such number")?;
    let (digits, _) = value.split_once(';').ok_or_eyre("no end of a statement")?;
    Ok(digits.replace('_', "").parse()?)
}

#[test]
fn leaves_have_the_sizes_of_the_command() -> Result<()> {
    let sizes = [exported("views/opening.ts", "LEAF_BYTES")?, exported("views/opening.ts", "LONGEST_LEAF")?];
    assert_eq!(sizes, [LEAF_BYTES, LONGEST_LEAF]);
    Ok(())
}
