//! What tests of the page need: its bundle, the programs that it is served by, and a browser.
#![deny(missing_docs)]

use eyre::{OptionExt, Result, WrapErr, ensure, eyre};
use restake::build::{target_directory, workspace};
use restake_tests::npm::run;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

/// npm, as programs have to call it.
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// What lies among sources and is none.
const MADE: [&str; 3] = ["dist", "node_modules", "target"];

/// What the programs are made of.
const SOURCES: [&str; 6] = ["Cargo.lock", "contracts/lib", "devnode", "page", "risk/simulator", "scripts/src"];

/// The page's bundle, made anew once with the pinned packages.
///
/// # Errors
/// If npm is missing, or the page does not compile.
pub fn bundle() -> Result<PathBuf> {
    static MADE_HERE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = MADE_HERE.get_or_init(|| {
        let folder = workspace().join("page/app");
        let make = || {
            install(&folder)?;
            run(Command::new(NPM).args(["run", "build"]).current_dir(&folder))
        };
        make().map(|()| folder.join("dist")).map_err(|error| format!("{error:#}"))
    });
    made.clone().map_err(|error| eyre!(error))
}

/// The folder of the browser's stories, with the pinned packages.
///
/// # Errors
/// If npm is missing, or cannot install.
pub fn stories() -> Result<PathBuf> {
    let folder = workspace().join("page/browser");
    let _lock = lock("stories")?;
    install(&folder)?;
    Ok(folder)
}

/// The browser: what `CHROMIUM` names, or the distribution's.
///
/// # Errors
/// With the command to run, if it is not there.
pub fn chromium() -> Result<PathBuf> {
    let path = PathBuf::from(std::env::var_os("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into()));
    ensure!(
        path.is_file(),
        "no browser at {}: install one with `apt-get install chromium`, or name one with CHROMIUM",
        path.display()
    );
    Ok(path)
}

/// A folder with a chain that has a suite, as `restake devnode --deploy` makes it, and its deployment file: what
/// `RESTAKE_PICTURE` names, or made once for all stories.
///
/// # Errors
/// If the contracts do not compile, or the node does not start.
pub fn picture(restake: &Path) -> Result<PathBuf> {
    static MADE_HERE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if let Some(named) = std::env::var_os("RESTAKE_PICTURE") {
        return Ok(named.into());
    }
    let made = MADE_HERE.get_or_init(|| {
        let folder = target_directory(workspace()).join("tmp/page-picture");
        deploy(restake, &folder).map(|()| folder).map_err(|error| format!("{error:#}"))
    });
    made.clone().map_err(|error| eyre!(error))
}

/// Has a node deploy a suite and keep its chain in the folder, and ends it.
fn deploy(restake: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut command = Command::new(restake);
    command.args(["devnode", "--deploy", "--port", "0", "--state", "chain"]).current_dir(folder);
    let mut node = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let said = node.stdout.take().ok_or_eyre("the node has no output")?;
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let listens = lines.any(|line| line.starts_with("Listening on"));
    // Asked to end, it writes what is new before it does.
    let asked = Command::new("kill").arg(node.id().to_string()).status()?;
    node.wait()?;
    ensure!(listens && asked.success(), "{} devnode --deploy does not listen", restake.display());
    Ok(())
}

/// A program of the workspace, as `cargo test` builds it with everything else; otherwise built here.
///
/// # Errors
/// If it does not compile.
pub fn program(package: &str) -> Result<PathBuf> {
    let _lock = lock("programs")?;
    let path =
        target_directory(workspace()).join("debug").join(package).with_extension(std::env::consts::EXE_EXTENSION);
    let built = fs::metadata(&path).and_then(|file| file.modified()).ok();
    let changed = SOURCES.iter().filter_map(|name| newest(&workspace().join(name))).max();
    if built.is_none() || built < changed {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        run(Command::new(cargo).args(["build", "--locked", "--package", package]).current_dir(workspace()))?;
    }
    Ok(path)
}

/// When something in a folder changed last.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return fs::metadata(path).and_then(|file| file.modified()).ok();
    }
    let entries = fs::read_dir(path).ok()?.filter_map(Result::ok);
    let sources = entries.filter(|entry| !MADE.iter().any(|made| entry.file_name() == *made));
    sources.filter_map(|entry| newest(&entry.path())).max()
}

/// Installs what a folder pins, the first time and when it pins something else.
fn install(folder: &Path) -> Result<()> {
    let wanted = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(Command::new(NPM).args(["ci", "--ignore-scripts", "--prefer-offline"]).current_dir(folder))?;
    Ok(fs::write(stamp, wanted)?)
}

/// Held while something is made that others need too.
fn lock(name: &str) -> Result<File> {
    let folder = target_directory(workspace()).join("tmp");
    fs::create_dir_all(&folder)?;
    let file = File::create(folder.join(format!("page-{name}.lock")))?;
    file.lock().wrap_err_with(|| format!("cannot wait for another {name}"))?;
    Ok(file)
}
