use std::str::FromStr;

use intelliauth_model::{Issuer, Slug};

use crate::failure::{Failure, Outcome};

/// The URL under which tenants are reached: `https://auth.example.com` makes them
/// `https://<tenant>-<org>.auth.example.com`.
#[derive(Clone, Debug)]
pub(crate) struct PublicUrl(Issuer);

impl FromStr for PublicUrl {
    type Err = Failure;

    fn from_str(text: &str) -> Outcome<Self> {
        if text.starts_with("http://") {
            return Err(Failure::new(format!(
                "public_url must be https, since tokens and secrets travel over it: {text}"
            )));
        }
        let issuer = text.parse().map_err(|_| {
            Failure::new(format!(
                "public_url is https://host[:port], lower case, without path or query: {text}"
            ))
        })?;
        Ok(Self(issuer))
    }
}

impl PublicUrl {
    /// The URL of a tenant.
    pub(crate) fn tenant(&self, organisation: &Slug, tenant: &Slug) -> Outcome<Issuer> {
        let url = format!("https://{}-{}.{}", tenant.as_str(), organisation.as_str(), self.0.authority());
        url.parse().map_err(|_| Failure::new(format!("{url} is not a URL a tenant can have")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_reached_under_the_public_url() {
        let url: PublicUrl = "https://auth.example.com".parse().unwrap();
        let issuer = url.tenant(&"cymmetri".parse().unwrap(), &"banking".parse().unwrap()).unwrap();
        assert_eq!(issuer.as_str(), "https://banking-cymmetri.auth.example.com");
    }

    #[test]
    fn only_https_without_path() {
        for bad in [
            "http://auth.example.com",
            "http://localhost",
            "https://a.b/c",
            "https://a.b?c",
            "auth.example.com",
        ] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }
}
