//! Every format of a corpus in every compression, written by the libraries that write them.

use std::fs;
use std::io::Write;
use std::path::Path;

use rhetor::records::{Fields, Options, Record, RecordError, Records, Row};
use serde_json::{Value, json};

/// Text, outlet and year of the rows.
const ROWS: [(&str, Option<&str>, i64); 3] = [
    (
        "The port of Velda is shut.\nNobody knows \"why\".",
        Some("Karsa Post"),
        2031,
    ),
    ("Mira Tolland, of Roke, spoke — and was heard.", None, 2032),
    ("Enough!", Some("Roke\tDaily"), 2033),
];

fn options() -> Options {
    Options {
        fields: Fields {
            text: "body".to_owned(),
            id: None,
            meta: vec!["year".to_owned(), "outlet".to_owned()],
        },
        ..Options::default()
    }
}

fn read(path: &Path) -> Vec<Result<Record, RecordError>> {
    Records::open(&[path.to_owned()], options())
        .unwrap()
        .collect()
}

fn jsonl() -> Vec<u8> {
    let rows = ROWS.iter().enumerate().map(|(id, (body, outlet, year))| {
        format!(
            "{}\n",
            json!({"id": id, "body": body, "outlet": outlet, "year": year})
        )
    });
    rows.collect::<String>().into_bytes()
}

/// Each row with its id, a separator between the fields.
fn separated(separator: char) -> Vec<u8> {
    let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
    let mut rows = ["outlet", "body", "year", "id"].join(&separator.to_string()) + "\r\n";
    for (id, (body, outlet, year)) in ROWS.iter().enumerate() {
        let outlet = outlet.map(quoted).unwrap_or_default();
        let row = [outlet, quoted(body), year.to_string(), id.to_string()];
        rows += &(row.join(&separator.to_string()) + "\r\n");
    }
    rows.into_bytes()
}

