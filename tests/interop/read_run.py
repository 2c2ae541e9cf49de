"""A run folder of `rhetor score` as other people's programs read it.

    python tests/interop/read_run.py RHETOR

Scores a corpus of ours in each format and reads the tables with pyarrow, pandas, polars and
DuckDB: all must see the same rows, with the types that `rhetor schema --parquet` names, and
counts that fit together.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.dataset
import pyarrow.parquet

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "rhetor-minilm-v5"
TABLES = ["documents", "sentences", "findings"]
ENGLISH = (
    "The greedy council of Karsa has betrayed the port, said Mira Tolland. "
    'The traitors must go, "every one of them".\nMore than {} boats were lost — élan and all. '
    "It was a shameful disgrace, and these corrupt thugs will never stop. "
)


def corpus(folder: Path) -> Path:
    path = folder / "corpus.jsonl"
    german = "Der Hafen von Velda ist seit Montag geschlossen, und niemand im Rat war bereit. " * 6
    texts = [ENGLISH.format(n) * 3 for n in range(9)] + [german, "", ENGLISH.format(0) * 3]
    with path.open("w", encoding="utf-8") as out:
        for n, text in enumerate(texts):
            row = {"id": f"a{n}", "text": text, "outlet": ["Gazette", "Herald"][n % 2], "year": n}
            out.write(json.dumps(row) + "\n")
    return path


def rhetor(*arguments) -> str:
    done = subprocess.run(
        [sys.argv[1], *map(str, arguments)], stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout


def described() -> dict[str, dict[str, str]]:
    """Column → type, of each table, as `rhetor schema --parquet` prints them."""
    tables, table = {}, None
    for line in rhetor("schema", "--parquet", "--model", MODEL).splitlines():
        if line.startswith("## "):
            table = tables.setdefault(line[3:], {})
        elif line.startswith("| ") and not line.startswith("| column"):
            name, kind = line.strip("| ").split(" | ")[:2]
            table[name] = kind
    return tables


def plain(kind: pyarrow.DataType) -> str:
    """An Arrow type in the words of `rhetor schema --parquet`."""
    if pyarrow.types.is_struct(kind):
        parts = (f"{field.name}: {plain(field.type)}" for field in kind)
        return f"struct<{', '.join(parts)}>"
    if pyarrow.types.is_list(kind):
        return f"list<{plain(kind.value_type)}>"
    return {"float": "float32"}.get(str(kind), str(kind))


def check_parquet(run: Path) -> dict[str, list[dict]]:
    """Reads the Parquet parts with four readers; the rows of each table."""
    totals = json.loads((run / "manifest.json").read_text())["totals"]
    rows = {}
    for table in TABLES:
        folder = run / table
        arrow = pyarrow.dataset.dataset(folder, format="parquet").to_table()
        expected = dict(described()[table])
        found = {f.name: plain(f.type) for f in arrow.schema if not f.name.startswith("meta_")}
        assert found == expected, (table, found.items() ^ expected.items())
        for field in arrow.schema:
            assert field.metadata[b"description"], field
        parts = sorted(folder.glob("*.parquet"))
        assert len(parts) == 3, parts
        facts = pyarrow.parquet.read_metadata(parts[0]).metadata
        assert b"nothing of truth" in facts[b"rhetor.caveat"]
        assert b"rhetor.model_sha256" in facts

        rows[table] = arrow.to_pylist()
        assert polars.read_parquet(f"{folder}/*.parquet").to_dicts() == rows[table]
        frame = pandas.read_parquet(folder)
        assert list(frame.columns) == arrow.column_names and len(frame) == arrow.num_rows
        names = duckdb.sql(f"select * from '{folder}/*.parquet' limit 0").columns
        assert names == arrow.column_names
        keys = "document" if table == "documents" else "document, sentence"
        key = duckdb.sql(f"select {keys} from '{folder}/*.parquet'").fetchall()
        assert key == [tuple(row[k] for k in keys.split(", ")) for row in rows[table]]
    assert len(rows["documents"]) == totals["records"] == 12
    assert len(rows["sentences"]) == totals["sentences"] > 0
    assert len(rows["findings"]) == totals["findings"] > 0
    statuses = [row["status"] for row in rows["documents"]]
    assert statuses == ["done"] * 9 + ["failed", "failed", "duplicate"], statuses
    return rows


def check_sums(run: Path) -> None:
    """The counts and rates of the documents follow from the findings, as DuckDB counts them."""
    counted = duckdb.sql(
        f"""
        select d.document, d.reported_loaded_language, count(f.label),
               abs(any_value(d.rate_loaded_language)
                   - 100.0 * count(f.label) / any_value(d.scored_sentences)),
               d.meta_outlet
        from '{run}/documents/*.parquet' d
        left join '{run}/findings/*.parquet' f
            on f.document = d.document and f.label = 'loaded-language'
            and f.status = 'reported' and f.level = 'finding'
        where d.status = 'done'
        group by d.document, d.reported_loaded_language, d.meta_outlet
        """
    ).fetchall()
    assert len(counted) == 9 and all(row[1] == row[2] > 0 and row[3] < 1e-4 for row in counted)
    assert {row[4] for row in counted} == {"Gazette", "Herald"}
    nested = duckdb.sql(
        f"select unnest(findings).label as label from '{run}/sentences/*.parquet'"
    ).fetchall()
    flat = duckdb.sql(
        f"select label from '{run}/findings/*.parquet' where sentence is not null"
    ).fetchall()
    assert sorted(nested) == sorted(flat)


def check_spans(source: Path, rows: dict[str, list[dict]]) -> None:
    """`text[start:end]` of the record is the sentence, and the evidence."""
    texts = [json.loads(line)["text"] for line in source.open(encoding="utf-8")]
    spans = [(row["document"], row) for row in rows["sentences"]]
    spans += [(row["document"], quote) for row in rows["findings"] for quote in row["evidence"]]
    assert len(spans) > 40
    for document, span in spans:
        text = texts[document]
        assert text[span["start"] : span["end"]].split() == span["text"].split(), span
        encoded = text.encode()[span["byte_start"] : span["byte_end"]]
        assert encoded.decode().split() == span["text"].split(), span


def check_others(runs: dict[str, Path], rows: dict[str, list[dict]]) -> None:
    """JSON lines and CSV hold the same rows."""

    def close(a, b):
        if isinstance(a, float) or isinstance(b, float):
            return abs(a - b) < 1e-6 * max(1.0, abs(a))
        if isinstance(a, dict):
            return a.keys() == b.keys() and all(close(a[k], b[k]) for k in a)
        if isinstance(a, list):
            return len(a) == len(b) and all(map(close, a, b))
        return a == b

    for table in TABLES:
        parts = sorted((runs["jsonl"] / table).glob("*.jsonl"))
        lines = [json.loads(line) for part in parts for line in part.open(encoding="utf-8")]
        assert close(lines, rows[table]), table
        frame = pandas.concat(
            pandas.read_csv(part, keep_default_na=False)
            for part in sorted((runs["csv"] / table).glob("*.csv"))
        )
        assert list(frame.columns) == list(rows[table][0])
        for got, row in zip(frame.to_dict("records"), rows[table], strict=True):
            for name, value in row.items():
                if value is None:
                    assert got[name] == "", (table, name, got[name])
                elif isinstance(value, list):
                    assert close(json.loads(got[name]), value), (table, name)
                elif isinstance(value, float):
                    assert close(float(got[name]), value), (table, name)
                else:
                    assert str(got[name]) == str(value), (table, name)
        duck = duckdb.sql(f"select count(*) from '{runs['csv']}/{table}/*.csv'").fetchall()
        assert duck == [(len(rows[table]),)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = corpus(folder)
        runs = {}
        for kind in ["parquet", "jsonl", "csv"]:
            runs[kind] = folder / kind
            rhetor(
                "score", source, "--output", runs[kind], "--format", kind, "--part-size", 5,
                "--meta-field", "outlet,year", "--model", MODEL, "--quiet",
            )  # fmt: skip
        rows = check_parquet(runs["parquet"])
        check_sums(runs["parquet"])
        check_spans(source, rows)
        check_others(runs, rows)
    print("read_run: 4 passed, 0 failed")


main()
