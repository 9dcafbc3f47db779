use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use intelliauth_engine::{Error, Tenancy, tenants};

use crate::{App, extract::Peer, respond::Problem};

const X_FORWARDED_HOST: &str = "x-forwarded-host";

/// Finds the tenant the request is for. Everything behind this layer is inside one tenant; a host that is
/// nobody's has nothing at all, discovery included.
pub(crate) async fn resolve(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let host = match host(&app, peer, request.headers()) {
        Ok(host) => host,
        Err(problem) => return problem.into_response(),
    };
    match tenant_at(&app, &host).await {
        Ok(tenancy) => {
            request.extensions_mut().insert(tenancy);
            next.run(request).await
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The port that goes without saying may be said (RFC 9110 §4.2.3): `name:443` is `https://name`. It is not
/// `http://name`, whose port is 80. An issuer never names its own default port.
async fn tenant_at(app: &App, host: &str) -> Result<Tenancy, Error> {
    let implied = [(":443", "https://"), (":80", "http://")];
    let split = implied.iter().find_map(|(port, scheme)| Some((host.strip_suffix(port)?, *scheme)));
    if let Some((name, scheme)) = split {
        match tenants::resolve(&app.engine, name).await {
            Ok(tenancy) if tenancy.issuer().starts_with(scheme) => return Ok(tenancy),
            // Somebody's https may be at port 80, in a laboratory.
            Ok(_) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    tenants::resolve(&app.engine, host).await
}

/// The host the client asked for: `Host`, or from a trusted proxy what it says the client asked for. From
/// anybody else `X-Forwarded-Host` is only a header.
fn host(app: &App, peer: Option<Peer>, headers: &HeaderMap) -> Result<String, Problem> {
    // On a dual-stack socket 10.0.0.1 comes as ::ffff:10.0.0.1.
    let trusted = peer.is_some_and(|peer| {
        let address = peer.0.ip().to_canonical();
        app.trusted_proxies.iter().any(|net| net.contains(&address))
    });
    let name = if trusted && headers.contains_key(X_FORWARDED_HOST) {
        X_FORWARDED_HOST
    } else {
        header::HOST.as_str()
    };
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::bad_request("exactly one host is needed").closing());
    };
    let text = value.to_str().map_err(|_| Problem::bad_request("the host is not ASCII").closing())?;
    if text.len() > 260 || text.contains(',') {
        return Err(Problem::bad_request("exactly one host is needed").closing());
    }
    Ok(text.to_ascii_lowercase())
}
