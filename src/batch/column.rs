//! What tables are made of: columns with a type, a unit and a description, and the cells
//! under them. One definition of a column makes the Arrow field, the name in the CSV header,
//! the key in JSON lines, and the line in `rhetor schema --parquet`.

use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// 64 bits, with a sign.
    Integer,
    /// 32 bits, floating.
    Number,
    /// UTF-8.
    Text,
    /// Any number of one kind.
    List(Box<Kind>),
    /// Named parts.
    Struct(Vec<Column>),
}

impl Kind {
    /// A list of structs.
    #[must_use]
    pub fn structs(columns: Vec<Column>) -> Self {
        Self::List(Box::new(Self::Struct(columns)))
    }

    /// The type as Parquet's readers name it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Integer => "int64".to_owned(),
            Self::Number => "float32".to_owned(),
            Self::Text => "string".to_owned(),
            Self::List(of) => format!("list<{}>", of.name()),
            Self::Struct(columns) => {
                let parts: Vec<String> = columns
                    .iter()
                    .map(|column| format!("{}: {}", column.name, column.kind.name()))
                    .collect();
                format!("struct<{}>", parts.join(", "))
            }
        }
    }
}

/// A column of a table, or a part of a struct.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Lower-case, with underscores.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether a cell may be empty.
    pub nullable: bool,
    /// What is counted or measured; empty where there is nothing to count.
    pub unit: &'static str,
    /// What it says, and when it is empty.
    pub about: String,
}

/// A column as the manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its type, as Parquet's readers name it.
    pub r#type: String,
    /// What is counted or measured.
    pub unit: String,
    /// What it says.
    pub about: String,
}

impl From<&Column> for Described {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            r#type: column.kind.name(),
            unit: column.unit.to_owned(),
            about: column.about.clone(),
        }
    }
}

/// What stands in one row under one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// Of [`Kind::Integer`].
    Integer(i64),
    /// Of [`Kind::Number`].
    Number(f32),
    /// Of [`Kind::Text`].
    Text(String),
    /// Of [`Kind::List`].
    List(Vec<Cell>),
    /// Of [`Kind::Struct`], one for each part.
    Struct(Vec<Cell>),
}

/// The cells of one row, one for each column.
pub type Row = Vec<Cell>;

impl Cell {
    /// A cell of texts.
    pub fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        Self::List(texts.into_iter().map(Self::Text).collect())
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f32> for Cell {
    fn from(number: f32) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A cell as JSON.
pub(super) struct Json<'a>(pub &'a Kind, pub &'a Cell);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.1) {
            (_, Cell::Integer(number)) => serializer.serialize_i64(*number),
            (_, Cell::Number(number)) => serializer.serialize_f32(*number),
            (_, Cell::Text(text)) => serializer.serialize_str(text),
            (Kind::List(of), Cell::List(cells)) => {
                let mut list = serializer.serialize_seq(Some(cells.len()))?;
                for cell in cells {
                    list.serialize_element(&Json(of, cell))?;
                }
                list.end()
            }
            (Kind::Struct(columns), Cell::Struct(cells)) => {
                Object(columns, cells).serialize(serializer)
            }
            _ => serializer.serialize_unit(),
        }
    }
}

/// A row as a JSON object.
pub(super) struct Object<'a>(pub &'a [Column], pub &'a [Cell]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            map.serialize_entry(&column.name, &Json(&column.kind, cell))?;
        }
        map.end()
    }
}
