//! Kernel, memory and load of the machine.

#[cfg(unix)]
pub(super) fn kernel_release() -> Option<String> {
    let name = nix::sys::utsname::uname().ok()?;
    Some(name.release().to_string_lossy().into_owned())
}

#[cfg(not(unix))]
pub(super) fn kernel_release() -> Option<String> {
    None
}

#[cfg(target_os = "linux")]
mod linux {
    use procfs::{Current, LoadAverage, Meminfo};

    pub(in crate::host) fn total_memory_bytes() -> Option<u64> {
        Some(Meminfo::current().ok()?.mem_total)
    }

    /// The kernel's estimate of what can be allocated without swapping.
    pub(in crate::host) fn available_memory_bytes() -> Option<u64> {
        Meminfo::current().ok()?.mem_available
    }

    pub(in crate::host) fn load_average() -> Option<[f32; 3]> {
        let load = LoadAverage::current().ok()?;
        Some([load.one, load.five, load.fifteen])
    }
}

#[cfg(not(target_os = "linux"))]
mod absent {
    pub(in crate::host) fn total_memory_bytes() -> Option<u64> {
        None
    }

    pub(in crate::host) fn available_memory_bytes() -> Option<u64> {
        None
    }

    pub(in crate::host) fn load_average() -> Option<[f32; 3]> {
        None
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) use absent::{available_memory_bytes, load_average, total_memory_bytes};
#[cfg(target_os = "linux")]
pub(super) use linux::{available_memory_bytes, load_average, total_memory_bytes};
