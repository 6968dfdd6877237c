"""Errors that a user can mend."""


class AssistantError(Exception):
    """Something that a user can mend; its message is one line that says what is wrong and what to do.

    The command line prints the message alone and exits with `exit_code`; the page shows it in place of an answer.
    """

    exit_code = 1


class WrongCallError(AssistantError):
    """A command, option or setting that cannot be meant as it was given."""

    exit_code = 2


class DamagedIndexError(AssistantError):
    """The index on disk cannot be read."""

    def __init__(self, folder: object) -> None:
        super().__init__(f"the index at {folder} is damaged: run `commit-assistant index --rebuild`")


class UnreadableSourceError(AssistantError):
    """A source whose text cannot be had without guessing."""


def one_line(error: BaseException) -> str:
    """The message of any error on one line, for a ledger or a terminal."""
    text = " ".join(str(error).split())
    return text or type(error).__name__


def storage_advice(error: OSError) -> str:
    """What to do about a failed write, by its cause."""
    import errno

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "the disk is full: free some space and run the command again; nothing that was there is lost"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"no permission to write {error.filename}: choose another folder with --storage"
    return one_line(error)
