"""One reader for each kind of file: its bytes → a canonical Document. `index/reading.py` picks the reader."""
