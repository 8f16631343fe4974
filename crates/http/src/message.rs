//! What is sent, the same by both forms: a service may answer as it is asked.

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::request::Builder;
use http::{Method, Uri};

use crate::error::Cause;
use crate::request::{REQUEST_HEAD_BYTES, Request};
use crate::target::Target;

/// Says to a service who loads it.
const NAME: &str = concat!("paceline/", env!("CARGO_PKG_VERSION"));

/// The head of `request`, for the URI that the library that sends it wants.
///
/// # Errors
///
/// When the request is none, or its head is too long.
pub(crate) fn head(
    target: &Target,
    request: &Request,
    uri: impl FnOnce() -> Result<Uri, http::Error>,
) -> Result<Builder, Cause> {
    let mut head = http::Request::builder()
        .method(request.method.clone())
        .header(HOST, target.host.clone())
        .header(USER_AGENT, HeaderValue::from_static(NAME))
        .header(ACCEPT, HeaderValue::from_static("*/*"));
    if request.body.is_some() {
        head = head.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if announces_length(request) {
        let length = request.body.as_ref().map_or(0, Vec::len);
        head = head.header(CONTENT_LENGTH, HeaderValue::from(length));
    }
    let length = length(&head, request);
    if length > REQUEST_HEAD_BYTES {
        return Err(Cause::RequestHead(length));
    }
    // The library's own limit of a URI is found out here, and is beyond that of the head.
    Ok(head.uri(uri().map_err(Cause::Request)?))
}

/// How many bytes the head of `request` has on its way.
fn length(head: &Builder, request: &Request) -> usize {
    let line = request.method.as_str().len() + request.path.len() + "  HTTP/1.1\r\n".len();
    let fields = head.headers_ref().into_iter().flatten();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}

/// Whether the length of the body is sent. Where a method usually has a body, none has the length 0.
pub(crate) fn announces_length(request: &Request) -> bool {
    let usually_has_body = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
    usually_has_body || request.body.is_some()
}
