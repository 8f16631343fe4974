//! An estimated difference with its interval, as both rank tests give it.

use crate::Level;
use crate::null::Null;
use crate::pairs::Pairs;

/// A Hodges-Lehmann estimate with the interval and the p-value of its rank test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// The median over all pairs of what the test compares, in the unit of the values.
    pub estimate: f64,
    /// The lower end of the interval, which is closed: it belongs to it.
    pub low: f64,
    /// The upper end of the interval, which is closed.
    pub high: f64,
    /// The confidence level that the interval has: at least the level asked for, or the highest
    /// that so few values allow. The interval is then all that they span.
    pub achieved_level: f64,
    /// The two-sided p-value of "no difference".
    pub p_value: f64,
}

impl Shift {
    /// Reads the interval off the pairs: between the order statistics `c + 1` and `count - c`, for
    /// the largest `c` whose tail in the distribution of the number of pairs below the true value
    /// is within half the error allowed. `untied` is that distribution, shifted by its `smallest`
    /// value. Source: Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods" (2014),
    /// sections 3.3 and 4.3; with ties a closed interval covers at least as often: Noether,
    /// "Wilcoxon Confidence Intervals for Location Parameters in the Discrete Case", JASA 62
    /// (1967).
    pub(crate) fn read(
        pairs: &impl Pairs,
        untied: &Null,
        smallest: usize,
        level: Level,
        p_value: f64,
    ) -> Self {
        let critical = untied.critical_value(level.alpha() / 2.0).max(smallest);
        let outside = critical - smallest;
        Self {
            estimate: pairs.median(),
            low: pairs.nth(outside + 1),
            high: pairs.nth(pairs.count() - outside),
            achieved_level: (1.0 - 2.0 * untied.at_most(critical)).max(0.0),
            p_value,
        }
    }
}
