//! Who may ask, and what the page may do.
//!
//! A page of somebody else that a browser shows can send requests here. It cannot read the answers, as nothing allows
//! that, unless its name begins to mean this machine (DNS rebinding): so requests to other names are refused.

use crate::api::ApiError;
use crate::place::Place;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// What is checked, and added.
pub(super) struct Guard {
    names: Vec<String>,
    /// Whether every address of this machine is listened on.
    everywhere: bool,
    policy: HeaderValue,
}

impl Guard {
    pub(super) fn new(address: SocketAddr, names: &[String], place: &Place) -> Self {
        let ip = address.ip();
        let mut known = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned(), host(ip)];
        known.extend(names.iter().map(|name| name.to_ascii_lowercase()));
        Self { names: known, everywhere: ip.is_unspecified(), policy: policy(place) }
    }

    fn knows(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let name = authority.host().to_ascii_lowercase();
        let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        // An address is no name that begins to mean something else.
        self.names.contains(&name) || (self.everywhere && is_address)
    }
}

fn host(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}

/// What the page may load, and whom it may ask: this server and the node. Pictures of wallets are data.
fn policy(place: &Place) -> HeaderValue {
    let of = |url: String| {
        let (scheme, rest) = url.split_once("://").map(|(scheme, rest)| (scheme.to_owned(), rest.to_owned()))?;
        let authority = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.to_owned();
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-.:[]".contains(letter);
        authority.chars().all(is_plain).then(|| format!("{scheme}://{authority}"))
    };
    let node: Vec<String> = [place.http(), place.ws()].into_iter().filter_map(of).collect();
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self' {}; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        node.join(" ")
    );
    // It has only letters that headers take.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Refuses what is not for this server, and adds what browsers have to know.
pub(super) async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let is_api = request.uri().path().starts_with("/api");
    let mut response = if !host.as_deref().is_some_and(|host| guard.knows(host)) {
        ApiError::Host.into_response()
    } else if ![Method::GET, Method::HEAD].contains(request.method()) {
        ApiError::Method.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, guard.policy.clone());
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
