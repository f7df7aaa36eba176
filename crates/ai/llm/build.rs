//! Embeds a new migration when its file appears.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
