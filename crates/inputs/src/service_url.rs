//! A URL of the user's own service, in whose path placeholders stand for the item.

use http::uri::{Authority, PathAndQuery};

use crate::error::InputError;
use crate::template::Template;

/// A URL such as `http://127.0.0.1:8080/items/{item}`. Host and port are the same for every item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUrl {
    is_https: bool,
    authority: Authority,
    port: u16,
    path: Template,
}

/// The port of a URL of `http` that names none.
const HTTP_PORT: u16 = 80;

/// That of a URL of `https`.
const HTTPS_PORT: u16 = 443;

const NOT_ENCODED: &str = "its path has characters that must be percent-encoded";

const NO_SCHEME: &str = "it begins with neither `http://` nor `https://`";

impl ServiceUrl {
    /// Reads `url`.
    ///
    /// # Errors
    ///
    /// When it begins with neither `http://` nor `https://`, names no host or a user, its port is none, a
    /// placeholder stands outside of path and query or is unknown, or its path has characters that no
    /// path has.
    pub fn parse(url: &str) -> Result<Self, InputError> {
        let refuse = |reason| InputError::Url { url: url.to_owned(), reason };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| refuse(NO_SCHEME))?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(refuse(NO_SCHEME));
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('{') {
            return Err(refuse("placeholders stand in its path and query only"));
        }
        if path.contains('#') {
            return Err(refuse("it has a fragment (`#`), which no server is sent"));
        }
        let authority: Authority =
            authority.parse().map_err(|_| refuse("it names no host that can be looked up"))?;
        let port = port(&authority, is_https).map_err(refuse)?;
        // An empty path is `/`, also before a query.
        let slash = if path.starts_with('/') { "" } else { "/" };
        let path = Template::path(&format!("{slash}{path}"))?;
        let service = Self { is_https, authority, port, path };
        if !service.path_of("item", 0).is_ascii() {
            return Err(refuse(NOT_ENCODED));
        }
        // What stands for a placeholder is encoded, so one path stands for all.
        match PathAndQuery::try_from(service.path_of("item", 0)) {
            Ok(_) => Ok(service),
            Err(_) => Err(refuse(NOT_ENCODED)),
        }
    }

    /// The URL without path and query, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}", self.authority)
    }

    /// Whether what is sent there is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host, without the brackets of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// The port, 80 or with `https` 443 where the URL names none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query for the item `item`, which is number `index`.
    #[must_use]
    pub fn path_of(&self, item: &str, index: u32) -> String {
        self.path.words(item, index).concat()
    }

    /// Whether there is a placeholder at all. Without one, every item asks the same.
    #[must_use]
    pub fn has_placeholder(&self) -> bool {
        self.path.has_placeholder()
    }
}

fn port(authority: &Authority, is_https: bool) -> Result<u16, &'static str> {
    let text = authority.as_str();
    if text.contains('@') {
        return Err("it names a user");
    }
    match text.strip_prefix(authority.host()) {
        Some("") => Ok(if is_https { HTTPS_PORT } else { HTTP_PORT }),
        // A number may have a sign elsewhere.
        Some(port) if port[1..].bytes().all(|byte| byte.is_ascii_digit()) => {
            authority.port_u16().filter(|port| *port > 0).ok_or(NO_PORT)
        }
        _ => Err(NO_PORT),
    }
}

const NO_PORT: &str = "its port is no number from 1 to 65535";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_port_and_the_path_of_each_item_are_read_from_the_url() {
        let url = ServiceUrl::parse("http://127.0.0.1:8080/items/{item}?n={index}").unwrap();
        assert_eq!((url.host(), url.port()), ("127.0.0.1", 8080));
        assert_eq!(url.origin(), "http://127.0.0.1:8080");
        assert_eq!(url.path_of("7", 3), "/items/7?n=3");
        assert!(url.has_placeholder());
        let bare = ServiceUrl::parse("http://[::1]").unwrap();
        assert_eq!((bare.host(), bare.port(), bare.path_of("7", 0)), ("::1", 80, "/".to_owned()));
        assert!(!bare.has_placeholder());
        let encrypted = ServiceUrl::parse("HTTPS://a/{item}").unwrap();
        assert_eq!((encrypted.origin().as_str(), encrypted.port()), ("https://a", 443));
        assert!(encrypted.is_https() && !bare.is_https());
        let query = ServiceUrl::parse("http://a?q={item}").unwrap();
        assert_eq!(query.path_of("x", 0), "/?q=x");
    }

    #[test]
    fn an_item_stays_one_part_of_the_path_whatever_characters_it_has() {
        let url = ServiceUrl::parse("http://a/{item}?q=1").unwrap();
        assert_eq!(
            url.path_of("b c?d=e&f#g%\r\n\u{e4}", 0),
            "/b%20c%3Fd%3De%26f%23g%25%0D%0A%C3%A4?q=1"
        );
        assert_eq!(url.path_of("a/b-c_d.e~f", 0), "/a/b-c_d.e~f?q=1");
    }

    #[test]
    fn what_is_no_such_url_is_refused_with_the_reason() {
        let refused = [
            ("127.0.0.1:80/{item}", "neither `http://`"),
            ("ftp://a/{item}", "neither `http://`"),
            ("http:///{item}", "no host"),
            ("http://{item}/", "path and query only"),
            ("http://me@a/{item}", "a user"),
            ("http://a:99999/{item}", "its port"),
            ("http://a:/{item}", "its port"),
            ("http://a:0/{item}", "its port"),
            ("http://a:+80/{item}", "its port"),
            ("http://a:80x/{item}", "its port"),
            ("http://\u{e4}.example/{item}", "no host"),
            ("http://a/\u{e4}", "percent-encoded"),
            ("http://a/{item}#top", "a fragment"),
            ("http://a/b c", "percent-encoded"),
            ("http://a/{itm}", "unknown placeholder `{itm}`"),
        ];
        for (url, reason) in refused {
            let error = ServiceUrl::parse(url).expect_err(url).to_string();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }
}
