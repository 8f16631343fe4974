
# Completes `cargo xtask ...` as `xtask ...`, and everything else as before.
_paceline_found=$(complete -p cargo 2>/dev/null | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
# Once this is sourced again, what is found is its own function.
[ "$_paceline_found" = _paceline_cargo ] || _paceline_cargo_before=$_paceline_found
_paceline_cargo() {
    if [ "${COMP_WORDS[1]}" = xtask ] && [ "$COMP_CWORD" -gt 1 ]; then
        COMP_WORDS=(xtask "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _xtask xtask "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    elif [ -n "$_paceline_cargo_before" ]; then
        "$_paceline_cargo_before" "$@"
    fi
}
complete -F _paceline_cargo -o bashdefault -o default cargo
