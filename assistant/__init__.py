"""From a question to an answer made of the sources' exact words."""
