//! No file imports from a file that imports it, directly or around a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use paceline_driver::workspace;

/// The modules of one crate, each with the other modules that its file names. The root is left out: it
/// names all of them, and only gives out what they have.
fn imports(src: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    collect(src, "", &mut texts);
    let modules: BTreeSet<String> = texts.keys().cloned().collect();
    let of = |(module, text): (&String, &String)| {
        let named = paths(text, module).into_iter();
        let found = named.filter_map(|path| longest_module(&path, &modules));
        // A file may name its own children, which it declares.
        let others =
            found.filter(|other| !format!("{other}::").starts_with(&format!("{module}::")));
        (module.clone(), others.collect())
    };
    texts.iter().map(of).collect()
}

fn collect(folder: &Path, above: &str, texts: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            collect(&path, &format!("{above}{name}::"), texts);
        } else if let Some(stem) = name.strip_suffix(".rs").filter(|stem| !is_left_out(stem)) {
            let module = if stem == "mod" { above.trim_end_matches("::") } else { stem };
            let above = if stem == "mod" { "" } else { above };
            let text = std::fs::read_to_string(&path).expect("a source file");
            texts.insert(format!("{above}{module}"), without_tests_and_comments(&text));
        }
    }
}

fn is_left_out(stem: &str) -> bool {
    matches!(stem, "lib" | "main") || stem.ends_with("tests")
}

fn without_tests_and_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path that starts at the crate's root or at the module above, from the root on.
fn paths(text: &str, module: &str) -> Vec<String> {
    let parent = module.rsplit_once("::").map_or(String::new(), |(above, _)| format!("{above}::"));
    let mut found = Vec::new();
    for (start, above) in [("crate::", ""), ("super::", parent.as_str())] {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let end = rest.find(|c| !is_of_path(c)).unwrap_or(rest.len());
            let (path, rest) = rest.split_at(end);
            // `use crate::{a, b}`: the names in braces, each on its own.
            let braced = rest.strip_prefix('{').and_then(|list| list.split('}').next());
            let names = braced.unwrap_or_default().split(|c| !is_of_path(c));
            found.extend(names.map(|name| format!("{above}{path}{name}")));
            found.push(format!("{above}{path}"));
        }
    }
    found
}

fn longest_module(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let parts: Vec<&str> = path.split("::").filter(|part| !part.is_empty()).collect();
    let mut prefixes = (1..=parts.len()).rev().map(|length| parts[..length].join("::"));
    prefixes.find(|prefix| modules.contains(prefix))
}

/// What is left when files that import none of the others are taken away again and again: circles, and what
/// leads into one.
fn circles(mut imports: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        for others in imports.values_mut() {
            others.retain(|other| left.contains(other));
        }
        imports.retain(|_, others| !others.is_empty());
        if imports.len() == left.len() {
            return imports;
        }
    }
}

#[test]
fn no_crate_has_a_circle_of_files() {
    let root = workspace::root();
    let crates = std::fs::read_dir(root.join("crates")).expect("there are crates").flatten();
    let folders: Vec<PathBuf> =
        crates.map(|entry| entry.path()).chain([root.join("xtask")]).collect();
    assert!(folders.len() > 20, "{folders:?}");
    for folder in folders {
        let found = circles(imports(&folder.join("src")));
        assert!(found.is_empty(), "{}: {found:#?}", folder.display());
    }
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("lib.rs", "mod a; mod b; mod c;");
    write("a.rs", "mod inner;\nuse crate::{b::Thing, c};\n");
    write("a/inner.rs", "use crate::c::d;\n");
    write("b.rs", "// use crate::a;\n#[cfg(test)]\nmod tests { use crate::a; }\n");
    write("c.rs", "pub fn d() {}\n");
    assert!(circles(imports(folder.path())).is_empty());
    write("c.rs", "pub fn d() { crate::a::inner::e() }\n");
    let found = circles(imports(folder.path()));
    assert!(found.contains_key("a::inner") && found.contains_key("c"), "{found:#?}");
    write("c.rs", "");
    write("a/inner.rs", "use super::Outer;\n");
    // A child may use what is above it, as long as nothing above uses the child.
    assert!(circles(imports(folder.path())).is_empty());
}
