//! Work of the user's own, as typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

use anyhow::Result;
use paceline_driver::inputs::{COMMAND, FILES, Given, URL, text_of};

use crate::quantities::count;

/// What the rows work on, where that is the user's own.
// An argument that is required is not asked for where it conflicts with one that is there, so those that
// require it conflict with that one, too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Work of your own")]
#[command(group(ArgGroup::new("for each").args(["command", "url"])))]
pub(crate) struct InputArgs {
    /// Run this program for every item of --items, on every executor. {item} stands for the item, {index}
    /// for its number from 0, {folder}, {name}, {stem} and {extension} for parts of it as a path. No
    /// shell is involved: quotes only hold words together
    #[arg(long, value_name = "COMMAND", requires = "items", conflicts_with = "resume")]
    pub(crate) command: Option<String>,
    /// The items for --command or --url: a pattern such as 'photos/*.jpg', numbers such as 1..50 (both ends
    /// included; 50 is short for that), or a list of any of these with commas between
    #[arg(long, value_name = "ITEMS", requires = "for each")]
    pub(crate) items: Option<String>,
    /// Run the command with `sh`, pipes included. Items are its parameters; `sh` never reads them as code
    #[arg(long, requires = "command", conflicts_with_all = ["url", "resume"])]
    pub(crate) shell: bool,
    /// Where the programs' standard output goes: into a pipe whose content is read and thrown away, or to the
    /// null device, for which some programs do less work
    #[arg(long, value_name = "WHERE", requires = "command", conflicts_with_all = ["url", "resume"],
          default_value = "pipe", value_parser = ["pipe", "null"])]
    pub(crate) output: String,
    /// Demand that a program writes the same to its standard output each time. All programs run once more,
    /// before the first row
    #[arg(long, requires = "command", conflicts_with_all = ["url", "resume"])]
    pub(crate) check_output: bool,
    /// Read and hash every file of this folder, and of the folders in it, on every executor
    #[arg(long, value_name = "DIR", conflicts_with = "resume")]
    pub(crate) files: Option<PathBuf>,
    /// With --files: have the system forget each file before it is read. Refused where it cannot
    #[arg(long, requires = "files", conflicts_with = "resume")]
    pub(crate) drop_cache: bool,
    /// Send a request to this service for every item of --items, on every executor. The placeholders of
    /// --command may stand in path and query. Name only a service that you may load
    #[arg(long, value_name = "URL", requires = "items", conflicts_with = "resume")]
    pub(crate) url: Option<String>,
    /// With --url: the method of the requests. All but GET may change what the service keeps, and every
    /// row sends its requests again in every round
    #[arg(long, value_name = "METHOD", requires = "url", conflicts_with_all = ["command", "resume"], default_value = "GET",
          value_parser = ["GET", "POST", "PUT", "PATCH", "DELETE"])]
    pub(crate) method: String,
    /// With --url and https: trust whom the certificates in this PEM file name, and nobody else. Without it,
    /// whom the system trusts
    #[arg(long, value_name = "FILE", requires = "url",
          conflicts_with_all = ["command", "resume"])]
    pub(crate) ca_file: Option<PathBuf>,
    /// With --url: leave out the rows that could have more requests in flight than this
    #[arg(long, value_name = "N", requires = "url", value_parser = count,
          conflicts_with_all = ["command", "resume"],
          allow_negative_numbers = true)]
    pub(crate) max_in_flight: Option<NonZeroUsize>,
}

impl InputArgs {
    /// What was typed, as parameters of the workloads that take it.
    ///
    /// # Errors
    ///
    /// When a path is not UTF-8.
    pub(crate) fn given(&self) -> Result<Vec<Given>> {
        let mut all = Vec::new();
        let mut add = |workload, values: &[(&str, &str)]| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            all.push(Given { workload, values: values.iter().map(owned).collect() });
        };
        if let (Some(command), Some(items)) = (&self.command, &self.items) {
            let (shell, check) = (self.shell.to_string(), self.check_output.to_string());
            let values = [
                (COMMAND, &**command),
                ("items", items),
                ("shell", &shell),
                ("output", &self.output),
                ("check_output", &check),
            ];
            add(COMMAND, &values);
        }
        if let Some(folder) = &self.files {
            let folder = text_of(folder)?;
            let drop_cache = self.drop_cache.to_string();
            add(FILES, &[("folder", &folder), ("items", "all"), ("drop_cache", &drop_cache)]);
        }
        if let (Some(url), Some(items)) = (&self.url, &self.items) {
            let file = self.ca_file.as_deref().map(text_of).transpose()?;
            let trusted = file.iter().map(|file| ("ca_file", &**file));
            let values = [(URL, &**url), ("items", items), ("method", &self.method)];
            add(URL, &values.into_iter().chain(trusted).collect::<Vec<_>>());
        }
        Ok(all)
    }
}
