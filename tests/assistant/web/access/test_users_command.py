"""`commit-assistant users`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assistant.web.access.accounts import Accounts
from index.settings import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Users = "Callable[..., subprocess.CompletedProcess[str]]"


@pytest.fixture
def users(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `commit-assistant users …` with something on its standard input."""

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", "--storage", str(tmp_path / "storage"), "users", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=typed,
            timeout=60,
            check=False,
            cwd=PROJECT,
        )

    return run


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "accounts" / "accounts.sqlite")


def test_the_life_of_an_account(users: Users, accounts: Accounts) -> None:
    assert "There are no accounts in" in users("list").stdout
    added = users("add", "Anna", "--role", "admin", typed="correct horse battery\n")
    assert added.returncode == 0
    assert "added anna (admin)" in added.stdout
    assert "asks everybody to log in" in added.stdout
    assert users("add", "用户", typed="password of 用户\n").returncode == 0
    listed = users("list").stdout
    assert "anna" in listed
    assert "用户" in listed
    assert accounts.verified("ANNA", "correct horse battery") == "anna"
    assert users("password", "anna", typed="another password\n").returncode == 0
    assert accounts.verified("anna", "correct horse battery") is None
    assert accounts.verified("anna", "another password") == "anna"
    printed = users("token", "anna")
    token = printed.stdout.strip()
    assert "cannot be shown again" in printed.stderr
    visitor = accounts.holder(token)
    assert visitor is not None
    assert (visitor.name, visitor.role) == ("anna", "admin")
    assert "1 tokens of anna are worthless now" in users("token", "anna", "--revoke").stdout
    assert accounts.holder(token) is None
    assert users("remove", "anna").returncode == 0
    assert [account.name for account in accounts.all()] == ["用户"]


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "bob"), "short\n", "the password has 5 characters: choose 10 to 1,000"),
        (("add", "bob"), "", "the password has 0 characters"),
        (("add", "../bob"), "a long password\n", "'../bob' cannot be a name"),
        (("add", "a" * 65), "a long password\n", "cannot be a name"),
        (("add", "bob", "--role", "king"), "a long password\n", "king"),
        (("password", "bob"), "a long password\n", "no account 'bob': `commit-assistant users list` shows them"),
        (("remove", "bob"), "", "no account 'bob'"),
        (("token", "bob"), "", "no account 'bob'"),
        (("add", "bob", "a password as argument"), "", "a password as argument"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    users: Users, accounts: Accounts, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    done = users(*arguments, typed=typed)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not accounts.file.exists()


def test_a_name_is_given_once(users: Users) -> None:
    assert users("add", "bob", typed="a long password\n").returncode == 0
    again = users("add", "BOB", typed="another password\n")
    assert again.returncode == 2
    assert "there is an account 'bob' already" in again.stderr


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.parametrize(("second", "status"), [("typed on a terminal", 0), ("typed otherwise", 2)])
def test_a_terminal_is_asked_twice_and_shows_nothing(accounts: Accounts, second: str, status: int) -> None:
    storage = accounts.file.path.parents[1] / "storage"
    call = [sys.executable, "-m", "assistant", "--storage", str(storage), "users", "add", "bob"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        call, cwd=PROJECT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as done:
        os.close(theirs)
        shown = b""
        for answer in ("typed on a terminal", second):
            while not shown.rstrip().endswith((b"Password:", b"again:")):
                shown += os.read(ours, 1000)
            os.write(ours, f"{answer}\n".encode())
            shown += b"|"
        try:
            while more := os.read(ours, 1000):
                shown += more
        except OSError:  # what Linux says when the other end is closed
            pass
    os.close(ours)
    assert done.returncode == status
    assert b"typed" not in shown
    assert accounts.file.exists() == (status == 0)
