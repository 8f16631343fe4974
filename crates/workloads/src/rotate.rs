//! `rotate`: photographs from disk, decoded and turned.
//!
//! Item i takes file i modulo the number of files, in order of their names. It decodes the file, then
//! turns the picture as often as asked, each time the result of the time before, between two buffers
//! that serve all its turns. So no turn can be left out without leaving another picture behind. An item
//! fails before it decodes if the header claims a size that cannot be turned.

use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, SpecError, Workload,
    WorkloadSpec,
};

use crate::picture::{Claim, Header, PictureFile, pictures_in};
use crate::rotation::{Angle, Rotation, RotationError};

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

    fn rotation(&self, header: Header) -> Result<Rotation, RotationError> {
        Rotation::new(header.width, header.height, self.angle)
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
        let encoded = file.read()?;
        let Header { width, height, .. } = encoded.header;
        // Checked before decoding: a header may claim more pixels than the file has, or than memory holds.
        let rotation = self.rotation(encoded.header).map_err(|error| {
            ItemError::new(format_args!("turn {}: {error}", file.path().display()))
        })?;
        let mut turned = encoded.decode()?;
        let mut spare = vec![0; turned.len()];
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

    /// The file with what its decoder holds, or the two buffers between which the picture is turned,
    /// whichever is more. Only the header is read for it.
    fn item_memory_bytes(&self, item: ItemIndex) -> u64 {
        let Claim { file_bytes, header } = self.file(item).claim();
        match header {
            Some(header) if self.rotation(header).is_ok() => {
                let decoding = header.decoding_bytes().saturating_add(file_bytes);
                decoding.max(header.rgb_bytes().saturating_mul(2))
            }
            // Such an item fails before it is decoded.
            _ => file_bytes,
        }
    }
}

/// The checksum of the pixels and of the shape they are laid out in.
fn checksum(width: u32, height: u32, rgb: &[u8]) -> Checksum {
    let parts = [Checksum::of(rgb).0, width.into(), height.into()].map(u64::to_le_bytes);
    Checksum::of(parts.as_flattened())
}
