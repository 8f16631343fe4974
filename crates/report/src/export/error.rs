//! Why a form cannot be written.

/// Why a form cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
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
