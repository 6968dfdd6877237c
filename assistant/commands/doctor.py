"""`commit-assistant doctor`: is everything in order?"""

from __future__ import annotations

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import AssistantError


def doctor(context: typer.Context) -> None:
    """Check machine, model, sources and index, and say how to mend what is wrong."""
    from assistant.doctor import checks

    out = console()
    wrong = 0
    for check in checks(settings_of(context)):
        wrong += not check.ok
        out.print(printed(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.finding}"))
        if not check.ok:
            out.print(printed(f"       {check.mend}"))
    if wrong:
        raise AssistantError(
            f"{wrong} {'things are' if wrong > 1 else 'thing is'} wrong: the lines above say how to mend it"
        )
