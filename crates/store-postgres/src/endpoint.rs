use std::{path::PathBuf, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::CertificateDer, pki_types::pem::PemObject,
};
use tokio_postgres::{Config, config::Host, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{OpenError, Options};

/// How long a connection may be silent before the system asks whether the other end is still there, and how
/// long it waits for the answer.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(15);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// Where the database is and how to speak to it.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) config: Config,
    pub(crate) tls: MakeRustlsConnect,
}

/// What a URL says of TLS.
enum Tls {
    Off,
    /// Encrypted, with a certificate for the host that one of the roots vouches for: the system's, or those
    /// in the file named.
    Verified(Option<PathBuf>),
}

impl Endpoint {
    /// Reads a URL in PostgreSQL's form. `sslmode` is `disable` or `verify-full`; `require` means the latter
    /// too. What may fall back to plain text (`prefer`) or believe any certificate is not offered, for whoever
    /// stands between could choose it. Without a word there is TLS, unless all hosts are this machine.
    pub(crate) fn parse(url: &str, options: &Options) -> Result<Self, OpenError> {
        let (url, mode, roots) = take_tls_parameters(url)?;
        let mut config: Config = url.parse().map_err(|_| {
            OpenError::Url("it is not of the form postgresql://user@host/database".to_owned())
        })?;
        let nameless = |host: &Host| matches!(host, Host::Tcp(name) if name.is_empty());
        if config.get_hosts().is_empty() || config.get_hosts().iter().any(nameless) {
            return Err(OpenError::Url("it names no host".to_owned()));
        }
        let tls = choose_tls(mode.as_deref(), roots, &config)?;
        config
            .ssl_mode(if matches!(tls, Tls::Off) { SslMode::Disable } else { SslMode::Require })
            .connect_timeout(options.connect_timeout)
            .tcp_user_timeout(options.patience)
            .keepalives(true)
            .keepalives_idle(KEEPALIVE_IDLE)
            .keepalives_interval(KEEPALIVE_INTERVAL)
            .keepalives_retries(KEEPALIVE_RETRIES);
        if config.get_application_name().is_none() {
            config.application_name("intelliauth");
        }
        Ok(Self { config, tls: MakeRustlsConnect::new(client_config(tls)?) })
    }
}

/// Takes `sslmode` and `sslrootcert` out of the URL: the driver knows neither all of the first nor the second.
fn take_tls_parameters(url: &str) -> Result<(String, Option<String>, Option<PathBuf>), OpenError> {
    let (mut mode, mut roots) = (None, None);
    let Some((base, query)) = url.split_once('?') else { return Ok((url.to_owned(), mode, roots)) };
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value.to_owned()),
            Some(("sslrootcert", value)) => roots = Some(PathBuf::from(percent_decoded(value)?)),
            _ => rest.push(pair),
        }
    }
    let query = rest.join("&");
    let url = if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") };
    Ok((url, mode, roots))
}

fn percent_decoded(text: &str) -> Result<String, OpenError> {
    let broken = || OpenError::Url("sslrootcert is not percent-encoded as it should be".to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit().ok_or_else(broken)?, digit().ok_or_else(broken)?);
            bytes.push(u8::try_from(high * 16 + low).map_err(|_| broken())?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

fn choose_tls(mode: Option<&str>, roots: Option<PathBuf>, config: &Config) -> Result<Tls, OpenError> {
    let sockets = config.get_hosts().iter().all(is_socket);
    match mode {
        // A socket of this machine has no certificate to show.
        Some("disable" | "verify-full" | "require") | None if sockets => Ok(Tls::Off),
        Some("disable") => Ok(Tls::Off),
        None if roots.is_none() && config.get_hosts().iter().all(is_this_machine) => Ok(Tls::Off),
        Some("verify-full" | "require") | None => Ok(Tls::Verified(roots)),
        Some(_) => Err(OpenError::Url(
            "sslmode is `verify-full` (encrypted, the server proves its name) or `disable`".to_owned(),
        )),
    }
}

fn is_socket(host: &Host) -> bool {
    !matches!(host, Host::Tcp(_))
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// The provider is named: a process-wide default could be set by any other crate.
fn client_config(tls: Tls) -> Result<ClientConfig, OpenError> {
    let unusable = |reason: String| OpenError::Certificates(reason);
    let roots = match tls {
        Tls::Off => RootCertStore::empty(),
        Tls::Verified(Some(path)) => {
            let certificates = CertificateDer::pem_file_iter(&path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| unusable(format!("{}: {error}", path.display())))?;
            gather(certificates)?
        }
        Tls::Verified(None) => gather(rustls_native_certs::load_native_certs().certs)?,
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(versions
        .map_err(|error| unusable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn gather(certificates: Vec<CertificateDer<'static>>) -> Result<RootCertStore, OpenError> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(OpenError::Certificates("there is no certificate to trust".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Endpoint, OpenError> {
        Endpoint::parse(url, &Options::default())
    }

    fn mode(url: &str) -> SslMode {
        parse(url).map_or(SslMode::Prefer, |endpoint| endpoint.config.get_ssl_mode())
    }

    #[test]
    fn a_distant_server_is_spoken_to_over_tls_unless_the_url_says_otherwise() {
        for url in ["postgresql://a@db.example.com/x?sslmode=disable", "postgresql://a@localhost/x"] {
            assert_eq!(mode(url), SslMode::Disable, "{url}");
        }
        assert_eq!(mode("postgresql://a@%2Frun%2Fpg/x?sslmode=verify-full"), SslMode::Disable);
    }

    #[test]
    fn what_can_be_talked_down_is_refused() {
        for weak in ["prefer", "allow", "verify-ca", "", "VERIFY-FULL"] {
            let refusal = parse(&format!("postgresql://a:geheim@db.example.com/x?sslmode={weak}")).err();
            assert!(matches!(refusal, Some(OpenError::Url(_))), "{weak}");
            assert!(!format!("{refusal:?}").contains("geheim"));
        }
    }

    #[test]
    fn a_root_file_that_is_not_there_is_told() {
        let refusal = parse("postgresql://a@127.0.0.1/x?sslrootcert=%2Fno%2Fsuch.pem").err();
        assert!(matches!(refusal, Some(OpenError::Certificates(text)) if text.contains("/no/such.pem")));
    }

    #[test]
    fn nonsense_is_refused_without_being_repeated() {
        for url in ["", "mysql://a:geheim@b/c", "postgresql:///x?host=", "host=a password=geheim nonsense"] {
            let refusal = format!("{:?}", parse(url).err());
            assert!(refusal.starts_with("Some(Url"), "{url}: {refusal}");
            assert!(!refusal.contains("geheim"), "{refusal}");
        }
    }
}
