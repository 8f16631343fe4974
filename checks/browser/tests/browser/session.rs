//! A browser with one page open, and everything that it complains about or asks for.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Emulation, Log, Network, Page, Runtime};
use headless_chrome::{Browser, LaunchOptions, Tab};
use tempfile::TempDir;

/// The names under which a Chromium may stand in the search path.
const NAMES: [&str; 6] = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

pub(crate) struct Session {
    pub(crate) tab: Arc<Tab>,
    complaints: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
    url: String,
    // Ends with the session, and the folder after it.
    _browser: Browser,
    _folder: TempDir,
}

impl Session {
    /// Opens `page` on a screen of this width, with a pointer on the system's light scheme. `None`,
    /// having said so, on a machine without a browser.
    pub(crate) fn open(page: &str, width: u32) -> Option<Self> {
        let Some(browser) = browser() else {
            let must = std::env::var_os("PACELINE_REQUIRE_BROWSER").is_some();
            assert!(!must, "no Chromium is in the search path, and one is required here");
            // The harness keeps what `eprintln!` says to itself; this has to be seen.
            let names = NAMES.join(", ");
            let _ = writeln!(io::stderr(), "SKIPPED: no Chromium is in the search path ({names})");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("report.html");
        fs::write(&file, page).expect("the page can be written");
        let tab = browser.new_tab().expect("a tab");
        let session = Self {
            url: format!("file://{}", file.display()),
            tab,
            complaints: Arc::default(),
            requests: Arc::default(),
            _browser: browser,
            _folder: folder,
        };
        session.listen();
        session.screen(width, 900);
        session.load();
        Some(session)
    }

    pub(crate) fn load(&self) {
        self.tab.navigate_to(&self.url).expect("the page is opened");
        self.tab.wait_until_navigated().expect("the page is loaded");
    }

    /// What the expression comes to; panics where it throws.
    pub(crate) fn value(&self, expression: &str) -> serde_json::Value {
        let result = self.tab.evaluate(expression, true).expect("the expression has a value");
        let thrown = matches!(result.subtype, Some(Runtime::RemoteObjectSubtype::Error));
        assert!(!thrown, "{expression}: {:?}", result.description);
        result.value.unwrap_or_default()
    }

    /// Runs statements, which leave no names behind.
    pub(crate) fn act(&self, statements: &str) {
        self.value(&format!("(async () => {{ {statements} }})()"));
    }

    pub(crate) fn number(&self, expression: &str) -> f64 {
        let value = self.value(expression);
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    pub(crate) fn text(&self, expression: &str) -> String {
        let value = self.value(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression} is {value}")).to_owned()
    }

    pub(crate) fn holds(&self, expression: &str) -> bool {
        self.value(expression).as_bool().unwrap_or_else(|| panic!("{expression} is no truth value"))
    }

    pub(crate) fn screen(&self, width: u32, height: u32) {
        let screen = Emulation::SetDeviceMetricsOverride {
            width,
            height,
            device_scale_factor: 1.0,
            mobile: width < 700,
            scale: None,
            screen_width: None,
            screen_height: None,
            position_x: None,
            position_y: None,
            dont_set_visible_size: None,
            screen_orientation: None,
            viewport: None,
            display_feature: None,
            device_posture: None,
        };
        self.tab.call_method(screen).expect("the screen can be set");
    }

    /// Has the system prefer this scheme, and the page be shown on this medium.
    pub(crate) fn prefer(&self, scheme: &str, medium: &str) {
        let feature = Emulation::MediaFeature {
            name: "prefers-color-scheme".to_owned(),
            value: scheme.to_owned(),
        };
        let media = Emulation::SetEmulatedMedia {
            media: Some(medium.to_owned()),
            features: Some(vec![feature]),
        };
        self.tab.call_method(media).expect("the scheme can be set");
    }

    /// Everything that went wrong on the page so far: messages on the console, exceptions, refusals.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.value("new Promise(done => setTimeout(() => done(true), 0))");
        self.complaints.lock().expect("no listener panicked").clone()
    }

    /// Every address that was asked for, but for the page itself.
    pub(crate) fn requests(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("no listener panicked");
        let is_other = |url: &&String| !url.starts_with(&self.url) && !url.starts_with("data:");
        requests.iter().filter(is_other).cloned().collect()
    }

    fn listen(&self) {
        let (complaints, requests) = (Arc::clone(&self.complaints), Arc::clone(&self.requests));
        let listener = move |event: &Event| {
            let complaint = match event {
                Event::LogEntryAdded(event) => Some(format!("{:?}", event.params.entry)),
                Event::RuntimeConsoleAPICalled(event) => Some(format!("{:?}", event.params)),
                Event::RuntimeExceptionThrown(event) => Some(format!("{:?}", event.params)),
                Event::NetworkRequestWillBeSent(event) => {
                    let mut requests = requests.lock().expect("no listener panicked");
                    requests.push(event.params.request.url.clone());
                    None
                }
                _ => None,
            };
            complaints.lock().expect("no listener panicked").extend(complaint);
        };
        self.tab.add_event_listener(Arc::new(listener)).expect("a listener");
        self.tab.call_method(Log::Enable(None)).expect("the log is told");
        self.tab.call_method(Runtime::Enable(None)).expect("exceptions are told");
        self.tab
            .call_method(Page::Enable { enable_file_chooser_opened_event: None })
            .expect("loading is told");
        let network = Network::Enable {
            max_total_buffer_size: None,
            max_resource_buffer_size: None,
            max_post_data_size: None,
            report_direct_socket_traffic: None,
            enable_durable_messages: None,
        };
        self.tab.call_method(network).expect("requests are told");
    }
}

fn browser() -> Option<Browser> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file: &PathBuf| file.is_file())?;
    let options = LaunchOptions::default_builder()
        .path(Some(found))
        // Its sandbox does not start in most containers; the page under test is our own.
        .sandbox(false)
        .idle_browser_timeout(Duration::from_secs(120))
        .args(vec![OsStr::new("--force-color-profile=srgb"), OsStr::new("--hide-scrollbars")])
        .build()
        .expect("the options are whole");
    Some(Browser::new(options).expect("the browser starts"))
}
