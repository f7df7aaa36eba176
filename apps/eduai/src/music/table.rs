//! Tables on the terminal: the same rows as CSV, as JSON lines or as columns.

use crate::terminal;
use clap::ValueEnum;
use serde::Serialize;

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated with a header row (RFC 4180)
    Csv,
    /// One JSON object a line
    Json,
    /// Columns that line up
    Pretty,
}

/// Prints rows; the names of their fields are the names of the columns.
pub fn print<R: Serialize>(rows: &[R], header: &str, format: Format) -> Result<(), String> {
    let text = match format {
        Format::Csv => csv(rows, header)?,
        Format::Json => lines(rows)?,
        Format::Pretty => columns(&csv(rows, header)?)?,
    };
    terminal::print(&text);
    Ok(())
}

fn lines<R: Serialize>(rows: &[R]) -> Result<String, String> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&serde_json::to_string(row).map_err(|error| error.to_string())?);
        text.push('\n');
    }
    Ok(text)
}

/// The header stands even over no rows, so that a program that reads the table knows its shape.
fn csv<R: Serialize>(rows: &[R], header: &str) -> Result<String, String> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).map_err(|error| error.to_string())?;
    }
    let body = writer.into_inner().map_err(|error| error.to_string())?;
    Ok(format!("{header}\n{}", String::from_utf8_lossy(&body)))
}

fn columns(csv: &str) -> Result<String, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        number: Option<f64>,
    }

    #[test]
    fn the_same_rows_print_in_three_ways() {
        let rows = [Row { name: "a, b", number: Some(0.5) }, Row { name: "ñ", number: None }];
        assert_eq!(csv(&rows, "name,number").unwrap(), "name,number\n\"a, b\",0.5\nñ,\n");
        assert_eq!(lines(&rows[1..]).unwrap(), "{\"name\":\"ñ\",\"number\":null}\n");
        assert_eq!(columns(&csv(&rows, "name,number").unwrap()).unwrap(), "name  number\na, b  0.5\nñ\n");
        assert_eq!(csv::<Row>(&[], "name,number").unwrap(), "name,number\n");
    }
}
