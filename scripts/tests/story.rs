//! The story that the main command tells comes out as told, and the README quotes it.

use eyre::{OptionExt, Result, ensure};
use restake::build::workspace;
use std::fs;
use std::process::Command;

#[test]
fn every_step_and_every_number_of_the_story_comes_out_as_told_and_as_quoted() -> Result<()> {
    let played = Command::new(env!("CARGO_BIN_EXE_restake")).arg("demo").current_dir(workspace()).output()?;
    let told = String::from_utf8(played.stdout)?;
    ensure!(played.status.success(), "{told}\n{}", String::from_utf8_lossy(&played.stderr));
    let readme = fs::read_to_string(workspace().join("README.md"))?;
    let quoted = readme.split("```\n").find(|block| block.starts_with("-- 5. Challengers"));
    let quoted = quoted.ok_or_eyre("the README does not quote the story")?;
    ensure!(told.contains(quoted), "the README quotes another story than this one:\n{told}");
    Ok(())
}
