//! An authority of the test's own, whom nobody else knows.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::NamedTempFile;

pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// Its own certificate, as a user would name it.
    pub(crate) file: NamedTempFile,
}

/// A server's certificate with its key.
pub(crate) type Identity = (CertificateDer<'static>, PrivateKeyDer<'static>);

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("an authority for tests")
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        Self::of(params)
    }

    /// One as `openssl req -x509` makes it for a server: an authority that nobody else has signed.
    pub(crate) fn of_a_server(host: &str) -> Self {
        Self::of(CertificateParams::new([host.to_owned()]).unwrap())
    }

    pub(crate) fn of(mut params: CertificateParams) -> Self {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// The certificate of the authority itself, which a server may show as its own.
    pub(crate) fn own(&self) -> Identity {
        let key = self.issuer.key().serialize_der();
        (self.issuer.der().clone(), PrivateKeyDer::Pkcs8(key.into()))
    }

    /// A certificate for `host`, a name or an address.
    pub(crate) fn issue(&self, host: &str) -> Identity {
        self.sign(&CertificateParams::new([host.to_owned()]).unwrap())
    }

    pub(crate) fn sign(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.der().clone(), PrivateKeyDer::Pkcs8(key.serialize_der().into()))
    }
}
