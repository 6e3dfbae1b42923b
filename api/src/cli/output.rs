//! The one place that writes to the terminal. A reader that went away (`fairfall schema | head`) is no fault of ours.

use std::io::Write;

/// Writes a line to standard output.
pub fn say(line: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    let _gone = writeln!(out, "{}", line.as_ref()).and_then(|()| out.flush());
}

/// Writes a text as it is to standard output.
pub fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    let _gone = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line to standard error.
pub fn note(line: impl AsRef<str>) {
    let mut out = std::io::stderr().lock();
    let _gone = writeln!(out, "{}", line.as_ref());
}

/// Rows with columns of even width, two spaces apart, indented by two.
pub fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["role", "e-mail"], ["field manager", "ä@b"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "  role           e-mail\n  field manager  ä@b\n");
    }
}
