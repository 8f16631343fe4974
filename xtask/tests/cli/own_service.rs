//! Services of the user's own that cannot be asked.

use std::io::Read as _;
use std::net::TcpListener;

use crate::support::{Outcome, Paceline};

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_built() {
    let paceline = Paceline::new();
    let service = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let good = format!("http://{}/{{item}}", service.local_addr().expect("bound"));
    // A port that was free a moment ago, and that nobody was given since.
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let nobody = format!("http://{}/{{item}}", nobody.expect("a free port"));
    let refuse = |url: &str, more: &[&str], words: &str| {
        let mut command = paceline.command("bench");
        command.args(["--url", url]).args(more);
        let refused = Outcome::of(&mut command).expect_code(2);
        assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
    };
    let items = ["--items", "1..3"];
    refuse(&nobody, &items, "connect to port");
    refuse(&good.replace("item", "itm"), &items, "unknown placeholder `{itm}`");
    let secure = good.replace("http:", "https:");
    refuse(&secure, &[&items[..], &["--ca-file", "no-such.pem"]].concat(), "no-such.pem`");
    refuse(&good, &[&items[..], &["--ca-file", "ca.pem"]].concat(), "not one of `https://`");
    refuse("http://no-such-host.invalid/{item}", &items, "look up the host");
    refuse(&good, &["--items", "0"], "there are none");
    refuse(&good, &[], "--items");
    refuse(&good, &[&items[..], &["--method", "BREW"]].concat(), "BREW");
    refuse(&good, &[&items[..], &["--command", "true"]].concat(), "cannot be used with");
    refuse(&good, &[&items[..], &["--matrix", "floor"]].concat(), "matrix `floor`");
    let unnamed = paceline.bench(&["--matrix", "url"]).expect_code(2);
    assert!(unnamed.stderr.contains("connect to port 1 of 127.0.0.1"), "{}", unnamed.stderr);
    service.set_nonblocking(true).expect("it can be set");
    for mut stream in service.incoming().map_while(Result::ok) {
        let mut sent = String::new();
        stream.read_to_string(&mut sent).expect("who connected is gone");
        assert_eq!(sent, "", "a service was asked");
    }
}
