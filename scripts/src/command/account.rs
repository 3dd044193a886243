//! Keys: of development accounts by name, from keystore files (Web3 secret storage), or given directly.

use alloy::primitives::{Address, B256};
use alloy::signers::local::{LocalSigner, PrivateKeySigner};
use clap::{Args, Subcommand};
use eyre::{Result, WrapErr, bail, ensure, eyre};
use restake::actors::Cast;
use restake::people::People;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Whose key signs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct KeySource {
    /// Who acts: a development account by name (on development chains), or the address that --unsigned is for
    #[arg(long, env = "ETH_FROM", value_name = "NAME")]
    pub(crate) from: Option<String>,
    /// A keystore file, or the name of one in the folder of keystores
    #[arg(long, env = "ETH_KEYSTORE", value_name = "FILE", conflicts_with = "private_key")]
    pub(crate) keystore: Option<PathBuf>,
    /// A file with the keystore's password; without it the password is asked for
    #[arg(long, env = "ETH_PASSWORD", value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// A private key. Others on this machine can see it: for scripts, ETH_PRIVATE_KEY is better
    #[arg(long, env = "ETH_PRIVATE_KEY", hide_env_values = true, value_name = "KEY")]
    pub(crate) private_key: Option<B256>,
    /// A signer that keeps the key, as web3signer does; --from says which one if it has several
    #[arg(long, env = "RESTAKE_SIGNER_URL", value_name = "URL", conflicts_with_all = ["private_key", "keystore"])]
    pub(crate) signer_url: Option<String>,
    /// The account of this number in a Ledger, as Ledger Live counts (untested)
    #[cfg(feature = "ledger")]
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["private_key", "keystore", "signer_url"])]
    pub(crate) ledger: Option<usize>,
}

/// Keystores.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make a new key
    New(Place),
    /// Put a key, from ETH_PRIVATE_KEY, into a keystore
    Import(Place),
    /// The keystores in the folder
    List(Folder),
    /// Write a key to a file that nobody else can read
    Export {
        #[command(flatten)]
        place: Place,
        /// The file, which must not be there
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Do not ask whether this is meant
        #[arg(long)]
        yes: bool,
    },
}

/// Where keystores are.
#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// The folder of keystores [default: .restake/keystores in the home folder]
    #[arg(long, env = "RESTAKE_KEYSTORES", value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// A keystore by its name.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The name of the keystore
    name: String,
    #[command(flatten)]
    folder: Folder,
    /// A file with the password; without it the password is asked for
    #[arg(long, env = "ETH_PASSWORD", value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Folder {
    fn path(&self) -> Result<PathBuf> {
        match (&self.folder, std::env::home_dir()) {
            (Some(folder), _) => Ok(folder.clone()),
            (None, Some(home)) => Ok(home.join(".restake").join("keystores")),
            (None, None) => bail!("no home folder: say with --folder where keystores are"),
        }
    }
}

impl Place {
    fn path(&self) -> Result<PathBuf> {
        let is_plain = self.name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
        ensure!(
            is_plain && !self.name.starts_with('.') && !self.name.is_empty(),
            "'{}' is no name for a keystore",
            self.name
        );
        Ok(self.folder.path()?.join(&self.name))
    }
}

/// The key of who acts; none if only an address was given.
pub(crate) fn unlock(source: &KeySource, cast: Option<&Cast>) -> Result<Option<PrivateKeySigner>> {
    let key = if let Some(key) = &source.private_key {
        Some(PrivateKeySigner::from_bytes(key).wrap_err("not a private key")?)
    } else if let Some(file) = &source.keystore {
        Some(decrypt(&found(file)?, source.password_file.as_deref())?)
    } else if let (Some(from), Some(cast)) = (&source.from, cast) {
        let people = People::default().with_development_accounts(cast);
        people.find(from).ok().and_then(|address| {
            cast.all().into_iter().find(|actor| actor.address == address).map(|actor| actor.key.clone())
        })
    } else {
        None
    };
    if let (Some(key), Some(from)) = (&key, &source.from)
        && let Ok(address) = from.parse::<Address>()
    {
        ensure!(key.address() == address, "the key is that of {}, not of {address}", key.address());
    }
    Ok(key)
}

