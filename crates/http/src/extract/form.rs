use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use intelliauth_engine::{
    Tenancy,
    oauth::{ClientCredentials, OAuthError},
};
use intelliauth_model::{RequestId, Secret};
use url::form_urlencoded;

use super::{
    bearer::{request_id, tenancy},
    body::{is_type, read},
};
use crate::respond::Problem;

/// How many parameters one request may have.
const MOST_PARAMETERS: usize = 50;

/// A form sent to an OAuth endpoint, with the client's credentials taken out of header or body.
pub(crate) struct OAuthForm {
    pub(crate) tenancy: Tenancy,
    pub(crate) request_id: RequestId,
    pub(crate) credentials: ClientCredentials,
    parameters: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequest<S> for OAuthForm {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let (tenancy, request_id) = (tenancy(&parts)?, request_id(&parts)?);
        let basic = basic(&parts.headers)?;
        if !is_type(&parts.headers, "application/x-www-form-urlencoded") {
            return Err(OAuthError::InvalidRequest("send application/x-www-form-urlencoded").into());
        }
        let bytes = read(Request::from_parts(parts, body)).await?;
        let parameters = parse(&bytes)?;
        let credentials = credentials(basic, &parameters)?;
        Ok(Self { tenancy, request_id, credentials, parameters })
    }
}

impl OAuthForm {
    /// The parameter, if it was sent and is not empty (RFC 6749 §3.2: empty is as if omitted).
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        value(&self.parameters, name)
    }

    pub(crate) fn required(&self, name: &str, missing: &'static str) -> Result<&str, OAuthError> {
        self.one(name).ok_or(OAuthError::InvalidRequest(missing))
    }

    /// Every value of a parameter that may be repeated.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let named = self.parameters.iter().filter(|(key, value)| key == name && !value.is_empty());
        named.map(|(_, value)| value.clone()).collect()
    }
}

fn value<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// Parameters are not repeated (RFC 6749 §3.2), but for the targets of RFC 8707: two parsers could pick
/// different ones.
fn parse(bytes: &[u8]) -> Result<Vec<(String, String)>, OAuthError> {
    let parameters: Vec<(String, String)> =
        form_urlencoded::parse(bytes).into_owned().take(MOST_PARAMETERS + 1).collect();
    if parameters.len() > MOST_PARAMETERS {
        return Err(OAuthError::InvalidRequest("too many parameters"));
    }
    for (index, (name, _)) in parameters.iter().enumerate() {
        let repeated = parameters.iter().take(index).any(|(before, _)| before == name);
        if repeated && name != "resource" && name != "audience" {
            return Err(OAuthError::InvalidRequest("a parameter is repeated"));
        }
    }
    Ok(parameters)
}

/// One way of authentication, not two (RFC 6749 §2.3).
fn credentials(
    basic: Option<ClientCredentials>,
    parameters: &[(String, String)],
) -> Result<ClientCredentials, OAuthError> {
    let id = value(parameters, "client_id");
    let secret = value(parameters, "client_secret");
    match (basic, id) {
        (Some(_), _) if secret.is_some() => {
            Err(OAuthError::InvalidRequest("client credentials in header and body; use one"))
        }
        (Some(basic), Some(id)) if id != basic.id => {
            Err(OAuthError::InvalidRequest("client_id differs from the Authorization header"))
        }
        (Some(basic), _) => Ok(basic),
        (None, Some(id)) => Ok(ClientCredentials {
            id: id.to_owned(),
            secret: secret.map(|secret| Secret::new(secret.to_owned())),
        }),
        (None, None) => Err(OAuthError::InvalidClient),
    }
}

/// `Authorization: Basic`, id and secret form-encoded inside (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<ClientCredentials>, OAuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(OAuthError::InvalidRequest("more than one Authorization header"));
    }
    let decoded = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let (id, secret) =
        decoded.as_deref().and_then(|text| text.split_once(':')).ok_or(OAuthError::InvalidClient)?;
    Ok(Some(ClientCredentials { id: decode(id), secret: Some(Secret::new(decode(secret))) }))
}

fn decode(text: &str) -> String {
    // `form_urlencoded` decodes pairs; a name without a value is one text decoded.
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}
