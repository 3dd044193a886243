//! An HTTP endpoint that gives JSON.

use super::{Source, SourceError, read};
use alloy::primitives::U256;
use alloy::transports::http::reqwest::{self, Client, Url};
use async_trait::async_trait;
use eyre::{Result, WrapErr};
use serde_json::Value;
use std::time::Duration;

/// The most bytes that are read of an answer.
const LONGEST: usize = 1_048_576;

/// An address that gives JSON, with the price in whole units somewhere in it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    client: Client,
    url: Url,
    pointer: String,
    decimals: u8,
}

impl Endpoint {
    /// One where the price is at `pointer` (RFC 6901: `/data/price`, or nothing for all of it) as a number or a text.
    ///
    /// # Errors
    /// If the address is not a URL.
    pub fn new(url: &str, pointer: &str, decimals: u8, patience: Duration) -> Result<Self> {
        let url = url.parse().wrap_err_with(|| format!("{url} is not a URL"))?;
        let client = Client::builder().timeout(patience).build().wrap_err("cannot ask over HTTP")?;
        Ok(Self { client, url, pointer: pointer.to_owned(), decimals })
    }

    async fn ask(&self) -> Result<Vec<u8>, reqwest::Error> {
        let mut answer = self.client.get(self.url.clone()).send().await?.error_for_status()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST {
                break;
            }
        }
        Ok(bytes)
    }
}

#[async_trait]
impl Source for Endpoint {
    async fn price(&self, _slot: u64) -> Result<U256, SourceError> {
        let name = self.url.to_string();
        let down = |error: reqwest::Error| SourceError::Down {
            source_name: name.clone(),
            reason: error.without_url().to_string(),
        };
        let bytes = self.ask().await.map_err(down)?;
        let given = String::from_utf8_lossy(&bytes).chars().take(64).collect();
        let json: Option<Value> = serde_json::from_slice(&bytes).ok();
        match json.as_ref().and_then(|json| json.pointer(&self.pointer)) {
            Some(Value::Number(number)) => read(&name, &number.to_string(), self.decimals),
            Some(Value::String(text)) => read(&name, text, self.decimals),
            _ => Err(SourceError::NoPrice { source_name: name, given }),
        }
    }
}