#[cfg(feature = "parquet")]
mod tables {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
    };
    use arrow::datatypes::Int8Type;
    use arrow::ipc::CompressionType;
    use arrow::ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::Compression;
    use parquet::file::properties::WriterProperties;

    use super::ROWS;

    /// The rows, a column of lists that nobody wants before them.
    pub fn batch() -> RecordBatch {
        let outlets: DictionaryArray<Int8Type> = ROWS.iter().map(|row| row.1).collect();
        let columns: [(&str, ArrayRef); 5] = [
            ("unused", Arc::new(Int32Array::from(vec![1, 2, 3]))),
            (
                "year",
                Arc::new(ROWS.iter().map(|row| Some(row.2)).collect::<Int64Array>()),
            ),
            (
                "body",
                Arc::new(ROWS.iter().map(|row| Some(row.0)).collect::<StringArray>()),
            ),
            ("id", Arc::new(Int32Array::from(vec![0, 1, 2]))),
            ("outlet", Arc::new(outlets)),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    pub fn parquet(compression: Compression) -> Vec<u8> {
        let properties = WriterProperties::builder()
            .set_compression(compression)
            .set_max_row_group_row_count(Some(2))
            .build();
        let batch = batch();
        let mut writer =
            ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }

    pub fn arrow_file(compression: Option<CompressionType>) -> Vec<u8> {
        let batch = batch();
        let options = IpcWriteOptions::default()
            .try_with_compression(compression)
            .unwrap();
        let mut writer =
            FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
        writer.write(&batch.slice(0, 1)).unwrap();
        writer.write(&batch.slice(1, 2)).unwrap();
        writer.into_inner().unwrap()
    }

    pub fn arrow_stream() -> Vec<u8> {
        let batch = batch();
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch.slice(0, 2)).unwrap();
        writer.write(&batch.slice(2, 1)).unwrap();
        writer.into_inner().unwrap()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    // As the program zstd does.
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(6);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

type Pack = fn(&[u8]) -> Vec<u8>;

/// Extension and compressor.
const PACKERS: [(&str, Pack); 4] = [(".gz", gzip), (".zst", zstd), (".xz", xz), (".bz2", bzip2)];

/// Every format of rows: extension, the rows.
fn formats() -> Vec<(&'static str, Vec<u8>)> {
    let mut formats = vec![
        ("jsonl", jsonl()),
        ("csv", separated(',')),
        ("tsv", separated('\t')),
    ];
    #[cfg(feature = "parquet")]
    {
        use arrow::ipc::CompressionType;
        use parquet::basic::Compression;

        let kinds = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(parquet::basic::GzipLevel::default()),
            Compression::LZ4_RAW,
            Compression::BROTLI(parquet::basic::BrotliLevel::default()),
            Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        ];
        formats.extend(kinds.map(|kind| ("parquet", tables::parquet(kind))));
        let kinds = [
            None,
            Some(CompressionType::LZ4_FRAME),
            Some(CompressionType::ZSTD),
        ];
        formats.extend(kinds.map(|kind| ("feather", tables::arrow_file(kind))));
        formats.push(("arrows", tables::arrow_stream()));
    }
    formats
}

/// The rows of a file are the rows that were written.
fn assert_rows(path: &Path) {
    let items = read(path);
    assert_eq!(items.len(), ROWS.len(), "{}: {items:?}", path.display());
    for (at, (item, (body, outlet, year))) in items.iter().zip(ROWS).enumerate() {
        let record = item.as_ref().unwrap();
        assert_eq!(record.source, body, "{}", path.display());
        assert_eq!(record.id, Some(at.to_string()), "{}", path.display());
        let year_ = match &record.meta[0] {
            // CSV knows no numbers.
            Value::String(year) => year.parse().unwrap(),
            year => year.as_i64().unwrap(),
        };
        assert_eq!(year_, year, "{}", path.display());
        assert_eq!(record.meta[1], json!(outlet), "{}", path.display());
        let lines = path.to_string_lossy();
        let row = match record.place.row.unwrap() {
            // The text of the first row goes over two lines.
            Row::Line(line) if lines.contains("csv") || lines.contains("tsv") => {
                line - 1 - u64::from(at > 0)
            }
            row => row.number(),
        };
        assert_eq!(row, at as u64 + 1, "{}", path.display());
    }
}

#[test]
fn every_format_is_read_in_every_compression() {
    let folder = tempfile::tempdir().unwrap();
    for (extension, bytes) in formats() {
        let plain = folder.path().join(format!("rows.{extension}"));
        fs::write(&plain, &bytes).unwrap();
        assert_rows(&plain);
        for (packed, pack) in PACKERS {
            let path = folder.path().join(format!("rows.{extension}{packed}"));
            fs::write(&path, pack(&bytes)).unwrap();
            assert_rows(&path);
            // A name that says nothing of the compression.
            fs::write(&plain, pack(&bytes)).unwrap();
            assert_rows(&plain);
        }
    }
}

#[test]
fn a_document_is_read_in_every_compression() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# Velda\n\nThe port is shut.";
    for (packed, pack) in PACKERS {
        let path = folder.path().join(format!("article.md{packed}"));
        fs::write(&path, pack(text.as_bytes())).unwrap();
        let items = read(&path);
        let record = items[0].as_ref().unwrap();
        assert_eq!((items.len(), record.source.as_str()), (1, text));
        assert_eq!(record.format, rhetor::ingest::InputFormat::Markdown);
    }
    assert_eq!(read(folder.path()).len(), PACKERS.len());
}

#[test]
fn streams_one_behind_the_other_are_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let rows = jsonl();
    for (packed, pack) in PACKERS {
        let path = folder.path().join(format!("rows.jsonl{packed}"));
        // Cut in the middle of a line.
        let (a, b) = rows.split_at(rows.len() / 2);
        fs::write(&path, [pack(a), pack(b), pack(b"")].concat()).unwrap();
        assert_rows(&path);
    }
}

#[test]
fn a_stream_that_is_cut_off_is_reported_behind_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..20_000)
        .map(|at| {
            format!(
                "{{\"body\": \"The {at}th port is {}.\"}}",
                at * 7919 % 10_007
            )
        })
        .collect();
    let rows = rows.join("\n");
    for (packed, pack) in PACKERS {
        let path = folder.path().join(format!("rows.jsonl{packed}"));
        let whole = pack(rows.as_bytes());
        for part in [whole.len() - 3, whole.len() / 2, 12] {
            fs::write(&path, &whole[..part]).unwrap();
            let items = read(&path);
            let (last, before) = items.split_last().unwrap();
            for (at, record) in before.iter().enumerate() {
                let record = record.as_ref().unwrap();
                assert!(record.source.starts_with(&format!("The {at}th port")));
            }
            let error = last.as_ref().unwrap_err();
            assert_eq!(error.class(), "truncated", "{packed} {part}: {error}");
            assert!(error.ends_file());
            if packed == ".gz" && part == whole.len() / 2 {
                assert!(before.len() > 1000, "{}", before.len());
            }
        }
        // A bit that fell over.
        let mut broken = whole.clone();
        broken[whole.len() / 2] ^= 0x10;
        fs::write(&path, broken).unwrap();
        let items = read(&path);
        let error = items.last().unwrap().as_ref().unwrap_err();
        assert!(
            ["corrupt", "truncated"].contains(&error.class()),
            "{packed}: {error}"
        );
    }
}

