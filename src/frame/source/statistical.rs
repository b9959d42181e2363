//! Files of statistics programs as spooled CSVs: SPSS, Triple-S, Arrow, and Parquet where it is read record by record.

use std::fs::File;
use std::io;
use std::path::Path;

use super::{Cells, Opening, Spool, Spooled};
use crate::diag::Failure;
use crate::frame::arrow;
use crate::frame::columnwise;
use crate::frame::parquet;
use crate::frame::sav::{self, Damage};
use crate::frame::triple_s;

/// The file as a spooled CSV, where it is one of these; `None` where it is none.
pub(super) fn spooled(
    head: &[u8],
    file: &dyn Fn() -> io::Result<File>,
    path: &Path,
    name: &str,
    opening: Opening<'_>,
) -> Option<Result<Spooled, Failure>> {
    if sav::is(head) {
        return Some(of_sav(file, name, opening));
    }
    if head.starts_with(parquet::MAGIC) {
        return Some(of_parquet(path, name));
    }
    if head.starts_with(arrow::MAGIC) {
        return Some(of_arrow(path, name));
    }
    triple_s::is(head).then(|| of_triple_s(path, name))
}

fn of_sav(file: &dyn Fn() -> io::Result<File>, name: &str, opening: Opening<'_>) -> Result<Spooled, Failure> {
    let read = || -> Result<Spooled, Damage> {
        let file = file()?;
        let size = file.metadata()?.len();
        let sav = sav::of(file, size, opening.encoding)?;
        let mut spool = Spool::new()?;
        sav.write_records(&mut spool)?;
        finished(spool)
    };
    read().map_err(|damage| damage.of(name))
}

fn of_parquet(path: &Path, name: &str) -> Result<Spooled, Failure> {
    let Some(parquet) = parquet::open(path)? else {
        let hint = "give the file itself: a Parquet file is read from its end";
        return Err(Damage::Bad("expected a CSV, found a Parquet file in a pipe".to_string(), hint).of(name));
    };
    let read = || -> Result<Spooled, Damage> {
        let mut spool = Spool::new()?;
        columnwise::each_record(&parquet, &mut |cells| row(&mut spool, cells))?;
        finished(spool)
    };
    read().map_err(|damage| damage.of(name))
}

fn of_arrow(path: &Path, name: &str) -> Result<Spooled, Failure> {
    let Some(arrow) = arrow::open(path)? else {
        let hint = "give the file itself: an Arrow file is read from its end";
        return Err(Damage::Bad("expected a CSV, found an Arrow file in a pipe".to_string(), hint).of(name));
    };
    let read = || -> Result<Spooled, Damage> {
        let mut spool = Spool::new()?;
        arrow.each_record(&mut |cells| row(&mut spool, cells))?;
        finished(spool)
    };
    read().map_err(|damage| damage.of(name))
}

fn of_triple_s(path: &Path, name: &str) -> Result<Spooled, Failure> {
    let Some(survey) = triple_s::open(path)? else {
        let hint = "give the definition itself: its data are the file beside it";
        return Err(
            Damage::Bad("expected a CSV, found a Triple-S definition in a pipe".to_string(), hint).of(name)
        );
    };
    let read = || -> Result<Spooled, Damage> {
        let mut spool = Spool::new()?;
        survey.each_record(&mut |cells| {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            row(&mut spool, &cells)
        })?;
        finished(spool)
    };
    read().map_err(|damage| damage.of(name))
}

fn row(spool: &mut Spool, cells: &[&str]) -> io::Result<()> {
    cells.iter().try_for_each(|cell| spool.cell(cell))?;
    spool.end_row()
}

fn finished(spool: Spool) -> Result<Spooled, Damage> {
    let (file, size) = spool.finish()?;
    Ok(Spooled { file, size, cells: Cells::Records, warnings: Vec::new(), merged: Vec::new() })
}
