"""Bytes out: CSV, XLSX, book folders and packed exports, inert in any spreadsheet."""
