//! Where items of any process meet: a folder with marks.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use paceline_core::{AsyncIo, ItemError, ItemIndex, SpecError, WorkloadSpec};

/// A folder in which items of any process leave marks for each other.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    folder: PathBuf,
    deadline: Duration,
}

/// The mark of the first item that arrived at the gate.
pub(crate) const ARRIVED: &str = "arrived";
/// The mark that opens the gate.
pub(crate) const GATE: &str = "gate";
const FULL: &str = "full";
const COUNTED: &str = "counted";
const TICKS: &str = "ticks";

/// How often a waiting item looks for a mark.
const LOOK_EVERY: Duration = Duration::from_millis(2);

impl Place {
    pub(crate) fn new(folder: PathBuf, deadline: Duration) -> Self {
        Self { folder, deadline }
    }

    /// `spec` with this place among its parameters.
    pub(crate) fn on(&self, spec: WorkloadSpec) -> WorkloadSpec {
        spec.with("folder", self.folder.display()).with("deadline_ms", self.deadline.as_millis())
    }

    pub(crate) fn of(spec: &WorkloadSpec) -> Result<Self, SpecError> {
        let deadline = Duration::from_millis(spec.param("deadline_ms")?);
        Ok(Self { folder: spec.param("folder")?, deadline })
    }

    pub(crate) fn mark(&self, name: &str) -> Result<(), ItemError> {
        let path = self.folder.join(name);
        fs::write(&path, "").map_err(|error| ItemError::new(format!("{}: {error}", path.display())))
    }

    pub(crate) fn is_marked(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    /// Whoever arrives last sees all the others' marks, since it counts after it has made its own. Whoever
    /// waited in vain fails, and lets the others go.
    pub(crate) async fn meet(
        &self,
        item: ItemIndex,
        count: usize,
        io: &dyn AsyncIo,
    ) -> Result<(), ItemError> {
        self.mark(&format!("item-{item}"))?;
        if fs::read_dir(&self.folder).is_ok_and(|marks| marks.count() >= count) {
            self.mark(FULL)?;
        }
        let met = self.wait_for(FULL, io).await;
        self.mark(FULL)?;
        met
    }

    pub(crate) async fn wait_for(&self, name: &str, io: &dyn AsyncIo) -> Result<(), ItemError> {
        let begun = Instant::now();
        while !self.is_marked(name) {
            if begun.elapsed() > self.deadline {
                let waited = format!("waited {:?} in vain for the mark `{name}`", self.deadline);
                return Err(ItemError::new(waited));
            }
            io.sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Ticks with short waits until the other item has counted enough.
    pub(crate) async fn tick(&self, io: &dyn AsyncIo) -> Result<(), ItemError> {
        let ticks = self.folder.join(TICKS);
        let append = OpenOptions::new().create(true).append(true).open(&ticks);
        let mut ticks = append.map_err(ItemError::new)?;
        let begun = Instant::now();
        while !self.is_marked(COUNTED) && begun.elapsed() < self.deadline {
            ticks.write_all(b".").map_err(ItemError::new)?;
            io.sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// A blocked runtime lets the other item tick once or twice between two waits, so more than that
    /// within one wait shows that the wait did not block. A stalled machine may swallow a wait whole,
    /// hence several.
    pub(crate) async fn count_ticks(&self, io: &dyn AsyncIo) -> Result<(), ItemError> {
        const WAITS: usize = 10;
        self.wait_for(TICKS, io).await?;
        for _ in 0..WAITS {
            let before = self.ticks();
            io.sleep(Duration::from_millis(100)).await;
            if self.ticks() > before + 4 {
                return self.mark(COUNTED);
            }
        }
        self.mark(COUNTED)?;
        Err(ItemError::new(format!("nothing else went on during any of {WAITS} waits")))
    }

    fn ticks(&self) -> u64 {
        fs::metadata(self.folder.join(TICKS)).map_or(0, |ticks| ticks.len())
    }
}
