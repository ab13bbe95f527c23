"""Detection of a text's layout from its first lines."""

import csv
import io
from random import Random

import pytest

from riskmodel.tables.reading.layout.dialect_search import find_layout

PLAIN = {"delimiter": ",", "quote": '"', "escape": "", "comment": "", "skip_lines": 0, "header_lines": 1}


@pytest.mark.parametrize(
    ("text", "different"),
    [
        ("a,b\n1,2\n3,4\n", {}),
        ("Report\nid;amount\n1;2,5\n2;3,5\n", {"delimiter": ";", "skip_lines": 1}),
        ("made by x\n\n\nid,amount\n1,2\n2,3\n", {"skip_lines": 3}),
        ("a;b;c\n1,5;2,5;3\n1,5;2,5;3\n", {"delimiter": ";"}),
        ("1;2,5;x\n2;3,5;y\n3;4,5;z\n", {"delimiter": ";", "header_lines": 0}),
        ("X1,X2\nID,LIMIT\n1,200\n2,300\n3,2\n", {"header_lines": 2}),
        ("X1,X2\nNA,\n1,200\n2,300\n3,2\n", {}),
        ("# made\n# by x, y\na,b\n1,2\n2,3\n", {"comment": "#"}),
        ("#id,name\n1,a\n2,b\n3,c\n", {}),
        ("id,2019,2020\na,5,6\nb,7,8\nc,7,8\n", {}),
        ("a,2019,2020\nb,2011,2012\nc,2012,2013\nd,2013,2014\n", {"header_lines": 0}),
        ("id,name,income\n1,Ann,unknown\n2,Bo,5\n3,Cy,6\n4,Di,7\n", {}),
        ("income,age\nunknown,unknown\n1,2\n3,4\n5,6\n", {}),
        ("id,x\n#1,5\n#2,6\n#3,7\n#4,8\n#5,9,9\n", {}),
        ("first name,the last name,age\n#1,x,5\n#2,y,6\n", {}),
        ("#,x\n1,5\n2,6\n3,7\n4,8\n5,9,9\n", {}),
        ("a,b\n1,5\n2,6\n3,7\n4,8\n# a note\n5,9\n", {"comment": "#"}),
        ("'a','b'\n'1','x,y'\n'2','z'\n", {"quote": "'"}),
        ('a,b\n"x\\"y, z",2\n"q",3\n"w",4\n', {"escape": "\\"}),
        ('a,b\n"C:\\",2\n"q",3\n"w",4\n', {}),
        ("a\n1\n2\n3\n", {}),
        ("a b\n1 2\n2 3\n", {"delimiter": " "}),
        ("name of a long column,another long name of a column,x", {}),
        ("name|note\nx|hello world, yes\ny|b, c\n", {"delimiter": "|"}),
        ("a,b\n1\n1,2\n3,4\n", {}),
        ("name,code;amount;date\nx;1,5;2020-01-01\ny;2,5;2020-01-02\n", {"delimiter": ";"}),
        ("a;b\n668.189,63;\n671.747,05;\n311.326,58;\n", {"delimiter": ";"}),
        ("a|b, c\nUlm Ulm|446,63\nUlm|159,06\n", {"delimiter": "|"}),
        ("a\tb\n\t582,990.46\n\t549,118.71\n", {"delimiter": "\t"}),
        ("a;b,c\n413,29;994.353,59\n244,74;443.531,80\n1,37;749.658,99\n", {"delimiter": ";"}),
        ('"a";"b, c"\n"2010-04-09 16:20";"508.084,46"\n"2020-03-25 10:23";"285.165,51"\n', {"delimiter": ";"}),
        ("name;note\nDoe, Jane;Ann, Bo\nRoe, Jo;Cy, Di\n", {"delimiter": ";"}),
        ("a,b\nx;y;z,1\nv;w;u,2\n", {}),
        (
            "Loans 2023\nAs of: today\n\nid;amount;city;bad\n1;5,2 €;Ulm;no\n2;7,1 €;Bonn;no\n3;1,4 €;Ulm;yes\n",
            {"delimiter": ";", "skip_lines": 3},
        ),
        ("a,b\n", {}),
        ("", {}),
    ],
)
def test_layouts(text: str, different: dict[str, object]) -> None:
    result = find_layout(text)
    assert {name: getattr(result, name) for name in PLAIN} == PLAIN | different


def test_the_delimiter_is_found_among_others_in_names_and_cells() -> None:
    random = Random(7)
    wrong = []
    for _ in range(400):
        delimiter = random.choice(",;\t|")
        text = write_mixed(random, delimiter)
        result = find_layout(text)
        if (result.delimiter, result.skip_lines) != (delimiter, 0):
            wrong.append(text)
    assert not wrong, wrong[0]


def write_mixed(random: Random, delimiter: str) -> str:
    """A table with names and cells that hold other delimiters, and decimal commas where they can be."""
    decimal = "." if delimiter == "," else ","
    kinds = [random.choice(("number", "grouped", "word", "prose", "list", "time", "blank")) for _ in range(4)]
    names = [f"{random.choice(('a', 'a b', 'a, b', 'a|b', 'a;b'))}{number}" for number in range(5)]
    rows = [names]
    for number in range(random.choice((3, 5, 20))):
        cells = {
            "number": f"{random.randrange(1000)}{decimal}{random.randrange(100):02d}",
            "grouped": f"{random.randrange(1, 1000)}{'.' if decimal == ',' else ','}{random.randrange(1000):03d}",
            "word": random.choice(("Bern", "Ulm", "")),
            "prose": random.choice(("Bern, Ulm", "Ulm", "on Monday, late")),
            "list": random.choice(("x|y", "x;y", "x")),
            "time": f"2020-01-{number + 1:02d} 10:{random.randrange(60):02d}",
            "blank": "",
        }
        rows.append([str(number), *(cells[kind] for kind in kinds)])
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("piece", [',"""', ',""","""', '"x,', ", '''", "a\",'"])
def test_time_is_linear_with_unclosed_quotes(piece: str) -> None:
    """With a new search from each delimiter, a head of 256 KiB took hours."""
    assert find_layout("a,b\n1,2\n" + piece * (200_000 // len(piece))).delimiter == ","


@pytest.mark.parametrize("share", [2, 3, 10])
@pytest.mark.parametrize(("usual", "other"), [('"', "'"), ("'", '"')])
def test_rows_in_other_quotes_do_not_change_the_layout(usual: str, other: str, share: int) -> None:
    rows = [(other if number % share == 0 else usual, number) for number in range(40)]
    text = "id,name,age\n" + "".join(f"{number},{quote}Anna, {number}{quote},30\n" for quote, number in rows)
    result = find_layout(text)
    assert (result.delimiter, result.skip_lines, result.header_lines, result.width) == (",", 0, 1, 3)
    assert result.quote == usual or share == 2


def test_a_first_customer_in_other_quotes_is_not_a_second_header_line() -> None:
    rows = [[str(number), "Anna", "30"] for number in range(9)]
    cells = [",".join(f"'{cell}'" if row[0] == "0" else f'"{cell}"' for cell in row) for row in rows]
    assert find_layout("\n".join(["id,name,age", *cells])).header_lines == 1
