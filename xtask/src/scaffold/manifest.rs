//! Edits of a Cargo.toml that people wrote: each adds one entry where its list is sorted, and leaves
//! every other byte alone, comments included.

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, InlineTable, Item, Key, Table, Value, value};

/// Adds a package to the members of a workspace and to the dependencies that its members share.
pub(super) fn with_member(text: &str, package: &str, folder: &str) -> Result<String> {
    let mut manifest: DocumentMut = text.parse()?;
    let workspace = table(&mut manifest, "workspace")?;
    let members = workspace.get_mut("members").and_then(Item::as_array_mut);
    let members = members.context("find the array `members`")?;
    let greater = |member: &Value| member.as_str().is_some_and(|member| member > folder);
    let place = members.iter().position(greater).unwrap_or(members.len());
    members.insert_formatted(place, Value::from(folder).decorated("\n    ", ""));
    let path = InlineTable::from_iter([("path", folder)]);
    insert_sorted(table(workspace, "dependencies")?, package, value(path));
    Ok(manifest.to_string())
}

/// Adds a package of the workspace to the dependencies of a member.
pub(super) fn with_dependency(text: &str, package: &str) -> Result<String> {
    let mut manifest: DocumentMut = text.parse()?;
    let mut inherited = Table::from_iter([("workspace", true)]);
    inherited.set_dotted(true);
    insert_sorted(table(&mut manifest, "dependencies")?, package, Item::Table(inherited));
    Ok(manifest.to_string())
}

fn table<'a>(parent: &'a mut Table, name: &str) -> Result<&'a mut Table> {
    let found = parent.get_mut(name).and_then(Item::as_table_mut);
    found.with_context(|| format!("find the table `{name}`"))
}

/// Inserts above the first greater key, or above the first empty line, since the sorted list ends there.
fn insert_sorted(table: &mut Table, name: &str, item: Item) {
    let follows = |(number, key): &(usize, &str)| {
        *key > name || (*number > 0 && table.key(key).is_some_and(begins_a_group))
    };
    let keys = table.iter().map(|(key, _)| key).enumerate();
    let later: Vec<String> =
        keys.skip_while(|key| !follows(key)).map(|(_, key)| key.to_owned()).collect();
    // A new key goes to the end, so the later keys are removed and inserted again.
    let later: Vec<_> = later.iter().filter_map(|key| table.remove_entry(key)).collect();
    table.insert(name, item);
    for (key, item) in later {
        table.insert_formatted(&key, item);
    }
}

fn begins_a_group(key: &Key) -> bool {
    let above = key.leaf_decor().prefix().and_then(|above| above.as_str());
    above.is_some_and(|above| above.starts_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::super::splice::tests::added;
    use super::*;

    const WORKSPACE: &str = "\
[workspace]
members = [
    \"crates/core\",
    # The first of all.
    \"crates/exec-seq\",
    \"xtask\",
]
# Not one of them.
exclude = [\"examples/x\"]

[workspace.dependencies]
core = { path = \"crates/core\" }
# Why exec-seq.
exec-seq = { path = \"crates/exec-seq\" }

anyhow = \"1.0\" # As ever.
";

    #[test]
    fn a_member_stands_where_both_lists_stay_sorted_and_comments_stay_with_their_entries() {
        for (name, member, dependency) in
            [("a", 3, 13), ("exec-relay", 4, 14), ("exec-seq-2", 6, 16), ("yew", 7, 16)]
        {
            let folder = if name == "yew" { "yew".to_owned() } else { format!("crates/{name}") };
            let edited = with_member(WORKSPACE, name, &folder).expect("its place is there");
            let entries = [
                (member, format!("    \"{folder}\",")),
                (dependency, format!("{name} = {{ path = \"{folder}\" }}")),
            ];
            assert_eq!(added(WORKSPACE, &edited), entries, "{edited}");
        }
    }

    #[test]
    fn a_dependency_stands_between_dotted_ones_and_comments_stay_with_theirs() {
        let text = "[dependencies]\na.workspace = true\n# Why c.\n# It is good.\nc.workspace = true\n\n\
                    [lints]\nworkspace = true\n";
        for (name, line) in [("b", 3), ("d", 6)] {
            let edited = with_dependency(text, name).expect("its place is there");
            assert_eq!(added(text, &edited), [(line, format!("{name}.workspace = true"))]);
        }
        let empty = with_dependency("[dependencies]\n", "b").expect("its place is there");
        assert_eq!(empty, "[dependencies]\nb.workspace = true\n");
    }

    #[test]
    fn a_place_that_is_gone_is_named() {
        let gone = |result: Result<String>| result.expect_err("no place").to_string();
        assert_eq!(gone(with_member("", "x", "x")), "find the table `workspace`");
        assert_eq!(gone(with_member("[workspace]\n", "x", "x")), "find the array `members`");
        assert_eq!(gone(with_dependency("", "x")), "find the table `dependencies`");
    }
}
