//! The processor: which one, real or virtual, and how its frequency is chosen.

use crate::sysfs;
use std::collections::BTreeSet;
use std::path::Path;

/// What the processor says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Processor {
    pub(super) model: Option<String>,
    pub(super) logical_cores: Option<usize>,
    pub(super) virtualised: Option<bool>,
}

#[cfg(target_os = "linux")]
pub(super) fn identify(sysfs: &Path) -> Processor {
    use procfs::{CpuInfo, Current};

    let info = CpuInfo::current().ok();
    let info = info.as_ref();
    Processor {
        model: info.and_then(|info| info.model_name(0)).map(str::to_owned),
        logical_cores: info.map(CpuInfo::num_cores),
        virtualised: virtualised(info.and_then(|info| info.get_field(0, "flags")), sysfs),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn identify(sysfs: &Path) -> Processor {
    Processor { virtualised: virtualised(None, sysfs), ..Processor::default() }
}

/// Whether the machine is a virtual one, from the strongest sign there is.
///
/// A hypervisor announces itself to the guest in `/sys/hypervisor`, and on x86 by a CPU flag, whose
/// absence is an answer too. Other architectures have no such flag; there the maker's name decides.
fn virtualised(flags: Option<&str>, sysfs: &Path) -> Option<bool> {
    if sysfs::text(&sysfs.join("hypervisor/type")).is_some() {
        return Some(true);
    }
    if let Some(flags) = flags {
        return Some(flags.split_whitespace().any(|flag| flag == "hypervisor"));
    }
    let maker = ["sys_vendor", "product_name", "board_vendor", "bios_vendor"]
        .iter()
        .filter_map(|name| sysfs::text(&sysfs.join("class/dmi/id").join(name)))
        .reduce(|all, next| all + "\n" + &next)?;
    Some(VIRTUAL_MAKERS.iter().any(|name| maker.contains(name)))
}

/// How virtual machines name themselves in the DMI tables; from systemd's `detect-virt`.
const VIRTUAL_MAKERS: [&str; 15] = [
    "Amazon EC2",
    "Apple Virtualization",
    "BHYVE",
    "Bochs",
    "Google Compute Engine",
    "Hyper-V",
    "KVM",
    "KubeVirt",
    "OpenStack",
    "Parallels",
    "QEMU",
    "VMW",
    "VirtualBox",
    "Xen",
    "innotek GmbH",
];

/// The frequency governors in use, joined by commas.
pub(super) fn governor(sysfs: &Path) -> Option<String> {
    let policies = sysfs::entries(&sysfs.join("devices/system/cpu/cpufreq"), "policy");
    let names: BTreeSet<String> = policies
        .iter()
        .filter_map(|policy| sysfs::text(&policy.join("scaling_governor")))
        .collect();
    (!names.is_empty()).then(|| Vec::from_iter(names).join(", "))
}

/// Whether cores may exceed their nominal frequency: `no_turbo` of intel_pstate, else `boost`.
pub(super) fn turbo(sysfs: &Path) -> Option<bool> {
    let cpu = sysfs.join("devices/system/cpu");
    let flag = |file: &str| match sysfs::value(&cpu.join(file))? {
        0_u8 => Some(false),
        1 => Some(true),
        _ => None,
    };
    flag("intel_pstate/no_turbo").map(|off| !off).or_else(|| flag("cpufreq/boost"))
}

#[cfg(test)]
mod tests {
    use super::{governor, turbo, virtualised};
    use std::fs;
    use std::path::Path;

    fn write(sysfs: &Path, file: &str, text: &str) {
        let path = sysfs.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_cpu_flag_decides_on_x86_both_ways() {
        let sysfs = tempfile::tempdir().unwrap();
        write(sysfs.path(), "class/dmi/id/sys_vendor", "QEMU\n");
        assert_eq!(virtualised(Some("fpu hypervisor lahf_lm"), sysfs.path()), Some(true));
        assert_eq!(virtualised(Some("fpu lahf_lm"), sysfs.path()), Some(false));
    }

    #[test]
    fn without_a_flag_the_maker_decides_and_without_a_maker_nothing_is_known() {
        let sysfs = tempfile::tempdir().unwrap();
        assert_eq!(virtualised(None, sysfs.path()), None);
        write(sysfs.path(), "class/dmi/id/sys_vendor", "Ampere\n");
        assert_eq!(virtualised(None, sysfs.path()), Some(false));
        write(sysfs.path(), "class/dmi/id/product_name", "KVM Virtual Machine\n");
        assert_eq!(virtualised(None, sysfs.path()), Some(true));
    }

    #[test]
    fn a_hypervisor_that_shows_itself_needs_no_flag() {
        let sysfs = tempfile::tempdir().unwrap();
        write(sysfs.path(), "hypervisor/type", "xen\n");
        assert_eq!(virtualised(Some("fpu"), sysfs.path()), Some(true));
    }

    #[test]
    fn cores_with_different_governors_show_them_all() {
        let sysfs = tempfile::tempdir().unwrap();
        assert_eq!(governor(sysfs.path()), None);
        for (policy, name) in [(0, "powersave\n"), (1, "performance\n"), (2, "powersave\n")] {
            let file = format!("devices/system/cpu/cpufreq/policy{policy}/scaling_governor");
            write(sysfs.path(), &file, name);
        }
        assert_eq!(governor(sysfs.path()).as_deref(), Some("performance, powersave"));
    }

    #[test]
    fn turbo_is_read_from_either_driver() {
        let sysfs = tempfile::tempdir().unwrap();
        assert_eq!(turbo(sysfs.path()), None);
        write(sysfs.path(), "devices/system/cpu/cpufreq/boost", "1\n");
        assert_eq!(turbo(sysfs.path()), Some(true));
        write(sysfs.path(), "devices/system/cpu/intel_pstate/no_turbo", "1\n");
        assert_eq!(turbo(sysfs.path()), Some(false));
    }
}
