//! Commands, folders and items of the user's own that cannot be run.

use std::fs;

use crate::support::{Outcome, Paceline};

#[test]
fn what_cannot_be_run_is_refused_with_its_place_before_anything_is_built() {
    let paceline = Paceline::new();
    paceline.file("work/in/b.txt", b"");
    let refuse = |arguments: &[&str], words: &[&str]| {
        let mut bench = paceline.command("bench");
        bench.args(arguments).current_dir(paceline.out.path().join("work"));
        let refused = Outcome::of(&mut bench).expect_code(2);
        for word in words {
            assert!(refused.stderr.contains(word), "{word}: {}", refused.stderr);
        }
    };
    let with_items = |command: &'static str| ["--command", command, "--items", "in/*"];
    let of = |items: &'static str| ["--command", "cat {item}", "--items", items];
    refuse(&["--command", "true"], &["--items"]);
    refuse(&["--items", "5"], &["--command"]);
    refuse(&with_items("no-such-program {item}"), &["program `no-such-program`", "PATH"]);
    refuse(&with_items("./in/b.txt"), &["`./in/b.txt`", "not executable"]);
    refuse(&with_items("cat {itm}"), &["`{itm}` at column 5", "{stem}"]);
    refuse(&with_items("cat 'x"), &["a quote is not closed"]);
    refuse(&of("in/*.gif"), &["`in/*.gif`", "nothing matches"]);
    let both = ["--command", "cat {itm}", "--items", "*.gif"];
    refuse(&both, &["failed to read `cat {itm}`", "\nand to match the items `*.gif`"]);
    refuse(&of("in/["), &["character 4"]);
    refuse(&of("0"), &["`0`", "there are none"]);
    refuse(&of("1..1000000000"), &["1000000000 are more than the 100000"]);
    refuse(&[&of("1..3")[..], &["--matrix", "floor"]].concat(), &["--command", "matrix `floor`"]);
    let quoted = ["--command", "cat \"{item}\"", "--shell", "--items", "in/*"];
    refuse(&quoted, &["`{item}` at column 6 stands inside quotes"]);
    let variable = ["--command", "cat ${item}", "--shell", "--items", "in/*"];
    refuse(&variable, &["`{item}` at column 6 stands right behind `$`", "written `${{item}}`"]);
    let unread = [&of("in/*")[..], &["--output", "null", "--check-output"]].concat();
    refuse(&unread, &["check the output of programs that write to the null device"]);
    refuse(&["--files", "no/such"], &["folder `no/such`"]);
    fs::create_dir(paceline.out.path().join("work/none")).expect("made");
    refuse(&["--files", "none"], &["find a file in", "none"]);

    // What a file says, with rows whose names only the worker knows.
    let text = "format = 1\ntitle = \"t\"\nscales.quick.about = \"a\"\n\
                workloads.command.params = { command = \"no-such-program\", items = 2 }\n\
                [[rows]]\nname = \"{executor}\"\nworkload = \"command\"\nexecutor = \"*\"\nwidth = 1\n";
    paceline.file("work/m.toml", text.as_bytes());
    for only in [&[][..], &["--only", "threads"], &["--only", "tokio"], &["--only", "command"]] {
        let arguments = [&["--matrix", "m.toml"][..], only].concat();
        refuse(&arguments, &["program `no-such-program`"]);
    }
}
