//! Where master keys come from.

use eduai_vault::{MasterError, MasterKeys};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

const ONE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const TWO: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// A folder of its own, removed with this value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("eduai-vault-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    async fn load(&self, variables: &[(&str, &str)]) -> Result<MasterKeys, MasterError> {
        let environment =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        MasterKeys::load(&self.0, &environment).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn without_any_setting_a_key_is_made_once_for_its_owner_alone() {
    let folder = Folder::new("made");
    let (first, again) = tokio::join!(folder.load(&[]), folder.load(&[]));
    assert_eq!(first.unwrap().ids(), again.unwrap().ids());
    let keys = folder.0.join("keys");
    let mode = std::fs::metadata(keys.join("master.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(keys).unwrap().count(), 1, "no draft is left");
}

#[tokio::test]
async fn a_value_a_file_and_a_command_give_the_same_keys() {
    let folder = Folder::new("ways");
    let both = format!("{ONE}\n{TWO}");
    let file = folder.0.join("given.key");
    std::fs::write(&file, &both).unwrap();
    let expected = MasterKeys::from_bytes(&[[1; 32], [2; 32]]).unwrap().ids();
    let command = format!("printf '{ONE} {TWO}'");
    for (name, value) in [
        ("EDUAI_MASTER_KEY", both.as_str()),
        ("EDUAI_MASTER_KEY_FILE", file.to_str().unwrap()),
        ("EDUAI_MASTER_KEY_COMMAND", command.as_str()),
    ] {
        assert_eq!(folder.load(&[(name, value)]).await.unwrap().ids(), expected, "{name}");
    }
    assert!(!folder.0.join("keys").exists(), "no key is made beside a given one");
}

#[tokio::test]
async fn what_is_no_key_is_refused_without_being_repeated() {
    let folder = Folder::new("refused");
    let long = "A".repeat(1_000_000);
    for bad in ["secret", "AQEB", &ONE[..43], "\u{0}", &long] {
        let error = folder.load(&[("EDUAI_MASTER_KEY", bad)]).await.unwrap_err();
        assert!(matches!(error, MasterError::NotKeys(_)), "{error}");
        assert!(!error.to_string().contains(bad));
    }
    let twice = format!("{ONE} {ONE}");
    assert!(matches!(folder.load(&[("EDUAI_MASTER_KEY", &twice)]).await, Err(MasterError::Repeated(_))));
    let two = [("EDUAI_MASTER_KEY", ONE), ("EDUAI_MASTER_KEY_COMMAND", "true")];
    assert!(matches!(folder.load(&two).await, Err(MasterError::Ambiguous(..))));
    for (command, expected) in [("exit 3", "exit status: 3"), ("true", "does not hold master keys")] {
        let error = folder.load(&[("EDUAI_MASTER_KEY_COMMAND", command)]).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let missing = folder.load(&[("EDUAI_MASTER_KEY_FILE", "/nowhere/at all")]).await.unwrap_err();
    assert!(matches!(missing, MasterError::File { .. }));
    let shown = format!("{:?}", folder.load(&[("EDUAI_MASTER_KEY", ONE)]).await.unwrap());
    assert!(!shown.contains("AQEB") && !shown.contains("[1, 1"), "{shown}");
}

#[tokio::test]
async fn a_file_of_keys_is_renewed_and_old_keys_are_forgotten() {
    let folder = Folder::new("renewed");
    let keys = folder.load(&[]).await.unwrap();
    let old = keys.ids();
    keys.renew().unwrap();
    assert_eq!(keys.ids()[1..], old);
    assert_eq!(folder.load(&[]).await.unwrap().ids(), keys.ids());
    keys.forget_old().unwrap();
    assert_eq!(keys.ids().len(), 1);
    assert!(!keys.ids().contains(&old[0]));
    let mode = std::fs::metadata(folder.0.join("keys/master.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let given = folder.load(&[("EDUAI_MASTER_KEY", ONE)]).await.unwrap();
    assert!(matches!(given.renew(), Err(MasterError::NotAFile)));
}
