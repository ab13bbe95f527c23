"""The risk model: from a customer's row to a probability, points and a band."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.config.run import RunConfig
from riskmodel.errors import BundleError, ConfigError, DataError, RiskModelError
from riskmodel.evaluation.metrics import Metrics
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.features.summary import UnseenLevels
from riskmodel.scoring.model.bundle import parse_json, parse_texts, read_bundle, to_json, write_bundle
from riskmodel.scoring.model.calibrator import Calibrator, read_calibrator
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.onnx_graph import check_graph
from riskmodel.scoring.model.ranges import OutsideCells, check_scale, count_outside
from riskmodel.scoring.model.reference import Reference
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.scoring.model.stability import count_columns
from riskmodel.tables.arrow import Array
from riskmodel.tables.coercion.coercion import Unparsable, coerce_table, describe_expected
from riskmodel.tables.evidence.evidence import list_texts
from riskmodel.tables.schema.matching import ColumnMatch, match_columns
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import count

if TYPE_CHECKING:
    import pandas as pd

NOT_FINITE = "the model's result is not a finite number"
"""Reason for not scoring a row with readable cells."""

_FAULTS = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, MemoryError)

FILES = (
    "schema.json",
    "preprocessor.json",
    "preprocessor.npz",
    "network.onnx",
    "calibrator.json",
    "scale.json",
    "config.json",
    "metrics.json",
    "reference.json",
    "environment.json",
)


@dataclass(frozen=True, eq=False)
class ScoredBatch:
    """The scores of n rows.

    Attributes:
        probability: float64 (n,), P(bad) in [0, 1]; NaN for rows that cannot be scored.
        score: float64 (n,), whole points; NaN likewise.
        band: string (n,), null likewise.
        reason: string (n,), reason for not scoring the row; null for scored rows.
        unseen: columns with unseen categories.
        unparsable: columns with cells that could not be read.
        num_present: by column, cells that are not missing and can be read.
        outside: by numerical column, numbers outside the range of the training file.
        column_counts: by column, rows in the bins of the training file, int64.
    """

    probability: npt.NDArray[np.float64]
    score: npt.NDArray[np.float64]
    band: Array
    reason: Array
    unseen: dict[str, UnseenLevels]
    unparsable: dict[str, Unparsable]
    num_present: dict[str, int]
    outside: dict[str, OutsideCells]
    column_counts: dict[str, npt.NDArray[np.int64]]


@dataclass(frozen=True, eq=False, kw_only=True)
class RiskModel:
    """A trained model that scores through ONNX Runtime, from any number of threads.

    Attributes:
        schema: the columns of the training file and their roles.
        preprocessor: fitted on the training rows.
        network: the network, as ONNX.
        calibrator: from log-odds to probabilities.
        scale: from probabilities to points and bands.
        config: configuration of the run.
        metrics: by part of the split (``"validation"``, ``"test"``).
        environment: versions of the training libraries.
        reference: statistics of the training file.

    Example:
        >>> model = RiskModel.load("runs/run-0123456789/model")  # doctest: +SKIP
        >>> model.predict_probability(frame)  # doctest: +SKIP
    """

    schema: Schema
    preprocessor: Preprocessor
    network: OnnxNetwork
    calibrator: Calibrator
    scale: ScoreScale
    config: RunConfig
    metrics: dict[str, Metrics]
    environment: dict[str, str]
    reference: Reference

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the bundle atomically, with checksums.

        Raises:
            BundleError: `folder` exists.
            OSError: disk full or no permission.
        """
        write_bundle(
            folder,
            {
                "schema.json": self.preprocessor.schema.to_json().encode(),
                **self.preprocessor.to_files(),
                "network.onnx": self.network.content,
                "calibrator.json": self.calibrator.to_json().encode(),
                "scale.json": self.scale.to_json().encode(),
                "config.json": self.config.to_json().encode(),
                "metrics.json": to_json({part: figures.to_dict() for part, figures in self.metrics.items()}),
                "reference.json": self.reference.to_json(),
                "environment.json": to_json(self.environment),
            },
        )

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Self:
        """Read a bundle that this program wrote; only the network's arithmetic is executed.

        Raises:
            BundleError: the folder is not a bundle, a file is missing or altered, or has content that this program
                does not write, or the network's result for a row depends on other rows.
        """
        try:
            files = read_bundle(folder, FILES)
            check_graph(files["network.onnx"])
            model = cls._from_files(files)
            model.network.check_independence(model.preprocessor.input_shape_)
            return model
        except BundleError:
            raise
        except (*_FAULTS, RiskModelError) as error:
            raise BundleError(
                f"The model in '{folder}' has content that this version did not write ({error}). Restore the folder "
                "from its source, or train again."
            ) from error

    @classmethod
    def _from_files(cls, files: Mapping[str, bytes]) -> Self:
        metrics = parse_json(files["metrics.json"], "metrics.json")
        schema, preprocessor = Schema.from_json(files["schema.json"]), Preprocessor.from_files(files)
        if schema != preprocessor.schema:
            raise ValueError("the schemas of 'schema.json' and 'preprocessor.json' differ")
        return cls(
            schema=schema,
            preprocessor=preprocessor,
            network=OnnxNetwork(files["network.onnx"]),
            calibrator=read_calibrator(files["calibrator.json"]),
            scale=ScoreScale.from_json(files["scale.json"]),
            config=RunConfig.from_json(files["config.json"]),
            metrics={part: Metrics.from_dict(values) for part, values in metrics.items()},
            environment=parse_texts(files["environment.json"], "environment.json"),
            reference=Reference.from_json(files["reference.json"]),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns required for scoring."""
        return self.preprocessor.inputs_used

    def describe_target(self) -> str:
        """Description of the bad values and their share in the training file."""
        bad = f"Probability of {list_texts(self.schema.bad_values, 'or')} in '{self.schema.target}' (bad)"
        outcomes = self.reference.training_outcomes
        if not outcomes:
            return bad
        num_bads = outcomes["bad"]
        labeled = num_bads + outcomes["good"]
        customers = count(labeled, "customer")
        return f"{bad}: {num_bads:,} of {customers} in the training file, {num_bads / max(labeled, 1):.1%}"

    def match(self, names: list[str] | tuple[str, ...]) -> ColumnMatch:
        """Match of a file's columns with the model's."""
        return match_columns(self.columns, names, self.schema.names)

    def predict_probability(self, frame: pd.DataFrame | pa.Table) -> npt.NDArray[np.float64]:
        """P(bad) of every row, in order.

        Args:
            frame: n rows; columns are matched by name, others are ignored. Numbers and dates may
                be typed or text as in a file.

        Returns:
            float64 (n,) in [0, 1].

        Raises:
            DataError: a column is missing, or a value is invalid (column, row, value).
            BundleError: the network's result for a row is not finite.
        """
        return self.predict_typed(self._typed(frame))

    def _typed(self, frame: pd.DataFrame | pa.Table) -> pa.Table:
        """The model's columns, typed; errors as for `predict_probability`."""
        names = frame.column_names if isinstance(frame, pa.Table) else [str(name) for name in frame.columns]
        self.match(names).check()
        raw, schema = self._as_strings(frame)
        typed, unparsable = coerce_table(raw, schema, self.columns)
        if unparsable:
            name, cells = next(iter(unparsable.items()))
            expected = describe_expected(schema.column(name), cells.count)
            raise DataError(
                f"Column '{name}' has {count(cells.count, 'value that is', 'values that are')} not {expected} (first: "
                f"{cells.first_value!r} in row {cells.first_row:,}). Fix them, or score the file: its other rows get "
                "their scores and these a reason."
            )
        check_scale(typed, self.schema, schema, self.reference.training_ranges)
        return typed

    def predict_typed(self, table: pa.Table) -> npt.NDArray[np.float64]:
        """P(bad), float64 (n,) in [0, 1], of a table typed by the model's schema, such as a `Dataset`'s.

        Raises:
            BundleError: the network's result for a row is not finite.
        """
        probability = self._probability(table)
        wrong = np.flatnonzero(np.isnan(probability))
        if len(wrong):
            raise BundleError(
                f"The model's result is not a finite number for {len(wrong):,} of {len(probability):,} rows (first: "
                f"row {wrong[0] + 1:,}). Check these rows for extreme values, or train the model again."
            )
        return probability

    def _probability(self, table: pa.Table) -> npt.NDArray[np.float64]:
        """P(bad), float64 (n,); NaN if the network's result is not finite."""
        log_odds = self.network.log_odds(self.preprocessor.transform(table))
        probability = self.calibrator.to_probability(log_odds)
        return np.where(np.isfinite(log_odds) & np.isfinite(probability), probability, np.nan)

    def contributions(self, frame: pd.DataFrame | pa.Table) -> pd.DataFrame:
        """Exact contributions of the columns to a customer's log-odds; additive networks only.

        Args:
            frame: n rows, as for `predict_probability`.

        Returns:
            float64, one row per customer and one column per input column; the log-odds before calibration are their
            sum and a constant, ``attrs["base"]``.

        Raises:
            ConfigError: the network is not a single additive one.
            DataError: as for `predict_probability`.
        """
        import pandas as pd

        inputs = self.preprocessor.transform(self._typed(frame))
        values = self.network.contributions(inputs)
        if values is None:
            raise ConfigError(
                "Exact contributions need a single additive network; this model has interactions. Train the "
                "preset 'explainable'."
            )
        found = pd.DataFrame(values.astype(np.float64), columns=list(self.preprocessor.input_shape_.columns))
        rest = self.network.log_odds(inputs) - values.sum(axis=1)
        found.attrs["base"] = float(np.median(rest)) if len(rest) else 0.0
        return found

    def score_batch(self, raw: pa.RecordBatch | pa.Table) -> ScoredBatch:
        """Score n rows of text from a file.

        Rows with a cell that cannot be read, or for which the network's result is not finite, get a reason instead.

        Raises:
            DataError: a column is missing.
        """
        table = pa.Table.from_batches([raw]) if isinstance(raw, pa.RecordBatch) else raw
        self.match(table.column_names).check()
        typed, unparsable = coerce_table(table, self.schema, self.columns)
        probability = self._probability(typed)
        for cells in unparsable.values():
            probability[cells.mask] = np.nan
        failed = np.isnan(probability)
        score = self.scale.to_score(probability)
        return ScoredBatch(
            probability=probability,
            score=score,
            band=pa.array(self.scale.to_band(score), pa.string(), mask=failed),
            reason=self._reasons(table, unparsable, failed),
            unseen=self.preprocessor.unseen_levels(typed),
            unparsable=unparsable,
            num_present={name: len(typed) - typed[name].null_count for name in self.columns},
            outside=count_outside(typed, self.reference.training_ranges),
            column_counts=count_columns(typed, self.reference.training_bins),
        )

    def reason_for(self, column: str) -> str:
        """Reason for not scoring a row with an unreadable cell in this column."""
        return f"'{column}' is not {describe_expected(self.schema.column(column), 1)}"

    def _reasons(self, table: pa.Table, unparsable: dict[str, Unparsable], failed: npt.NDArray[np.bool_]) -> Array:
        reasons: list[str | None] = [None] * len(failed)
        for row in np.flatnonzero(failed):
            wrong = [name for name, cells in unparsable.items() if cells.mask[row]]
            reasons[row] = (
                "; ".join(f"{self.reason_for(name)}: {table[name][int(row)].as_py()}" for name in wrong) or NOT_FINITE
            )
        return pa.array(reasons, pa.string())

    def _as_strings(self, frame: pd.DataFrame | pa.Table) -> tuple[pa.Table, Schema]:
        """The model's columns as text, and the schema for reading them."""
        from riskmodel.tables.reading.frames import read_columns

        raw, typed = read_columns(frame, self.columns)
        # Typed values were just written in plain formats; an empty cell is a missing value here.
        return raw, self.schema.written_plainly(typed).with_marker("")
