//! Why a report cannot be made as asked.

/// Why a report cannot be made as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// There is no such column.
    #[error("find column `{name}`; there are these groups and columns:\n{known}")]
    UnknownColumn {
        /// What was asked for.
        name: String,
        /// The columns that there are, a group a line.
        known: String,
    },
    /// Columns are named, and changes to the usual ones are too.
    #[error("read the columns `{text}`: name all of them, or put + or - before each")]
    MixedColumns {
        /// What was asked for.
        text: String,
    },
    /// A value has no form in JSON, which would be a bug.
    #[error("write JSON")]
    Json(#[from] serde_json::Error),
    /// A value has no form in CSV, which would be a bug.
    #[error("write CSV")]
    Csv(#[from] csv::Error),
    /// A value has no form in XML, which would be a bug.
    #[error("write XML")]
    Xml(#[from] std::io::Error),
    /// The form needs at least one row with a result.
    #[error("write {form}: no row has a result, and no reader takes such a file without any")]
    NoResult {
        /// The form.
        form: &'static str,
    },
}
