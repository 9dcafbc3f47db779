use std::{future::IntoFuture, net::SocketAddr, pin::Pin, sync::Arc};

use axum::{
    body::{Body, HttpBody},
    http::{Method, Request, request::Builder},
};
use http_body_util::BodyExt;
use intelliauth_http::Peer;
use serde_json::Value;
use tower::ServiceExt;

use super::{Answer, App};

/// Somebody who sends requests to one tenant.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) app: Arc<App>,
    pub(crate) host: String,
    pub(crate) authorization: Option<String>,
}

/// A request being put together; awaiting it sends it.
pub(crate) struct Sending {
    app: Arc<App>,
    builder: Builder,
    body: Body,
}

impl Actor {
    pub(crate) fn request(&self, method: Method, path: &str) -> Sending {
        let mut builder = Request::builder().method(method).uri(path).header("host", &self.host);
        if let Some(value) = &self.authorization {
            builder = builder.header("authorization", value);
        }
        Sending { app: Arc::clone(&self.app), builder, body: Body::empty() }
    }

    pub(crate) fn get(&self, path: &str) -> Sending {
        self.request(Method::GET, path)
    }

    pub(crate) fn delete(&self, path: &str) -> Sending {
        self.request(Method::DELETE, path)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Sending {
        self.request(Method::POST, path).json(body)
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Sending {
        self.request(Method::PATCH, path).json(body)
    }

    pub(crate) fn form(&self, path: &str, parameters: &[(&str, &str)]) -> Sending {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.request(Method::POST, path).typed("application/x-www-form-urlencoded", body)
    }

    /// The same somebody with another token.
    pub(crate) fn bearing(&self, token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {token}")), ..self.clone() }
    }
}

impl Sending {
    /// Adds a header; what is there of that name stays.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.typed("application/json", body.to_string())
    }

    pub(crate) fn typed(self, content_type: &str, body: impl Into<Body>) -> Self {
        self.header("content-type", content_type).body(body)
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it over a connection from this address.
    pub(crate) fn from(mut self, peer: &str) -> Self {
        let address: SocketAddr = peer.parse().expect("an address");
        self.builder = self.builder.extension(Peer(address));
        self
    }
}

impl IntoFuture for Sending {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let request = self.builder.body(self.body).expect("a request");
            let enveloped = request.uri().path().starts_with("/api/v1/");
            let path = request.uri().path();
            let oauth = path == "/oauth2" || path.starts_with("/oauth2/");
            let response = self.app.router.clone().oneshot(request).await.expect("an answer");
            let (parts, body) = response.into_parts();
            // What the HTTP library writes as Content-Length if the answer does not say it itself.
            let announced = body.size_hint().exact();
            let body = body.collect().await.expect("a body").to_bytes().to_vec();
            assert_eq!(announced, Some(body.len() as u64), "the length must be known before the body");
            let answer = Answer::new(parts.status, parts.headers, body);
            if enveloped {
                answer.check_envelope();
            }
            if oauth {
                answer.check_oauth_error();
            }
            answer
        })
    }
}
