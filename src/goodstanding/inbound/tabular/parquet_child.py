"""The Parquet reader that runs alone: python -I parquet_child.py FILE writes an Arrow stream to its output.

A file that is no Parquet, or a damaged one, ends it with status 3.
"""

import sys

import pyarrow as pa
import pyarrow.parquet as pq

BATCH = 65_536
MOST_ROWS, MOST_COLUMNS = 200_000_000, 256


def main() -> int:
    """Stream the file, batch by batch, so that memory doesn't grow with it."""
    pa.set_cpu_count(1)
    try:
        file = pq.ParquetFile(sys.argv[1], memory_map=True)
        if file.metadata.num_rows > MOST_ROWS or file.metadata.num_columns > MOST_COLUMNS:
            return 3
        with pa.ipc.new_stream(sys.stdout.buffer, file.schema_arrow) as out:
            for batch in file.iter_batches(BATCH, use_threads=False):
                batch.validate(full=True)
                out.write_batch(batch)
    except (
        pa.ArrowException,
        OSError,
        ValueError,
        MemoryError,
        KeyError,
        NotImplementedError,
        OverflowError,
        RuntimeError,
    ):
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
