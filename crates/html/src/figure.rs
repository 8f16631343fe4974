//! The frame of every chart: title, drawing for wide and for narrow screens, and the numbers behind it.

use maud::{Markup, html};

use crate::number::px;

/// How much room a drawing has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Wide,
    Narrow,
}

impl Room {
    /// The width of a drawing, in pixels.
    pub(crate) fn width_px(self) -> f64 {
        match self {
            Self::Wide => 980.0,
            Self::Narrow => 360.0,
        }
    }

    /// The size of text, in pixels. A narrow drawing is shown a little smaller than it is made.
    pub(crate) fn font_px(self) -> f64 {
        match self {
            Self::Wide => 13.0,
            Self::Narrow => 12.0,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Narrow => "narrow",
        }
    }
}

/// A chart.
pub(crate) struct Figure<'a> {
    /// Unique on the page.
    pub(crate) id: String,
    pub(crate) title: String,
    /// One sentence on what it shows, for those who do not see it.
    pub(crate) description: String,
    /// What stands between title and drawing.
    pub(crate) legend: Markup,
    pub(crate) drawing: &'a dyn Fn(Room) -> Drawing,
    /// The same as numbers.
    pub(crate) table: Markup,
}

/// A drawing of some height.
pub(crate) struct Drawing {
    pub(crate) height_px: f64,
    pub(crate) marks: Markup,
}

impl Figure<'_> {
    pub(crate) fn render(&self) -> Markup {
        html! {
            figure id=(self.id) {
                figcaption { h3 { (self.title) } }
                (self.legend)
                (self.drawn(Room::Wide))
                (self.drawn(Room::Narrow))
                details class="numbers" {
                    summary { "The numbers of this chart" }
                    div class="scroll" tabindex="0" role="region" aria-label=(format!("Numbers: {}", self.title)) {
                        (self.table)
                    }
                }
            }
        }
    }

    fn drawn(&self, room: Room) -> Markup {
        let drawing = (self.drawing)(room);
        let id = format!("{}-{}", self.id, room.class());
        let (width, height) = (px(room.width_px()), px(drawing.height_px));
        html! {
            svg class=(format!("chart {}", room.class())) viewBox=(format!("0 0 {width} {height}"))
                role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
                title id=(format!("{id}-t")) { (self.title) }
                desc id=(format!("{id}-d")) { (self.description) " The table below has the numbers." }
                (drawing.marks)
            }
        }
    }
}

/// A table of words, the first column of which names its rows.
pub(crate) fn table(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> Markup {
    html! {
        table {
            caption { (caption) }
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (column, cell) in row.iter().enumerate() {
                            @if column == 0 { th scope="row" { bdi { (cell) } } } @else { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}
