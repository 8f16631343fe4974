//! What a report cannot show.

use crate::columns::column_list;

/// Why a report cannot be made as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// There is no such column.
    #[error("find column `{name}`; there are these groups and columns:\n{}", column_list())]
    UnknownColumn {
        /// What was asked for.
        name: String,
    },
    /// Columns are named, and changes to the usual ones are too.
    #[error("read the columns `{text}`: name all of them, or put + or - before each")]
    MixedColumns {
        /// What was asked for.
        text: String,
    },
}
