//! Where the machine takes its current from.

use crate::sysfs;
use std::path::Path;

/// Whether a battery of the machine itself is being drained; `None` if no supply is shown.
pub(super) fn on_battery(sysfs: &Path) -> Option<bool> {
    let supplies = sysfs::entries(&sysfs.join("class/power_supply"), "");
    let of_machine = |supply: &&std::path::PathBuf| {
        // The battery of a mouse or a headset says "Device".
        sysfs::text(&supply.join("scope")).as_deref() != Some("Device")
    };
    let own: Vec<_> = supplies.iter().filter(of_machine).collect();
    let drained = |supply: &&std::path::PathBuf| {
        sysfs::text(&supply.join("status")).as_deref() == Some("Discharging")
    };
    (!own.is_empty()).then(|| own.into_iter().any(|supply| drained(&supply)))
}

#[cfg(test)]
mod tests {
    use super::on_battery;
    use std::fs;
    use std::path::Path;

    fn supply(sysfs: &Path, name: &str, files: &[(&str, &str)]) {
        let folder = sysfs.join("class/power_supply").join(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            fs::write(folder.join(file), text).unwrap();
        }
    }

    #[test]
    fn a_machine_without_any_supply_shown_is_not_known() {
        let sysfs = tempfile::tempdir().unwrap();
        assert_eq!(on_battery(sysfs.path()), None);
    }

    #[test]
    fn a_draining_battery_shows_and_a_charging_one_does_not() {
        let sysfs = tempfile::tempdir().unwrap();
        supply(sysfs.path(), "AC", &[("type", "Mains\n"), ("online", "1\n")]);
        supply(sysfs.path(), "BAT0", &[("type", "Battery\n"), ("status", "Charging\n")]);
        assert_eq!(on_battery(sysfs.path()), Some(false));
        supply(sysfs.path(), "BAT0", &[("status", "Discharging\n")]);
        assert_eq!(on_battery(sysfs.path()), Some(true));
    }

    #[test]
    fn the_battery_of_a_mouse_says_nothing_about_the_machine() {
        let sysfs = tempfile::tempdir().unwrap();
        supply(sysfs.path(), "mouse", &[("scope", "Device\n"), ("status", "Discharging\n")]);
        assert_eq!(on_battery(sysfs.path()), None);
    }
}