/// A keystore file: as given, or by its name in the folder.
fn found(file: &Path) -> Result<PathBuf> {
    if file.is_file() {
        return Ok(file.to_owned());
    }
    let folder = Folder { folder: std::env::var_os("RESTAKE_KEYSTORES").map(PathBuf::from) }.path()?;
    let named = folder.join(file);
    ensure!(named.is_file(), "there is no keystore {} and none of this name in {}", file.display(), folder.display());
    Ok(named)
}

fn decrypt(file: &Path, password_file: Option<&Path>) -> Result<PrivateKeySigner> {
    let password = password(password_file, false)?;
    LocalSigner::decrypt_keystore(file, password).map_err(|error| eyre!("cannot unlock {}: {error}", file.display()))
}

/// The password from the file, or from who sits at the terminal.
fn password(file: Option<&Path>, twice: bool) -> Result<String> {
    if let Some(file) = file {
        let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    ensure!(std::io::stdin().is_terminal(), "no password: give --password-file");
    let first = rpassword::prompt_password("Password: ")?;
    ensure!(!twice || rpassword::prompt_password("Once more: ")? == first, "the passwords differ");
    Ok(first)
}

/// Does what an account command says.
pub(crate) fn run(command: AccountCommand) -> Result<()> {
    match command {
        AccountCommand::New(place) => store(&place, None),
        AccountCommand::Import(place) => {
            let key = std::env::var("ETH_PRIVATE_KEY").wrap_err("put the key into ETH_PRIVATE_KEY")?;
            let key: B256 = key.parse().map_err(|_| eyre!("ETH_PRIVATE_KEY is no key"))?;
            store(&place, Some(key))
        }
        AccountCommand::List(folder) => list(&folder.path()?),
        AccountCommand::Export { place, to, yes } => export(&place, &to, yes),
    }
}

fn store(place: &Place, key: Option<B256>) -> Result<()> {
    let path = place.path()?;
    ensure!(!path.exists(), "{} is there already", path.display());
    let folder = place.folder.path()?;
    fs::create_dir_all(&folder).wrap_err_with(|| format!("cannot make {}", folder.display()))?;
    let password = password(place.password_file.as_deref(), true)?;
    let key = key.map_or_else(|| Ok(PrivateKeySigner::random()), |key| PrivateKeySigner::from_bytes(&key));
    let key = key.wrap_err("not a private key")?;
    LocalSigner::encrypt_keystore(&folder, &mut rand::rngs::OsRng, key.to_bytes(), password, Some(&place.name))
        .map_err(|error| eyre!("cannot write {}: {error}", path.display()))?;
    keep_private(&path)?;
    println!("{} is in {}", key.address(), path.display());
    Ok(())
}

fn list(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    names.into_iter().for_each(|name| println!("{name}"));
    Ok(())
}

fn export(place: &Place, to: &Path, yes: bool) -> Result<()> {
    if !yes {
        ensure!(std::io::stdin().is_terminal(), "who has this file has the money: say --yes if you mean it");
        for question in ["Who has this file has the money. Write it? [yes/no] ", "Really? [yes/no] "] {
            print!("{question}");
            std::io::stdout().flush()?;
            let mut answer = String::new();
            std::io::stdin().read_line(&mut answer)?;
            ensure!(answer.trim() == "yes", "nothing was written");
        }
    }
    let key = decrypt(&place.path()?, place.password_file.as_deref())?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(to).wrap_err_with(|| format!("cannot write {}", to.display()))?;
    writeln!(file, "{}", key.to_bytes())?;
    println!("The key of {} is in {}", key.address(), to.display());
    Ok(())
}

/// Nobody else reads a keystore.
fn keep_private(path: &Path) -> Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .wrap_err_with(|| format!("cannot protect {}", path.display()))?;
    Ok(())
}
