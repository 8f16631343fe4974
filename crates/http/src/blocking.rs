//! The blocking form: ureq, told to do nothing on its own.

use std::fmt;
use std::io::Read as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Uri;
use ureq::Agent;
use ureq::config::Config;

use crate::answer::{HEAD_BYTES, Watch};
use crate::dial::{Dial, Known};
use crate::error::Cause;
use crate::message;
use crate::request::{AT_ONCE_BYTES, Limits, REQUEST_HEAD_BYTES, Request};
use crate::target::Target;

/// The connections that lie idle, the latest one last. One agent for all of them would have every thread
/// wait for its list of connections, which it walks through for each request.
#[derive(Default)]
pub(crate) struct Agents {
    idle: Mutex<Vec<Connection>>,
}

/// An agent with one connection at most, which it makes when it is first asked.
struct Connection {
    agent: Agent,
    watch: Watch,
}

impl Agents {
    pub(crate) fn send(
        &self,
        target: &Target,
        limits: Limits,
        request: &Request,
    ) -> Result<Vec<u8>, Cause> {
        let idle = self.lock().pop();
        let connection = idle.unwrap_or_else(|| Connection::to(target, limits));
        let answer = connection.exchange(target, limits, request)?;
        // One that has failed is left.
        self.lock().push(connection);
        Ok(answer)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    fn to(target: &Target, limits: Limits) -> Self {
        let watch = Watch::default();
        let dial = Dial { target: target.clone(), limit: limits.timeout, watch: watch.clone() };
        Self { agent: Agent::with_parts(config(limits), dial, Known(target.address)), watch }
    }

    fn exchange(
        &self,
        target: &Target,
        limits: Limits,
        request: &Request,
    ) -> Result<Vec<u8>, Cause> {
        let cause = |error| cause(error, limits);
        let uri = || {
            Uri::builder()
                .scheme(target.scheme())
                .authority(target.authority.clone())
                .path_and_query(request.path.as_str())
                .build()
        };
        let head = message::head(target, request, uri)?;
        self.watch.begin(&request.method);
        let response = match &request.body {
            Some(body) => self.agent.run(head.body(body.as_slice()).map_err(Cause::Request)?),
            None if message::announces_length(request) => {
                self.agent.run(head.body(&[][..]).map_err(Cause::Request)?)
            }
            None => self.agent.run(head.body(()).map_err(Cause::Request)?),
        };
        let mut response = response.map_err(cause)?;
        if !response.status().is_success() {
            return Err(Cause::Status(response.status()));
        }
        let most = limits.body_bytes;
        let length = response.body().content_length().unwrap_or_default();
        if length > most {
            return Err(Cause::TooLong(most));
        }
        // One byte more lets the end be seen without more memory.
        let mut bytes = Vec::with_capacity(length.min(AT_ONCE_BYTES) as usize + 1);
        let mut reader = response.body_mut().with_config().limit(most).reader();
        reader.read_to_end(&mut bytes).map_err(|error| cause(ureq::Error::from(error)))?;
        Ok(bytes)
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
    Agent::config_builder()
        .timeout_global(Some(limits.timeout))
        // A redirect is an answer, and not the one that was asked for.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // What the environment says of proxies must not change what is measured.
        .proxy(None)
        // A connection stays as long as its server lets it.
        .max_idle_age(Duration::MAX)
        .input_buffer_size(INPUT_BYTES)
        // How much is sent at once. The longest head that is sent has to fit.
        .output_buffer_size(REQUEST_HEAD_BYTES)
        .build()
}

/// How much is read at once, in bytes. The longest head that is taken has to fit.
const INPUT_BYTES: usize = 2 * HEAD_BYTES;

impl fmt::Debug for Agents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agents").field("idle", &self.lock().len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::mpsc::channel;
    use std::thread;

    use crate::{Client, Limits, Request};

    use super::*;

    #[test]
    fn a_connection_that_its_server_closed_while_it_lay_idle_is_left_for_a_new_one() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (closed, is_closed) = channel();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let head = BufReader::new(&stream).lines().map_while(Result::ok);
                head.take_while(|line| !line.is_empty()).for_each(drop);
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
                drop(stream);
                closed.send(()).unwrap();
            }
        });
        let limits = Limits { timeout: Duration::from_secs(10), body_bytes: 10 };
        let client = Client::new(&url, limits).unwrap();
        for _ in 0..3 {
            assert_eq!(client.send(&Request::get("/")).unwrap(), b"ok");
            is_closed.recv().unwrap();
        }
    }

    #[test]
    fn a_connection_that_breaks_is_no_end_of_a_body_without_a_length() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (is_read, was_read) = channel::<()>();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\npart").unwrap();
            // To close it while the request was not read resets it.
            was_read.recv_timeout(Duration::from_millis(200)).unwrap_err();
        });
        let limits = Limits { timeout: Duration::from_secs(10), body_bytes: 10 };
        let answer = Client::new(&url, limits).unwrap().send(&Request::get("/"));
        drop(is_read);
        let error = answer.expect_err("half an answer").to_string();
        assert!(error.starts_with("GET /: "), "{error}");
    }
}
