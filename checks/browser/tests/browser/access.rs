//! By keyboard alone, and as a screen reader has it.

use headless_chrome::protocol::cdp::types::Method;
use serde::Serialize;
use serde_json::Value;

use crate::session::Session;
use crate::{QUICK, SMOKE, page, parsed};

/// What has the focus: its place among all elements, whether a ring shows it, and what it is.
const FOCUSED: &str = "(() => { const e = document.activeElement; const style = getComputedStyle(e); \
    const place = [...document.querySelectorAll('*')].indexOf(e); \
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0; \
    return [place, ring, e.id || e.className || e.textContent.slice(0, 30), e === document.body].join('|'); })()";

/// The controls that can be seen, which is what a keyboard must reach.
const CONTROLS: &str = "[...document.querySelectorAll('a, button, input, select, summary, [tabindex=\"0\"]')]\
    .filter(e => e.checkVisibility() && e.getClientRects().length).length";

#[test]
fn the_keyboard_reaches_every_control_in_the_order_of_the_page_and_shows_where_it_is() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    let controls = session.number(CONTROLS) as usize;
    let (mut reached, mut last) = (0, -1.0);
    for _ in 0..controls * 2 {
        session.tab.press_key("Tab").expect("a key");
        let focused = session.text(FOCUSED);
        let parts: Vec<&str> = focused.split('|').collect();
        let place: f64 = parts[0].parse().expect("a number");
        if parts[3] == "true" || place < last {
            break;
        }
        assert_eq!(parts[1], "true", "no ring around {}", parts[2]);
        (reached, last) = (reached + 1, place);
    }
    assert!(controls > 20 && reached == controls, "{reached} of {controls}");
}

#[test]
fn columns_are_sorted_by_the_space_bar_and_told_once() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    let sorted = || {
        session.text(
            "[...document.querySelectorAll('#rows th[aria-sort]')].map(h => h.cellIndex + ' ' + h.getAttribute('aria-sort')).join()",
        )
    };
    for (column, presses, expected) in [
        (4, 1, "4 ascending"),
        (4, 1, "4 descending"),
        (5, 1, "5 ascending"),
        (5, 2, "5 ascending"),
    ] {
        session.act(&format!("document.querySelectorAll('#rows thead button')[{column}].focus()"));
        for _ in 0..presses {
            session.tab.press_key(" ").expect("a key");
        }
        assert_eq!(sorted(), expected);
    }
}

/// Asks for the tree that a screen reader is given. The library's own type knows fewer properties than
/// browsers do.
#[derive(Debug, Serialize)]
struct GetFullTree {}

impl Method for GetFullTree {
    const NAME: &'static str = "Accessibility.getFullAXTree";
    type ReturnObject = Value;
}

/// The nodes of that tree, as role, name and description.
fn tree(session: &Session) -> Vec<(String, String, String)> {
    let tree = session.tab.call_method(GetFullTree {}).expect("the tree is told");
    let nodes = tree["nodes"].as_array().expect("it has nodes");
    let text =
        |node: &Value, what: &str| node[what]["value"].as_str().unwrap_or_default().to_owned();
    let told = nodes.iter().filter(|node| node["ignored"] == false);
    told.map(|node| (text(node, "role"), text(node, "name"), text(node, "description"))).collect()
}

#[test]
fn a_screen_reader_is_told_what_every_picture_and_table_is() {
    let Some(session) = Session::open(&page(&parsed(QUICK)), 1100) else { return };
    session.act("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    let nodes = tree(&session);
    let of = |role: &str| nodes.iter().filter(|(r, ..)| r == role).collect::<Vec<_>>();
    let pictures = [of("image"), of("img")].concat();
    assert!(pictures.len() >= 3 * 2 + 12, "{} pictures", pictures.len());
    for (_, name, description) in &pictures {
        assert!(name.len() > 20 || name.contains(" · ") && !description.is_empty(), "{name}");
    }
    let tables = of("table");
    assert!(tables.len() >= 2 + 3 * 2 + 3, "{} tables", tables.len());
    assert!(tables.iter().all(|(_, name, _)| !name.is_empty()), "{tables:?}");
    for role in ["button", "combobox", "searchbox", "region"] {
        let named = of(role);
        assert!(!named.is_empty(), "{role}");
        assert!(named.iter().all(|(_, name, _)| !name.is_empty()), "{role}: {named:?}");
    }
}
