"""Dates: exactly the written day, or none."""

import datetime
import unicodedata
from collections.abc import Callable
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.tables.coercion.coercion import coerce_table, type_table
from riskmodel.tables.evidence.evidence import ColumnTexts
from riskmodel.tables.proposal.date_proposal import are_likely_dates, propose_date
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.open_table import read_table
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.values.dates import DIGIT_FORMATS, TEXT_FORMATS, find_date_formats, parse_dates, read_dates
from riskmodel.tables.values.special_codes import find_special_days
from tests.real_data import real_data

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
def test_every_format_reads_the_first_of_march(text: str, date_format: str) -> None:
    assert date_format in find_date_formats(pa.array([text]))
    assert are_likely_dates(pa.array([text]), digits=False)
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
        ("0000-01-01", "%Y-%m-%d"),
    ],
)
def test_texts_that_are_not_dates_are_rejected(text: str, date_format: str) -> None:
    dates, wrong = parse_dates(pa.array([text]), date_format)
    assert (dates.to_pylist(), wrong.tolist()) == ([None], [True])


def test_one_cell_among_all_decides_whether_the_day_comes_first() -> None:
    both = [f"{1 + i % 12:02d}/{1 + i % 11:02d}/{2000 + i % 20}" for i in range(2000)]
    assert find_date_formats(pa.array(both)) == ("%d/%m/%Y", "%m/%d/%Y")
    assert find_date_formats(pa.array([*both, "13/01/2015"])) == ("%d/%m/%Y",)
    assert find_date_formats(pa.array([*both, "01/13/2015"])) == ("%m/%d/%Y",)


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("2015年03月", "written as YYYY年MM月; without a day, the first of the month is meant"),
        ("01/02/2015", "written as DD/MM/YYYY; MM/DD/YYYY would fit as well: please check"),
        ("15/03/01", "two-digit years are read as 2001–2100; YY/MM/DD would fit as well: please check"),
        ("01-02-03", "; MM-DD-YY and YY-MM-DD would fit as well: please check"),
        ("2015-03-01T23:59:59Z", "; the time of day is not used, nor is the time zone: days are kept as written"),
    ],
)
def test_assumptions_about_dates_are_stated(text: str, ending: str) -> None:
    column = propose_date("opened", ColumnTexts(pa.chunked_array([[text]])), digits=False)
    assert column is not None
    assert column.reason.endswith(ending)


def test_names_of_may_are_unambiguous() -> None:
    column = propose_date("opened", ColumnTexts(pa.chunked_array([["01 May 2015"]])), digits=False)
    assert column is not None
    assert "please check" not in column.reason


def test_every_format_agrees_with_strptime() -> None:
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


def test_a_text_rejected_by_strptime_is_not_a_date() -> None:
    random = Random(4)
    for day_format in TEXT_FORMATS:
        moment = datetime.date(random.randint(1970, 2060), random.randint(1, 12), random.randint(1, 28))
        letters = list(moment.strftime(day_format))
        texts = []
        for _ in range(60):
            place = random.randrange(len(letters))
            new = random.choice(["", "0", "3", "9", "-", "/", " ", "a", "年"])
            texts.append("".join([*letters[:place], new, *letters[place + random.randrange(2) :]]))
        for text, result in zip(texts, parse_dates(pa.array(texts), day_format)[0].to_pylist(), strict=True):
            if result is not None:
                assert datetime.datetime.strptime(text.strip(), day_format).date() == result, (day_format, text)


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


DAYS = [FIRST_OF_MARCH + datetime.timedelta(days=3 * row) for row in range(300)]
SPELLINGS = {
    "%Y-%m-%d": "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S": "%Y-%m-%d 10:30:05",
    "%Y-%m-%dT%H:%M:%S.%f": "%Y-%m-%dT10:30:05.123",
    "%Y-%m-%dT%H:%M:%S%z": "%Y-%m-%dT23:30:05Z",
    "%Y-%m-%d %H:%M:%S%z": "%Y-%m-%d 23:30:05+05:30",
    "%Y-%m-%d %I:%M %p": "%Y-%m-%d 11:30 PM",
    "%d %b %Y": "%d %b %Y",
    "%Y/%m/%d": "%Y/%m/%d",
}


def propose(cells: list[str], name: str = "opened") -> Column:
    return propose_schema(pa.table({name: cells})).column(name)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=1, max_size=4), st.sampled_from(sorted(SPELLINGS)))
def test_a_column_of_several_unambiguous_spellings_holds_dates_and_reads_any_other(
    mixed: list[str], other: str
) -> None:
    raw = pa.table({"opened": [day.strftime(SPELLINGS[mixed[row % len(mixed)]]) for row, day in enumerate(DAYS)]})
    schema = propose_schema(raw)
    assert schema.column("opened").kind == "date"
    assert type_table(raw, schema)["opened"].to_pylist() == DAYS
    scored = pa.table({"opened": [day.strftime(SPELLINGS[other]) for day in DAYS]})
    assert type_table(scored, schema)["opened"].to_pylist() == DAYS


