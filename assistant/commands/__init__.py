"""The commands, one module each; they import what is slow when they run."""
