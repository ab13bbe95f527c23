"""Files that break readers: each is read correctly or raises a DataError, never an internal error."""

from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.text.reading import read_rows

ACCENTS = "a,b\n" + "é,ß\n" * 50
LONG = b"x" * 10_000_000
REFUSED = {
    "empty": (b"", "is empty"),
    "spaces": (b"   \n\n", "is empty"),
    "a mark and nothing else": (b"\xef\xbb\xbf", "no line left for the names of the columns"),
    "a mark of UTF-16 and nothing else": (b"\xff\xfe", "no line left for the names of the columns"),
    "a header only": (b"a,b\n", r"a header line \(2 columns\) but no rows"),
    "a header without a line end": (b"a,b", r"a header line \(2 columns\) but no rows"),
    "a NUL": (b"a,b\n1,\0\n", "has NUL bytes"),
    "nothing but NULs": (b"\0" * 1000, "has NUL bytes"),
    "all bytes": (bytes(range(256)) * 40, "has NUL bytes"),
    "UTF-8 but for its end": (ACCENTS.encode() + "é,ß\n".encode("latin-1"), r"line 52 has the byte e9"),
    "UTF-16 cut in a letter": ("a,b\n1,é\n".encode("utf-16")[:-1], "cannot be read as utf-16: line 2"),
    "ten million letters": (LONG, "the name of column 1 has 10,000,000 characters"),
    "a quote opened in the header": (b'"a,b\n1,2\n3,4\n', "opened in the row that begins in line 1 is never closed"),
    "quotes only": (b'"""\n"""\n', "no rows"),
    "no whole row": (b"a,b\n1\n2,3,4\n", "no row that can be read. 2 rows were not read"),
    "quotes opened in every row": (b"a,b\n" + b'1,"x\n' * 20_000, "20,000 rows were not read"),
    "delimiters only": (
        b",,,\n,,,\n",
        r"no row that can be read. 1 row was not read \(line 2: all its cells are blank",
    ),
    "a document": (b"%PDF-1.4\nx", "a PDF document"),
}
READ = {
    "one cell": (b"a\n1\n", 1, 0, ["a"]),
    "UTF-16 without a mark": ("a,b\n1,2\n".encode("utf-16-le"), 1, 0, ["a", "b"]),
    "UTF-32": ("a,b\n1,2\n".encode("utf-32"), 1, 0, ["a", "b"]),
    "ten thousand columns": (b",".join(b"c%d" % i for i in range(10_000)) + b"\n" + b"1," * 9_999 + b"1\n", 1, 0, None),
    "ten thousand names the same": (b"c," * 9_999 + b"c\n" + b"1," * 9_999 + b"1\n", 1, 0, None),
    "a cell of 10 MB": (b'a,b\n1,"' + LONG + b'"\n2,3\n', 2, 0, ["a", "b"]),
    "a cell of 10 MB without quotes": (b"a,b\n1," + LONG + b"\n2,3\n", 2, 0, ["a", "b"]),
    "a quote that is never closed": (b'a,b\n1,2\n3,"4', 1, 1, ["a", "b"]),
    "an odd number of quotes": (b"a,b\n" + b'"' * 1001 + b"\n1,2\n", 1, 1, ["a", "b"]),
    "quotes opened in pairs of rows": (b"a,b\n" + b'1,"\n' * 20_001, 10_000, 1, ["a", "b"]),
    "names used twice": (b"a,a\n1,2\n", 1, 0, ["a", "a (2)"]),
    "a delimiter at every line's end": (b"a,b,\n1,2,\n3,4,\n", 2, 0, ["a", "b", "column 3"]),
    "a name with a line end": (b'"a\nb",c\n1,2\n', 1, 0, ["a\nb", "c"]),
    "carriage returns": (b"a,b\r1,2\r3,4", 2, 0, ["a", "b"]),
    "every line end at once": (b"a,b\n1,2\r\n3,4\r5,6", 3, 0, ["a", "b"]),
    "the end mark of old systems": (b"a,b\n1,2\n\x1a", 1, 0, ["a", "b"]),
    "formulas": (b"a,b\n=1+1,@x\n2,3\n", 2, 0, ["a", "b"]),
    "two kinds of delimiters": (b"a|b;c\n1|2;3\n", 1, 0, ["a|b", "c"]),
    "a vertical tab": (b"a,b\n1,x\x0by\n", 1, 0, ["a", "b"]),
    "a line separator that ends no line": ("a,b\n1,x\u2028y\n".encode(), 1, 0, ["a", "b"]),
    "pictures": ("a,😀\n1,👍🏽\n".encode(), 1, 0, ["a", "😀"]),
    "a mark of direction": ("a,\u202eb\n1,2\n".encode(), 1, 0, ["a", "\u202eb"]),
    "no letter but é": (b"a,b\n1,\xe9\n", 1, 0, ["a", "b"]),
}


def write(folder: Path, content: bytes) -> Path:
    path = folder / "hostile.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", REFUSED)
def test_unreadable_files_raise_data_errors(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(DataError, match=words) as refusal:
        read_rows(write(tmp_path, content))
    assert len(str(refusal.value)) < 600


@pytest.mark.parametrize("name", READ)
def test_readable_rows_are_read_and_the_rest_is_counted(tmp_path: Path, name: str) -> None:
    content, num_rows, num_rejects, names = READ[name]
    table, rejects = read_rows(write(tmp_path, content))
    assert (table.num_rows, rejects.num_rows) == (num_rows, num_rejects)
    assert names is None or table.column_names == names
    assert len(set(table.column_names)) == table.num_columns
    assert propose_schema(table).names == tuple(table.column_names)
