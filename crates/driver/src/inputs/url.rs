//! A service of the user's own: its URL, its items, and whether it is there.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::num::NonZeroUsize;
use std::time::Duration;

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_inputs::{Items, ServiceUrl, certificates};
use paceline_journal::Row;
use paceline_protocol::SpecFault;

use super::reading::Reading;
use super::{URL, counted, items, text_of, usage};
use crate::usage::Usage;

/// What a matrix file may leave out.
const DEFAULTS: [(&str, &str); 3] = [("method", "GET"), ("timeout_ms", "10000"), ("send", "true")];

/// The parameter with the number of requests.
pub(crate) const REQUESTS: &str = "requests";

/// The parameter with the address that the host was found to have.
const ADDRESS: &str = "address";

/// The parameter with the file of certificates; without it, whom the system trusts is trusted.
pub(super) const CA_FILE: &str = "ca_file";

/// How long a service may take to accept a connection before the run.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Settles the parameters of a workload `url`, and returns what is to be said about them. It connects
/// nowhere and looks nothing up: a matrix can be checked while its service is down.
pub(super) fn settle(spec: &mut WorkloadSpec) -> Result<Vec<String>, Vec<SpecFault>> {
    for (name, value) in DEFAULTS {
        spec.params.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
    let mut reading = Reading::of(spec);
    let (url, method) = (reading.param::<String>(URL), reading.param::<String>("method"));
    let service = url.as_deref().and_then(|url| reading.good(URL, ServiceUrl::parse(url)));
    let named = spec.params.get(CA_FILE);
    let ca_file = named
        .zip(service.as_ref())
        .and_then(|(named, service)| reading.good(CA_FILE, ca_file(named, service)));
    let text = reading.param::<String>("items");
    let items = text.and_then(|text| reading.all_good("items", items_here(&text)));
    let (Some(url), Some(method), Some(service), Some(items)) = (url, method, service, items)
    else {
        return Err(reading.faults());
    };
    if named.is_some() && ca_file.is_none() {
        return Err(reading.faults());
    }
    let path = service.path_of(&items.get(0).unwrap_or_default(), 0);
    let count = items.count();
    let asked = counted(&items);
    let mut said = vec![format!("`{method} {url}` for {asked}; the first asks for `{path}`")];
    if !service.has_placeholder() {
        said.push(format!("`{url}` has no placeholder: every item asks the same"));
    }
    *spec = spec.clone().with("items", &items);
    if let Some(file) = ca_file {
        *spec = spec.clone().with(CA_FILE, file);
    }
    // One each, unless a rate or a matrix wants another number.
    spec.params.entry(REQUESTS.to_owned()).or_insert_with(|| count.to_string());
    Ok(said)
}

/// The file of certificates by a path that holds in any folder. It is looked into.
fn ca_file(named: &str, service: &ServiceUrl) -> Result<String> {
    if !service.is_https() {
        let reason =
            format!("trust the certificates in `{named}`: the URL is not one of `https://`");
        return Err(Usage::new(reason).into());
    }
    let path = std::path::absolute(named).with_context(|| format!("find `{named}`"))?;
    certificates(&path).map_err(usage)?;
    Ok(text_of(&path)?)
}

fn items_here(text: &str) -> Result<Items, Vec<anyhow::Error>> {
    let here = std::env::current_dir().context("find the current folder");
    items::resolve(text, &here.map_err(|error| vec![error])?)
}

/// Looks up the host, once for all rows, and has the service accept one connection.
pub(super) fn reach(spec: &mut WorkloadSpec) -> Result<()> {
    let url: String = spec.param(URL).map_err(usage)?;
    let service = ServiceUrl::parse(&url).map_err(usage)?;
    let addresses = (service.host(), service.port())
        .to_socket_addrs()
        .map_err(|error| Usage::new(format!("look up the host of `{url}`: {error}")))?;
    let address = first_that_accepts(addresses).map_err(|error| {
        let (host, port) = (service.host(), service.port());
        Usage::new(format!("connect to port {port} of {host} for `{url}`: {error}"))
    })?;
    *spec = spec.clone().with(ADDRESS, address);
    Ok(())
}

/// Has the service accept a connection where it was found before.
pub(super) fn is_there(spec: &WorkloadSpec) -> Result<()> {
    let url: String = spec.param(URL).map_err(usage)?;
    let address: SocketAddr = spec.param(ADDRESS).map_err(usage)?;
    first_that_accepts([address].into_iter())
        .map_err(|error| Usage::new(format!("connect to {address} for `{url}`: {error}")))?;
    Ok(())
}

fn first_that_accepts(addresses: impl Iterator<Item = SocketAddr>) -> io::Result<SocketAddr> {
    let mut refused = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_LIMIT) {
            Ok(_) => return Ok(address),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Leaves out the rows that could have more than `most` requests in flight, and returns what is to be
/// said about it. They are not narrowed: each would be another row once more, under a wrong name.
pub(crate) fn leave_out_wider(rows: &mut Vec<Row>, most: NonZeroUsize) -> Result<Option<String>> {
    let before = rows.len();
    rows.retain(|row| {
        let case = &row.case;
        let all = || case.spec.param::<usize>(REQUESTS).unwrap_or(usize::MAX);
        case.spec.workload != URL || case.width.map_or_else(all, NonZeroUsize::get) <= most.get()
    });
    match before - rows.len() {
        0 => Ok(None),
        _ if rows.is_empty() => {
            let reason = format!("keep to --max-in-flight {most}: every row is wider");
            Err(Usage::new(reason).into())
        }
        1 => Ok(Some(format!("1 row wider than {most} is left out"))),
        left_out => Ok(Some(format!("{left_out} rows wider than {most} are left out"))),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn spec(url: &str) -> WorkloadSpec {
        WorkloadSpec::new(URL).with(URL, url).with("items", "1..3")
    }

    #[test]
    fn what_a_matrix_leaves_out_is_filled_in_and_nothing_but_get_is_sent_unasked() {
        let mut settled = spec("http://127.0.0.1:1/items/{item}");
        let said = settle(&mut settled).expect("a good URL");
        let expected =
            "`GET http://127.0.0.1:1/items/{item}` for 3 items; the first asks for `/items/1`";
        assert_eq!(said, [expected]);
        let set: Vec<&str> = settled.params.keys().map(String::as_str).collect();
        assert_eq!(set, ["items", "method", "requests", "send", "timeout_ms", "url"]);
        let said = settle(&mut spec("http://127.0.0.1:1/")).expect("a good URL");
        assert!(said[1].contains("no placeholder"), "{said:?}");
    }

    #[test]
    fn of_a_hosts_addresses_the_first_that_accepts_is_taken() {
        let dead = TcpListener::bind("127.0.0.1:0").and_then(|gone| gone.local_addr());
        let dead = dead.expect("a free port");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let alive = listener.local_addr().expect("bound");
        let found = first_that_accepts([dead, alive].into_iter());
        assert_eq!(found.expect("one accepts"), alive);
        first_that_accepts([dead].into_iter()).expect_err("none accepts");
    }

    #[test]
    fn a_service_is_looked_up_once_and_must_accept_a_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let mut settled = spec(&format!("http://localhost:{}/{{item}}", address.port()));
        reach(&mut settled).expect("somebody listens");
        assert_eq!(settled.params["address"], address.to_string());
        drop(listener);
        let refused = reach(&mut settled).expect_err("nobody listens").to_string();
        assert!(refused.contains("connect to port") && refused.contains("localhost"), "{refused}");
        // Reserved by RFC 6761, never to be given to anyone.
        let unknown = reach(&mut spec("http://no-such-host.invalid/")).expect_err("no such host");
        assert!(unknown.to_string().contains("look up the host"), "{unknown}");
    }
}
