
# Completes `cargo xtask ...` as `xtask ...`.
function __paceline_words
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    complete --do-complete (string join ' ' -- xtask $words[3..] "$current")
end
complete -c cargo -n '__fish_seen_subcommand_from xtask' -f -a '(__paceline_words)'
