"""Zip archives with one table inside, recognized by content and read without unpacking to disk."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from riskmodel.errors import DataError
from riskmodel.wording import first_few

ENCRYPTED_FLAG = 0x1
_IGNORED_FILES = {".ds_store", "thumbs.db", "desktop.ini"}
_NAMED_MEMBERS = 5


@contextmanager
def open_member(path: str | os.PathLike[str], shown: str) -> Iterator[IO[bytes]]:
    """The only table of a zip archive, decompressed while it is read.

    Entries added by file managers (``__MACOSX/``, ``.DS_Store``) and folders are ignored.

    Args:
        path: The archive.
        shown: Its name in messages.

    Raises:
        DataError: It contains no table or several (they are listed); it is encrypted, or uses an unsupported
            compression.
        zipfile.BadZipFile: The archive is damaged; raised at any point within the context.
    """
    with zipfile.ZipFile(path) as archive:
        member = find_member(archive, shown)
        try:
            stream = archive.open(member)
        except RuntimeError as error:  # raised by zipfile; encryption is already excluded
            raise DataError(
                f"File {shown}: {_show(member)} in it is compressed in a way that cannot be read ({error}). "
                "Unpack it, or pack it again with ordinary zip."
            ) from error
        with stream:
            yield stream


def find_member(archive: zipfile.ZipFile, shown: str) -> zipfile.ZipInfo:
    """The only table of an archive; errors as `open_member`."""
    members = [member for member in archive.infolist() if _counts(member)]
    if not members:
        raise DataError(f"File {shown} is a zip archive with no file in it. Choose one with a table inside.")
    if len(members) > 1:
        named = first_few(list(map(_show, members)), _NAMED_MEMBERS)
        raise DataError(
            f"File {shown} is a zip archive with {len(members):,} files in it: {named}. "
            "Unpack it and choose one, or leave only the table in it."
        )
    if members[0].flag_bits & ENCRYPTED_FLAG:
        raise DataError(
            f"File {shown}: {_show(members[0])} in it is encrypted. Unpack it with its password and choose the table."
        )
    return members[0]


def _counts(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    if member.is_dir() or not parts or "__MACOSX" in parts:
        return False
    return parts[-1].lower() not in _IGNORED_FILES and not parts[-1].startswith("._")


def _show(member: zipfile.ZipInfo) -> str:
    return repr(member.filename[-100:])
