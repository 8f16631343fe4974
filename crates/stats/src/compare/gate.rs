//! Whether the head got worse than its base by more than it may.

use super::{Quantity, RowComparison, RunComparison};
use crate::Comparison;

/// What a gate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The interval of every row lies below the limit.
    Fine,
    /// The intervals of these rows lie beyond the limit.
    Regression(Vec<String>),
    /// None lies beyond it, but those of these rows reach over it, or their rounds are too few, or they
    /// have no valid value on both sides.
    Inconclusive(Vec<String>),
}

/// What a gate says of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowGate {
    /// Its interval lies below the limit.
    Fine,
    /// Its interval lies beyond the limit.
    Regression,
    /// Its interval reaches over the limit, its rounds are too few, or a side has no valid value.
    Inconclusive,
}

impl RunComparison {
    /// Whether any row takes more time or memory than its base by more than `limit`, a fraction of it.
    #[must_use]
    pub fn gate(&self, quantity: Quantity, limit: f64) -> Gate {
        let names = |wanted: RowGate| -> Vec<String> {
            let rows = self.rows.iter().filter(|row| row.gate(quantity, limit) == wanted);
            rows.map(|row| row.name.clone()).collect()
        };
        let regressions = names(RowGate::Regression);
        let mut open = names(RowGate::Inconclusive);
        // A row that vanished was not seen to be fine.
        open.extend(self.only_base.iter().cloned());
        if self.rows.is_empty() {
            // Nothing was compared, so nothing is known to be fine.
            open.extend(self.only_head.iter().cloned());
        }
        match (regressions.is_empty(), open.is_empty() && !self.rows.is_empty()) {
            (false, _) => Gate::Regression(regressions),
            (true, false) => Gate::Inconclusive(open),
            (true, true) => Gate::Fine,
        }
    }
}

impl RowComparison {
    /// Whether the row takes more than its base by more than `limit`, a fraction of it.
    #[must_use]
    pub fn gate(&self, quantity: Quantity, limit: f64) -> RowGate {
        let most = 1.0 + limit;
        match self.of(quantity) {
            Some(judged) if judged.comparison.reaches_its_level() => {
                let Comparison { low, high, .. } = judged.comparison;
                if low > most {
                    RowGate::Regression
                } else if high > most {
                    RowGate::Inconclusive
                } else {
                    RowGate::Fine
                }
            }
            _ => RowGate::Inconclusive,
        }
    }
}
