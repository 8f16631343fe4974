//! Names of other programs' rows, as ours.

use paceline_stats::compare::Side;

use crate::ForeignError;

/// `THEIRS=OURS` as typed: what the other program calls a row, and what it is called here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming(String);

impl Renaming {
    /// Takes a mapping as typed; `None` without an equals sign between two names.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let has_both = splits(typed).any(|(theirs, ours)| !theirs.is_empty() && !ours.is_empty());
        has_both.then(|| Self(typed.to_owned()))
    }
}

/// Gives the rows of other programs that the mappings name their other names. A run keeps its names.
///
/// # Errors
///
/// When a mapping names no row, or would give a row a name that another one of its side has.
pub fn rename(sides: &mut [Side], mappings: &[Renaming]) -> Result<(), ForeignError> {
    for Renaming(mapping) in mappings {
        let mut hits = 0;
        for side in sides.iter_mut().filter(|side| side.run.is_none()) {
            hits += usize::from(apply(side, mapping)?);
        }
        if hits == 0 {
            let of_others = sides.iter().filter(|side| side.run.is_none());
            let known: Vec<String> = of_others
                .flat_map(|side| &side.rows)
                .map(|row| format!("`{}`", row.name))
                .collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(ForeignError::NoSuchRow { mapping: mapping.clone(), known });
        }
    }
    Ok(())
}

/// Whether the mapping names a row of `side`, which then has its new name.
fn apply(side: &mut Side, mapping: &str) -> Result<bool, ForeignError> {
    // A command line may have equals signs in it, so the row's name tells where the mapping parts.
    let found = splits(mapping).find_map(|(theirs, ours)| {
        let index = side.rows.iter().position(|row| row.name == theirs)?;
        (!ours.is_empty()).then_some((index, ours))
    });
    let Some((index, ours)) = found else { return Ok(false) };
    if side.rows.iter().enumerate().any(|(other, row)| other != index && row.name == ours) {
        return Err(ForeignError::NameTaken {
            side: side.name.clone(),
            mapping: mapping.to_owned(),
            name: ours.to_owned(),
        });
    }
    ours.clone_into(&mut side.rows[index].name);
    Ok(true)
}

fn splits(mapping: &str) -> impl Iterator<Item = (&str, &str)> {
    mapping.match_indices('=').map(|(at, _)| (&mapping[..at], &mapping[at + 1..]))
}
