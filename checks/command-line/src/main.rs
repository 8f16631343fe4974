//! The command line under test: a thin `main` over the library `paceline`, as that of `xtask` is.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defined = paceline::command();
    let typed = defined.clone().get_matches();
    paceline::end(paceline::run(&typed, &defined))
}
