//! Asking another node.

use super::ForkError;
use super::options::ForkOptions;
use serde_json::Value;
use std::time::Duration;

/// The longest answer in bytes: a contract's code is far shorter.
const MAX_ANSWER: u64 = 64 << 20;

/// The longest pause before a request is repeated.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// The code of a node that wants to be asked less often (EIP-1474).
const LIMIT_EXCEEDED: i64 = -32_005;

/// Another node, asked over HTTP. A request blocks until it is answered.
#[derive(Debug)]
pub(super) struct Node {
    agent: ureq::Agent,
    url: String,
    retries: u32,
    backoff: Duration,
}

/// Why a request got no answer.
enum NoAnswer {
    /// It may get one later.
    NotNow(String),
    /// It came too soon after others.
    TooOften(String),
    /// The node refuses it.
    Refused { code: i64, message: String },
    /// The answer is none.
    Garbage(String),
}

impl Node {
    /// The node that is to be forked.
    pub(super) fn new(options: &ForkOptions) -> Result<Self, ForkError> {
        let scheme = options.url.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some("http") => {}
            Some("https") if cfg!(feature = "https") => {}
            Some("https") => return Err(ForkError::BadUrl("https: this build has no TLS (feature `https`)".into())),
            _ => return Err(ForkError::BadUrl(format!("{}: http and https are asked", options.url))),
        }
        let config = ureq::Agent::config_builder().timeout_global(Some(options.timeout)).http_status_as_error(false);
        let (url, retries, backoff) = (options.url.clone(), options.retries, options.backoff);
        Ok(Self { agent: config.build().into(), url, retries, backoff })
    }

    /// Where it is, without what may be a secret: keys are part of the path or stand before the host.
    pub(super) fn name(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or_default();
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        format!("{scheme}://{}", host.rsplit('@').next().unwrap_or_default())
    }

    /// Asks, as often as the options allow. Null is an answer.
    ///
    /// # Errors
    ///
    /// [`ForkError::Unreachable`], [`ForkError::RateLimited`], [`ForkError::Refused`] and [`ForkError::Garbage`].
    pub(super) fn ask(&self, method: &'static str, params: &Value) -> Result<Value, ForkError> {
        let (mut attempts, mut pause) = (1, self.backoff);
        loop {
            let failure = match self.ask_once(method, params) {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let is_last = attempts > self.retries;
            match failure {
                NoAnswer::Refused { code, message } => {
                    return Err(ForkError::Refused { method, why: format!("{message} ({code})") });
                }
                NoAnswer::NotNow(why) if is_last => {
                    return Err(ForkError::Unreachable { node: self.name(), attempts, why });
                }
                NoAnswer::TooOften(why) if is_last => {
                    return Err(ForkError::RateLimited { node: self.name(), attempts, why });
                }
                NoAnswer::Garbage(why) if is_last => return Err(ForkError::Garbage { method, why }),
                // Half an answer may be whole the next time.
                NoAnswer::NotNow(_) | NoAnswer::TooOften(_) | NoAnswer::Garbage(_) => {}
            }
            std::thread::sleep(pause.min(MAX_BACKOFF));
            pause = pause.saturating_mul(2);
            attempts += 1;
        }
    }

    fn ask_once(&self, method: &str, params: &Value) -> Result<Value, NoAnswer> {
        let not_now = |error: ureq::Error| NoAnswer::NotNow(error.to_string());
        let request = self.agent.post(&self.url).header("content-type", "application/json");
        let body = serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let mut response = request.send(body).map_err(not_now)?;
        let status = response.status();
        let text = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(not_now)?;
        match status.as_u16() {
            429 => return Err(NoAnswer::TooOften(status.to_string())),
            500.. => return Err(NoAnswer::NotNow(status.to_string())),
            _ => {}
        }
        let said = || format!("{status}: {}", String::from_utf8_lossy(&text).chars().take(100).collect::<String>());
        let mut answer: Value = serde_json::from_slice(&text).map_err(|_| NoAnswer::Garbage(said()))?;
        if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
            let code = error["code"].as_i64().unwrap_or_default();
            let message = error["message"].as_str().unwrap_or_default().to_owned();
            let lower = message.to_lowercase();
            let too_often =
                code == LIMIT_EXCEEDED || ["rate limit", "too many requests"].iter().any(|w| lower.contains(w));
            return Err(if too_often { NoAnswer::TooOften(message) } else { NoAnswer::Refused { code, message } });
        }
        answer.get_mut("result").map(Value::take).ok_or_else(|| NoAnswer::Garbage(said()))
    }
}
