"""Pictures → lines, read by OCR."""
