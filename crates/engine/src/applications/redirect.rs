use intelliauth_model::ApplicationKind;
use url::{Host, Url};

/// How many redirect URIs or origins one application may have.
pub(super) const MOST: usize = 50;
const LONGEST: usize = 2_000;

/// Whether an authorization response may be sent there. What is stored is compared character by character
/// later, so this only has to keep out what should never be a target: no wildcard, no fragment (RFC 6749
/// §3.1.2), no user info (`https://good@evil`), no script scheme, no plain HTTP but to loopback.
pub(super) fn check_redirect_uri(kind: ApplicationKind, text: &str) -> Result<(), &'static str> {
    let url = parse(text)?;
    if url.fragment().is_some() {
        return Err("a redirect URI has no fragment");
    }
    match url.scheme() {
        "https" if url.host().is_some() => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err("http is for loopback only; use https"),
        // RFC 8252 §7.1: a private-use scheme is a reversed domain name, so it has a dot; this also keeps
        // out javascript:, data:, file: and their kind.
        scheme if kind == ApplicationKind::Native && scheme.contains('.') => Ok(()),
        _ => {
            Err("a redirect URI is https, http to loopback, or for native applications com.example.app:/path")
        }
    }
}

/// Whether the text is a browser origin: scheme, host and port, nothing after.
pub(super) fn check_origin(text: &str) -> Result<(), &'static str> {
    let url = parse(text)?;
    let sound = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if sound && url.origin().ascii_serialization() == text {
        return Ok(());
    }
    Err("an origin is https://host[:port] without path; http for loopback only")
}

fn parse(text: &str) -> Result<Url, &'static str> {
    if text.len() > LONGEST {
        return Err("a URL has at most 2000 characters");
    }
    if text.contains('*') {
        return Err("wildcards are not supported; URLs are compared character by character");
    }
    // The URL parser forgives backslashes, white space and control characters; browsers differ in how. What
    // is stored must mean the same to everybody.
    if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        return Err("a URL is printable ASCII without space or backslash");
    }
    let url = Url::parse(text).map_err(|_| "not an absolute URL")?;
    // The parser reads `https:host` and `https:///host` as `https://host`; others read a path.
    let after_scheme = text.split_once(':').map_or("", |(_, rest)| rest);
    let web = matches!(url.scheme(), "http" | "https");
    if web && (!after_scheme.starts_with("//") || after_scheme.starts_with("///")) {
        return Err("a web URL has two slashes before its host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a URL carries no user name or password");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_targets_are_registered() {
        for good in [
            "https://app.example.com/cb",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
        ] {
            assert_eq!(check_redirect_uri(ApplicationKind::Spa, good), Ok(()), "{good}");
        }
        assert_eq!(check_redirect_uri(ApplicationKind::Native, "com.example.app:/cb"), Ok(()));
        for bad in [
            "",
            "/cb",
            "http://example.com/cb",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "https://a.example/*",
            "https://*.example/cb",
            "https://good@evil.example/",
            "https://a@b@c.example/",
            "https://a.example/cb#x",
            "http://localhost:80@evil.example/",
            "http://localhost.evil.example/",
            "https:\\\\evil.example",
            "https://a.example/ cb",
            "https://a.example/\ncb",
            "com.example.app:/cb",
            "ftp://a.example",
            "file:///etc/passwd",
        ] {
            assert!(check_redirect_uri(ApplicationKind::Spa, bad).is_err(), "{bad}");
        }
        assert!(check_redirect_uri(ApplicationKind::Native, "myapp:/cb").is_err());
    }

    #[test]
    fn an_origin_is_nothing_but_an_origin() {
        for good in ["https://app.example.com", "https://app.example.com:8443", "http://localhost:5173"] {
            assert_eq!(check_origin(good), Ok(()), "{good}");
        }
        for bad in
            ["https://app.example.com/", "https://app.example.com:443", "http://example.com", "null", "*"]
        {
            assert!(check_origin(bad).is_err(), "{bad}");
        }
    }
}
