//! The file of rejected rows: all columns as they stood, then the line and the reasons. It can be corrected and imported itself.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;

use csv::{ByteRecord, ReaderBuilder, Writer, WriterBuilder};
use fairfall_domain::violation::Violations;

use crate::app::import::line_of;

/// The columns that are added.
const ADDED: [&str; 2] = ["line", "reasons"];

/// The file; made with its first row.
#[derive(Debug)]
pub(in crate::cli) struct RejectedFile {
    path: PathBuf,
    delimiter: u8,
    columns: Vec<String>,
    writer: Option<Writer<BufWriter<File>>>,
}

impl RejectedFile {
    /// A file beside one with these columns; nothing is opened yet.
    pub(in crate::cli) const fn new(path: PathBuf, delimiter: u8, columns: Vec<String>) -> Self {
        Self { path, delimiter, columns, writer: None }
    }

    /// Takes away what an earlier run wrote.
    pub(in crate::cli) fn begin(&mut self) -> io::Result<()> {
        self.writer = None;
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Keeps the rows up to a line and cuts off what follows; answers how many there are. A file in another shape has none.
    pub(super) fn keep_up_to(&mut self, last_line: u64) -> io::Result<u64> {
        let file = match File::options().read(true).write(true).open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error),
        };
        let Some((kept, end)) = self.whole_rows(&file, last_line)? else { return Ok(0) };
        file.set_len(end)?;
        (&file).seek(SeekFrom::End(0))?;
        self.writer = Some(self.writer_on(file));
        Ok(kept)
    }

    /// How many rows there are up to a line, and where they end in the file; nothing when it has other columns.
    fn whole_rows(&self, file: &File, last_line: u64) -> io::Result<Option<(u64, u64)>> {
        let length = file.metadata()?.len();
        let cut = !ends_in_line(file, length)?;
        let mut reader = ReaderBuilder::new().delimiter(self.delimiter).flexible(true).from_reader(BufReader::new(file));
        let columns = self.columns.iter().map(String::as_str).chain(ADDED);
        if !reader.byte_headers().map_err(io_error)?.iter().eq(columns.map(str::as_bytes)) {
            return Ok(None);
        }
        let (mut kept, mut row) = (0, ByteRecord::new());
        let mut end = reader.position().byte();
        while reader.read_byte_record(&mut row).map_err(io_error)? {
            let line = row.get(self.columns.len()).and_then(|text| std::str::from_utf8(text).ok()?.parse::<u64>().ok());
            let after = reader.position().byte();
            if line.is_none_or(|line| line > last_line) || (cut && after == length) {
                break;
            }
            kept += 1;
            end = after;
        }
        Ok(Some((kept, end)))
    }

    fn writer_on(&self, file: File) -> Writer<BufWriter<File>> {
        WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(BufWriter::new(file))
    }

    /// Adds a row. What it has beyond the named columns follows the reasons.
    pub(in crate::cli) fn write(&mut self, row: &ByteRecord, reasons: &Violations) -> io::Result<()> {
        if self.writer.is_none() {
            let mut writer = self.writer_on(File::create(&self.path)?);
            writer.write_record(self.columns.iter().map(String::as_str).chain(ADDED)).map_err(io_error)?;
            self.writer = Some(writer);
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut written = ByteRecord::new();
        for index in 0..self.columns.len() {
            written.push_field(row.get(index).unwrap_or_default());
        }
        written.push_field(line_of(row).to_string().as_bytes());
        written.push_field(reasons.to_string().as_bytes());
        for surplus in row.iter().skip(self.columns.len()) {
            written.push_field(surplus);
        }
        writer.write_byte_record(&written).map_err(io_error)
    }

    /// Hands what was written to the system: it outlives the process from here on.
    pub(in crate::cli) fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Writer::flush)
    }
}

/// Whether a file ends with the end of a line; leaves it at its start.
fn ends_in_line(mut file: &File, length: u64) -> io::Result<bool> {
    let mut last = [0];
    if length > 0 {
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
    }
    file.rewind()?;
    Ok(last == *b"\n")
}

fn io_error(error: csv::Error) -> io::Error {
    io::Error::other(error)
}
