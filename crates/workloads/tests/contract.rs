//! What every workload of the registry owes, held against all of them.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use paceline_api_server::Server;
use paceline_core::{
    AsyncIo, AsyncStream, BoxFuture, Checksum, ItemIndex, ItemResult, Sink, SpecError, Workload,
    WorkloadSpec,
};
use paceline_http::{Client, Limits, Method, Request};
use paceline_workloads::{WORKLOADS, build};
use tempfile::TempDir;

/// Stands for the parameter that counts the items where no single one does.
const NONE: &str = "";

/// A spec of each workload with ten items, without waits, and the parameter that counts them.
fn example(name: &str, images: &Path, url: &str) -> (WorkloadSpec, &'static str) {
    let spec = WorkloadSpec::new(name).with_seed(11);
    match name {
        "api" => (spec.with("records", 10).with("max_wait_us", 0), "records"),
        "http" => {
            let spec = spec.with("url", url).with("records", 10).with("max_wait_us", 0);
            (spec.with("timeout_ms", 10_000), "records")
        }
        "noop" => (spec.with("items", 10), "items"),
        "rotate" => {
            let spec = spec.with("images", images.display()).with("items", 10);
            (spec.with("repetitions", 3).with("degrees", 1), "items")
        }
        "primes" => {
            let spec = spec.with("items", 10).with("below", 100);
            (spec.with("repetitions", 2), "items")
        }
        "files" => {
            let spec = spec.with("folder", images.display()).with("items", 10);
            (spec.with("drop_cache", false), "items")
        }
        "command" => {
            let spec = spec.with("command", "test {item}").with("items", "1..10");
            let spec = spec.with("shell", false).with("directory", images.display());
            (spec.with("output", "null").with("check_output", false).with("run", true), NONE)
        }
        "url" => {
            let spec = spec.with("url", format!("{url}/records/{{item}}")).with("items", "1..10");
            (spec.with("method", "GET").with("timeout_ms", 10_000).with("send", true), NONE)
        }
        "spin" => {
            let spec = spec.with("items", 10).with("iterations", 100);
            (spec.with("slowdown_percent", 5), "items")
        }
        "overlap" => (spec.with("items", 10).with("sleep_us", 0), "items"),
        "hold" => (spec.with("items", 10).with("mib", 1).with("hold_ms", 0), "items"),
        other => panic!("workload `{other}` has no example: add one, so that it is tested"),
    }
}

/// Calls `check` with an example of every workload.
fn for_each_workload(check: impl Fn(WorkloadSpec, &'static str)) {
    let images = TempDir::new().unwrap();
    for name in ["a.png", "b.png", "c.png"] {
        let shade = name.as_bytes()[0];
        let picture =
            image::RgbImage::from_fn(30, 20, |x, y| image::Rgb([shade, x as u8, y as u8]));
        picture.save(images.path().join(name)).unwrap();
    }
    let server = Server::start(0).unwrap();
    let setting = br#"{"seed": 11, "records": 10, "max_wait_us": 0}"#.to_vec();
    let reset = Request { method: Method::POST, path: "/reset".to_owned(), body: Some(setting) };
    let limits = Limits { timeout: Duration::from_secs(10), body_bytes: 1_000 };
    Client::new(&server.url(), limits).unwrap().send(&reset).unwrap();
    for entry in WORKLOADS {
        let (spec, count) = example(entry.name, images.path(), &server.url());
        check(spec, count);
    }
}

/// A runtime on which every wait is over at once; it notes what was asked.
#[derive(Default)]
struct NoWait {
    asked: Mutex<Vec<Duration>>,
}

impl AsyncIo for NoWait {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.asked.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }

    fn run_program<'a>(
        &'a self,
        mut command: Command,
        stdout: Sink<'a>,
        _: Sink<'a>,
    ) -> BoxFuture<'a, io::Result<ExitStatus>> {
        assert!(stdout.is_none(), "its output is not wanted");
        let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        Box::pin(std::future::ready(ended))
    }
}

