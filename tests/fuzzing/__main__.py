"""Look for files that break the reader: ``python -m tests.fuzzing [any|dialect] [seconds]``.

Needs ``pip install atheris`` (Python 3.11 to 3.13), which is not among the requirements: what it has found is kept as
ordinary tests. ``any`` reads bytes as the studio reads an upload; ``dialect`` reads them in a dialect that is chosen
for them. The first file that breaks something in a new place is kept in the folder ``found``, with the traceback.
"""

import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["riskmodel.tables"]):
    from riskmodel.tables.schema.dialect import ENCODINGS, Dialect
    from tests.fuzzing.reading import check_any_file, check_dialect

FOLDER = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
PATH = FOLDER / "table"
SEEDS = (
    b"id,name,amount\n1,Ann,2.5\n2,Bo,3.5\n3,Cy,\n",
    b'Report\n\na;b;c\r\n1;"x;y";2,5\r\n2;"two\r\nlines";3,5\r\nTotal;;6\r\n',
    b"# made\n'a'\t'b'\n'1'\t'x'\n#end\n'2'\t'it''s'\n",
    b'a|b\n"x\\"y, z"|2\n"q"|3\n',
    "客户,逾期\n陈小明,否\n林美丽,是\n".encode("gb18030") * 3,
    "Клиент;Город\nИван;Москва\nАнна;Казань\n".encode("cp1251") * 3,
    "a;ü\n1;é\n".encode("cp1252"),
    "a,b\n1,é\n".encode("utf-16"),
    "a,b\n1,é\n".encode("utf-16-le"),
    b"\xef\xbb\xbfa,a,\n1,2,3\n\n4,5\n",
    b"a\n1\n\n2\n",
)


def any_file(data: bytes) -> None:
    PATH.write_bytes(data)
    check_any_file(PATH, 64 + len(data) % 100)


def chosen_dialect(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    try:
        dialect = Dialect(
            encoding=provider.PickValueInList(list(ENCODINGS)),
            delimiter=provider.PickValueInList([*",;\t| :^~aé"]),
            quote=provider.PickValueInList(["'", '"']),
            escape=provider.PickValueInList(["", "\\"]),
            comment=provider.PickValueInList(["", "#", "%", "1"]),
            skip_lines=provider.ConsumeIntInRange(0, 3),
            header_lines=provider.ConsumeIntInRange(0, 3),
            footer_lines=provider.ConsumeIntInRange(0, 3),
        )
    except ValueError:
        return
    PATH.write_bytes(provider.ConsumeBytes(1 << 20))
    check_dialect(PATH, dialect, provider.ConsumeIntInRange(64, 200))


def keep_going(check: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The same check; a failure in a new place is recorded instead of ending the search."""
    places: set[tuple[object, ...]] = set()

    def run(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was found
            frames = traceback.extract_tb(error.__traceback__)
            place = (type(error), *((frame.filename, frame.lineno) for frame in frames[-3:]))
            if place not in places:
                places.add(place)
                found = Path("found")
                found.mkdir(exist_ok=True)
                (found / f"{len(places)}").write_bytes(PATH.read_bytes())
                words = "".join(traceback.format_exception(error))
                (found / f"{len(places)}.txt").write_text(f"{data!r}\n{words}")
                print(words, flush=True)

    return run


def main(what: str = "any", seconds: str = "120") -> None:
    seeds = FOLDER / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(SEEDS):
        (seeds / str(number)).write_bytes(seed)
    targets = {"any": any_file, "dialect": chosen_dialect}
    limits = [f"-max_total_time={seconds}", "-max_len=512", "-timeout=20"]
    atheris.Setup([sys.argv[0], *limits, str(seeds)], keep_going(targets[what]))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
