//! Tables as Parquet: amounts and ratios as decimals of 38 digits with 18 of them behind the point.

use super::{Cells, Table};
use arithmetic::risk::UNBOUNDED;
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// A decimal of 38 digits, and a little more than half of what 16 bytes hold.
const LARGEST: u128 = 10u128.pow(38) - 1;

impl Table {
    /// Writes it as one group of rows.
    ///
    /// # Errors
    /// What the writer says, and that an amount has more than 38 digits.
    pub fn write_parquet(&self, to: impl Write + Send) -> Result<()> {
        let columns = self.columns.iter().map(|column| match column.cells {
            Cells::Text(_) => format!("REQUIRED BYTE_ARRAY {} (STRING);", column.name),
            Cells::Count(_) => format!("REQUIRED INT64 {};", column.name),
            Cells::Amount(_) => format!("REQUIRED FIXED_LEN_BYTE_ARRAY(16) {} (DECIMAL(38,18));", column.name),
            Cells::Ratio(_) => format!("OPTIONAL FIXED_LEN_BYTE_ARRAY(16) {} (DECIMAL(38,18));", column.name),
        });
        let schema = format!("message {} {{ {} }}", self.name, columns.collect::<Vec<_>>().join(" "));
        let schema = Arc::new(parse_message_type(&schema)?);
        let mut file = SerializedFileWriter::new(to, schema, Arc::new(WriterProperties::default()))?;
        let mut group = file.next_row_group()?;
        for column in &self.columns {
            let mut writer =
                group.next_column()?.ok_or_else(|| ParquetError::General("a column is missing".to_owned()))?;
            match &column.cells {
                Cells::Text(cells) => {
                    let cells: Vec<ByteArray> = cells.iter().map(|text| text.as_str().into()).collect();
                    writer.typed::<ByteArrayType>().write_batch(&cells, None, None)?;
                }
                Cells::Count(cells) => {
                    let cells: Vec<i64> = cells.iter().map(|count| i64::try_from(*count).unwrap_or(i64::MAX)).collect();
                    writer.typed::<Int64Type>().write_batch(&cells, None, None)?;
                }
                Cells::Amount(cells) => {
                    let cells = cells.iter().map(|amount| decimal(*amount)).collect::<Result<Vec<_>>>()?;
                    writer.typed::<FixedLenByteArrayType>().write_batch(&cells, None, None)?;
                }
                Cells::Ratio(cells) => {
                    let is_there: Vec<i16> = cells.iter().map(|ratio| i16::from(*ratio != UNBOUNDED)).collect();
                    let bounded = cells.iter().filter(|ratio| **ratio != UNBOUNDED);
                    let bounded = bounded.map(|ratio| decimal(*ratio)).collect::<Result<Vec<_>>>()?;
                    writer.typed::<FixedLenByteArrayType>().write_batch(&bounded, Some(&is_there), None)?;
                }
            }
            writer.close()?;
        }
        group.close()?;
        file.close()?;
        Ok(())
    }
}

fn decimal(number: u128) -> Result<FixedLenByteArray> {
    if number > LARGEST {
        return Err(ParquetError::General(format!("{number} has more than 38 digits")));
    }
    Ok(ByteArray::from(number.to_be_bytes().to_vec()).into())
}
