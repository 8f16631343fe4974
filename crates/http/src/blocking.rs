//! The blocking form: ureq, told to do nothing on its own.

use std::sync::OnceLock;

use http::Method;
use http::header::{CONTENT_TYPE, HOST};
use ureq::config::Config;

use crate::client::{Limits, Request};
use crate::error::Cause;
use crate::target::Target;

/// The agent with its connections, made when it is first wanted.
#[derive(Debug, Default)]
pub(crate) struct Agent(OnceLock<ureq::Agent>);

impl Agent {
    pub(crate) fn send(
        &self,
        target: &Target,
        limits: Limits,
        request: &Request,
    ) -> Result<Vec<u8>, Cause> {
        let agent = self.0.get_or_init(|| config(limits).new_agent());
        let cause = |error| cause(error, limits);
        let message = http::Request::builder()
            .method(request.method.clone())
            // The host was looked up once, and is not to be again for each connection.
            .uri(format!("http://{}{}", target.address, request.path))
            .header(HOST, target.authority.as_str());
        // Where a method usually has a body, nothing would be sent in chunks; an empty one has a length.
        let usually_has_body = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
        let response = match &request.body {
            None if usually_has_body => agent.run(message.body(&[][..]).map_err(Cause::Request)?),
            None => agent.run(message.body(()).map_err(Cause::Request)?),
            Some(body) => {
                let message = message.header(CONTENT_TYPE, "application/json");
                agent.run(message.body(body.as_slice()).map_err(Cause::Request)?)
            }
        };
        let mut response = response.map_err(cause)?;
        if !response.status().is_success() {
            return Err(Cause::Status(response.status()));
        }
        let most = limits.body_bytes;
        if response.body().content_length().is_some_and(|length| length > most) {
            return Err(Cause::TooLong(most));
        }
        response.body_mut().with_config().limit(most).read_to_vec().map_err(cause)
    }
}

fn cause(error: ureq::Error, limits: Limits) -> Cause {
    match error {
        ureq::Error::Timeout(_) => Cause::Timeout(limits.timeout),
        ureq::Error::BodyExceedsLimit(_) => Cause::TooLong(limits.body_bytes),
        ureq::Error::Io(error) => Cause::exchange(&error),
        other => Cause::exchange(&other),
    }
}

fn config(limits: Limits) -> Config {
    ureq::Agent::config_builder()
        .timeout_global(Some(limits.timeout))
        // A redirect is an answer, and not the one that was asked for.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // What the environment says of proxies must not change what is measured.
        .proxy(None)
        // As many as there are requests in flight.
        .max_idle_connections(usize::MAX)
        .max_idle_connections_per_host(usize::MAX)
        .build()
}
