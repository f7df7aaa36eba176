//! Embeds the web app again when it was built again.

fn main() {
    for folder in ["../web/dist", "../docs/dist"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
