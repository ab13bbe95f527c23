"""Arithmetic of the quality benchmark: folds, paired differences, resumed figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import TARGET, write_sample
from tests.benchmarks.quality.__main__ import Store
from tests.benchmarks.quality.out_of_time import draw_loans, format_rows, make_fold
from tests.benchmarks.quality.peers import PEERS, make_frame
from tests.benchmarks.quality.protocol import make_folds, run_peer
from tests.benchmarks.quality.report import format_summary, format_table, paired_difference
from tests.benchmarks.quality.synthetic import draw_loans_of_cities, draw_repeated_applications


def test_the_paired_interval_is_students() -> None:
    own, other = [0.80, 0.78, 0.79, 0.81, 0.77], [0.79, 0.78, 0.77, 0.80, 0.77]
    mean, half = paired_difference(own, other)
    low, high = stats.ttest_rel(own, other).confidence_interval(0.95)
    assert (mean - half, mean + half) == pytest.approx((low, high))


def test_folds_are_stratified_and_every_row_is_tested_once() -> None:
    bad = np.array(([1] * 20 + [0] * 80) * 2 + [-1] * 10, np.int8)
    folds = make_folds(bad)
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(200))
    for fold in folds:
        assert len(fold.train) + len(fold.held_out) + len(fold.test) == 200
        assert not set(fold.train) & set(fold.held_out) and not set(fold.test) & {*fold.train, *fold.held_out}
        assert [bad[rows].mean() for rows in (fold.train, fold.held_out, fold.test)] == pytest.approx(
            [0.2] * 3, abs=0.02
        )


def test_figures_of_another_version_are_dropped_and_others_are_kept(tmp_path: Path) -> None:
    path, probability = tmp_path / "results" / "quality.json", np.array([0.5])
    Store(path).put("taiwan", "fast", 0, "one", {"auc": 0.7}, probability)
    again = Store(path)
    assert again.has("taiwan", "fast", 0, "one") and not again.has("taiwan", "fast", 1, "one")
    assert not again.has("taiwan", "fast", 0, "two")
    again.put("taiwan", "fast", 1, "two", {"auc": 0.8}, probability)
    assert again.content["results"]["taiwan"] == {"fast": {"1": {"auc": 0.8}}}


def test_calibration_is_judged_on_the_customers_of_all_folds_together(tmp_path: Path) -> None:
    bad = np.tile([1, 0], 500).astype(np.int8)
    folds = make_folds(bad)
    store = Store(tmp_path / "quality.json")
    for number, fold in enumerate(folds):
        # Off by .1 upwards in some folds and downwards in others.
        store.put("set", "fast", number, "one", {"auc": 0.5}, np.full(len(fold.test), 0.6 if number < 3 else 0.4))
    store.pool("set", bad, folds)
    assert store.content["pooled_ece"]["set"]["fast"] == pytest.approx(0.1)
    store.put("set", "even", 0, "one", {"auc": 0.5}, np.full(len(folds[0].test), 0.5))
    store.pool("set", bad, folds)
    assert store.content["pooled_ece"]["set"]["even"] == pytest.approx(0.0)


def test_the_table_compares_with_the_best_peer() -> None:
    def folds(*pairs: tuple[float, float]) -> dict[str, dict[str, float]]:
        rest = {"ks": 0.4, "brier": 0.1, "ece": 0.01, "seconds": 2.0}
        return {str(fold): {"auc": auc, "log_loss": loss, **rest} for fold, (auc, loss) in enumerate(pairs)}

    fast, catboost = folds((0.80, 0.40), (0.82, 0.39)), folds((0.79, 0.41), (0.80, 0.40))
    results = {"set": {"fast": fast, "CatBoost": catboost, "logistic": folds((0.70, 0.50), (0.70, 0.50))}}
    first = next(
        line for line in format_table(results, {"set": {"fast": 0.012345}}).splitlines() if line.startswith("| fast")
    )
    assert "| 2 | 0.8100 ± 0.0141 |" in first and "| 2.0 | 0.0123 |" in first
    assert "+0.0150 ± 0.0635 (CatBoost)" in first and "-0.0100 ± 0.0000 (CatBoost)" in first


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_trains_on_the_sample_and_is_calibrated(tmp_path: Path, name: str) -> None:
    write_sample(tmp_path / "customers.csv", 1_500, seed=3)
    dataset = Dataset.from_file(tmp_path / "customers.csv", target=TARGET)
    frame, bad = make_frame(dataset), dataset.bad()
    assert isinstance(frame["region"].dtype, pd.CategoricalDtype) and frame["annual_income"].dtype == np.float64
    plain, calibrated = (figures for _, figures, _ in run_peer(name, frame, bad, make_folds(bad)[0]))
    assert plain["auc"] == pytest.approx(calibrated["auc"], abs=0.005) and plain["auc"] > 0.65
    assert 0 < plain["ece"] < 0.2 and 0.2 < plain["log_loss"] < 0.7


def test_loans_are_drawn_from_their_period_and_tested_in_its_order() -> None:
    year = np.array([1999, 2008, 2004, 2005, 2006, 2007, 2008, 2001, 2009, 2003, 2002, 2000])
    drawn = draw_loans(year, 5)
    assert {period: set(year[rows]) for period, rows in drawn.items()} == {
        "train": set(year[drawn["train"]]), "2005–2006": {2005, 2006}, "2008": {2008},
    }  # fmt: skip
    assert len(drawn["train"]) == 5 and max(year[drawn["train"]]) <= 2004
    places = {"train": np.arange(10), "2005–2006": np.arange(10, 12), "2008": np.arange(12, 15)}
    bad = np.array([0, 1] * 5 + [1, 0, 0, 1, 1], np.int8)
    fold = make_fold(bad, places)
    assert fold.test.tolist() == [10, 11, 12, 13, 14]
    assert (len(fold.train), len(fold.held_out)) == (8, 2) and bad[fold.held_out].sum() == 1
    probability = np.array([0.9, 0.2, 0.1, 0.2, 0.3])
    rows = format_rows("fast", bad[fold.test], probability, {"2005–2006": np.arange(2), "2008": np.arange(2, 5)}, 1.0)
    first, second = ([cell.strip() for cell in row.split("|")[1:-1]] for row in rows.splitlines())
    assert first[:3] == ["2005–2006", "fast", "1.0000"] and first[-3:] == ["0.5000", "0.5500", "1.0"]
    assert second[:3] == ["2008", "fast", "1.0000"] and second[-3:] == ["0.6667", "0.2000", "1.0"]


def test_the_summary_compares_each_preset_with_the_best_peer_of_each_figure() -> None:
    def folds(aucs: list[float], losses: list[float]) -> dict[str, dict[str, float]]:
        pairs = enumerate(zip(aucs, losses, strict=True))
        return {str(fold): {"auc": auc, "log_loss": loss} for fold, (auc, loss) in pairs}

    models = {
        "logistic": folds([0.70, 0.72], [0.40, 0.42]),
        "CatBoost": folds([0.74, 0.76], [0.45, 0.47]),
        "fast": folds([0.75, 0.79], [0.42, 0.42]),
    }
    lines = format_summary({"loans": models, "cards": {"CatBoost": models["CatBoost"]}}, ["fast", "best"]).splitlines()
    assert len(lines) == 3
    cells = [cell.strip() for cell in lines[2].split("|")[1:-1]]
    # Student's t with one degree of freedom: half the width is 12.706 · deviation ÷ √2.
    assert cells[:5] == ["loans", "fast", "2", "0.7700", "0.7500 (CatBoost)"]
    assert cells[5] == "+0.0200 ± 0.1271"
    assert cells[6:] == ["0.4200", "0.4100 (logistic)", "+0.0100 ± 0.1271"]


def test_one_fold_has_no_interval() -> None:
    one = {"0": {"auc": 0.75, "log_loss": 0.4}}
    line = format_summary({"loans": {"CatBoost": one, "fast": one}}, ["fast"]).splitlines()[2]
    assert line == "| loans | fast | 1 | 0.7500 | 0.7500 (CatBoost) | +0.0000 | 0.4000 | 0.4000 (CatBoost) | +0.0000 |"


def test_half_of_the_signal_of_synthetic_loans_is_in_the_city() -> None:
    loans = draw_loans_of_cities(Path())
    assert len(loans) == 60_000 and 0.2 < loans["bad"].mean() < 0.3
    counts = loans["city"].value_counts()
    assert 5_000 < len(counts) <= 10_000
    frequent = loans[loans["city"].isin(counts.index[counts >= 200])]
    by_city = frequent.groupby("city")["bad"].mean()
    # By chance the bad rates of cities of 200 loans and more would vary by .03 at most.
    assert by_city.std() > 0.08


def test_the_applications_of_a_customer_have_one_outcome_and_similar_numbers(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    applicants = pd.DataFrame(
        {
            "Status": np.where(random.random(1_600) < 0.3, "bad", "good"),
            "Name": [f"N{number}" for number in range(1_600)],
            "Income": 1000.0,
        }
    )
    applicants.to_csv(tmp_path / "applicants.csv", index=False)
    frame = draw_repeated_applications(tmp_path / "applicants.csv")
    by_name = frame.groupby("Name")
    assert len(by_name) == 1_500 and (by_name["Status"].nunique() == 1).all()
    assert by_name.size().mean() == pytest.approx(4, abs=0.2) and by_name.size().min() == 1
    assert frame["Income"].isna().mean() == pytest.approx(0.1, abs=0.02)
    assert np.log(frame["Income"] / 1000).std() == pytest.approx(0.05, abs=0.005)
