//! What the items of a workload do, in words instead of parameters.

use std::collections::BTreeMap;

use paceline_core::WorkloadSpec;
use paceline_protocol::service::SERVER;
use paceline_report::words;

use crate::label::cut;
use crate::number::{count, thousands, tick_time};

/// How many characters of a parameter are shown, and how many parameters of a workload that is not known.
const LONGEST: usize = 60;
const MOST_PARAMS: usize = 6;

/// How many items of a list are named.
const NAMED: usize = 3;

/// One sentence, with control characters made visible. Of a path only its last part is told: a whole one
/// would tell strangers about the machine, and nothing about the work.
pub(crate) fn in_words(spec: &WorkloadSpec) -> String {
    let params = Params(&spec.params);
    let known = match spec.workload.as_str() {
        "api" => api(params),
        "http" => http(params),
        "rotate" => rotate(params),
        "primes" => primes(params),
        "files" => files(params),
        "command" => command(spec),
        "url" => url(params),
        "noop" => noop(params),
        _ => None,
    };
    words::name(&known.unwrap_or_else(|| by_parameters(spec)))
}

fn api(params: Params<'_>) -> Option<String> {
    let (records, wait) = (params.number("records")?, params.wait()?);
    Some(format!(
        "{records} records are fetched by a request each from a simulated service, and every third is updated \
         by a second one: each answer is a wait of at most {wait}, without any network"
    ))
}

fn http(params: Params<'_>) -> Option<String> {
    let (records, wait) = (params.number("records")?, params.wait()?);
    let server = match params.text("url")? {
        SERVER => "a server on the same machine".to_owned(),
        other => origin(other),
    };
    Some(format!(
        "{records} records are fetched by a request each over real sockets from {server}, and every third is \
         updated by a second one: each answer comes after a wait of at most {wait}"
    ))
}

fn rotate(params: Params<'_>) -> Option<String> {
    let (items, set) = (params.number("items")?, last_part(params.text("images")?));
    let degrees = params.text("degrees")?;
    let often = times(&params.number("repetitions")?);
    let unit = if degrees == "1" { "degree" } else { "degrees" };
    Some(format!(
        "{items} photographs of the set “{}” are decoded, and each is rotated {often} by {} {unit}",
        cut(set, LONGEST),
        cut(degrees, 12)
    ))
}

fn primes(params: Params<'_>) -> Option<String> {
    let (items, below) = (params.number("items")?, params.number("below")?);
    let often = times(&params.number("repetitions")?);
    Some(format!("{items} items, each of which counts the primes below {below} {often}"))
}

fn files(params: Params<'_>) -> Option<String> {
    let folder = cut(last_part(params.text("folder")?), LONGEST);
    let how_many = match params.text("items")? {
        "all" => "all files".to_owned(),
        _ => format!("{} files", params.number("items")?),
    };
    let from = match params.text("drop_cache")? {
        "true" => "dropped from the system's cache before",
        _ => "which the system may have in memory",
    };
    Some(format!("{how_many} of the folder “{folder}”, {from}, are read and hashed"))
}

fn command(spec: &WorkloadSpec) -> Option<String> {
    let params = Params(&spec.params);
    let program = cut(&without_paths(params.text("command")?), LONGEST);
    Some(format!(
        "the program “{program}” runs once for each item (standard output: {}): {}",
        words::standard_output(spec)?,
        items(params.text("items")?)
    ))
}

fn url(params: Params<'_>) -> Option<String> {
    let method = params.text("method").unwrap_or("GET");
    let sent = match params.number("requests") {
        Some(requests) => format!("{requests} {} requests", cut(method, 12)),
        None => format!("a {} request for each item", cut(method, 12)),
    };
    Some(format!(
        "{sent} over real sockets to {}; items: {}",
        origin(params.text("url")?),
        items(params.text("items")?)
    ))
}

fn noop(params: Params<'_>) -> Option<String> {
    let items = params.number("items")?;
    Some(format!("{items} items that do nothing, so that the executor alone is measured"))
}

/// A workload that this page does not know: its name and its parameters.
fn by_parameters(spec: &WorkloadSpec) -> String {
    let shown = spec.params.iter().take(MOST_PARAMS).map(|(name, value)| {
        let value = if name == "items" { items(value) } else { cut(last_part(value), LONGEST) };
        format!("{} {value}", cut(name, LONGEST).replace('_', " "))
    });
    let mut shown: Vec<String> = shown.collect();
    if spec.params.len() > MOST_PARAMS {
        shown.push(count(spec.params.len() - MOST_PARAMS, "more parameter"));
    }
    let name = cut(&spec.workload, LONGEST);
    if shown.is_empty() { name } else { format!("{name}: {}", shown.join(", ")) }
}

/// The parameters of a spec. A journal may hold any text, so each may be missing or odd; then the sentence
/// is made of what there is.
#[derive(Clone, Copy)]
struct Params<'a>(&'a BTreeMap<String, String>);

