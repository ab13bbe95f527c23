"""Messages between a reader process and its caller: JSON for metadata, Arrow for rows.

A message consists of a letter, the length of the content (eight bytes, little-endian), and the content.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Literal, TypeAlias

import pyarrow as pa

Kind: TypeAlias = Literal[b"J", b"E", b"B", b"Z"]
WORDS: Kind = b"J"
"""JSON: the requested metadata."""
ERROR: Kind = b"E"
"""JSON: the error of reading the file."""
BATCH: Kind = b"B"
"""A record batch."""
END: Kind = b"Z"
"""The last batch has been sent."""

HEAD = struct.Struct("<cQ")


def write_json(stream: IO[bytes], kind: Kind, value: Any) -> None:
    """Write one message of JSON."""
    content = json.dumps(value).encode()
    stream.write(HEAD.pack(kind, len(content)) + content)
    stream.flush()


def write_batch(stream: IO[bytes], batch: pa.RecordBatch) -> None:
    """Write one batch without its schema, which the receiver has."""
    content = batch.serialize()
    stream.write(HEAD.pack(BATCH, content.size))
    stream.write(content)
    stream.flush()
