//! Tables as CSV.

use super::Table;
use std::io::Write;

impl Table {
    /// Writes the names of its columns, and all rows.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_csv(&self, to: impl Write) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(self.columns.iter().map(|column| column.name))?;
        for row in 0..self.rows() {
            writer.write_record(self.columns.iter().map(|column| column.cells.written(row)))?;
        }
        writer.flush()
    }
}
