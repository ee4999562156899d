"""Tables out of bytes: CSV, workbooks and Parquet become columns of text, with the row of each."""