/// A runtime with real sockets, for items that need some.
struct Sockets;

impl AsyncIo for Sockets {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            smol::Timer::after(duration).await;
        })
    }

    fn connect(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<Box<dyn AsyncStream>>> {
        Box::pin(async move {
            let stream = smol::net::TcpStream::connect(address).await?;
            Ok(Box::new(stream) as Box<dyn AsyncStream>)
        })
    }
}

/// The result of an item run asynchronously, and the waits it asked for.
fn run_async(workload: &dyn Workload, item: ItemIndex) -> (ItemResult, Vec<Duration>) {
    if ["http", "url"].contains(&workload.spec().workload.as_str()) {
        return (smol::block_on(workload.run_item_async(item, &Sockets)), Vec::new());
    }
    let io = NoWait::default();
    let mut future = workload.run_item_async(item, &io);
    let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the item waits for something other than the runtime's timer");
    };
    drop(future);
    (result, io.asked.into_inner().unwrap())
}

fn items(workload: &dyn Workload) -> impl DoubleEndedIterator<Item = ItemIndex> + use<> {
    (0..u32::try_from(workload.items()).unwrap()).map(ItemIndex)
}

fn checksums(workload: &dyn Workload) -> Vec<Checksum> {
    items(workload).map(|item| workload.run_item(item).unwrap()).collect()
}

fn api(records: u32, seed: u64) -> Arc<dyn Workload> {
    let spec = WorkloadSpec::new("api").with_seed(seed);
    build(&spec.with("records", records).with("max_wait_us", 660_000)).unwrap()
}

#[test]
fn names_are_unique_and_every_workload_says_what_it_is() {
    for (position, entry) in WORKLOADS.iter().enumerate() {
        assert!(WORKLOADS[..position].iter().all(|other| other.name != entry.name));
        assert!(entry.about.len() > 20 && !entry.about.ends_with('.'), "{}", entry.name);
    }
}

#[test]
fn a_workload_is_rebuilt_from_its_own_spec_with_the_same_products() {
    for_each_workload(|spec, _| {
        let built = build(&spec).unwrap();
        assert_eq!((built.spec(), built.items()), (&spec, 10));
        let rebuilt = build(built.spec()).unwrap();
        assert_eq!(checksums(&*built), checksums(&*rebuilt), "{}", spec.workload);
    });
}

#[test]
fn the_order_in_which_items_run_does_not_show() {
    for_each_workload(|spec, _| {
        let workload = build(&spec).unwrap();
        let mut backwards: Vec<Checksum> =
            items(&*workload).rev().map(|item| workload.run_item(item).unwrap()).collect();
        backwards.reverse();
        assert_eq!(backwards, checksums(&*workload), "{}", spec.workload);
    });
}

#[test]
fn the_asynchronous_form_makes_the_same_products() {
    for_each_workload(|spec, _| {
        let workload = build(&spec).unwrap();
        for item in items(&*workload) {
            let (result, _) = run_async(&*workload, item);
            assert_eq!(result, workload.run_item(item), "{} {item}", spec.workload);
        }
    });
}

#[test]
fn without_its_waits_a_workload_makes_the_same_products() {
    for_each_workload(|spec, _| {
        let workload = build(&spec).unwrap();
        let without = build(&workload.without_waits()).unwrap();
        assert_eq!(checksums(&*workload), checksums(&*without), "{}", spec.workload);
    });
    let waiting = api(10, 3);
    let without = build(&waiting.without_waits()).unwrap();
    for item in items(&*waiting) {
        assert_eq!(run_async(&*waiting, item).0, without.run_item(item));
        assert_eq!(without.planned(item), Some(Duration::ZERO));
    }
}

#[test]
fn an_unknown_parameter_is_refused() {
    for_each_workload(|spec, _| {
        let error = build(&spec.with("itmes", 3)).unwrap_err();
        assert!(matches!(error, SpecError::Unknown { param, .. } if param == "itmes"));
    });
}

