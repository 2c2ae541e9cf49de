//! Where documents come from, and which fields of them are what.

use std::path::PathBuf;

use clap::ValueEnum;
use rhetor::records::{self, Fields, Options};

/// The flags that say which fields are what.
#[derive(clap::Args)]
pub struct FieldArgs {
    /// The field or column that holds the text.
    #[arg(long, value_name = "FIELD", default_value = "text")]
    text_field: String,
    /// The field or column that holds the id; the default is `id` where there is one.
    #[arg(long, value_name = "FIELD")]
    id_field: Option<String>,
}

/// The flags that say what a corpus is.
#[derive(clap::Args)]
pub struct InputArgs {
    /// Files and folders of documents; `-` reads standard input.
    ///
    /// A folder is read with all in it, but for hidden files and those that a file
    /// `.ignore` names.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields or columns that are carried through to the output, and never shown to the
    /// model.
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    meta_field: Vec<String>,
    /// Read every file as this; the default goes by the extension, then by the content.
    #[arg(long, value_enum)]
    input_format: Option<Format>,
    /// Only these files of a folder, such as `*.jsonl`, or all but these, such as
    /// `!drafts/**`; may be given several times.
    #[arg(long, value_name = "GLOB")]
    glob: Vec<String>,
    /// Refuse documents over this size.
    #[arg(long, value_name = "BYTES", default_value_t = records::MAX_BYTES)]
    max_bytes: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One JSON object a line.
    Jsonl,
    Csv,
    Tsv,
    Parquet,
    /// Arrow IPC: a file (Feather) or a stream.
    Arrow,
    /// One document a file, Markdown or plain text.
    Document,
}

impl FieldArgs {
    /// The fields, with these metadata.
    pub fn fields(&self, meta: &[String]) -> Fields {
        Fields {
            text: self.text_field.clone(),
            id: self.id_field.clone(),
            meta: meta.to_vec(),
        }
    }
}

impl InputArgs {
    /// The inputs as they were named.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// How they are read.
    pub fn options(&self) -> Options {
        Options {
            fields: self.fields.fields(&self.meta_field),
            format: self.input_format.map(|format| match format {
                Format::Jsonl => records::Format::Jsonl,
                Format::Csv => records::Format::Csv,
                Format::Tsv => records::Format::Tsv,
                Format::Parquet => records::Format::Parquet,
                Format::Arrow => records::Format::Arrow,
                Format::Document => records::Format::Document,
            }),
            text_format: None,
            globs: self.glob.clone(),
            max_bytes: self.max_bytes,
        }
    }
}
