"""Dates as they are written: exactly the day, or none."""

import datetime

import pyarrow as pa
import pytest

from riskmodel.tables.date_proposal import looks_like_dates, propose_date
from riskmodel.tables.dates import find_date_formats, parse_dates

FIRST_OF_MARCH = datetime.date(2015, 3, 1)


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2015年3月1日", "%Y年%m月%d日"),
        ("2015年03月", "%Y年%m月"),
        ("2015-03", "%Y-%m"),
        ("Mar-2015", "%b-%Y"),
        ("1 MAR 15", "%d %b %y"),
        ("01-march-15", "%d-%B-%y"),
        ("Mar 1 2015", "%b %d %Y"),
        ("01MAR2015", "%d%b%Y"),
        ("1/3/2015", "%d/%m/%Y"),
        ("2015-03-01T23:59:59Z", "%Y-%m-%dT%H:%M:%S%z"),
        ("2015-03-01 00:00:00.123+08:00", "%Y-%m-%d %H:%M:%S.%f%z"),
        ("3/1/2015 12:30 am", "%m/%d/%Y %I:%M %p"),
    ],
)
def test_a_way_to_write_the_first_of_march(text: str, date_format: str) -> None:
    assert date_format in find_date_formats(pa.array([text]))
    assert looks_like_dates(pa.array([text]), digits=False)
    assert parse_dates(pa.array([text]), date_format)[0].to_pylist() == [FIRST_OF_MARCH]


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2015年2月30日", "%Y年%m月%d日"),
        ("2015年13月", "%Y年%m月"),
        ("30 Feb 15", "%d %b %y"),
        ("3/1/2015 13:30 PM", "%m/%d/%Y %I:%M %p"),
        ("3/1/2015 0:30 AM", "%m/%d/%Y %I:%M %p"),
        ("2015-03-01T24:00:00Z", "%Y-%m-%dT%H:%M:%S%z"),
        ("2015-03-01T23:00:00+25:00", "%Y-%m-%dT%H:%M:%S%z"),
        ("２０１５-03-01", "%Y-%m-%d"),
    ],
)
def test_what_is_no_date_is_refused(text: str, date_format: str) -> None:
    dates, wrong = parse_dates(pa.array([text]), date_format)
    assert (dates.to_pylist(), wrong.tolist()) == ([None], [True])


def test_one_cell_among_all_tells_whether_the_day_comes_first() -> None:
    both = [f"{1 + i % 12:02d}/{1 + i % 11:02d}/{2000 + i % 20}" for i in range(2000)]
    assert find_date_formats(pa.array(both)) == ("%d/%m/%Y", "%m/%d/%Y")
    assert find_date_formats(pa.array([*both, "13/01/2015"])) == ("%d/%m/%Y",)
    assert find_date_formats(pa.array([*both, "01/13/2015"])) == ("%m/%d/%Y",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2015年03月", "written as %Y年%m月; without a day, the first of the month is meant"),
        ("01/02/2015", "written as %d/%m/%Y; %m/%d/%Y would fit as well: please check"),
        ("2015-03-01T23:59:59Z", "; the time of day is not used, nor is the time zone: days are kept as written"),
    ],
)
def test_what_is_taken_for_granted_is_said(text: str, said: str) -> None:
    column = propose_date("opened", pa.array([text]), digits=False)
    assert column is not None
    assert column.reason.endswith(said)


def test_names_of_may_raise_no_doubt() -> None:
    column = propose_date("opened", pa.array(["01 May 2015"]), digits=False)
    assert column is not None
    assert "please check" not in column.reason
