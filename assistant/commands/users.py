"""`commit-assistant users`: who may use the page."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import WrongCallError

if TYPE_CHECKING:
    from assistant.web.access.accounts import Accounts

app = typer.Typer(
    help="Show and keep the accounts of those who may use the page.", no_args_is_help=True, rich_markup_mode=None
)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name; large and small letters are the same.")]


@app.command("list")
def list_users(context: typer.Context) -> None:
    """List the accounts."""
    from rich.table import Table

    accounts = _accounts(context)
    known = accounts.all()
    if not known:
        console().print(printed(f"There are no accounts in {accounts.file.path}."))
        return
    table = Table("name", "role", "tokens", "created", box=None, pad_edge=False)
    for account in known:
        table.add_row(printed(account.name), account.role, str(account.tokens), account.created.partition(".")[0])
    console().print(table)


@app.command("add")
def add_user(
    context: typer.Context,
    name: _Name,
    role: Annotated[
        Literal["reader", "admin"], typer.Option(help="An admin may bring the index up to date on the page.")
    ] = "reader",
) -> None:
    """Add an account. Its password is asked for, or read from stdin where that is no terminal."""
    accounts = _accounts(context)
    existed = accounts.file.exists()
    added = accounts.add(name, _password(), role)
    console().print(printed(f"added {added} ({role}) to {accounts.file.path}"))
    if not existed:
        console().print("From its next start, the page asks everybody to log in.")


@app.command("password")
def change_password(context: typer.Context, name: _Name) -> None:
    """Give an account another password, which ends its logins; its tokens stay."""
    _accounts(context).set_password(name, _password())
    console().print(printed(f"{name} has a new password"))


@app.command("remove")
def remove_user(context: typer.Context, name: _Name) -> None:
    """Remove an account with its logins and tokens."""
    _accounts(context).remove(name)
    console().print(printed(f"removed {name}"))


@app.command("token")
def token(
    context: typer.Context,
    name: _Name,
    revoke: Annotated[bool, typer.Option("--revoke", help="Make all tokens of the account worthless instead.")] = False,
) -> None:
    """Print a new token, with which a program comes in as this account. It is shown this once."""
    accounts = _accounts(context)
    if revoke:
        console().print(printed(f"{accounts.revoke_tokens(name)} tokens of {name} are worthless now"))
        return
    console().print(accounts.new_token(name))
    console(stderr=True).print("Keep it: it cannot be shown again. Send it as `Authorization: Bearer TOKEN`.")


def _accounts(context: typer.Context) -> Accounts:
    from assistant.web.access.accounts import Accounts
    from assistant.web.access.reach import accounts_path

    return Accounts(accounts_path(settings_of(context)))


def _password() -> str:
    """The password that somebody types, twice and unseen, or that another program gives on one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    first = getpass("Password: ", stream=sys.stderr)
    if getpass("The same again: ", stream=sys.stderr) != first:
        raise WrongCallError("the two passwords differ: run the command again")
    return first