def test_ambiguous_dates_are_not_read_in_another_format() -> None:
    texts = ["13/01/2015", "13/01/2015 10:30", "2015-01-13", "13-01-2015", "01.02.2015", "13/01/15", "13/01/2015 25:00"]
    assert read_dates(pa.array(texts), "%d/%m/%Y")[1].tolist() == [False] * 3 + [True] * 4


def test_zero_dates_and_distant_days_are_proposed_as_missing() -> None:
    cells = [*map(str, DAYS), *["0000-00-00"] * 200, *["9999-12-31"] * 30, "1900-01-01", "#WERT!", "n/k"]
    column = propose(cells)
    assert (column.kind, column.date_format) == ("date", "%Y-%m-%d")
    assert column.extra_markers == ("0000-00-00", "#WERT!", "n/k", "9999-12-31", "1900-01-01")
    assert column.reason == (
        "dates from 2015-03-01 to 2017-08-14, written as YYYY-MM-DD; 202 of 533 cells are no dates: '0000-00-00' (200 "
        "cells, first in row 301), '#WERT!' (row 532) and 'n/k' (row 533): proposed as missing, please check; "
        "1900-01-01 and 9999-12-31 stand for no date: proposed as missing, please check"
    )
    later = type_table(
        pa.table({"opened": ["9999-12-31T00:00:00", "0000-00-00", "2015-03-01"]}), Schema(columns=(column,))
    )
    assert later["opened"].to_pylist() == [None, None, FIRST_OF_MARCH]


@pytest.mark.parametrize(
    ("date_format", "zero"),
    [("%d/%m/%Y", "00/00/0000"), ("%Y-%m-%d", "1900-01-00"), ("%m/%d/%Y", "1/0/1900"), ("%Y%m%d", "0")],
)
def test_zero_dates_in_several_formats(date_format: str, zero: str) -> None:
    column = propose([day.strftime(date_format) for day in DAYS] + [zero] * 400, "opened_date")
    assert (column.kind, column.date_format, column.extra_markers) == ("date", date_format, (zero,))


def test_a_first_day_near_the_others_is_a_date() -> None:
    assert find_special_days(pa.array([datetime.date(1900, 1, 1), datetime.date(1904, 5, 6)])) == []
    assert propose([str(datetime.date(1890 + row % 90, 1 + row % 12, 1)) for row in range(300)]).missing_markers is None


def test_the_times_of_the_case_are_dates_in_every_spelling() -> None:
    folder = real_data("../cases/05-times-mixed-fraction/train.csv").parent
    schema = propose_schema(read_table(folder / "train.csv"), "defaulted")
    assert schema.column("application_time").kind == "date"
    result = [
        coerce_table(read_table(folder / name), schema, ["application_time"])
        for name in ("score_T.csv", "score_day.csv", "score_ts.parquet")
    ]
    assert [unparsable for _, unparsable in result] == [{}, {}, {}]
    assert result[0][0].equals(result[1][0]) and result[0][0].equals(result[2][0])


LANGUAGES = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
ABBREVIATIONS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Jan. Feb. Mrz Apr. Mai Jun Jul Aug. Sept. Okt. Nov. Dez.",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "nl": "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
}
DATE_FORMS = {
    "{d} {long} {Y}": tuple(LANGUAGES),
    "{d:02d} {short} {Y}": tuple(LANGUAGES),
    "{d}-{short}-{y:02d}": tuple(LANGUAGES),
    "{d}. {long} {Y}": ("de",),
    "{d} de {long} de {Y}": ("es", "pt"),
    "{d}º de {long} de {Y}": ("es", "pt"),
    "{d}er {long} {Y}": ("fr",),
    "{long} {d}, {Y}": ("en",),
    "{short} {d}th, {Y}": ("en",),
    "{d}th {long} {Y}": ("en",),
    "{d:02d}{short}{Y}": tuple(LANGUAGES),
}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([(form, language) for form, languages in DATE_FORMS.items() for language in languages]),
    st.sampled_from([str, str.upper, str.lower]),
    st.sampled_from(["NFC", "NFD"]),
    st.sampled_from([" ", "\u00a0", "\u202f"]),
    st.lists(st.dates(datetime.date(1971, 1, 1), datetime.date(2068, 12, 31)), min_size=30, max_size=40, unique=True),
)
def test_a_date_in_any_language_is_its_day_and_a_model_of_iso_dates_reads_it_too(
    form: tuple[str, str], case: Callable[[str], str], unicode_form: str, space: str, days: list[datetime.date]
) -> None:
    long, short = LANGUAGES[form[1]].split(), ABBREVIATIONS[form[1]].split()
    texts = []
    for day in days:
        names = {"long": long[day.month - 1], "short": short[day.month - 1]}
        text = case(form[0].format(d=day.day, Y=day.year, y=day.year % 100, **names)).replace(" ", space)
        texts.append(unicodedata.normalize(unicode_form, text))
    column = propose([*texts, *texts])
    assert column.kind == "date", (texts, column.reason)
    # Two digits do not determine the century; 1971 to 2070 is expected here.
    column = column.model_copy(update={"first_year": 1971 if "y" in (column.date_format or "") else None})
    raw = pa.table({"opened": texts})
    assert type_table(raw, Schema(columns=(column,)))["opened"].to_pylist() == days
    if "{Y}" in form[0]:
        assert type_table(raw, Schema(columns=(Column(name="opened", kind="date"),)))["opened"].to_pylist() == days


