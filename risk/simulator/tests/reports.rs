//! Tables and pictures say what there is.

use arithmetic::risk::UNBOUNDED;
use restake_simulator::report::plot::Plot;
use restake_simulator::report::{Cells, Column, Table, tables};
use restake_simulator::{Allocations, Bounds, random};

const ONE: u64 = 1_000_000_000_000_000_000;
const WAD: u128 = ONE as u128;

fn table() -> Table {
    let column = |name, cells| Column { name, meaning: "", cells };
    Table {
        name: "example",
        columns: vec![
            column("name", Cells::Text(vec!["plain".to_owned(), "a \"quoted\", name".to_owned()])),
            column("count", Cells::Count(vec![7, 12])),
            column("amount", Cells::Amount(vec![WAD / 3, 25 * WAD])),
            column("ratio", Cells::Ratio(vec![UNBOUNDED, WAD / 2])),
        ],
    }
}

#[test]
fn csv_has_every_digit_and_nothing_where_no_bound_holds() {
    let mut written = vec![];
    table().write_csv(&mut written).unwrap();
    let expected = "name,count,amount,ratio\n\
        plain,7,0.333333333333333333,\n\
        \"a \"\"quoted\"\", name\",12,25,0.5\n";
    assert_eq!(String::from_utf8(written).unwrap(), expected);
}

#[test]
fn people_see_four_decimals_in_columns_of_one_width_and_how_much_is_left_out() {
    let shown = table().shown(1);
    assert_eq!(shown, "name   count  amount     ratio\nplain      7  0.3333  no bound\n... and 1 more");
}

#[test]
fn every_table_of_a_network_has_a_row_for_everything_in_it() {
    let network = random::network(random::Size { stakers: 500, operators: 30, services: 8 }, ONE / 2, 4);
    let allocations = Allocations::of(&network);
    let bounds = Bounds::of(&allocations);
    let grants = network.operators.iter().map(|operator| operator.grants.len()).sum();
    for (table, rows) in [
        (tables::services(&network, &allocations, &bounds), 8),
        (tables::operators(&network, &allocations, &bounds), 30),
        (tables::grants(&network, &allocations), grants),
        (tables::stakers(&network, &allocations), 500),
    ] {
        assert_eq!(table.rows(), rows, "{}", table.name);
        assert!(table.columns.iter().all(|column| column.cells.rows() == rows), "{}", table.name);
    }
}

fn plot() -> Plot {
    let lines = vec![
        ("what is left".to_owned(), (0..10_000).map(|at| (at * WAD, WAD / 2)).collect()),
        ("a limit".to_owned(), vec![(0, WAD), (9_999 * WAD, WAD)]),
    ];
    Plot { title: "A title".to_owned(), right: "operators".to_owned(), up: "part".to_owned(), lines }
}

#[test]
fn a_picture_names_its_lines_and_its_axes() {
    let svg = plot().svg().unwrap();
    for text in ["<svg", "A title", "operators", "part", "what is left", "a limit"] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(svg.len() < 40_000, "{} bytes for ten thousand points", svg.len());
}

#[cfg(feature = "png")]
#[test]
fn a_png_shows_lines_and_letters() {
    let decoded = |plot: &Plot| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(plot.png().unwrap())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((frame.width, frame.height, frame.color_type), (800, 450, png::ColorType::Rgb));
        pixels
    };
    let pixels = decoded(&plot());
    let count = |colour: [u8; 3]| pixels.as_chunks::<3>().0.iter().filter(|pixel| **pixel == colour).count();
    // Two lines across most of the width, each two pixels high, and white around them.
    assert!(count([0, 114, 178]) > 1_200 && count([213, 94, 0]) > 1_200 && count([255, 255, 255]) > 300_000);
    let untitled = decoded(&Plot { title: String::new(), ..plot() });
    assert_ne!(pixels, untitled, "the title leaves no letters");
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_read_as_what_was_written() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("example.parquet");
    table().write_parquet(std::fs::File::create(&path).unwrap()).unwrap();
    let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
    let rows: Vec<Vec<Field>> = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| row.unwrap().get_column_iter().map(|(_, field)| field.clone()).collect())
        .collect();
    let decimal = |field: &Field| match field {
        Field::Decimal(decimal) => (u128::from_be_bytes(decimal.data().try_into().unwrap()), decimal.scale()),
        other => panic!("{other:?}"),
    };
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[1][0], &rows[1][1]), (&Field::Str("a \"quoted\", name".to_owned()), &Field::Long(12)));
    assert_eq!((decimal(&rows[0][2]), &rows[0][3], decimal(&rows[1][3])), ((WAD / 3, 18), &Field::Null, (WAD / 2, 18)));
    let mut large = table();
    large.columns[2].cells = Cells::Amount(vec![u128::MAX, 0]);
    assert!(large.write_parquet(vec![]).is_err(), "more than 38 digits");
}
