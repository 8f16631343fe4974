//! The marks of the families: each has a shape of its own, so that colour is never the only sign.

use maud::{Markup, html};

use crate::family::Family;
use crate::number::px;

/// The mark of a family around a point, `radius` pixels large.
pub(crate) fn mark(family: Family, x: f64, y: f64, radius: f64) -> Markup {
    let around = |corners: &[(f64, f64)]| {
        let corners = corners
            .iter()
            .map(|(dx, dy)| format!("{} {}", px(x + dx * radius), px(y + dy * radius)));
        format!("M{}z", corners.collect::<Vec<_>>().join("L"))
    };
    let class = format!("mark {}", family.class());
    let path = match family {
        Family::Async | Family::FalseAsync => {
            let hollow = if family == Family::FalseAsync { " hollow" } else { "" };
            return html! { circle class=(class + hollow) cx=(px(x)) cy=(px(y)) r=(px(radius)) {} };
        }
        Family::Sequential => around(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Family::Threads => around(&[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)]),
        Family::Multiproc => around(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
        Family::Other => around(&[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)]),
    };
    html! { path class=(class) d=(path) {} }
}

/// What the marks mean, for these families.
pub(crate) fn legend(families: &[Family], more: &Markup) -> Markup {
    html! {
        ul class="legend" {
            @for family in families {
                li {
                    svg class="key" viewBox="0 0 14 14" aria-hidden="true" {
                        (mark(*family, 7.0, 7.0, 4.6))
                    }
                    (family.word())
                }
            }
            (more)
        }
    }
}
