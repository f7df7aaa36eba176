//! Who may call what: every endpoint of the document is tried by nobody, by every role that may not, and by every role
//! that may. An endpoint that the document does not describe is refused to all, so there is none that is not tried.

use crate::document::{document, operations};
use crate::school::{PEOPLE, School};
use crate::world::World;
use eduai_kernel::Role;
use eduai_web::{Access, Requirement};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

fn requirement(access: &Access, name: &str) -> Requirement {
    let (method, path) = name.split_once(' ').unwrap();
    let method = method.to_uppercase().parse().unwrap();
    access.requirement(&method, path).unwrap().as_ref().clone()
}

#[tokio::test]
async fn every_endpoint_lets_in_whom_it_says_and_nobody_else() {
    let world = World::new().await;
    let school = School::first(&world).await;
    let things = school.furnish().await;
    let access = Access::of(&eduai::program::openapi_document()).unwrap();
    let mut wrong = Vec::new();
    for (name, _) in operations(&document()) {
        let (method, path) = name.split_once(' ').unwrap();
        let (method, asked) = (method.to_uppercase(), requirement(&access, &name));
        let Requirement::Permission { permission, visitors } = asked else { continue };
        let path = things.fill(path);
        let nobody = world.send(&method, &path, &[("content-type", "application/json")], "{}").await;
        let refused = nobody.status == 401;
        if refused == visitors {
            wrong.push(format!("{name}: nobody gets {}", nobody.status));
        }
        // Somebody who may not: before anything else is looked at, so that a broken body makes no difference.
        for role in PEOPLE.into_iter().filter(|role| !role.may(&permission)) {
            let answer = school.ask(role, &method, &path, &json!("no object")).await;
            if (answer.status, answer.json()["code"].as_str()) != (403, Some("forbidden")) {
                wrong.push(format!("{name}: a {} gets {}: {}", role.as_str(), answer.status, answer.text));
            }
        }
    }
    // Somebody who may is let in: last, because it may do what it says.
    for (name, _) in operations(&document()) {
        let (method, path) = name.split_once(' ').unwrap();
        let Requirement::Permission { permission, .. } = requirement(&access, &name) else { continue };
        for role in PEOPLE.into_iter().filter(|role| role.may(&permission)) {
            // An unknown member is refused by the body's reader, which is behind the guard.
            let path = path.replace("{format}", "midi");
            let path = path.split('/').map(|p| if p.starts_with('{') { NOTHING } else { p }).collect::<Vec<_>>();
            let body = if method == "get" || method == "delete" { Value::Null } else { json!({"unknown_member": 1}) };
            if name == "delete /api/v1/me/sessions" {
                continue;
            }
            let answer = school.ask(role, &method.to_uppercase(), &path.join("/"), &body).await;
            if [401, 403].contains(&answer.status) || answer.status >= 500 {
                wrong.push(format!("{name}: a {} gets {}: {}", role.as_str(), answer.status, answer.text));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

const NOTHING: &str = "01900000-0000-7000-8000-00000000dead";

#[test]
fn every_permission_that_is_asked_for_is_given_to_somebody() {
    let access = Access::of(&eduai::program::openapi_document()).unwrap();
    for (name, _) in operations(&document()) {
        let Requirement::Permission { permission, visitors } = requirement(&access, &name) else { continue };
        assert!(Role::ALL.into_iter().any(|role| role.may(&permission)), "{name}: nobody may {permission}");
        assert_eq!(visitors, Role::Guest.may(&permission) && visitors, "{name}: visitors lack {permission}");
    }
}

/// The matrix of roles and endpoints, as a file that shows in a review what a change lets whom do.
#[test]
fn the_role_matrix_is_as_it_was_reviewed() {
    let access = Access::of(&eduai::program::openapi_document()).unwrap();
    let mut matrix =
        String::from("endpoint | permission | guest | student | parent | teacher | school_admin | super_admin\n");
    for (name, _) in operations(&document()) {
        match requirement(&access, &name) {
            Requirement::Open => writeln!(matrix, "{name} | open").unwrap(),
            Requirement::Key { scope } => writeln!(matrix, "{name} | virtual key for {scope}").unwrap(),
            Requirement::Permission { permission, visitors } => {
                let mark = |may: bool| if may { "yes" } else { "-" };
                let people = PEOPLE.map(|role| mark(role.may(&permission))).join(" | ");
                writeln!(matrix, "{name} | {permission} | {} | {people}", mark(visitors)).unwrap();
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/role-matrix.txt");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept != matrix && std::env::var_os("EDUAI_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &matrix).unwrap();
        return;
    }
    assert!(
        kept == matrix,
        "the role matrix has changed; look at it and run again with EDUAI_UPDATE_SNAPSHOTS=1:\n{matrix}"
    );
}
