//! What was wrong with TLS, in words.

use std::io;

use rustls::{CertificateError, Error, InvalidMessage};

use crate::verifier::is_authority;

/// What was wrong with TLS, in words, if `error` itself says so. What is behind it is not looked at.
pub(crate) fn complaint(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    error.downcast_ref().map(in_words).or_else(|| cut_off(error))
}

fn in_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "unknown issuer: nobody who is trusted has signed the server's certificate".to_owned()
        }
        error if is_authority(error) => {
            "unknown issuer: the server shows the certificate of an authority, and it is none of \
             those that are trusted"
                .to_owned()
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => format!("name mismatch: {error}"),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the other side does not speak TLS; is it a service of `http://`?".to_owned()
        }
        _ => error.to_string(),
    }
}

/// A connection that ended before TLS said that it would. `rustls` has no error of its own for that.
fn cut_off(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let error = error.downcast_ref::<io::Error>()?;
    let is_it = error.kind() == io::ErrorKind::UnexpectedEof
        && error.to_string().contains("without sending TLS close_notify");
    is_it.then(|| "the connection was closed before its end was announced".to_owned())
}
