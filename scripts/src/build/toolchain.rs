//! The one thing that a machine with the pinned toolchain may lack: the standard library for wasm32.

use super::say;
use eyre::{Result, WrapErr, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// The target that Stylus programs are compiled for.
pub(super) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Installs the wasm32 target if it is missing, and says so.
///
/// # Errors
/// If it is missing and cannot be installed; the message says what to do.
pub(super) fn ensure_wasm_target() -> Result<()> {
    if has_target()? {
        return Ok(());
    }
    say(&format!("The Rust target {WASM_TARGET} is missing: running `rustup target add {WASM_TARGET}`."));
    let installed = Command::new("rustup").args(["target", "add", WASM_TARGET]).stdin(Stdio::null()).status();
    match installed {
        Ok(status) if status.success() && has_target()? => Ok(()),
        Ok(status) => bail!("`rustup target add {WASM_TARGET}` ended with {status}. {}", advice()),
        Err(error) => Err(error).wrap_err(advice()),
    }
}

fn advice() -> String {
    format!(
        "The contracts are WebAssembly and need the standard library for {WASM_TARGET}. \
         With rustup: `rustup target add {WASM_TARGET}` (it needs a network). \
         Without rustup: install your distribution's package of it, for instance `libstd-rust-dev-wasm32` on Debian."
    )
}

fn has_target() -> Result<bool> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .output()
        .wrap_err_with(|| format!("cannot run {rustc}"))?;
    let directory = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && Path::new(directory.trim()).is_dir())
}