#[test]
fn every_parameter_is_needed() {
    for_each_workload(|spec, _| {
        for param in spec.params.keys() {
            let mut short = spec.clone();
            short.params.remove(param);
            let error = build(&short).unwrap_err();
            assert!(
                matches!(error, SpecError::Missing { param: missing, .. } if missing == *param)
            );
        }
    });
}

#[test]
fn there_may_be_no_items_and_not_more_than_an_index_can_number() {
    for_each_workload(|spec, count| {
        if count == NONE {
            return;
        }
        assert_eq!(build(&spec.clone().with(count, 0)).unwrap().items(), 0);
        assert_eq!(build(&spec.clone().with(count, u32::MAX)).unwrap().items(), 4_294_967_295);
        let error = build(&spec.with(count, u64::from(u32::MAX) + 1)).unwrap_err();
        assert!(matches!(error, SpecError::Invalid { param, .. } if param == count));
    });
}

#[test]
fn an_unknown_workload_is_answered_with_those_there_are() {
    let error = build(&WorkloadSpec::new("rotat")).unwrap_err().to_string();
    let known = error.strip_prefix("build workload `rotat`: no such workload; there are ").unwrap();
    let names: Vec<&str> = WORKLOADS.iter().map(|entry| entry.name).collect();
    assert_eq!(known.split(", ").collect::<Vec<_>>(), names);
}

#[test]
fn another_seed_makes_other_records_and_other_noops() {
    let differ = |spec: WorkloadSpec| {
        let one = checksums(&*build(&spec.clone().with_seed(1)).unwrap());
        let other = checksums(&*build(&spec.with_seed(2)).unwrap());
        one.iter().zip(&other).all(|(one, other)| one != other)
    };
    assert!(differ(WorkloadSpec::new("api").with("records", 50).with("max_wait_us", 0)));
    assert!(differ(WorkloadSpec::new("noop").with("items", 50)));
}

#[test]
fn different_items_have_different_products() {
    for spec in [
        WorkloadSpec::new("api").with("records", 200).with("max_wait_us", 0),
        WorkloadSpec::new("noop").with("items", 200),
        WorkloadSpec::new("primes").with("items", 200).with("below", 9).with("repetitions", 1),
        WorkloadSpec::new("spin")
            .with("items", 200)
            .with("iterations", 9)
            .with("slowdown_percent", 0),
        WorkloadSpec::new("overlap").with("items", 200).with("sleep_us", 0),
        WorkloadSpec::new("hold").with("items", 200).with("mib", 0).with("hold_ms", 0),
    ] {
        let mut all = checksums(&*build(&spec).unwrap());
        all.sort_unstable_by_key(|checksum| checksum.0);
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{}", spec.workload);
    }
}

#[test]
fn what_an_api_item_asks_the_runtime_to_wait_is_what_was_planned() {
    let workload = api(50, 5);
    let mut waits = 0;
    for item in items(&*workload) {
        let (_, asked) = run_async(&*workload, item);
        waits += asked.len();
        assert_eq!(Some(asked.iter().sum()), workload.planned(item));
        assert!(asked.iter().all(|wait| *wait <= Duration::from_micros(660_000)));
    }
    // Fifty GETs and seventeen PUTs.
    assert_eq!(waits, 67);
}

#[test]
fn the_waits_of_a_record_do_not_depend_on_how_many_there_are() {
    let (few, many) = (api(10, 5), api(1_000, 5));
    for item in items(&*few) {
        assert_eq!(few.planned(item), many.planned(item));
    }
    assert_ne!(api(10, 6).planned(ItemIndex(0)), few.planned(ItemIndex(0)));
}

#[test]
fn work_that_only_computes_plans_no_time() {
    for_each_workload(|spec, _| {
        let planned = build(&spec).unwrap().planned(ItemIndex(0));
        let only_waits = ["api", "http", "overlap"].contains(&spec.workload.as_str());
        assert_eq!(planned.is_some(), only_waits);
    });
}
