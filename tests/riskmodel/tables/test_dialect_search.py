"""The layout of a text, found from its first lines."""

import pytest

from riskmodel.tables.dialect_search import Layout, count_footer_lines, find_layout

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
        ("name|note\nx|hello world, yes\ny|b, c\n", {"delimiter": "|"}),
        ("a,b\n1\n1,2\n3,4\n", {}),
        ("a,b\n", {}),
        ("", {}),
    ],
)
def test_layouts(text: str, different: dict[str, object]) -> None:
    found = find_layout(text)
    assert {name: getattr(found, name) for name in PLAIN} == PLAIN | different


@pytest.mark.parametrize(
    ("tail", "count"),
    [
        ("3,4\n5,6\n", 0),
        ("3,4\nTotal,10\n", 1),
        ("3,4\nTotal,10\n\n\n", 1),
        ("3,4\nGrand total,10\n(2 rows affected)\n", 2),
        ('3,4\n"合计",10\n', 1),
        ("3,4\n,Summe 10\n", 1),
        ("Totalbank,4\n", 0),
        ("Total,1\n3,4\n", 0),
        ("3,4\n2 rows\n", 1),
        ("3,4\nTotal GmbH,5\n", 0),
        ('3,4\n"Sum, John",5\n', 0),
        ("3,4\n5,3 records found\n", 0),
        ('3,"x\nTotal owed 5"\n', 0),
        ("total,3\npart,3\ntotal,3\n", 0),
        ("total,x\nTotal GmbH,5\n", 0),
        (",\n", 0),
        ("3,4\nTotal,Bern\n", 0),
    ],
)
def test_footers(tail: str, count: int) -> None:
    assert count_footer_lines(tail, Layout(width=2)) == count