impl<'a> Params<'a> {
    fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number with its thousands apart.
    fn number(self, name: &str) -> Option<String> {
        self.text(name)?.parse().ok().map(thousands)
    }

    fn wait(self) -> Option<String> {
        let us: u32 = self.text("max_wait_us")?.parse().ok()?;
        Some(tick_time(f64::from(us) / 1e6))
    }
}

/// The items of a user's own: a range, or the first of a list and how many more there are.
fn items(text: &str) -> String {
    if let Some((first, last)) = text.split_once("..") {
        return format!("{} to {}", cut(first, 20), cut(last, 20));
    }
    let Some(list) = text.strip_prefix("list: ") else { return cut(last_part(text), LONGEST) };
    if list.contains(['\'', '"', '\\']) {
        // Words that are quoted are not worth a parser here: their table stands in the journal.
        return format!("a list of {} characters", thousands(list.chars().count() as u64));
    }
    let words: Vec<&str> = list.split_whitespace().collect();
    let named = words.iter().take(NAMED).map(|word| cut(last_part(word), 30));
    let named = named.collect::<Vec<_>>().join(", ");
    match words.len() {
        all if all > NAMED => format!("{named} and {} more", thousands((all - NAMED) as u64)),
        _ => named,
    }
}

/// The scheme, host and port of a URL, without what may be secret behind it or before its host.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("{scheme}://{}", cut(host, LONGEST))
}

fn without_paths(command: &str) -> String {
    let is_path = |word: &str| word.starts_with('/') || word.contains(":\\");
    let word = |word| if is_path(word) { last_part(word) } else { word };
    command.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or(path)
}

fn times(number: &str) -> String {
    if number == "1" { "once".to_owned() } else { format!("{number} times") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(workload: &str, params: &[(&str, &str)]) -> String {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        in_words(&WorkloadSpec { params: params.collect(), ..WorkloadSpec::new(workload) })
    }

    #[test]
    fn simulated_waits_and_real_sockets_are_told_apart() {
        let api = told("api", &[("records", "50"), ("max_wait_us", "66000")]);
        assert!(api.contains("request each from a simulated service"), "{api}");
        assert!(api.ends_with("a wait of at most 66 ms, without any network"), "{api}");
        let http = told("http", &[("records", "50"), ("max_wait_us", "6600"), ("url", SERVER)]);
        assert!(http.contains("over real sockets from a server on the same machine"), "{http}");
        assert!(http.contains("at most 6.6 ms"), "{http}");
    }

    #[test]
    fn numbers_of_computed_work_are_words_too() {
        let rotate = [
            ("items", "64"),
            ("images", "/home/me/x/quick/"),
            ("degrees", "1"),
            ("repetitions", "10"),
        ];
        let rotate = told("rotate", &rotate);
        assert_eq!(
            rotate,
            "64 photographs of the set “quick” are decoded, and each is rotated 10 times by 1 degree"
        );
        let primes = told("primes", &[("items", "200"), ("below", "50000"), ("repetitions", "1")]);
        assert_eq!(primes, "200 items, each of which counts the primes below 50,000 once");
    }

    #[test]
    fn a_list_of_items_is_its_first_and_how_many_more() {
        let list = format!(
            "list: {}",
            (1..=12).map(|n| format!("/d/{n}.gz")).collect::<Vec<_>>().join(" ")
        );
        let gzip = told("command", &[("command", "/usr/bin/gzip -kt {}"), ("items", &list)]);
        assert_eq!(
            gzip,
            "the program “gzip -kt {}” runs once for each item (standard output: the null device): \
             1.gz, 2.gz, 3.gz and 9 more"
        );
        let range = [("command", "true"), ("items", "1..100"), ("output", "pipe")];
        let range = told("command", &range);
        assert!(range.ends_with(" (standard output: read and thrown away): 1 to 100"), "{range}");
    }

    #[test]
    fn what_is_long_is_cut_and_what_is_secret_left_out() {
        let long = "x".repeat(5_000);
        for workload in ["command", "url", "rotate", "mine", &long] {
            let told = told(
                workload,
                &[
                    ("command", &long),
                    ("items", &long),
                    ("url", &long),
                    ("images", &long),
                    ("method", &long),
                ],
            );
            assert!(told.chars().count() < 500, "{told}");
        }
        let url =
            told("url", &[("url", "https://me:key@api.example/v1?token=t"), ("items", "1..9")]);
        assert_eq!(
            url,
            "a GET request for each item over real sockets to https://api.example; items: 1 to 9"
        );
    }

    #[test]
    fn an_unknown_workload_and_odd_parameters_are_told_as_they_are() {
        assert_eq!(told("mine", &[("block_bytes", "4096")]), "mine: block bytes 4096");
        assert_eq!(told("mine", &[]), "mine");
        assert_eq!(told("api", &[("records", "many")]), "api: records many");
        let many: Vec<String> = (0..9).map(|n| format!("p{n}")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "1")).collect();
        assert!(told("mine", &many).ends_with("p5 1, 3 more parameters"));
    }
}
