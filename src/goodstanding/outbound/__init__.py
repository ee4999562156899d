"""Bytes out: CSV, XLSX and book folders, inert in any spreadsheet."""
