//! What is worth trying, as the help shows it.

/// Examples of every subcommand, and the exit codes.
pub(super) const EXAMPLES: &str = "\
Examples:
  cargo xtask bench                          # the 28 rows, about two minutes
  cargo xtask bench --only multiproc         # only process pools
  cargo xtask bench --only io --only threads # rows that match both
  cargo xtask bench --matrix engines --scale smoke
  cargo xtask bench --command 'sha256sum {item}' --items 'docs/*.md'
  cargo xtask bench --command 'sort {item} | wc -l' --shell --items 'docs/*.md'
  cargo xtask bench --url 'http://127.0.0.1:8080/items/{item}' --items 1..50
  cargo xtask bench --files docs             # the files of a folder, hashed
  cargo xtask bench --budget 5m --precision 2%
  cargo xtask bench --vs main --gate 5% --rounds 12 --only io
  cargo xtask bench --vs main --memory-rounds 8 --gate-memory 10% --only io
  cargo xtask bench --only io --rate 500/s --for 10s # items come on schedule
  cargo xtask bench --only io --find-rate p99=50ms   # the highest rate for it
  cargo xtask report                         # the latest run once more
  cargo xtask report --explain '8 threads'   # where that row's time went
  cargo xtask report --format bars --sort time
  cargo xtask report --format html --open    # a page with charts
  cargo xtask report --format json
  cargo xtask report before after            # several runs side by side
  cargo xtask runs                           # which runs there are
  cargo xtask compare before after --gate 5% # two saved runs
  cargo xtask compare theirs.json latest     # a file of pyperf or hyperfine
  cargo xtask advise --max-memory 64MiB      # which row of the run to use
  cargo xtask matrix check my.toml           # what is wrong with a matrix file
  cargo xtask audit                          # can the numbers be believed?
  cargo xtask doctor                         # what this host means for them
  cargo xtask list                           # executors, workloads, matrices
  cargo xtask new executor relay --dry-run   # a strategy of your own
  cargo xtask torture --seconds 20           # process pools under kills
  cargo xtask fixtures --scale seed          # the photographs, made anew
  cargo xtask completions bash > paceline.bash
  cargo xtask man --out man/man1

Exit codes:
  0    everything went well; with --gate: no regression
  1    Paceline itself failed; with --gate: a regression beyond it
  2    the command line, or a file that it names, is wrong
  3    a case was invalid or could not be run; with --gate: it cannot be told;
       of an audit: a limit does not hold; of advice: no row is left
  4    a case timed out
  130  the run was interrupted";

/// The examples of one subcommand.
pub(super) fn of(subcommand: &str) -> String {
    let begin = format!("  cargo xtask {subcommand}");
    let is_of = |line: &&str| {
        line.strip_prefix(&begin).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let lines: Vec<&str> = EXAMPLES.lines().filter(is_of).collect();
    format!("Examples:\n{}", lines.join("\n"))
}
