//! TLS for both forms: whom a client trusts, and how its connections are encrypted.

use std::io;
use std::sync::Arc;

use futures_rustls::TlsConnector;
use paceline_core::AsyncStream;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::error::TargetError;
use crate::verifier::Verifier;

/// Whose signature under a server's certificate is believed. There is no way to believe just anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Whom the system trusts. Where OpenSSL's variables `SSL_CERT_FILE` and `SSL_CERT_DIR` are set, they
    /// say who that is.
    System,
    /// The holders of these certificates, and nobody else.
    Only(Vec<CertificateDer<'static>>),
}

/// What a connection to one service needs to be encrypted.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    config: Arc<ClientConfig>,
    /// What the server's certificate must be valid for.
    name: ServerName<'static>,
}

impl Tls {
    /// Of a service whose host is `host`, a name or an address without brackets.
    pub(crate) fn of(host: &str, trust: &Trust) -> Result<Self, TargetError> {
        let refuse = |reason: String| TargetError::Tls { host: host.to_owned(), reason };
        let name =
            ServerName::try_from(host.to_owned()).map_err(|error| refuse(error.to_string()))?;
        let roots = roots(trust).map_err(refuse)?;
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| refuse(error.to_string()))?;
        let mut config = match trust {
            Trust::System => config.with_root_certificates(roots),
            Trust::Only(certificates) => {
                let verifier = Verifier::of(certificates, roots, provider).map_err(refuse)?;
                config.dangerous().with_custom_certificate_verifier(verifier)
            }
        }
        .with_no_client_auth();
        // A server that speaks HTTP/2 alone is found out here, and not by its answer.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), name })
    }

    /// The client's side of a connection that blocks.
    pub(crate) fn begin(&self) -> io::Result<ClientConnection> {
        let begun = ClientConnection::new(Arc::clone(&self.config), self.name.clone());
        begun.map_err(io::Error::other)
    }

    /// Encrypts `stream`, on whose reactor it goes on waiting.
    pub(crate) async fn wrap(
        &self,
        stream: Box<dyn AsyncStream>,
    ) -> io::Result<Box<dyn AsyncStream>> {
        let connector = TlsConnector::from(Arc::clone(&self.config));
        Ok(Box::new(connector.connect(self.name.clone(), stream).await?))
    }
}

fn roots(trust: &Trust) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    match trust {
        Trust::System => {
            let found = rustls_native_certs::load_native_certs();
            // Old systems have some that nobody can read any more; the others are as good as before.
            roots.add_parsable_certificates(found.certs);
            let because =
                found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
            if roots.is_empty() {
                return Err(format!("this system has no certificates of those it trusts{because}"));
            }
        }
        Trust::Only(certificates) => {
            for certificate in certificates {
                let added = roots.add(certificate.clone());
                added.map_err(|error| format!("a certificate to trust cannot be used: {error}"))?;
            }
            if roots.is_empty() {
                return Err("there is no certificate to trust".to_owned());
            }
        }
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(host: &str, trust: &Trust) -> String {
        Tls::of(host, trust).expect_err(host).to_string()
    }

    #[test]
    fn to_trust_nobody_or_what_is_no_certificate_is_refused() {
        let none = refused("a", &Trust::Only(Vec::new()));
        assert!(none.contains("no certificate to trust"), "{none}");
        let bad = refused("a", &Trust::Only(vec![CertificateDer::from(vec![1, 2, 3])]));
        assert!(bad.contains("cannot be used"), "{bad}");
    }

    #[test]
    fn a_host_that_no_certificate_can_be_for_is_refused_by_its_name() {
        let refused = refused("under_score.-", &Trust::System);
        assert!(refused.contains("`under_score.-`"), "{refused}");
    }
}
