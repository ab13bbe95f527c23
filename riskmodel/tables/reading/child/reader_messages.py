"""Messages between a reader process and its caller: JSON for words, Arrow for rows.

Every message is a letter, eight bytes with the length of the content (little-endian), and the content.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Literal, TypeAlias

import pyarrow as pa

Kind: TypeAlias = Literal[b"J", b"E", b"B", b"Z"]
WORDS: Kind = b"J"
"""JSON that was asked for."""
ERROR: Kind = b"E"
"""JSON: why the file cannot be read."""
BATCH: Kind = b"B"
"""A record batch."""
END: Kind = b"Z"
"""There are no more batches."""

HEAD = struct.Struct("<cQ")


def write_json(stream: IO[bytes], kind: Kind, value: Any) -> None:
    """Write one message of JSON."""
    content = json.dumps(value).encode()
    stream.write(HEAD.pack(kind, len(content)) + content)
    stream.flush()


def write_batch(stream: IO[bytes], batch: pa.RecordBatch) -> None:
    """Write one batch; its schema is known to the receiver."""
    content = batch.serialize()
    stream.write(HEAD.pack(BATCH, content.size))
    stream.write(content)
    stream.flush()
