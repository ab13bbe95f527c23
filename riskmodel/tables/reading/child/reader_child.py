"""Child process of `reader_process`: ``python -m riskmodel.tables.reading.child.reader_child PARENT`` reads one file.

The request is a line of JSON on standard input. The responses are messages on standard output: first the file's
description, then, for each further line, all of its rows. The process exits at the end of its input.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pyarrow as pa

from riskmodel.errors import RiskModelError
from riskmodel.tables.files.source import show_name
from riskmodel.tables.reading.child.native_readers import import_library, open_native
from riskmodel.tables.reading.child.reader_limits import ReaderLimits, confine_process, limit_cpu, limit_memory
from riskmodel.tables.reading.child.reader_messages import END, ERROR, HEAD, WORDS, write_batch, write_json

_PIECE_BYTES = 16 << 20


def main(parent: int) -> None:
    """Serve one request and the passes over its rows."""
    confine_process(parent)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not mix with messages
    request = json.loads(sys.stdin.readline())
    limits = ReaderLimits(**request["limits"])
    module = import_library(request["kind"])
    limit_memory(limits.memory_bytes)
    limit_cpu(limits.cpu_seconds)
    with _reporting(answers, request["path"], limits):
        if request["what"] == "sheets":
            sizes = [dataclasses.asdict(sheet) for sheet in module.sheets(request["path"])]
            write_json(answers, WORDS, {"likely": module.likely_sheet(request["path"]), "sheets": sizes})
        else:
            _serve_table(answers, request, limits)
    answers.flush()
    os._exit(0)  # skips the slow deallocation of large objects


def _serve_table(answers: IO[bytes], request: dict[str, Any], limits: ReaderLimits) -> None:
    reader = open_native(request["path"], request["kind"], request["layout"], request["block_bytes"])
    layout = reader.layout.model_dump_json() if reader.layout is not None else None
    declared = {name: declaration.model_dump(mode="json") for name, declaration in reader.declared.items()}
    about: dict[str, Any] = {"names": reader.names, "description": reader.description, "declared": declared}
    about |= {"notes": reader.notes, "layout": layout, "excluded": reader.excluded, "num_rows": reader.num_rows}
    about |= {"blank": reader.blank}
    write_json(answers, WORDS, about)
    for _ in sys.stdin:
        limit_cpu(limits.cpu_seconds)
        for batch in reader:
            for piece in _pieces(batch):
                write_batch(answers, piece)
        answers.write(HEAD.pack(END, 0))
        answers.flush()


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in pieces of about 16 MiB, so that neither process holds long texts twice."""
    num_pieces = batch.nbytes // _PIECE_BYTES + 1
    step = -(-batch.num_rows // num_pieces)
    for start in range(0, batch.num_rows, step):
        yield batch.slice(start, step)


@contextmanager
def _reporting(answers: IO[bytes], path: str, limits: ReaderLimits) -> Iterator[None]:
    """Send an error of reading the file to the caller."""
    try:
        yield
    except RiskModelError as error:
        message = str(error)
    except (MemoryError, pa.ArrowMemoryError):
        message = f"File {show_name(path)} cannot be read: {limits.describe_memory()}. Save the table as CSV."
    except BrokenPipeError:
        return
    except BaseException as error:  # noqa: BLE001 - a foreign file made a library raise it, at worst a Rust panic
        words = " ".join(str(error).split())[:200]
        message = (
            f"File {show_name(path)} cannot be read: its content is damaged or not supported "
            f"({type(error).__name__}: {words}). Export the file again, or save the table as CSV."
        )
    else:
        return
    write_json(answers, ERROR, {"message": message})


if __name__ == "__main__":
    main(int(sys.argv[1]))
