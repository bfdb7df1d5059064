//! On Linux the program is linked to a fixed address, as distributions link Python: a third of what a process needs to
//! start went into moving 64,000 addresses, in pages that it never reads otherwise.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |key: &str| std::env::var(key).unwrap_or_default();
    if target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
