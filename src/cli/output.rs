//! Where results go: stdout, or a file written beside its place and renamed at the end.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

use crate::diag::{Diagnostic, Failure, Place, failure};

/// Files not yet under their names, for the handler of interrupts, of which a process has one.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// An opened output. A file appears under its name only when [`Output::finish`] succeeds.
pub enum Output {
    Stdout(BufWriter<io::Stdout>),
    File {
        writer: BufWriter<NamedTempFile>,
        path: PathBuf,
        /// It is on the disk before it has its name.
        durable: bool,
    },
    /// A device or pipe (`/dev/null`): written to, for a file renamed over it would replace it.
    Device {
        writer: BufWriter<fs::File>,
        path: PathBuf,
    },
}

impl Output {
    /// Opens the output before any work, so that an unwritable place fails first.
    pub fn open(path: Option<&Path>, inputs: &[&Path]) -> Result<Output, Failure> {
        let Some(path) = path else {
            return Ok(Output::Stdout(BufWriter::new(io::stdout())));
        };
        let shown = path.display().to_string();
        let behind = || inputs.iter().flat_map(|input| crate::frame::named_files(input));
        if inputs.iter().any(|input| same_file(input, path)) || behind().any(|input| same_file(&input, path))
        {
            return Err(Failure::Refused(vec![
                Diagnostic::error("`--out` is one of the files read, which would be lost")
                    .at(Place::File(shown))
                    .hint("give another name"),
            ]));
        }
        let broken = |error: io::Error| failure(path, "could not be written", &error);
        if path.is_dir() || path.file_name().is_none() {
            return Err(broken(ErrorKind::IsADirectory.into()));
        }
        // `/dev/stdout` is a link, perhaps to a file.
        let link = path.starts_with("/dev") && path.is_symlink();
        if link || fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            let file = fs::OpenOptions::new().write(true).open(path).map_err(broken)?;
            return Ok(Output::Device { writer: BufWriter::new(file), path: path.to_path_buf() });
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".renkei-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        // Made and noted in one step: an interrupt between them would leave the file behind.
        let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        let file = builder.tempfile_in(folder).map_err(broken)?;
        unfinished.push(file.path().to_path_buf());
        drop(unfinished);
        // Without a handler an interrupt would still leave no torn file, but these behind. A second
        // output finds the handler set, and its file in the list.
        _ = ctrlc::set_handler(|| {
            // Held until the end, so that no other is made.
            let all = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
            for unfinished in all.iter() {
                _ = fs::remove_file(unfinished);
            }
            std::process::exit(super::INTERRUPTED);
        });
        Ok(Output::File { writer: BufWriter::new(file), path: path.to_path_buf(), durable: true })
    }

    /// One of many files: whole under its name all the same, but not waited for until it is on the disk, which for
    /// a thousand files takes longer than to make them.
    pub fn one_of_many(self) -> Output {
        match self {
            Output::File { writer, path, .. } => Output::File { writer, path, durable: false },
            other => other,
        }
    }

    /// Whether somebody reads along.
    pub fn is_terminal(&self) -> bool {
        match self {
            Output::Stdout(_) => io::IsTerminal::is_terminal(&io::stdout()),
            Output::File { .. } | Output::Device { .. } => false,
        }
    }

    /// Flushes, and puts a file under its name. A closed pipe is not an error.
    pub fn finish(self, written: io::Result<()>) -> Result<(), Failure> {
        match self {
            Output::Stdout(mut stdout) => match written.and_then(|()| stdout.flush()) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    Err(failure(Path::new("stdout"), "could not be written", &error))
                }
                _ => Ok(()),
            },
            Output::Device { mut writer, path } => match written.and_then(|()| writer.flush()) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    Err(failure(&path, "could not be written", &error))
                }
                _ => Ok(()),
            },
            Output::File { writer, path, durable } => {
                let broken = |error: &io::Error| failure(&path, "could not be written", error);
                written.map_err(|error| broken(&error))?;
                let file = writer.into_inner().map_err(|error| broken(error.error()))?;
                let unfinished = file.path().to_path_buf();
                if durable {
                    file.as_file().sync_all().map_err(|error| broken(&error))?;
                }
                file.persist(&path).map_err(|error| broken(&error.error))?;
                // Of thousands of files the list has those that are being written.
                let mut all = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
                all.retain(|known| *known != unfinished);
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(writer) => writer.write(bytes),
            Output::File { writer, .. } => writer.write(bytes),
            Output::Device { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(writer) => writer.flush(),
            Output::File { writer, .. } => writer.flush(),
            Output::Device { writer, .. } => writer.flush(),
        }
    }
}

/// Do both paths lead to one file?
fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
