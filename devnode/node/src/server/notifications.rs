//! Subscriptions need a connection that stays. Over HTTP they are refused in go-ethereum's words.

use jsonrpsee::MethodResponse;
use jsonrpsee::core::middleware::{Batch, Notification, RpcServiceT};
use jsonrpsee::types::{ErrorObject, Request};
use std::future::Future;

/// The code of a method that is not there.
const METHOD_NOT_FOUND: i32 = -32_601;

/// The code that the server gives subscriptions over HTTP, and no others.
const INTERNAL_ERROR: i32 = -32_603;

/// Names the reason where the server only says that it failed.
#[derive(Clone, Debug)]
pub(super) struct NamesReason<S>(pub(super) S);

impl<S> RpcServiceT for NamesReason<S>
where
    S: RpcServiceT<MethodResponse = MethodResponse> + Clone + Send + Sync + 'static,
{
    type MethodResponse = MethodResponse;
    type NotificationResponse = S::NotificationResponse;
    type BatchResponse = S::BatchResponse;

    fn call<'a>(&self, request: Request<'a>) -> impl Future<Output = MethodResponse> + Send + 'a {
        let service = self.0.clone();
        async move {
            let is_subscription = matches!(request.method_name(), "eth_subscribe" | "eth_unsubscribe");
            let id = is_subscription.then(|| request.id().into_owned());
            let response = service.call(request).await;
            match id {
                Some(id) if response.as_error_code() == Some(INTERNAL_ERROR) => {
                    let error = ErrorObject::owned(METHOD_NOT_FOUND, "notifications not supported", None::<()>);
                    MethodResponse::error(id, error)
                }
                _ => response,
            }
        }
    }

    fn batch<'a>(&self, requests: Batch<'a>) -> impl Future<Output = Self::BatchResponse> + Send + 'a {
        self.0.batch(requests)
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = Self::NotificationResponse> + Send + 'a {
        self.0.notification(notification)
    }
}
