"""The datasets, all read and typed by the project's own reader."""

import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.tables.dataset import Dataset
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.frames import strings_from_frame
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.schema import ColumnKind
from tests.benchmarks.quality.synthetic import draw_loans_of_cities, draw_outcomes_of_trees, draw_repeated_applications

SBA_ROWS = 100_000
_TAIWAN = "taiwan_default/customers.csv"
_LEAKS = ("ChgOffDate", "ChgOffPrinGr", "BalanceGross", "Term")
"""Known only after the outcome; the term was rewritten when a loan was charged off."""


@dataclass(frozen=True)
class Customers:
    """Where a data set lies and what its columns are for, where the proposal does not say it.

    Attributes:
        path: Below the folder of data sets.
        bad: The target's value that means bad.
        kinds: Of columns whose proposed kind is overruled.
        frame: Reads the file where it must be shaped before it can be typed; None reads it as it is.
    """

    path: str
    target: str
    bad: str
    kinds: dict[str, ColumnKind]
    frame: Callable[[Path], pd.DataFrame] | None = None

    def load(self, folder: Path) -> Dataset:
        """Read and type the file; only labelled rows are kept."""
        path = folder / self.path
        raw = read_strings(path) if self.frame is None else strings_from_frame(self.frame(path))
        schema = propose_schema(raw, self.target).with_outcomes(self.bad).with_kinds(self.kinds)
        return Dataset.from_strings(raw, schema, path.stem)


def read_loans(path: Path) -> pd.DataFrame:
    """All labeled loans as text, with the columns of the file."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        frame = pd.read_csv(stream, dtype=str, keep_default_na=False)
    return frame[frame["MIS_Status"] != ""]


def shape_loans(loans: pd.DataFrame) -> pd.DataFrame:
    """A copy of `read_loans`'s rows with money as numbers, dates as ISO, and without leaks."""
    frame = loans.copy()
    for column in ("DisbursementGross", "GrAppv", "SBA_Appv"):
        frame[column] = frame[column].str.replace(r"[$, ]", "", regex=True)
    for column in ("ApprovalDate", "DisbursementDate"):
        dates = pd.to_datetime(frame[column], format="%d-%b-%y", errors="coerce")
        century = dates.dt.year > 2020  # the file ends in 2014
        dates = dates.where(~century, dates - pd.DateOffset(years=100))
        frame[column] = dates.dt.strftime("%Y-%m-%d").fillna("")
    frame["ApprovalFY"] = frame["ApprovalFY"].str.rstrip("A")
    frame["Sector"] = frame["NAICS"].str[:2]
    frame["IsFranchise"] = np.where(frame["FranchiseCode"].isin(["0", "1"]), "no", "yes")
    return frame.drop(columns=[*_LEAKS, "LoanNr_ChkDgt", "Name", "City", "Zip", "NAICS", "FranchiseCode"])


def _read_sba(path: Path) -> pd.DataFrame:
    """100,000 labeled loans drawn at random."""
    return shape_loans(read_loans(path).sample(SBA_ROWS, random_state=0).sort_index())


LOAN_KINDS: dict[str, ColumnKind] = {
    "Bank": "categorical", "Sector": "categorical", "State": "categorical", "BankState": "categorical",
}  # fmt: skip

DATASETS: dict[str, Customers] = {
    "taiwan": Customers(_TAIWAN, "default.payment.next.month", "1", {"ID": "identifier"}),
    "south_german": Customers("south_german_credit/SouthGermanCredit.asc", "credit_risk", "0", {}),
    "polish_1year": Customers("polish_bankruptcy/1year.csv", "class", "1", {}),
    "polish_5year": Customers("polish_bankruptcy/5year.csv", "class", "1", {}),
    "sba": Customers("sba/SBAnational.csv.xz", "MIS_Status", "CHGOFF", LOAN_KINDS, _read_sba),
    "credit": Customers("modeldata/credit_data.csv", "Status", "bad", {}),
    "mlc_churn": Customers("modeldata/mlc_churn.csv", "churn", "yes", {}),
    "wa_churn": Customers("modeldata/wa_churn.csv", "churn", "Yes", {}),
    "attrition": Customers("modeldata/attrition.csv", "Attrition", "Yes", {}),
    "synthetic_trees": Customers(_TAIWAN, "default.payment.next.month", "1", {}, draw_outcomes_of_trees),
    "synthetic_cities": Customers("", "bad", "1", {}, draw_loans_of_cities),
    "synthetic_repeats": Customers("modeldata/credit_data.csv", "Status", "bad", {}, draw_repeated_applications),
}
