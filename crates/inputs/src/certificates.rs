//! Certificates of the user's own, for services that no public authority vouches for.

use std::path::Path;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use crate::error::InputError;
use crate::regular::read_regular;

/// The certificates in a PEM file; whatever else is in it is passed over.
///
/// # Errors
///
/// When the file cannot be read, a certificate in it is damaged, or there is none.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, InputError> {
    let refuse =
        |reason: String| InputError::Certificates { path: path.display().to_string(), reason };
    let bytes = read_regular(path).map_err(|error| refuse(error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if found.is_empty() => {
            Err(refuse("there is none (`-----BEGIN CERTIFICATE-----`)".to_owned()))
        }
        Ok(found) => Ok(found),
        Err(error) => Err(refuse(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

    fn read(content: &str) -> Result<Vec<CertificateDer<'static>>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, content).unwrap();
        certificates(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn every_certificate_of_a_file_is_read_and_what_stands_between_them_is_not() {
        let key = "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n";
        let found = read(&format!("# ours\n{ONE}{key}{ONE}")).unwrap();
        assert_eq!(
            found,
            [CertificateDer::from(&[1, 2, 3][..]), CertificateDer::from(&[1, 2, 3][..])]
        );
    }

    #[test]
    fn a_file_that_is_not_there_or_has_none_or_a_damaged_one_is_refused_by_its_name() {
        let gone = certificates(Path::new("no/such.pem")).unwrap_err().to_string();
        assert!(gone.contains("`no/such.pem`"), "{gone}");
        if cfg!(unix) {
            let device = certificates(Path::new("/dev/null")).unwrap_err().to_string();
            assert!(device.ends_with("it is a character device, not a regular file"), "{device}");
        }
        let none = read("DER, perhaps").unwrap_err();
        assert!(none.contains("ca.pem`: there is none"), "{none}");
        for damaged in [ONE.replace("AQID", "!!"), ONE.replace("-----END CERTIFICATE-----", "")] {
            assert!(read(&damaged).is_err(), "{damaged}");
        }
    }
}
