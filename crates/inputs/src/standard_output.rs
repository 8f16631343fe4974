//! What becomes of the standard output of programs.

use crate::error::InputError;

/// What becomes of the standard output of programs. A program may do less work when nobody reads its output:
/// `grep` stops at the first match when it writes to the null device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandardOutput {
    /// A pipe that is read; what comes out of it is thrown away.
    Discarded,
    /// A pipe that is read; what comes out of it is compared with that of another run.
    Checked,
    /// The null device.
    Null,
}

impl StandardOutput {
    /// What the parameter `output` of a command says, and whether the output is to be checked.
    ///
    /// # Errors
    ///
    /// When `output` is neither `pipe` nor `null`, or output that nobody reads is to be checked.
    pub fn new(output: &str, check: bool) -> Result<Self, InputError> {
        match (output, check) {
            ("pipe", false) => Ok(Self::Discarded),
            ("pipe", true) => Ok(Self::Checked),
            ("null", false) => Ok(Self::Null),
            ("null", true) => Err(InputError::CheckedNull),
            _ => Err(InputError::NoOutput { text: output.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_that_nobody_reads_cannot_be_checked() {
        assert_eq!(StandardOutput::new("null", false), Ok(StandardOutput::Null));
        assert_eq!(StandardOutput::new("pipe", true), Ok(StandardOutput::Checked));
        assert_eq!(StandardOutput::new("null", true), Err(InputError::CheckedNull));
        let file = StandardOutput::new("file", true).expect_err("it is neither").to_string();
        assert_eq!(file, "use the output `file`: it is `pipe` or `null`");
    }
}
