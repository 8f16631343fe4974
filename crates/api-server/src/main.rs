//! `paceline-api-server [--port N]`: the API's server as a process of its own.
//!
//! It prints one line of JSON when it is up ([`Listening`]), and ends when its standard input does or
//! when its parent is gone. Without a port it takes any that is free.

mod os;

use std::io::{self, Write};
use std::process::ExitCode;

use paceline_api_server::Server;
use paceline_protocol::service::Listening;

/// The exit code for arguments that are wrong.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let Some(port) = port(std::env::args().skip(1)) else {
        complain("read its arguments: it takes `--port N`, N from 0 to 65535");
        return ExitCode::from(USAGE);
    };
    os::die_with_parent();
    // Each connection needs a file. If the system refuses more, connections are refused later.
    paceline_core::raise_open_files();
    match serve(port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            complain(&reason);
            ExitCode::FAILURE
        }
    }
}

fn serve(port: u16) -> Result<(), String> {
    let server = Server::start(port).map_err(|error| error.to_string())?;
    let listening = Listening { url: server.url(), pid: std::process::id() };
    let line = serde_json::to_string(&listening).map_err(|error| error.to_string())?;
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("say where it listens: {error}"))?;
    // An error is as good an end as the end of the file.
    let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
    Ok(())
}

fn port(arguments: impl Iterator<Item = String>) -> Option<u16> {
    let arguments: Vec<String> = arguments.collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Some(0),
        ["--port", port] => port.parse().ok(),
        _ => None,
    }
}

fn complain(reason: &str) {
    // Without standard error the exit code has to do.
    let _ = writeln!(io::stderr(), "paceline-api-server: failed to {reason}");
}
