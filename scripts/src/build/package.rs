//! From a compiled WASM module to the code that is deployed.

use alloy::primitives::{B256, Bytes, keccak256};
use eyre::{Result, WrapErr};
use std::fs;
use std::path::Path;
use stylus_program::process::process;
use stylus_program::zeros::leave_out_zeros;

/// A program that is ready to be deployed.
#[derive(Debug, Clone)]
pub struct Program {
    /// The crate's name.
    pub name: String,
    /// The code to deploy: the Stylus prefix and the compressed module. `cargo stylus` would deploy the same with 45
    /// bytes of project hash, and without `wasm-opt` with the zeros that are left out here.
    pub code: Bytes,
    /// Size of the processed module before compression, in bytes.
    pub module_size: usize,
}

/// Processes and compresses `<directory>/<name>.wasm` (dashes become underscores). The result is kept beside that file
/// with the hash of its input, because the best compression takes a while.
///
/// # Errors
/// If the module cannot be read, processed or compressed, or the result cannot be written.
pub fn package(name: &str, directory: &Path) -> Result<Program> {
    let path = directory.join(name.replace('-', "_")).with_extension("wasm");
    let raw = fs::read(&path).wrap_err_with(|| format!("cannot read {}", path.display()))?;
    let module = process(&raw).and_then(|module| leave_out_zeros(&module));
    let module = module.wrap_err_with(|| format!("{name} is not a valid module"))?;
    let kept = path.with_extension("packed");
    let key = keccak256(&module);
    let code = match read_kept(&kept, key) {
        Some(code) => code,
        None => {
            let code = stylus_program::format::compress(&module).wrap_err_with(|| format!("cannot compress {name}"))?;
            write_kept(&kept, key, &code)?;
            code
        }
    };
    Ok(Program { name: name.to_owned(), code: code.into(), module_size: module.len() })
}

fn read_kept(path: &Path, key: B256) -> Option<Vec<u8>> {
    let kept = fs::read(path).ok()?;
    let (hash, code) = kept.split_first_chunk::<32>()?;
    (*hash == key.0).then(|| code.to_vec())
}

/// Written aside and renamed, so that a test process running at the same time never reads half a file.
fn write_kept(path: &Path, key: B256, code: &[u8]) -> Result<()> {
    let aside = path.with_extension(format!("packed-{}", std::process::id()));
    fs::write(&aside, [key.as_slice(), code].concat()).wrap_err_with(|| format!("cannot write {}", aside.display()))?;
    fs::rename(&aside, path).wrap_err_with(|| format!("cannot write {}", path.display()))
}
