"""The bundle: a folder of files with checksums, written atomically."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from riskmodel.errors import BundleError
from riskmodel.json_text import check_size, read_regular

MANIFEST = "manifest.json"
MAX_BYTES = 1 << 29
"""Maximum size of a file in bytes."""
FORMAT = 1
"""Format version; increased when older programs cannot read new files."""


def write_bundle(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> None:
    """Write files and, last, their checksums into a folder that does not exist yet.

    Raises:
        BundleError: `folder` exists.
        OSError: disk full or no permission; nothing is left then.
    """
    final = Path(folder)
    if final.exists():
        raise BundleError(f"'{final}' exists already. A model is never overwritten: choose another folder.")
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{final.name}."))
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, temporary, ignore_errors=True)
        # Locked while writing, to distinguish it from remains of a crash.
        descriptor = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
        undo.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for name, content in files.items():
            _write(temporary / name, content)
        sums = {name: _checksum(content) for name, content in sorted(files.items())}
        _write(temporary / MANIFEST, json.dumps({"format": FORMAT, "sha256": sums}, indent=2).encode())
        _sync_folder(temporary)
        temporary.rename(final)
        _sync_folder(final.parent)
        undo.pop_all()
        os.close(descriptor)


def read_bundle(folder: str | os.PathLike[str], needed: Iterable[str]) -> dict[str, bytes]:
    """Read the needed files, each checked against its checksum.

    Raises:
        BundleError: the folder is not a bundle, has a newer format, or a file is missing or altered.
    """
    home = Path(folder)
    sums = _read_manifest(home)
    files = {}
    for name in needed:
        try:
            files[name] = _read(home / name)
        except FileNotFoundError:
            raise BundleError(
                f"The model in '{home}' lacks its file '{name}'. Restore the folder from its source, or train again."
            ) from None
        if sums.get(name) != _checksum(files[name]):
            raise BundleError(
                f"File '{name}' of the model in '{home}' was altered: its checksum is not the manifest's. "
                "Restore the folder from its source, or train again."
            )
    return files


def _read_manifest(home: Path) -> dict[str, Any]:
    if not home.is_dir():
        raise BundleError(f"There is no model folder '{home}'. Check the path, or give a run's id.")
    try:
        manifest = parse_json(_read(home / MANIFEST), MANIFEST)
        version, sums = manifest["format"], dict(manifest["sha256"])
    except FileNotFoundError:
        raise BundleError(
            f"'{home}' is not a model: it lacks '{MANIFEST}'. Choose the folder with this file."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(f"'{MANIFEST}' in '{home}' cannot be read ({error}). Restore the folder.") from error
    if version != FORMAT:
        raise BundleError(f"The model in '{home}' has format {version}; this program reads format {FORMAT}. Update it.")
    return sums


def parse_json(content: bytes, name: str) -> Any:
    """The value of a file of JSON.

    Raises:
        BundleError: not JSON, or nested too deeply.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"'{name}' of the model is not valid JSON ({error}). Restore the model's folder.") from error


def to_json(values: Mapping[str, object]) -> bytes:
    """Plain values as a file of JSON."""
    return json.dumps(values, indent=2, ensure_ascii=False).encode()


def parse_texts(content: bytes, name: str) -> dict[str, str]:
    """The texts by name of a file of JSON.

    Raises:
        BundleError: not an object of texts.
    """
    values = parse_json(content, name)
    if not isinstance(values, dict) or not all(isinstance(text, str) for text in values.values()):
        raise BundleError(f"'{name}' of the model must hold texts by name. Restore the model's folder.")
    return values


def _read(path: Path) -> bytes:
    """The bytes of a regular file within the size limit; links, folders, pipes and devices are not opened.

    Raises:
        BundleError: not such a file.
        FileNotFoundError: It does not exist.
    """
    try:
        if path.suffix != ".json":
            return read_regular(path, MAX_BYTES, links=False)
        content = read_regular(path, links=False)
        check_size(content)
    except ValueError as error:
        raise BundleError(f"'{path}' of the model {error}. Restore the folder from its source.") from error
    return content


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
