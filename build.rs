//! With the feature `rust-bert`, lets the programs find libtorch where it was at build time.

fn main() {
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    let wanted = std::env::var_os("CARGO_FEATURE_RUST_BERT").is_some();
    if let (true, Ok(libtorch)) = (wanted, std::env::var("LIBTORCH")) {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{libtorch}/lib");
    }
}
