//! Whoever has data to keep, wants it back, or wants to know whether it is there: asks operators over HTTP.

mod disperse;
mod retrieve;
mod sample;

pub use disperse::{DisperseError, Dispersed};
pub use retrieve::RetrieveError;
pub use sample::Sampled;

use crate::keeper::MOST_LEAVES;
use crate::message::{Dispersal, Promise};
use crate::opening::Opening;
use alloy::primitives::{Address, B256, Bytes};
use alloy::sol_types::SolValue;
use alloy::transports::http::reqwest;
use alloy::transports::http::reqwest::{Response, StatusCode, Url};
use eyre::{Result, WrapErr, bail, ensure};
use restake::availability::LONGEST_LEAF;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::task::JoinSet;

/// The most bytes of an answer: the most leaves, the longest there are, in hexadecimal digits, with their proofs.
const LONGEST_ANSWER: usize = MOST_LEAVES * 3 * LONGEST_LEAF;

/// After which pauses an operator is asked again that has enough to do.
const PAUSES: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// Whoever asks operators. Copies ask the same ones.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    operators: BTreeMap<Address, Url>,
    /// Where somebody may be who did not answer.
    silent: Vec<Url>,
}

#[derive(Deserialize)]
struct About {
    key: Address,
}

#[derive(Deserialize)]
struct Leaves {
    leaves: Vec<Opening>,
}

impl Client {
    /// One that knows where the operators with these keys are, and waits so long for an answer.
    ///
    /// # Errors
    /// If nothing can be asked over HTTP.
    pub fn new(operators: impl IntoIterator<Item = (Address, Url)>, patience: Duration) -> Result<Self> {
        let http = reqwest::Client::builder().timeout(patience).build().wrap_err("cannot ask over HTTP")?;
        Ok(Self { http, operators: operators.into_iter().collect(), silent: Vec::new() })
    }

    /// One that asks who is at these addresses. Whoever does not answer is named in the second part.
    ///
    /// # Errors
    /// If an address is not a URL.
    pub async fn find(addresses: &[String], patience: Duration) -> Result<(Self, Vec<String>)> {
        let mut client = Self::new([], patience)?;
        for address in addresses {
            client.silent.push(address.parse().wrap_err_with(|| format!("{address} is not a URL"))?);
        }
        let client = client.with_silent().await;
        // As they were given: a URL that was read may be written in another way.
        let is_silent = |address: &&String| address.parse().is_ok_and(|url: Url| client.silent.contains(&url));
        let silent = addresses.iter().filter(is_silent).cloned().collect();
        Ok((client, silent))
    }

    /// The same, after those were asked again who did not answer.
    async fn with_silent(mut self) -> Self {
        let mut asking = JoinSet::new();
        for url in std::mem::take(&mut self.silent) {
            let client = self.clone();
            asking.spawn(async move { (client.about(&url).await, url) });
        }
        // What somebody promises is signed: that it gives another one's key changes nothing.
        while let Some(Ok((about, url))) = asking.join_next().await {
            match about {
                Ok(About { key }) => drop(self.operators.insert(key, url)),
                Err(_) => self.silent.push(url),
            }
        }
        self
    }

    /// Whose address is known.
    pub fn operators(&self) -> impl Iterator<Item = Address> + '_ {
        self.operators.keys().copied()
    }

    async fn about(&self, operator: &Url) -> Result<About> {
        let answer = self.http.get(operator.join("/data")?).send().await?;
        Ok(serde_json::from_slice(&bounded(answer).await?)?)
    }

    fn address(&self, operator: Address) -> Result<&Url> {
        match self.operators.get(&operator) {
            Some(url) => Ok(url),
            None => bail!("nobody said where the operator with key {operator} is"),
        }
    }

    /// Asks an operator to keep something. What it answers is not believed yet.
    async fn post(&self, operator: Address, dispersal: &Dispersal) -> Result<Promise> {
        let (url, body) = (self.address(operator)?.join("/data/disperse")?, Bytes::from(dispersal.abi_encode()));
        let mut pauses = PAUSES.into_iter();
        let (status, text) = loop {
            let answer = self.http.post(url.clone()).body(body.0.clone()).send().await?;
            let (status, text) = (answer.status(), bounded(answer).await?);
            let pause = pauses.next().filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
            let Some(pause) = pause else { break (status, text) };
            tokio::time::sleep(pause).await;
        };
        ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&text).trim());
        Ok(serde_json::from_slice(&text)?)
    }

    /// Leaves that an operator has from `first` on; those that are not under the root are nothing.
    async fn leaves(
        &self,
        operator: Address,
        (root, leaf_count): (B256, u64),
        first: u64,
        count: usize,
    ) -> Result<Vec<Opening>> {
        let mut url = self.address(operator)?.join(&format!("/data/{root}/{first}"))?;
        if count > 1 {
            url.set_query(Some(&format!("count={count}")));
        }
        let answer = self.http.get(url).send().await?;
        let status = answer.status();
        if status == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        let text = bounded(answer).await?;
        ensure!(status == StatusCode::OK, "{status}: {}", String::from_utf8_lossy(&text).trim());
        let Leaves { leaves } = serde_json::from_slice(&text)?;
        Ok(leaves.into_iter().filter(|leaf| leaf.index >= first && leaf.is_of(root, leaf_count)).collect())
    }
}

/// An answer, unless it is longer than any that is asked for.
async fn bounded(mut answer: Response) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        ensure!(bytes.len().saturating_add(piece.len()) <= LONGEST_ANSWER, "the answer is too long");
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}
