//! The checks, by what they look at. Each looks at its own promise and at nothing else.

pub(crate) mod batches;
pub(crate) mod failures;
pub(crate) mod items;
pub(crate) mod leftovers;
pub(crate) mod scale;
pub(crate) mod waits;
pub(crate) mod width;

use paceline_core::WorkloadSpec;

use crate::place::Place;
use crate::subject::Subject;

/// The spec of a workload of the checks.
fn spec(conduct: &str, items: usize) -> WorkloadSpec {
    WorkloadSpec::new(format!("testkit-{conduct}")).with("items", items)
}

/// What the names of the checks' own folders begin with, so that none is taken for a leftover of an
/// executor.
const FOLDER_PREFIX: &str = "paceline-testkit-";

/// A new place for items to meet, and the folder that is removed when it goes out of scope.
fn meeting_place(subject: &Subject) -> std::io::Result<(tempfile::TempDir, Place)> {
    let folder = tempfile::Builder::new().prefix(FOLDER_PREFIX).tempdir()?;
    let place = Place::new(folder.path().to_owned(), subject.item_deadline());
    Ok((folder, place))
}
