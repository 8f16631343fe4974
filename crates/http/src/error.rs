//! Why there is no answer.

use std::error::Error;
use std::io;
use std::time::Duration;

use http::StatusCode;

use crate::answer::Breach;
use crate::complaint::complaint;
use crate::request::{REQUEST_HEAD_BYTES, Request};

/// A request without an answer that can be used.
#[derive(Debug, thiserror::Error)]
#[error("{method} {path}: {cause}")]
pub struct HttpError {
    method: http::Method,
    path: String,
    cause: Cause,
}

impl HttpError {
    pub(crate) fn of(request: &Request, cause: Cause) -> Self {
        Self { method: request.method.clone(), path: shown(&request.path), cause }
    }
}

/// How much of a path is shown, in characters: there may be thousands of them, for each of thousands of items.
const SHOWN: usize = 200;

fn shown(path: &str) -> String {
    match path.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &path[..end]),
        None => path.to_owned(),
    }
}

/// What went wrong with a request, apart from which request it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("status {0}")]
    Status(StatusCode),
    #[error("{0}")]
    Answer(Breach),
    #[error("TLS: {0}")]
    Tls(String),
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    #[error("the body of the answer has more than {0} bytes")]
    TooLong(u64),
    #[error("{0}")]
    Exchange(String),
    #[error("no such request can be made: {0}")]
    Request(http::Error),
    #[error(
        "no such request can be made: its head has {0} bytes, and {REQUEST_HEAD_BYTES} are the most"
    )]
    RequestHead(usize),
}

impl Cause {
    /// An exchange that `error` ended: what libraries wrap is told from the outside in, and nothing
    /// twice.
    pub(crate) fn exchange(error: &(dyn Error + 'static)) -> Self {
        if let Some(breach) = chain(error).find_map(|error| error.downcast_ref::<Breach>()) {
            return Self::Answer(*breach);
        }
        if let Some(complaint) = chain(error).find_map(complaint) {
            return Self::Tls(complaint);
        }
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let more = cause.to_string();
            if !text.contains(&more) {
                text = format!("{text}: {more}");
            }
            source = cause.source();
        }
        Self::Exchange(text)
    }
}

/// `error` and what is behind it, from the outside in. Of an error in an [`io::Error`], `source` tells only
/// what is behind that.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error = *error;
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

/// A connection that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("connect: {0}{hint}", hint = hint(.0))]
pub(crate) struct Unconnected(pub(crate) io::Error);

/// What to do where a limit of the system is in the way.
#[cfg(unix)]
fn hint(error: &io::Error) -> String {
    use rustix::io::Errno;
    use rustix::process::{Resource, getrlimit};
    match Errno::from_io_error(error) {
        Some(Errno::MFILE) => {
            let most = getrlimit(Resource::Nofile).current;
            let most = most.map_or_else(String::new, |most| format!(" {most}"));
            format!(
                ": each request in flight needs one, and a process may have{most} here; raise \
                 `ulimit -n`, or ask for fewer in flight"
            )
        }
        Some(Errno::NFILE) => {
            ": the whole system may have no more; raise `sysctl fs.file-max`".to_owned()
        }
        Some(Errno::ADDRNOTAVAIL) => {
            ": there may be no port left for a new connection; see `sysctl \
             net.ipv4.ip_local_port_range`"
                .to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(not(unix))]
fn hint(_: &io::Error) -> &'static str {
    ""
}

/// A service that cannot be talked to at all.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// It is no URL of a service.
    #[error("read `{url}` as a service: {reason}")]
    Form {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The name of the host has no address.
    #[error("look up the host of `{url}`: {source}")]
    Lookup {
        /// What was given.
        url: String,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody is trusted, or the host can have no certificate.
    #[error("speak TLS with `{host}`: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
}
