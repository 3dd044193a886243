//! Ids of requests over HTTP. go-ethereum gives back any JSON number; the server knows only such that count, and takes
//! a request with another one for one that wants no answer. Such ids are strings on their way through the server.

use http_body_util::{BodyExt, Full, Limited};
use jsonrpsee::server::{HttpBody, HttpRequest, HttpResponse};
use serde_json::{Number, Value};
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower::Service;

/// What the strings begin with that stand for numbers.
const MARK: &str = "\u{0}number ";

/// Lets numbers of all kinds be ids.
#[derive(Clone, Debug)]
pub(super) struct AnyIds<S> {
    pub(super) service: S,
    /// The longest request in bytes.
    pub(super) limit: usize,
}

type Failure = Box<dyn Error + Send + Sync>;

impl<S> Service<HttpRequest<HttpBody>> for AnyIds<S>
where
    S: Service<HttpRequest<HttpBody>, Response = HttpResponse<HttpBody>, Error = Failure> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = HttpResponse<HttpBody>;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest<HttpBody>) -> Self::Future {
        // The one that was asked whether it is ready is the one to call.
        let waiting = self.service.clone();
        let mut service = std::mem::replace(&mut self.service, waiting);
        let length = request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
        let limit = self.limit;
        Box::pin(async move {
            // Whatever has no length is no call, or is too long: the server says what is wrong with it.
            if length.is_none_or(|length: usize| length > limit) {
                return service.call(request).await;
            }
            let (head, body) = request.into_parts();
            let bytes = Limited::new(body, limit).collect().await?.to_bytes();
            let Some(marked) = marked(&bytes) else {
                return service.call(HttpRequest::from_parts(head, HttpBody::new(Full::new(bytes)))).await;
            };
            let mut request = HttpRequest::from_parts(head, HttpBody::from(marked));
            request.headers_mut().remove("content-length");
            let (mut head, body) = service.call(request).await?.into_parts();
            head.headers.remove("content-length");
            let bytes = body.collect().await?.to_bytes();
            Ok(HttpResponse::from_parts(head, HttpBody::from(unmarked(&bytes))))
        })
    }
}

/// The requests with strings for the numbers that the server does not know; none if there are no such.
fn marked(body: &[u8]) -> Option<Vec<u8>> {
    if !is_suspect(body) {
        return None;
    }
    let mut requests: Value = serde_json::from_slice(body).ok()?;
    let mut is_changed = false;
    each(&mut requests, |id| {
        if let Some(number) = id.as_number().filter(|number| !number.is_u64()) {
            *id = format!("{MARK}{number}").into();
            is_changed = true;
        }
    });
    is_changed.then(|| requests.to_string().into_bytes())
}

fn unmarked(body: &[u8]) -> Vec<u8> {
    let Ok(mut answers) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    each(&mut answers, |id| {
        if let Some(number) = id.as_str().and_then(|text| text.strip_prefix(MARK)?.parse::<Number>().ok()) {
            *id = number.into();
        }
    });
    answers.to_string().into_bytes()
}

/// Shows the id of each request or answer.
fn each(messages: &mut Value, mut show: impl FnMut(&mut Value)) {
    let messages = match messages {
        Value::Array(messages) => messages.as_mut_slice(),
        message => std::slice::from_mut(message),
    };
    messages.iter_mut().filter_map(|message| message.get_mut("id")).for_each(&mut show);
}

/// Whether something that could be an id is a number with a sign, a point or an exponent. Nearly no body is, and those
/// are not read a second time.
fn is_suspect(body: &[u8]) -> bool {
    let name = b"\"id\"";
    let places = body.windows(name.len()).enumerate().filter(|(_, part)| part == name);
    places.map(|(place, _)| &body[place + name.len()..]).any(|rest| {
        let value = rest.iter().copied().skip_while(|byte| b" \t\r\n:".contains(byte));
        let digits: Vec<u8> = value.take_while(|byte| b"+-.eE0123456789".contains(byte)).take(40).collect();
        digits.iter().any(|byte| !byte.is_ascii_digit()) || digits.len() > 19
    })
}

#[cfg(test)]
mod tests {
    use super::{marked, unmarked};

    #[test]
    fn only_numbers_that_do_not_count_become_strings() {
        for plain in [r#"{"id":7}"#, r#"{"id":"a"}"#, r#"{"id": null}"#, r#"{"params":["-1"],"id":1}"#, "null", "[1"] {
            assert_eq!(marked(plain.as_bytes()), None, "{plain}");
        }
        for odd in [r#"{"id":-1}"#, r#"[{"id":1.5},{"id":2}]"#, r#"{"id":1e300}"#, r#"{"id":99999999999999999999}"#] {
            let marked = marked(odd.as_bytes()).expect("another id");
            let back: serde_json::Value = serde_json::from_slice(&unmarked(&marked)).expect("JSON");
            assert_eq!(back, serde_json::from_str::<serde_json::Value>(odd).expect("JSON"));
        }
    }
}
