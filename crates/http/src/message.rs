//! What is sent, the same by both forms: a service may answer as it is asked.

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::request::Builder;
use http::{Method, Uri};

use crate::client::Request;
use crate::target::Target;

/// Says to a service who loads it.
const NAME: &str = concat!("paceline/", env!("CARGO_PKG_VERSION"));

/// The head of `request`, for `uri` as the library that sends it wants it.
pub(crate) fn head(target: &Target, request: &Request, uri: Uri) -> Builder {
    let head = http::Request::builder()
        .method(request.method.clone())
        .uri(uri)
        .header(HOST, target.host.clone())
        .header(USER_AGENT, HeaderValue::from_static(NAME))
        .header(ACCEPT, HeaderValue::from_static("*/*"));
    let head = match &request.body {
        Some(_) => head.header(CONTENT_TYPE, HeaderValue::from_static("application/json")),
        None => head,
    };
    if announces_length(request) {
        let length = request.body.as_ref().map_or(0, Vec::len);
        head.header(CONTENT_LENGTH, HeaderValue::from(length))
    } else {
        head
    }
}

/// Whether the length of the body is sent. Where a method usually has a body, none has the length 0.
pub(crate) fn announces_length(request: &Request) -> bool {
    let usually_has_body = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
    usually_has_body || request.body.is_some()
}
