//! `rotate`: photographs from disk, decoded and turned.
//!
//! Item i takes file i modulo the number of files, in order of their names. It decodes the file, then
//! turns the picture as often as asked, each time the result of the time before, between two buffers
//! that serve all its turns. So no turn can be left out without leaving another picture behind.

use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, SpecError, Workload,
    WorkloadSpec,
};

use crate::picture::{Picture, PictureFile, pictures_in};
use crate::rotation::{Angle, Rotation};

/// Builds the workload `rotate` from `images`, a folder; `items`, their number; `repetitions`, the turns
/// of each (none at all measures decoding alone); and `degrees`, the angle of one turn.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["images", "items", "repetitions", "degrees"])?;
    let folder: PathBuf = spec.param("images")?;
    let items: u32 = spec.param("items")?;
    let repetitions: u32 = spec.param("repetitions")?;
    let refuse = |reason: String| spec.bad_input("images", reason);
    let angle = Angle::from_degrees(spec.param("degrees")?)
        .map_err(|error| spec.unusable("degrees", error))?;
    let files = pictures_in(&folder)
        .map_err(|error| refuse(format!("read the image folder {}: {error}", folder.display())))?;
    if files.is_empty() {
        let folder = folder.display();
        return Err(refuse(format!("find a .jpg, .jpeg or .png file in the folder {folder}")));
    }
    Ok(Arc::new(Rotate { spec: spec.clone(), items, repetitions, angle, files }))
}

#[derive(Debug)]
struct Rotate {
    spec: WorkloadSpec,
    items: u32,
    repetitions: u32,
    angle: Angle,
    /// Never empty.
    files: Vec<PictureFile>,
}

impl Rotate {
    fn file(&self, item: ItemIndex) -> &PictureFile {
        &self.files[item.position() % self.files.len()]
    }
}

impl Workload for Rotate {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let file = self.file(item);
        let Picture { width, height, rgb } = file.decode()?;
        let rotation = Rotation::new(width, height, self.angle).map_err(|error| {
            ItemError::new(format_args!("turn {}: {error}", file.path().display()))
        })?;
        let mut spare = vec![0; rgb.len()];
        let mut turned = rgb;
        for _ in 0..self.repetitions {
            rotation.apply(&turned, &mut spare);
            mem::swap(&mut turned, &mut spare);
        }
        Ok(checksum(width, height, &turned))
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        _: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move { self.run_item(item) })
    }

    /// The two buffers between which the picture is turned.
    fn item_memory_bytes(&self, item: ItemIndex) -> u64 {
        self.file(item).pixel_bytes().saturating_mul(2)
    }
}

/// The checksum of the pixels and of the shape they are laid out in.
fn checksum(width: u32, height: u32, rgb: &[u8]) -> Checksum {
    let parts = [Checksum::of(rgb).0, width.into(), height.into()].map(u64::to_le_bytes);
    Checksum::of(parts.as_flattened())
}
