//! The page is embedded at compile time: a newly built one is a reason to compile again.

fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
}
