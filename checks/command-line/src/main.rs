//! The command line under test: like `xtask`, a thin `main` over the library `paceline`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defined = paceline::command();
    let typed = defined.clone().get_matches();
    paceline::end(paceline::run(&typed, &defined))
}
