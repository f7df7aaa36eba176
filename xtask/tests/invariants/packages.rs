//! Rules about which package may depend on which.

use crate::repository::{root, written};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Our packages by name, with their layer (`core`, `platform`, `school`, …; `apps`) and all that they depend on in the
/// end, tests apart.
struct Workspace {
    layers: BTreeMap<String, String>,
    direct: BTreeMap<String, BTreeSet<String>>,
}

impl Workspace {
    fn read() -> Self {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo).current_dir(root()).args(["metadata", "--format-version", "1"]).output();
        let text = output.map(|output| output.stdout).unwrap_or_default();
        // Without metadata there are no packages, and every rule below asks for some.
        Self::parse(&serde_json::from_slice(&text).unwrap_or_default())
    }

    fn parse(metadata: &Value) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut names = BTreeMap::new();
        let mut layers = BTreeMap::new();
        let members: BTreeSet<String> = list(&metadata["workspace_members"]).iter().map(text).collect();
        for package in list(&metadata["packages"]) {
            names.insert(text(&package["id"]), text(&package["name"]));
            if members.contains(&text(&package["id"])) {
                let path = text(&package["manifest_path"]);
                let below = path.split("/crates/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or("apps");
                layers.insert(text(&package["name"]), below.to_owned());
            }
        }
        let mut direct = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let normal = |dep: &&Value| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            let needs =
                list(&node["deps"]).iter().filter(normal).map(|dep| names[&text(&dep["pkg"])].clone()).collect();
            direct.insert(names[&text(&node["id"])].clone(), needs);
        }
        Self { layers, direct }
    }

    fn in_layer(&self, layer: &str) -> Vec<&String> {
        self.layers.iter().filter(|(_, l)| *l == layer).map(|(name, _)| name).collect()
    }

    /// All that `name` depends on in the end.
    fn reach(&self, name: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            for need in self.direct.get(next).into_iter().flatten() {
                if reached.insert(need.as_str()) {
                    open.push(need);
                }
            }
        }
        reached
    }
}

/// What does I/O, or exists for it.
const DOORS: [&str; 12] = [
    "tokio",
    "sqlx",
    "sqlx-core",
    "axum",
    "axum-core",
    "hyper",
    "reqwest",
    "tower",
    "mio",
    "socket2",
    "rustls",
    "ureq",
];

fn core_reaches_out(workspace: &Workspace) -> Vec<String> {
    let mut faults = Vec::new();
    let pure = workspace.layers.iter().filter(|(name, layer)| *layer == "core" || *name == "eduai-wire");
    for (name, _) in pure {
        faults.extend(
            workspace.reach(name).into_iter().filter(|n| DOORS.contains(n)).map(|n| format!("{name} reaches {n}")),
        );
    }
    faults
}

/// Inner layers know nothing of outer ones; only the program knows every room.
fn layers_are_kept(workspace: &Workspace) -> Vec<String> {
    let rank = |layer: &str| match layer {
        "core" => 0,
        "platform" => 1,
        "apps" => 3,
        _ => 2,
    };
    let mut faults = Vec::new();
    let rooms: BTreeSet<&String> =
        workspace.layers.iter().filter(|(_, l)| rank(l) == 2).map(|(name, _)| name).collect();
    for (name, layer) in &workspace.layers {
        let needs = &workspace.direct[name];
        for need in needs.iter().filter(|need| workspace.layers.get(*need).is_some_and(|l| rank(l) > rank(layer))) {
            faults.push(format!("{name} ({layer}) depends on {need}"));
        }
        let known = needs.iter().filter(|need| rooms.contains(need)).count();
        if rank(layer) < 3 && rooms.len() > 1 && known + usize::from(rooms.contains(name)) == rooms.len() {
            faults.push(format!("{name} knows every room"));
        }
    }
    faults
}

fn sample(from: (&str, &str), to: (&str, &str)) -> Workspace {
    let layers = [from, to].iter().map(|(name, layer)| ((*name).to_owned(), (*layer).to_owned())).collect();
    let direct =
        BTreeMap::from([(from.0.to_owned(), BTreeSet::from([to.0.to_owned()])), (to.0.to_owned(), BTreeSet::new())]);
    Workspace { layers, direct }
}

#[test]
fn the_core_depends_on_nothing_that_does_io() {
    let workspace = Workspace::read();
    assert!(workspace.in_layer("core").len() >= 6);
    assert_eq!(core_reaches_out(&workspace), Vec::<String>::new());
    assert!(workspace.reach("eduai-web").contains("hyper"), "dependencies of dependencies are seen");
    assert!(!core_reaches_out(&sample(("eduai-music", "core"), ("tokio", "elsewhere"))).is_empty());
    assert!(!core_reaches_out(&sample(("eduai-wire", "ai"), ("hyper", "elsewhere"))).is_empty());
    assert!(workspace.layers.contains_key("eduai-wire"));
}

#[test]
fn inner_layers_know_nothing_of_outer_ones() {
    let workspace = Workspace::read();
    assert_eq!(layers_are_kept(&workspace), Vec::<String>::new());
    assert!(workspace.direct["eduai"].contains("eduai-users"), "the program knows the rooms");
    assert!(!layers_are_kept(&sample(("eduai-music", "core"), ("eduai-db", "platform"))).is_empty());
    assert!(!layers_are_kept(&sample(("eduai-web", "platform"), ("eduai-users", "school"))).is_empty());
    assert!(!layers_are_kept(&sample(("eduai-mashup", "studio"), ("eduai-users", "school"))).is_empty());
}

#[test]
fn every_package_keeps_the_lints_of_the_workspace() {
    // The fuzzers are no members: their entry point is libFuzzer's, which is not safe code.
    let outside = ["Cargo.toml", "fuzz/Cargo.toml"];
    let manifests: Vec<_> =
        written(&["Cargo.toml"]).into_iter().filter(|s| !outside.contains(&s.path.as_str())).collect();
    let loose = manifests.iter().filter(|s| !s.text.contains("[lints]\nworkspace = true"));
    assert_eq!(loose.map(|s| s.path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(manifests.len(), Workspace::read().layers.len(), "every manifest is a member, every member has one");
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest =
        written(&["Cargo.toml"]).into_iter().find(|s| s.path == "Cargo.toml").map(|s| s.text).unwrap_or_default();
    let section =
        manifest.split("[workspace.dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap_or_default();
    let entries = section.lines().filter(|line| line.contains(" = ") && !line.starts_with('#'));
    let silent = |line: &&str| !line.contains("path = \"crates/") && !line.contains(" # ");
    assert_eq!(entries.clone().filter(silent).collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(entries.count() > 20);
    assert!(silent(&"serde = \"1\""));
}
