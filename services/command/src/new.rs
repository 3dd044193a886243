//! A crate for a service of one's own, that refers to this checkout.

use clap::{Args, ValueEnum};
use eyre::{OptionExt, Result, WrapErr, ensure};
use restake::build::workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// A crate for a service.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// Its name: small letters, digits and hyphens
    name: String,
    /// The folder to make, which must not be there [default: the name]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The fault that its operators are slashed for, beside two answers to one task
    #[arg(long, value_enum, default_value_t)]
    fault: Fault,
}

/// What the chain proves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Fault {
    /// Two answers
    #[default]
    Equivocation,
    /// A wrong result, by a game that leaves one step of it to be executed
    Bisection,
}

/// The files that every service has, with what they are made from.
const FILES: [(&str, &str); 2] = [
    ("Cargo.toml", include_str!("../template/Cargo.toml.in")),
    (".gitignore", include_str!("../template/gitignore.in")),
];

/// Those of a service that answers the tasks of a board, with a consumer.
const ANSWERING: [(&str, &str); 7] = [
    ("README.md", include_str!("../template/README.md.in")),
    ("consumer/Cargo.toml", include_str!("../template/consumer/Cargo.toml.in")),
    ("consumer/src/lib.rs", include_str!("../template/consumer/src/lib.rs.in")),
    ("service/Cargo.toml", include_str!("../template/service/Cargo.toml.in")),
    ("service/src/lib.rs", include_str!("../template/service/src/lib.rs.in")),
    ("service/src/main.rs", include_str!("../template/service/src/main.rs.in")),
    ("service/tests/service.rs", include_str!("../template/service/tests/service.rs.in")),
];

/// Those of a service whose operators answer for each step of a computation.
const COMPUTING: [(&str, &str); 8] = [
    ("README.md", include_str!("../template/bisection/README.md.in")),
    ("rule/Cargo.toml", include_str!("../template/bisection/rule/Cargo.toml.in")),
    ("rule/src/lib.rs", include_str!("../template/bisection/rule/src/lib.rs.in")),
    ("rule/src/program.rs", include_str!("../template/bisection/rule/src/program.rs.in")),
    ("service/Cargo.toml", include_str!("../template/bisection/service/Cargo.toml.in")),
    ("service/src/lib.rs", include_str!("../template/bisection/service/src/lib.rs.in")),
    ("service/src/main.rs", include_str!("../template/bisection/service/src/main.rs.in")),
    ("service/tests/service.rs", include_str!("../template/bisection/service/tests/service.rs.in")),
];

impl Fault {
    /// What a service with this fault has beside what all have, the crate of its program, and what `cargo` builds and
    /// tests natively.
    fn parts(self) -> (&'static [(&'static str, &'static str)], &'static str, &'static str) {
        match self {
            Self::Equivocation => (&ANSWERING, "consumer", r#"["service"]"#),
            Self::Bisection => (&COMPUTING, "rule", r#"["rule", "service"]"#),
        }
    }
}

/// What is taken over from the checkout as it is: with the same versions and compiler everything there is builds.
const TAKEN_OVER: [&str; 4] = ["Cargo.lock", "rust-toolchain.toml", "rustfmt.toml", ".cargo/config.toml"];

/// Where the profiles begin in the checkout's manifest; programs and what is built are as they are there.
const PROFILES: &str = "# The profile of the WASM programs";

pub(crate) fn run(New { name, folder, fault }: New) -> Result<()> {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    ensure!(
        name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(is_letter) && name.len() <= 64,
        "'{name}' is no name: it has small letters, digits and hyphens, and begins with a letter"
    );
    let folder = folder.unwrap_or_else(|| PathBuf::from(&name));
    ensure!(!folder.exists(), "{} is there", folder.display());
    let checkout = workspace();
    ensure!(checkout.join("services").is_dir(), "the checkout at {} is gone", checkout.display());
    write(&folder, &name, fault, checkout).wrap_err_with(|| format!("cannot make {}", folder.display()))?;
    println!("{} is made. Begin with its README.md; `cargo test` there shows that it works.", folder.display());
    Ok(())
}

fn write(folder: &Path, name: &str, fault: Fault, checkout: &Path) -> Result<()> {
    let place = checkout.to_str().ok_or_eyre("the path of the checkout is no text")?;
    let (files, program, members) = fault.parts();
    for (path, text) in FILES.iter().chain(files) {
        let text = text.replace("{{checkout}}", place).replace("{{name}}", name);
        let text = text.replace("{{program}}", program).replace("{{default-members}}", members);
        put(folder, path, &text)?;
    }
    for path in TAKEN_OVER {
        put(folder, path, &fs::read_to_string(checkout.join(path))?)?;
    }
    let manifest = fs::read_to_string(checkout.join("Cargo.toml"))?;
    let (_, profiles) = manifest.split_once(PROFILES).ok_or_eyre("the checkout's manifest has no profiles")?;
    let own = fs::read_to_string(folder.join("Cargo.toml"))?;
    put(folder, "Cargo.toml", &format!("{own}{PROFILES}{profiles}"))
}

fn put(folder: &Path, path: &str, text: &str) -> Result<()> {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap_or(folder))?;
    Ok(fs::write(path, text)?)
}
