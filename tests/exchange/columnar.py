"""What polars and DuckDB read of a Parquet file, as JSON; and one that polars writes.

columnar.py read FILE.parquet | write FILE.parquet FILE.csv (polars 2.1.0, duckdb 2.0.1)
"""

import json
import sys

import duckdb
import polars

if sys.argv[1] == "write":
    frame = polars.read_csv(sys.argv[3], infer_schema_length=None, try_parse_dates=True)
    frame.write_parquet(sys.argv[2], row_group_size=3)
    sys.exit()
file = sys.argv[2]
frame = polars.read_parquet(file)
rows = duckdb.sql(f"select * from '{file}'").fetchall()
print(
    json.dumps(
        {
            "types": {name: str(kind) for name, kind in frame.schema.items()},
            "polars": [[str(cell) if cell is not None else None for cell in row] for row in frame.rows()],
            "duckdb": [[str(cell) if cell is not None else None for cell in row] for row in rows],
        },
        ensure_ascii=False,
    )
)
