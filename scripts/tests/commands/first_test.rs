//! The guide to a first test of a Stylus contract is followed as it is written: a new crate, from nothing.

use eyre::{OptionExt, Result, ensure};
use restake::build;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What lets the new crate use what this workspace has compiled already, and nothing that is not here: else the test
/// would compile the node's 258 crates once more. The features are those that the workspace's own crates ask for.
const SHARED: &str = r#"
alloy = { version = "1.8.3", default-features = false, features = [
    "json-abi", "provider-http", "provider-ws", "reqwest", "signer-keystore", "signer-mnemonic",
] }
sha1 = "0.10"
zeroize = "1"
"#;

/// A part of the guide: commands, or the text of the file whose name ends the paragraph before it.
enum Part {
    Commands(String),
    File(String, String),
}

fn parts(guide: &str) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut pieces = guide.split("```");
    let mut before = pieces.next().unwrap_or_default();
    while let (Some(block), after) = (pieces.next(), pieces.next().unwrap_or_default()) {
        let (language, text) = block.split_once('\n').ok_or_eyre("an empty block")?;
        parts.push(match language {
            "sh" => Part::Commands(text.to_owned()),
            _ => {
                let name = before.trim_end().strip_suffix("`:").and_then(|text| text.rsplit('`').next());
                Part::File(name.ok_or_eyre("a block without a file")?.to_owned(), text.to_owned())
            }
        });
        before = after;
    }
    Ok(parts)
}

/// A folder outside the workspace that is gone after the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The manifest with what is shared.
fn manifest(guide: &str, workspace: &Path) -> Result<String> {
    let (dependencies, rest) = guide.split_once("\n\n# Every byte").ok_or_eyre("no dependencies")?;
    let own = fs::read_to_string(workspace.join("Cargo.toml"))?;
    let (_, profiles) = own.split_once("[profile.dev]").ok_or_eyre("no profile")?;
    let regex = workspace.join("contracts/lib/regex");
    let patch = format!("[patch.crates-io]\nregex = {{ path = {regex:?} }}\n");
    Ok(format!("{dependencies}{SHARED}\n# Every byte{rest}\n{patch}\n[profile.dev]{profiles}"))
}

#[test]
fn the_guide_to_a_first_test_ends_with_a_test_that_passes() -> Result<()> {
    // The programs are there then, and what they share with the new one, and the compiler's part for them.
    build::build(false)?;
    let workspace = build::workspace();
    // The same for this checkout each time, so that what is compiled there need not be compiled again.
    let mut hasher = DefaultHasher::new();
    workspace.hash(&mut hasher);
    let folder = Folder(std::env::temp_dir().join(format!("first-stylus-test-{:x}", hasher.finish())));
    // What a test that was killed has left.
    let _ = fs::remove_dir_all(&folder.0);
    fs::create_dir(&folder.0)?;
    symlink(workspace, folder.0.join("restaking"))?;
    let (home, target) = (folder.0.join("counter"), build::target_directory(workspace));

    // Cargo as it is, but for the network, and paths out of the programs as for all programs of this workspace.
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let stand_in = folder.0.join("bin/cargo");
    fs::create_dir(folder.0.join("bin"))?;
    let flags = build::reproducible_flags(workspace);
    fs::write(&stand_in, format!("#!/bin/sh\nexec {cargo} --offline --config '{flags}' \"$@\"\n"))?;
    fs::set_permissions(&stand_in, PermissionsExt::from_mode(0o755))?;

    let mut entered = false;
    let mut told = String::new();
    for part in parts(&fs::read_to_string(workspace.join("docs/guides/first-stylus-test.md"))?)? {
        match part {
            Part::File(name, text) => {
                let text = if name == "Cargo.toml" { manifest(&text, workspace)? } else { text };
                let file = home.join(name);
                fs::create_dir_all(file.parent().ok_or_eyre("no folder")?)?;
                fs::write(file, text)?;
            }
            Part::Commands(commands) => {
                let place = if entered { &home } else { &folder.0 };
                let script = format!("set -eu\nPATH={:?}:$PATH\n{commands}", folder.0.join("bin"));
                let mut shell = Command::new("sh");
                shell.args(["-c", &script]).current_dir(place).stdin(Stdio::null());
                // They tell of the crate that this test belongs to.
                for (name, _) in std::env::vars_os() {
                    let foreign =
                        |name: &str| name.starts_with("CARGO_") && name != "CARGO_HOME" || name.ends_with("RUSTFLAGS");
                    if name.to_str().is_some_and(foreign) {
                        shell.env_remove(name);
                    }
                }
                let output = shell.output()?;
                told = String::from_utf8_lossy(&output.stdout).into_owned();
                let error = String::from_utf8_lossy(&output.stderr);
                ensure!(output.status.success(), "{commands}\n{told}\n{error}");
                if !entered {
                    entered = true;
                    symlink(&target, home.join("target"))?;
                    fs::copy(workspace.join("Cargo.lock"), home.join("Cargo.lock"))?;
                }
            }
        }
    }
    ensure!(told.contains("test it_counts ... ok") && told.contains("1 passed; 0 failed"), "{told}");
    Ok(())
}
