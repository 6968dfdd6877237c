"""From source files to an index: reading, splitting, embedding, storing."""