@pytest.mark.parametrize(
    "texts",
    [
        ["May", "Mar", "Jan", "Mai"],
        [f"{number} Downing" for number in range(1, 60)],
        ["1st", "2nd", "3rd", "4th"],
        [f"SET-{number}" for number in range(10, 60)],
        [f"OUT {number}" for number in range(2010, 2060)],
        [f"{number} Mai Street {number + 10}" for number in range(1, 20)],
        [f"{number // 7}.{number % 7}.{number % 3}" for number in range(60)],
        [f"10.0.{number}.1" for number in range(60)],
        [f"{number} months" for number in range(12, 60)],
        [f"{number} set {number}" for number in range(40, 70)],
        [f"2023-Q{quarter}" for quarter in range(1, 5)],
        [f"{number}-{number + 2} years" for number in range(40)],
        [f"{number:08d}" for number in range(20230101, 20230161)],
    ],
)
def test_texts_that_resemble_dates_are_not_dates(texts: list[str]) -> None:
    assert propose(texts * 3, "note").kind != "date"


@pytest.mark.parametrize("date_format", ["%Y%m%d", "%Y%m", "%Y.%m", "%m.%Y"])
def test_digits_that_are_days_or_months_are_dates_under_any_name(date_format: str) -> None:
    column = propose([day.strftime(date_format) for day in DAYS] * 2, "valor")
    assert (column.kind, column.date_format) == ("date", date_format)


@pytest.mark.parametrize(
    "texts",
    [
        [f"{200_000 + 1000 * number}" for number in range(60)],
        [f"{19_000_000 + 137_911 * number}" for number in range(60)],
        [f"{number}.{1900 + 7 * number}" for number in range(10, 60)],
        [f"{2000 + number}.{number}" for number in range(10, 60)],
    ],
)
def test_numbers_whose_digits_are_not_dates_stay_numbers(texts: list[str]) -> None:
    assert propose(texts * 2, "valor").kind == "numerical"


@pytest.mark.parametrize("year", [1402, 2566])
def test_years_of_another_calendar_are_questioned(year: int) -> None:
    column = propose([f"{year + row // 150}/{1 + row % 12}/{1 + row % 28}" for row in range(300)] * 2)
    assert column.kind == "date"
    assert (
        f"dates from {year}-01-01 to {year + 1}-12-28, written as YYYY/MM/DD, years that are unlikely in the Gregorian "
        "calendar, which is the only one read: please check"
    ) in column.reason


def test_dates_in_two_orders_are_ambiguous_with_rows_and_remedy() -> None:
    texts = [day.strftime("%d/%m/%Y" if row % 2 else "%m/%d/%Y") for row, day in enumerate(DAYS)]
    column = propose(texts)
    assert column.kind == "ignored"
    assert column.reason == (
        "ambiguous dates: 90 cells are dates only with the day first: '16/03/2015' (row 6), '22/03/2015' (row 8), "
        "'28/03/2015' (row 10) and 87 more texts, 90 cells are dates only with the month first: '03/13/2015' (row 5),"
        " '03/19/2015' (row 7), '03/25/2015' (row 9) and 87 more texts, and 120 could be either: write all dates in "
        "one order, or make it a date column with the format DD/MM/YYYY or MM/DD/YYYY, and read the others as missing "
        "or reject their rows"
    )
    with_iso = propose([*map(str, DAYS), *texts, *texts, ""])
    assert with_iso.reason.startswith("ambiguous dates: 180 cells are dates only with the day first")
    mostly = propose([*(day.strftime("%d/%m/%Y") for day in DAYS), "01/31/2016"])
    assert (mostly.kind, mostly.date_format, mostly.extra_markers) == ("date", "%d/%m/%Y", ("01/31/2016",))
    assert "1 cell is a date only with the month first: '01/31/2016' (row 301)" in mostly.reason
