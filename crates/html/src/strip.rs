//! Rows below each other on one logarithmic axis of time: the frame of the charts of times and latencies.

use maud::{Markup, html};

use crate::axis::Scale;
use crate::figure::{Drawing, Room};
use crate::label::cut;
use crate::model::Entry;
use crate::number::{px, tick_time};
use crate::placing::text_px;

/// The widest that a name beside its row may be, in pixels.
const WIDEST_NAME_PX: f64 = 400.0;

/// What is drawn in the frame.
pub(crate) struct Strip {
    /// What the axis tells.
    pub(crate) axis: &'static str,
    /// What the two numbers at the end of a row are, where there is room for them.
    pub(crate) numbers: [&'static str; 2],
    /// Everything of a row that needs a place on the axis, in seconds.
    pub(crate) values: fn(&Entry<'_>) -> Vec<f64>,
    /// The marks and numbers of a row.
    pub(crate) row: fn(&Entry<'_>, &Layout, &Scale, Room) -> Markup,
}

impl Strip {
    /// The frame with all its rows.
    pub(crate) fn draw(&self, shown: &[&Entry<'_>], room: Room) -> Drawing {
        const HEAD_PX: f64 = 44.0;
        let layout = Layout::of(shown, room);
        let values = shown.iter().flat_map(|entry| (self.values)(entry));
        // The marks at the ends are whole.
        let scale = Scale::log(values, layout.from_px + 7.0, layout.to_px - 7.0);
        let height_px = HEAD_PX + layout.row_px * shown.len() as f64 + 6.0;
        let ticks = scale.ticks(if room == Room::Wide { 8 } else { 4 });
        let marks = html! {
            g class="grid" {
                text class="axis" x=(px(layout.from_px)) y="12" { (self.axis) }
                @if room == Room::Wide {
                    text class="axis" x=(px(layout.number.0)) y="12" text-anchor="end" { (self.numbers[0]) }
                    text class="axis" x=(px(room.width_px())) y="12" text-anchor="end" { (self.numbers[1]) }
                }
                @for tick in ticks {
                    path d=(format!("M{} {}V{}", px(scale.at(tick)), px(HEAD_PX - 6.0), px(height_px))) {}
                    // At the edges a label stays within the picture.
                    @let half_px = text_px(&tick_time(tick), room.font_px()) / 2.0;
                    @let x = scale.at(tick).clamp(half_px, (room.width_px() - half_px).max(half_px));
                    text x=(px(x)) y=(px(HEAD_PX - 12.0)) text-anchor="middle" { (tick_time(tick)) }
                }
            }
            @for (position, entry) in shown.iter().enumerate() {
                g transform=(format!("translate(0 {})", px(HEAD_PX + layout.row_px * position as f64))) {
                    ((self.row)(entry, &layout, &scale, room))
                    (name(entry, &layout, room))
                }
            }
        };
        Drawing { height_px, marks }
    }
}

fn name(entry: &Entry<'_>, layout: &Layout, room: Room) -> Markup {
    let (x, y, anchor) = layout.name;
    html! { text class="label" x=(px(x)) y=(px(y)) text-anchor=(anchor) { (label(entry, room)) } }
}

/// Where the parts of a row stand.
pub(crate) struct Layout {
    /// The height of a row, and where its bar's middle is in it.
    row_px: f64,
    pub(crate) middle_px: f64,
    /// Where the axis begins and ends.
    pub(crate) from_px: f64,
    to_px: f64,
    /// Where names end, or begin above the bar, and where the first number ends.
    name: (f64, f64, &'static str),
    pub(crate) number: (f64, f64),
}

impl Layout {
    fn of(shown: &[&Entry<'_>], room: Room) -> Self {
        let width = room.width_px();
        let widest = shown.iter().map(|entry| text_px(&label(entry, room), room.font_px()));
        match room {
            Room::Wide => {
                let from_px = widest.fold(90.0, f64::max).min(WIDEST_NAME_PX) + 14.0;
                Self {
                    row_px: 24.0,
                    middle_px: 12.0,
                    from_px,
                    to_px: width - 136.0,
                    name: (from_px - 12.0, 16.5, "end"),
                    number: (width - 62.0, 16.5),
                }
            }
            Room::Narrow => Self {
                row_px: 40.0,
                middle_px: 28.0,
                from_px: 10.0,
                to_px: width - 12.0,
                name: (2.0, 14.0, "start"),
                number: (width - 2.0, 14.0),
            },
        }
    }
}

/// Beside a bar the whole name; above one, where the number needs room too, the short one if it is too long.
fn label(entry: &Entry<'_>, room: Room) -> String {
    match room {
        Room::Wide => fitting(&entry.label, room),
        Room::Narrow if text_px(&entry.label, room.font_px()) <= 270.0 => entry.label.clone(),
        Room::Narrow => cut(&entry.tag, 34),
    }
}

/// As much of a name as has room beside its row.
fn fitting(name: &str, room: Room) -> String {
    let lengths = (1..=name.chars().count().min(58)).rev().map(|most| cut(name, most));
    let mut that_fit = lengths.skip_while(|text| text_px(text, room.font_px()) > WIDEST_NAME_PX);
    that_fit.next().unwrap_or_default()
}