#[test]
fn a_name_that_lies_about_the_compression_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (packed, _) in PACKERS {
        for (bytes, class) in [(&b"plain"[..], "corrupt"), (b"", "truncated")] {
            let path = folder.path().join(format!("a.txt{packed}"));
            fs::write(&path, bytes).unwrap();
            let items = read(&path);
            assert_eq!(items[0].as_ref().unwrap_err().class(), class);
        }
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_table_that_is_cut_off_or_broken_is_refused_and_the_next_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("z.jsonl"), jsonl()).unwrap();
    let snappy = tables::parquet(parquet::basic::Compression::SNAPPY);
    for (name, whole) in [
        ("a.parquet", snappy),
        ("a.arrow", tables::arrow_file(None)),
        ("a.arrows", tables::arrow_stream()),
    ] {
        let path = folder.path().join(name);
        for part in [0, 3, 9, whole.len() / 2, whole.len() - 12] {
            fs::write(&path, &whole[..part]).unwrap();
            let items = read(folder.path());
            let errors: Vec<_> = items.iter().filter_map(|i| i.as_ref().err()).collect();
            assert!(
                errors.len() == 1 && errors[0].ends_file(),
                "{name} {part}: {errors:?}"
            );
            assert!(
                ["truncated", "corrupt"].contains(&errors[0].class()),
                "{name} {part}: {}",
                errors[0]
            );
            let last = items.last().unwrap().as_ref().unwrap();
            assert!(last.place.file.ends_with("z.jsonl"));
        }
        fs::remove_file(&path).unwrap();
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_table_without_the_columns_is_refused_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    fs::write(&path, tables::parquet(parquet::basic::Compression::SNAPPY)).unwrap();
    let refused = |text: &str, meta: &str| {
        let fields = Fields {
            text: text.to_owned(),
            id: None,
            meta: vec![meta.to_owned()],
        };
        let options = Options {
            fields,
            ..Options::default()
        };
        let items: Vec<_> = Records::open(std::slice::from_ref(&path), options)
            .unwrap()
            .collect();
        assert_eq!(items.len(), 1);
        let error = items[0].as_ref().unwrap_err();
        (error.class(), error.to_string())
    };
    let (class, message) = refused("text", "year");
    assert_eq!(class, "missing-field");
    assert!(message.contains("unused, year, body, id, outlet. Name it with --text-field"));
    let (class, message) = refused("body", "date");
    assert_eq!(class, "missing-field");
    assert!(message.contains("no meta column `date`"), "{message}");
    let (class, message) = refused("year", "year");
    assert_eq!(class, "wrong-type");
    assert!(message.contains("`year` holds Int64"), "{message}");
}

#[test]
fn rows_that_are_no_rows_are_refused_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let text = b"\xef\xbb\xbfbody,outlet,year\n\"One.\",a,1\n\n\"Two.\",b\n,c,3\n\"caf\xe9\",d,4\n\
                 \"a\nb\",e,5\n\"Six.\",f,6\n\"no end,g,7\n\"";
    fs::write(&path, &text[..text.len() - 1]).unwrap();
    let items = read(&path);
    let shown: Vec<(u64, &str)> = items
        .iter()
        .map(|item| match item {
            Ok(record) => (record.place.row.unwrap().number(), record.source.as_str()),
            Err(error) => (error.place.row.unwrap().number(), error.class()),
        })
        .collect();
    assert_eq!(
        shown,
        [
            (2, "One."),
            (4, "wrong-width"),
            (5, "empty-text"),
            (6, "bad-encoding"),
            (7, "a\nb"),
            (9, "Six."),
            (10, "truncated"),
        ]
    );
    fs::write(
        &path,
        format!("body,outlet,year\n{},a,1\nTwo.,b,2", "a".repeat(100)),
    )
    .unwrap();
    let small = Options {
        max_bytes: 64,
        ..options()
    };
    let items: Vec<_> = Records::open(std::slice::from_ref(&path), small)
        .unwrap()
        .collect();
    assert_eq!(items[0].as_ref().unwrap_err().class(), "too-large");
    assert_eq!(items[1].as_ref().unwrap().source, "Two.");
    for (bytes, class) in [
        (&b""[..], "missing-field"),
        (b"body;outlet;year\nOne.;a;1\n", "missing-field"),
        (b"\xff\xfeb\0", "bad-encoding"),
    ] {
        fs::write(&path, bytes).unwrap();
        let items = read(&path);
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].as_ref().unwrap_err().class(), class);
    }
}
