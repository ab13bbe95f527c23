"""Files with one pollution each, generated from a clean table, as exports are damaged in practice."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

HEADER = ["date", "time", "qty", "product_id", "price", "type", "description", "comment"]


@dataclass(frozen=True)
class PollutedFile:
    """A file with one pollution.

    Attributes:
        name: Description of the pollution.
        content: Its bytes.
        rows: The rows of the clean table that are in the file, as expected.
        num_lost: Number of them that may be rejected, since the pollution damages them.
        names: Names of the columns; None if the file has none.
    """

    name: str
    content: bytes
    rows: list[list[str]]
    num_lost: int = 0
    names: tuple[str, ...] | None = tuple(HEADER)


def make_table(random: Random, num_rows: int) -> list[list[str]]:
    """Rows with dates, numbers, words, prose with delimiters and quotes, and blank cells."""
    descriptions = ("Parrot Feeder", 'Cage 3" wide', "Bird seed, 5 kg", "Toy; red", "Müller's mix", "Nest")
    return [
        [
            f"{random.randrange(1, 29):02d}/{random.randrange(1, 13):02d}/2013",
            f"{random.randrange(24):02d}:{random.randrange(60):02d}",
            str(random.randrange(1, 20)),
            f"P{1000 + number}",
            f"{random.randrange(1, 500)}.{random.randrange(100):02d}",
            random.choice(("Pet", "Garden", "Food")),
            random.choice(descriptions),
            random.choice(("", "", "call back", "said: ok, fine")),
        ]
        for number in range(num_rows)
    ]


def write(rows: list[list[str]], **choices: object) -> str:
    """Rows as the csv module writes them, with line feeds."""
    stream = io.StringIO(newline="")
    csv.writer(stream, **{"lineterminator": "\n", **choices}).writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue()


def make_pollutions(random: Random, num_rows: int = 30) -> Iterator[PollutedFile]:
    """Every pollution once, at random places."""
    rows = make_table(random, num_rows)
    lines = [write([row]) for row in rows]
    header = write([HEADER])
    text = header + "".join(lines)

    def file(name: str, content: str, kept: list[list[str]] | None = None, num_lost: int = 0) -> PollutedFile:
        return PollutedFile(name, content.encode(), rows if kept is None else kept, num_lost)

    yield file("clean", text)
    yield file("no trailing newline", text.removesuffix("\n"))
    yield file("double trailing newline", text + "\n")
    yield PollutedFile("no header", "".join(lines).encode(), rows, names=None)
    yield file("header twice", header + text)
    yield file("header after a page break", text + f"\f{header}" + "".join(lines[:3]), rows + rows[:3])
    quoted = write([HEADER, *rows], quoting=csv.QUOTE_ALL)
    yield file("quoted header after a page break", f"{quoted}\f{quoted}", rows + rows)
    yield file("mark of the end", text + "\x1a")
    yield file("mark of the end in the last row", text.removesuffix("\n") + "\x1a\x1a")
    parts = [[f"{name}_{part}" for name in HEADER] for part in "abc"]
    names = tuple(" ".join(cells) for cells in zip(*parts, strict=True))
    yield PollutedFile("header of three rows", (write(parts) + "".join(lines)).encode(), rows, names=names)
    for mark in "-=":
        yield file(f"line of {mark}", header + write([[mark * len(name) for name in HEADER]]) + "".join(lines))
    yield file("types", header + "date,time,int,varchar(8),decimal(10),text,text,text\n" + "".join(lines))
    yield file("one row", header + lines[0], rows[:1])
    yield file("preamble", "Export of the shop\n\n" + text)
    yield file("padded preamble", "Export of the shop" + "," * 7 + "\n" + "," * 7 + "\n" + text)
    yield file("carriage returns", text.replace("\n", "\r"))
    yield file("both line ends", text.replace("\n", "\r\n"))
    yield file("delimiter and space", write([HEADER, *rows], quoting=csv.QUOTE_ALL).replace('","', '", "'))
    for delimiter in ";\t|^~#!\x01\x1f":
        yield file(f"delimiter {delimiter!r}", write([HEADER, *rows], delimiter=delimiter))
    yield file("single quotes", write([HEADER, *rows], quotechar="'"))
    yield file("escapes", write([HEADER, *rows], escapechar="\\", doublequote=False))
    yield file("all quoted", write([HEADER, *rows], quoting=csv.QUOTE_ALL))
    yield file("second table", text + "\nshop,city\nA,Rome\nB,Oslo\n")
    yield file("second table of the same width", text + "\n" + header + "".join(lines[:3]), rows + rows[:3])
    other = write([[f"{name} b" for name in HEADER]])
    yield file("second table of other names", text + other + "".join(lines[:3]), rows + rows[:3])
    yield file(
        "blank rows", header + "".join(f"{line}{',' * 7}\n" if i % 7 == 3 else line for i, line in enumerate(lines))
    )
    yield file("total", text + "Total,,55,,1234.50,,,\n")
    yield file("note of one cell", text + "* provisional figures\n")
    yield file("pages", f"{text}page 1 of 2\n{text}page 2 of 2\n", rows + rows)
    yield file("title with values", "Report,01/02/2013,30,,,,,\n" + text)
    yield file("byte-order mark", "\ufeff" + text)
    yield file("mixed line ends", header + "".join(line.replace("\n", random.choice(("\n", "\r\n"))) for line in lines))
    yield file("first row lacks a delimiter", header + lines[0].replace(",", "", 1) + "".join(lines[1:]), num_lost=1)
    yield file("note", text + "Source: the shop" + "," * 7 + "\n")
    for name, damage in DAMAGES.items():
        at = random.randrange(num_rows)
        damaged = damage(lines[at].removesuffix("\n"), random) + "\n"
        if damaged != lines[at]:
            yield file(f"{name} in a row", header + "".join([*lines[:at], damaged, *lines[at + 1 :]]), num_lost=1)


def _find_delimiters(line: str) -> list[int]:
    """Positions of the commas outside of quotes."""
    return [place for place, letter in enumerate(line) if letter == "," and line[:place].count('"') % 2 == 0]


def _drop_delimiter(line: str, random: Random) -> str:
    at = random.choice(_find_delimiters(line))
    return line[:at] + line[at + 1 :]


def _add_delimiter(line: str, random: Random) -> str:
    at = random.choice(_find_delimiters(line))
    return line[:at] + "," + line[at:]


def _other_delimiter(line: str, random: Random) -> str:
    return line.replace(",", random.choice(";\t|"))


def _open_quote(line: str, random: Random) -> str:
    at = random.choice([0, *(place + 1 for place in _find_delimiters(line))])
    return line[:at] + '"' + line[at:]


def _spaces_before_quotes(line: str, random: Random) -> str:
    return ", ".join(f'"{cell}"' for cell in next(csv.reader([line])))


def _opening_quote_missing(line: str, random: Random) -> str:
    at = line.index(",") + 1
    return line[:at] + '3"" x"' + line[line.index(",", at) :]


def _stray_quotes(line: str, random: Random) -> str:
    at = line.index(",") + 1
    return line[:at] + '"' + line[at:].replace(",", '"x,', 1)


DAMAGES: dict[str, Callable[[str, Random], str]] = {
    "a delimiter missing": _drop_delimiter,
    "a delimiter too many": _add_delimiter,
    "other delimiters": _other_delimiter,
    "a quote never closed": _open_quote,
    "text after a quote": _stray_quotes,
    "spaces before quotes": _spaces_before_quotes,
    "an opening quote missing": _opening_quote_missing,
}
