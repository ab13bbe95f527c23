"""Dates as they are written: exactly the day, or none."""

import datetime
from random import Random

import pyarrow as pa
import pytest

from riskmodel.tables.date_proposal import looks_like_dates, propose_date
from riskmodel.tables.dates import DIGIT_FORMATS, TEXT_FORMATS, find_date_formats, parse_dates

TIMES = (" %H:%M:%S", "T%H:%M:%S.%f", "T%H:%M:%S%z", " %H:%M", " %I:%M:%S %p", " %I:%M%p")
FIRST_OF_MARCH = datetime.date(2015, 3, 1)


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2015年3月1日", "%Y年%m月%d日"),
        ("2015年03月", "%Y年%m月"),
        ("2015-03", "%Y-%m"),
        ("Mar-2015", "%b-%Y"),
        ("MAR-15", "%b-%y"),
        ("15/03/01", "%y/%m/%d"),
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
        ("0000-01-01", "%Y-%m-%d"),
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
        ("15/03/01", "two-digit years are read as 2001–2100; %y/%m/%d would fit as well: please check"),
        ("01-02-03", "; %m-%d-%y and %y-%m-%d would fit as well: please check"),
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


def test_every_format_means_what_strptime_means_by_it() -> None:
    random = Random(3)
    for date_format in (day + time for day in (*TEXT_FORMATS, *DIGIT_FORMATS) for time in ("", *TIMES)):
        years = (1969, 2068) if "%y" in date_format else (1000, 9998)
        texts = []
        for case in (str, str.upper, str.lower):
            moment = datetime.datetime(
                *(random.randint(*years), random.randint(1, 12), random.randint(1, 28)),
                *(random.randrange(24), random.randrange(60), random.randrange(60), random.randrange(10**6)),
                tzinfo=datetime.timezone(datetime.timedelta(minutes=random.randint(-1439, 1439))),
            )
            texts.append(moment.strftime(date_format) if "T%" in date_format else case(moment.strftime(date_format)))
        expected = [datetime.datetime.strptime(text, date_format).date() for text in texts]
        assert parse_dates(pa.array(texts), date_format)[0].to_pylist() == expected, (date_format, texts)


def test_a_text_that_strptime_refuses_is_no_date_either() -> None:
    random = Random(4)
    for day_format in TEXT_FORMATS:
        moment = datetime.date(random.randint(1970, 2060), random.randint(1, 12), random.randint(1, 28))
        letters = list(moment.strftime(day_format))
        texts = []
        for _ in range(60):
            place = random.randrange(len(letters))
            new = random.choice(["", "0", "3", "9", "-", "/", " ", "a", "年"])
            texts.append("".join([*letters[:place], new, *letters[place + random.randrange(2) :]]))
        for text, found in zip(texts, parse_dates(pa.array(texts), day_format)[0].to_pylist(), strict=True):
            if found is not None:
                assert datetime.datetime.strptime(text.strip(), day_format).date() == found, (day_format, text)


@pytest.mark.parametrize(
    ("texts", "first_year", "years"),
    [
        (["01.01.62", "01.01.99", "01.01.14"], 1962, [1962, 1999, 2014]),
        (["01.01.70", "01.01.69"], 1920, [1970, 1969]),
        (["01.01.70", "01.01.19"], 1920, [1970, 2019]),
    ],
)
def test_two_digit_years_lie_in_the_hundred_from_the_first(texts: list[str], first_year: int, years: list[int]) -> None:
    dates, _ = parse_dates(pa.array(texts), "%d.%m.%y", first_year)
    assert [date.year for date in dates.to_pylist()] == years
