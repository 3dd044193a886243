//! The command asks a node behind TLS, and believes only those who prove who they are.

use eyre::{OptionExt, Result, ensure};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use restake::actors::Cast;
use restake::build::{self, workspace};
use restake::chain::Chain;
use restake::suite::{Parameters, Suite};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use stylus_devnode::Devnode;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// Speaks TLS on a port of this machine, and passes on to a node what it hears. Returns the port, and writes whom to
/// trust to a file.
async fn before(node: String, trusted: &Path) -> Result<u16> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
    fs::write(trusted, cert.pem())?;
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())?;
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await?);
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, node) = (acceptor.clone(), node.clone());
            // A broken connection is the client's to notice.
            tokio::spawn(async move {
                let (mut outside, mut inside) = (acceptor.accept(stream).await?, TcpStream::connect(node).await?);
                copy_bidirectional(&mut outside, &mut inside).await
            });
        }
    });
    Ok(port)
}

/// The command as it is built for TLS, with a file of whom to trust.
async fn restake(words: String, trusted: PathBuf) -> Result<(i32, String, String)> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--locked", "--package", "restake", "--features", "https", "--"]);
    command.args(words.split_whitespace()).current_dir(workspace()).env("SSL_CERT_FILE", trusted);
    let ended = tokio::task::spawn_blocking(move || command.output()).await??;
    let code = ended.status.code().unwrap_or(-1);
    Ok((code, String::from_utf8(ended.stdout)?, String::from_utf8(ended.stderr)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_behind_tls_is_asked_if_it_proves_who_it_is() -> Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("https");
    fs::create_dir_all(&folder)?;
    let (cast, node) = (Cast::development()?, Devnode::builder().spawn().await?);
    let chain = Chain::connect(&node.http_url(), [cast.owner.key.clone()])?;
    let parameters = Parameters::example(cast.fund.address);
    let (suite, record) = Suite::deploy_recorded(&chain, &build::build(false)?, &cast.owner, &parameters).await?;
    let deployment = folder.join("here.json");
    record.save(Some(&deployment))?;
    let address = node.http_url().strip_prefix("http://").ok_or_eyre("no address")?.to_owned();
    let (known, other) = (folder.join("known.pem"), folder.join("other.pem"));
    let port = before(address.clone(), &known).await?;
    before(address, &other).await?;

    let words = |what: &str, scheme: &str| {
        format!("{what} --rpc-url {scheme}://localhost:{port} --deployment {}", deployment.display())
    };
    let mint = "token mint 3 --from alice --yes";
    let (code, out, error) = restake(words(mint, "https"), known.clone()).await?;
    ensure!(code == 0 && out.contains("Alice turns 3 ETH into tokens"), "{code} {error}");
    // Somebody else's certificate is not the node's, over either.
    for scheme in ["https", "wss"] {
        let (code, _, error) = restake(words(mint, scheme), other.clone()).await?;
        ensure!(code == 4, "{scheme}: {code} {error}");
    }
    let held = interfaces::IERC20::balanceOfCall { account: cast.alice.address };
    let held = chain.view(suite.token, &held).await?;
    ensure!(held == 3_000_000_000_000_000_000_u64, "{held}");
    Ok(())
}
