//! The binary `sangam`.

fn main() -> std::process::ExitCode {
    server::cli::main()
}
