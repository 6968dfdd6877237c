"""The page of the evaluation: runs in a folder (`folders`, `runs`), drawn (`chart`) and shown (`pages`, `routes`)."""
