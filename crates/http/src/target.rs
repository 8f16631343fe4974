//! Where a service is.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use http::Uri;
use http::uri::Scheme;

use crate::error::TargetError;

/// A service's host and port, looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Where to connect to.
    pub(crate) address: SocketAddr,
    /// Host and port as the URL has them, for the header `Host`.
    pub(crate) authority: String,
}

impl Target {
    pub(crate) fn find(url: &str) -> Result<Self, TargetError> {
        let form =
            |reason: &str| TargetError::Form { url: url.to_owned(), reason: reason.to_owned() };
        let uri: Uri = url.parse().map_err(|_| form("it is no URL"))?;
        if uri.scheme() != Some(&Scheme::HTTP) {
            return Err(form("it does not begin with `http://`"));
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(form("it has a path"));
        }
        let authority = uri.authority().ok_or_else(|| form("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(form("it names a user"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let port = authority.port_u16().unwrap_or(80);
        let address = look_up(host, port)
            .map_err(|source| TargetError::Lookup { url: url.to_owned(), source })?;
        Ok(Self { address, authority: authority.as_str().to_owned() })
    }
}

/// The first address. Trying the others in turn would make requests take times of their own.
fn look_up(host: &str, port: u16) -> io::Result<SocketAddr> {
    let none = || io::Error::new(io::ErrorKind::NotFound, "it has no address");
    (host, port).to_socket_addrs()?.next().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_are_read_from_the_url() {
        let target = Target::find("http://127.0.0.1:8080").unwrap();
        assert_eq!(target.address, SocketAddr::from(([127, 0, 0, 1], 8080)));
        assert_eq!(target.authority, "127.0.0.1:8080");
        assert_eq!(Target::find("http://[::1]:81/").unwrap().address.port(), 81);
        assert_eq!(Target::find("http://127.0.0.1").unwrap().address.port(), 80);
    }

    #[test]
    fn what_is_no_service_is_refused_with_the_reason() {
        let refused = [
            ("{server}", "no URL"),
            ("127.0.0.1:80", "begin with `http://`"),
            ("https://127.0.0.1", "begin with `http://`"),
            ("ftp://127.0.0.1", "begin with `http://`"),
            ("http://127.0.0.1/items", "a path"),
            ("http://127.0.0.1?x=1", "a path"),
            ("http://me@127.0.0.1", "a user"),
        ];
        for (url, reason) in refused {
            let error = Target::find(url).expect_err(url).to_string();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }

    #[test]
    fn a_name_without_an_address_is_refused_by_its_name() {
        // Reserved by RFC 6761, never to be given to anyone.
        let error = Target::find("http://no-such-host.invalid:80").unwrap_err();
        assert!(matches!(error, TargetError::Lookup { .. }));
        assert!(error.to_string().contains("no-such-host.invalid"), "{error}");
    }
}
