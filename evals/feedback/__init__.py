"""What users said of answers as questions of a set: which (`cases`), written (`file`), on request (`command`)."""
