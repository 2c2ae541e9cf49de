"""Corpora as other people's programs write them, read by `rhetor score`.

    python tests/interop/read_inputs.py RHETOR

pandas, polars, pyarrow and DuckDB write the same table in every format and compression that
they know; rhetor must read the same ids, metadata and texts from each.
"""

import bz2
import datetime
import gzip
import hashlib
import json
import lzma
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "rhetor-minilm-v5"
TEXTS = [
    "The port of Velda is shut.\nNobody knows “why”, said Mira Tolland.",
    'A "quoted, comma\'d" line;\twith a tab — élan.',
    "Enough! 🛳 " + "The boats of Karsa are gone. " * 20,
]
OUTLETS = ["Gazette", None, "Herald"]
YEARS = [2031, 2032, 2033]
DAYS = [datetime.date(2031, 5, day) for day in (1, 2, 3)]
SHARES = [0.5, None, 12.25]


def write_all(folder: Path) -> None:
    """One file a writer, format and compression."""
    ids = ["k1", "k2", "k3"]
    columns = {
        "share": SHARES, "day": DAYS, "body": TEXTS, "outlet": OUTLETS, "year": YEARS, "key": ids,
    }
    table = pyarrow.table(columns)
    frame = table.to_pandas()
    rows = polars.DataFrame(columns)

    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        pyarrow.parquet.write_table(table, folder / f"pa-{codec}.parquet", compression=codec)
    pyarrow.parquet.write_table(
        table, folder / "pa-v2.parquet", version="2.6", data_page_version="2.0", row_group_size=2,
        use_dictionary=False, column_encoding={"body": "DELTA_BYTE_ARRAY"},
    )
    coded = table.set_column(3, "outlet", table["outlet"].dictionary_encode())
    coded = coded.set_column(2, "body", coded["body"].cast(pyarrow.large_string()))
    views = table.set_column(2, "body", table["body"].cast(pyarrow.string_view()))
    binary = table.set_column(2, "body", table["body"].cast(pyarrow.binary()))
    for name, kind in [("coded", coded), ("views", views), ("binary", binary)]:
        pyarrow.parquet.write_table(kind, folder / f"pa-{name}.parquet")
        with pyarrow.ipc.new_file(folder / f"pa-{name}.arrow", kind.schema) as out:
            out.write_table(kind, max_chunksize=2)
        with pyarrow.ipc.new_stream(folder / f"pa-{name}.arrows", kind.schema) as out:
            out.write_table(kind, max_chunksize=2)
    for codec in ["uncompressed", "lz4", "zstd"]:
        pyarrow.feather.write_feather(table, folder / f"pa-{codec}.feather", compression=codec)

    frame.to_parquet(folder / "pd.parquet")
    frame.astype({"outlet": "category"}).to_parquet(folder / "pd-category.parquet")
    frame.to_feather(folder / "pd.feather")
    frame.to_csv(folder / "pd.csv", index=False)
    frame.to_csv(folder / "pd-bom.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")
    frame.to_csv(folder / "pd.tsv", index=False, sep="\t")
    dated = frame.assign(day=frame["day"].astype(str))
    dated.to_json(folder / "pd.jsonl", orient="records", lines=True)
    for packed in ["gz", "bz2", "xz"]:
        frame.to_csv(folder / f"pd.csv.{packed}", index=False)
        dated.to_json(folder / f"pd.jsonl.{packed}", orient="records", lines=True)

    for codec in ["uncompressed", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        rows.write_parquet(folder / f"pl-{codec}.parquet", compression=codec)
    for codec in ["uncompressed", "lz4", "zstd"]:
        rows.write_ipc(folder / f"pl-{codec}.arrow", compression=codec)
        rows.write_ipc_stream(folder / f"pl-{codec}.arrows", compression=codec)
    rows.write_csv(folder / "pl.csv")
    rows.write_csv(folder / "pl.tsv", separator="\t")
    rows.write_ndjson(folder / "pl.ndjson")

    duckdb.sql("create table corpus as select * from rows")
    for codec in ["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4"]:
        duckdb.sql(f"copy corpus to '{folder}/db-{codec}.parquet' (codec '{codec}')")
    for packed in ["", ".gz", ".zst"]:
        duckdb.sql(f"copy corpus to '{folder}/db.csv{packed}'")
        duckdb.sql(f"copy corpus to '{folder}/db.ndjson{packed}'")

    # Written in two goes, one behind the other, as `cat a.gz b.gz` does.
    lines = (folder / "pl.ndjson").read_bytes()
    half = len(lines) // 2
    for name, pack in [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]:
        whole = pack(lines[:half]) + pack(lines[half:])
        (folder / f"py.ndjson.{name}").write_bytes(whole)
    (folder / "py.parquet.gz").write_bytes(gzip.compress((folder / "pd.parquet").read_bytes()))
    (folder / "py.arrow.xz").write_bytes(lzma.compress((folder / "pa-lz4.feather").read_bytes()))


def number(value: str | None) -> float | None:
    return None if value is None else float(value)


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        folder, run = Path(work) / "corpus", Path(work) / "run"
        folder.mkdir()
        write_all(folder)
        fields = "--text-field body --id-field key --meta-field outlet,year,day,share".split()
        subprocess.run(
            [sys.argv[1], "score", folder, "--output", run, "--format", "jsonl", "--quiet",
             "--keep-duplicates", "--any-language", "--model", MODEL, *fields],
            check=True, stdout=subprocess.DEVNULL,
        )
        found = {}
        for part in sorted((run / "documents").glob("*.jsonl")):
            for line in part.read_text().splitlines():
                row = json.loads(line)
                found.setdefault(Path(row["file"]).name, []).append(row)
        files = sorted(path.name for path in folder.iterdir())
        assert sorted(found) == files, set(files) ^ set(found)
        for name, rows in found.items():
            shown = [(row["status"], row["id"], row["sha256"], row["meta_outlet"]) for row in rows]
            hashes = [hashlib.sha256(text.encode()).hexdigest() for text in TEXTS]
            assert shown == [
                ("done", key, digest, outlet)
                for key, digest, outlet in zip(["k1", "k2", "k3"], hashes, OUTLETS)
            ], (name, shown)
            assert [int(row["meta_year"]) for row in rows] == YEARS, name
            assert [row["meta_day"] for row in rows] == [str(day) for day in DAYS], name
            assert [number(row["meta_share"]) for row in rows] == SHARES, name
        print(f"{len(found)} files, the same rows from each")


main()
