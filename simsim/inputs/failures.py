"""What the machine refuses, in one line: which file, why, and what to do about it."""

from __future__ import annotations

import errno
from pathlib import Path

FULL = "free some space, or name a folder on another disk; what is finished is kept, and the same command goes on"
REMEDIES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: "name a folder that can be written",
    errno.EACCES: "name a file or folder that you may use",
    errno.EPERM: "name a file or folder that you may use",
    errno.EMFILE: "close other programs, or use fewer processes (--jobs)",
    errno.ENOMEM: "close other programs, or use fewer processes (--jobs)",
    errno.ENAMETOOLONG: "choose a shorter name",
}
MOST_SHOWN = 200
"""Characters before and after the first that is no text, on its line: it may stand in a whole document."""
GONE = "the folder that this command was started in has been deleted; change to another one (cd) and repeat it"


def working_folder_is_gone() -> bool:
    """Tell whether the folder that the process stands in has been deleted."""
    try:
        Path.cwd()
    except OSError:
        return True
    return False


def explained(error: OSError) -> str:
    """Return what an OSError says of a file, on one line, with a remedy where there is one."""
    if isinstance(error, FileNotFoundError) and working_folder_is_gone():
        return GONE
    files = [str(name) for name in (error.filename, error.filename2) if name is not None]
    reason = str(error.strerror or error).splitlines()[0] if str(error.strerror or error) else type(error).__name__
    remedy = REMEDIES.get(error.errno or 0)
    return ": ".join([*files[:1], reason]) + (f"; {remedy}" if remedy else "")


def not_text(error: UnicodeEncodeError) -> str:
    """Return the message for a name that cannot be written down as text."""
    before, after = error.object[: error.start].rpartition("\n")[2], error.object[error.start :].partition("\n")[0]
    shown = ascii(before[-MOST_SHOWN:] + after[:MOST_SHOWN])
    return f"{shown}: is a name that is not UTF-8 text; rename the file or folder, or name another one"
