//! Where a service is.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};

use crate::error::TargetError;
use crate::tls::{Tls, Trust};

/// A service's host and port, looked up.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Where to connect to.
    pub(crate) address: SocketAddr,
    /// Host and port as the URL has them.
    pub(crate) authority: Authority,
    /// The same, as the value of the header `Host`.
    pub(crate) host: HeaderValue,
    /// For a service of `https`.
    pub(crate) tls: Option<Tls>,
}

impl Target {
    /// The service at `url`, looked up unless its `address` is known.
    pub(crate) fn find(
        url: &str,
        address: Option<SocketAddr>,
        trust: &Trust,
    ) -> Result<Self, TargetError> {
        let form =
            |reason: &str| TargetError::Form { url: url.to_owned(), reason: reason.to_owned() };
        let uri: Uri = url.parse().map_err(|_| form("it is no URL"))?;
        let is_https = uri.scheme() == Some(&Scheme::HTTPS);
        if !is_https && uri.scheme() != Some(&Scheme::HTTP) {
            return Err(form("it begins with neither `http://` nor `https://`"));
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(form("it has a path"));
        }
        let authority = uri.authority().ok_or_else(|| form("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(form("it names a user"));
        }
        let header = HeaderValue::from_str(authority.as_str());
        let header = header.map_err(|_| form("its host has characters that no header has"))?;
        let host = host(authority);
        let address = match address {
            Some(address) => address,
            None => look_up(host, authority.port_u16().unwrap_or(if is_https { 443 } else { 80 }))
                .map_err(|source| TargetError::Lookup { url: url.to_owned(), source })?,
        };
        let tls = is_https.then(|| Tls::of(host, trust)).transpose()?;
        Ok(Self { address, authority: authority.clone(), host: header, tls })
    }

    /// The scheme of its URLs.
    pub(crate) fn scheme(&self) -> Scheme {
        if self.tls.is_some() { Scheme::HTTPS } else { Scheme::HTTP }
    }
}

fn host(authority: &Authority) -> &str {
    authority.host().trim_start_matches('[').trim_end_matches(']')
}

/// The first address. Trying the others in turn would make requests take times of their own.
fn look_up(host: &str, port: u16) -> io::Result<SocketAddr> {
    let none = || io::Error::new(io::ErrorKind::NotFound, "it has no address");
    (host, port).to_socket_addrs()?.next().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(url: &str) -> Result<Target, TargetError> {
        Target::find(url, None, &Trust::Only(Vec::new()))
    }

    #[test]
    fn host_and_port_are_read_from_the_url() {
        let target = find("http://127.0.0.1:8080").unwrap();
        assert_eq!(target.address, SocketAddr::from(([127, 0, 0, 1], 8080)));
        assert_eq!(target.authority, "127.0.0.1:8080");
        assert_eq!(find("http://[::1]:81/").unwrap().address.port(), 81);
        assert_eq!(find("http://127.0.0.1").unwrap().address.port(), 80);
    }

    #[test]
    fn an_address_that_is_known_is_taken_and_nothing_is_looked_up() {
        let known = SocketAddr::from(([127, 0, 0, 1], 9));
        let target = Target::find("http://no-such-host.invalid", Some(known), &Trust::System);
        assert_eq!(target.unwrap().address, known);
    }

    #[test]
    fn what_is_no_service_is_refused_with_the_reason() {
        let refused = [
            ("{server}", "no URL"),
            ("127.0.0.1:80", "neither `http://`"),
            ("ftp://127.0.0.1", "neither `http://`"),
            ("http://127.0.0.1/items", "a path"),
            ("http://127.0.0.1?x=1", "a path"),
            ("https://me@127.0.0.1", "a user"),
        ];
        for (url, reason) in refused {
            let error = find(url).expect_err(url).to_string();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }

    #[test]
    fn a_service_of_https_without_anyone_to_trust_is_refused() {
        let error = find("https://127.0.0.1").expect_err("nobody is trusted").to_string();
        assert!(error.contains("no certificate to trust"), "{error}");
    }

    #[test]
    fn a_name_without_an_address_is_refused_by_its_name() {
        // Reserved by RFC 6761, never to be given to anyone.
        let error = find("http://no-such-host.invalid:80").unwrap_err();
        assert!(matches!(error, TargetError::Lookup { .. }));
        assert!(error.to_string().contains("no-such-host.invalid"), "{error}");
    }
}
