//! A column beside what fills it, so that neither is changed without the other.

use super::column::{Cell, Column, Kind, Row};

type Value<T> = Box<dyn Fn(&T) -> Cell + Send + Sync>;

/// A column and what fills it.
pub(super) struct Field<T> {
    column: Column,
    value: Value<T>,
}

pub(super) fn column(
    name: &str,
    kind: Kind,
    nullable: bool,
    unit: &'static str,
    about: &str,
) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        nullable,
        unit,
        about: about.to_owned(),
    }
}

/// A column that always holds something.
pub(super) fn always<T>(
    name: &str,
    kind: Kind,
    unit: &'static str,
    about: &str,
    value: impl Fn(&T) -> Cell + Send + Sync + 'static,
) -> Field<T> {
    Field {
        column: column(name, kind, false, unit, about),
        value: Box::new(value),
    }
}

/// A column that may be empty.
pub(super) fn maybe<T>(
    name: &str,
    kind: Kind,
    unit: &'static str,
    about: &str,
    value: impl Fn(&T) -> Cell + Send + Sync + 'static,
) -> Field<T> {
    let mut field = always(name, kind, unit, about, value);
    field.column.nullable = true;
    field
}

pub(super) fn columns<T>(fields: &[Field<T>]) -> Vec<Column> {
    fields.iter().map(|field| field.column.clone()).collect()
}

pub(super) fn fill<T>(fields: &[Field<T>], of: &T) -> Row {
    fields.iter().map(|field| (field.value)(of)).collect()
}
