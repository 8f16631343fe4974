//! `noop`: nothing to do, so that a row shows what its executor costs.

use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemIndex, ItemResult, SpecError, Workload, WorkloadSpec,
};

/// Builds the workload `noop` from its only parameter, `items`.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["items"])?;
    let items: u32 = spec.param("items")?;
    Ok(Arc::new(Noop { spec: spec.clone(), items }))
}

#[derive(Debug)]
struct Noop {
    spec: WorkloadSpec,
    items: u32,
}

impl Workload for Noop {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    /// Hashes seed and index: the least that tells items, and rounds, apart.
    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let key = [self.spec.seed.to_le_bytes(), u64::from(item.0).to_le_bytes()];
        Ok(Checksum::of(key.as_flattened()))
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        _: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move { self.run_item(item) })
    }
}
