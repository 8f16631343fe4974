//! The marks of the families: each has a shape of its own, so that colour is never the only sign.

use maud::{Markup, html};

use crate::number::px;
use crate::strategy::Strategy;

/// The mark of a family around a point, `radius` pixels large.
pub(crate) fn mark(strategy: Strategy, x: f64, y: f64, radius: f64) -> Markup {
    let around = |corners: &[(f64, f64)]| {
        let corners = corners
            .iter()
            .map(|(dx, dy)| format!("{} {}", px(x + dx * radius), px(y + dy * radius)));
        format!("M{}z", corners.collect::<Vec<_>>().join("L"))
    };
    let class = format!("mark {}", strategy.class());
    let path = match strategy {
        Strategy::Async | Strategy::FalseAsync => {
            let hollow = if strategy == Strategy::FalseAsync { " hollow" } else { "" };
            return html! { circle class=(class + hollow) cx=(px(x)) cy=(px(y)) r=(px(radius)) {} };
        }
        Strategy::Sequential => around(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Strategy::Threads => around(&[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)]),
        Strategy::Processes => around(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
        Strategy::Other => around(&[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)]),
    };
    html! { path class=(class) d=(path) {} }
}

/// What the marks mean, for these families.
pub(crate) fn legend(strategies: &[Strategy], more: &Markup) -> Markup {
    html! {
        ul class="legend" {
            @for strategy in strategies {
                li {
                    svg class="key" viewBox="0 0 14 14" aria-hidden="true" {
                        (mark(*strategy, 7.0, 7.0, 4.6))
                    }
                    (strategy.word())
                }
            }
            (more)
        }
    }
}
