"""`python -m assistant` is `commit-assistant`."""

from assistant.cli import main

main()
