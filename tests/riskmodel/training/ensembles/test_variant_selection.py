"""Encodings chosen by validation: learners of one architecture compete on the first fold."""

from pathlib import Path

import numpy as np
import pytest

from riskmodel.config.run import RunConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.cost import MachineSpeed, estimate_seconds
from riskmodel.sizing.size import count_run_parameters
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split
from riskmodel.training.ensembles.blend import to_log_odds
from riskmodel.training.ensembles.members import MemberMaker
from riskmodel.training.ensembles.variant_selection import DroppedVariant, VariantSelection, train_variants
from riskmodel.training.entry import train
from riskmodel.training.fitting.calibration import log_loss
from riskmodel.training.fitting.fit import NetworkFit
from riskmodel.training.training_data import TrainingData
from tests.riskmodel.training.customers import Recorder, make_customers
from tests.riskmodel.training.ensembles.test_ensemble import Store, assert_same_log_odds, figures

pytestmark = pytest.mark.slow

ROWS = 240
INPUTS, BAD = make_customers(ROWS)
SHAPE = InputShape(4, (3,))
FOLDS = [
    (np.flatnonzero(np.arange(ROWS) % 3 != fold), np.flatnonzero(np.arange(ROWS) % 3 == fold)) for fold in range(3)
]
TRAINING = {"epochs": 4, "batch_size": 32, "learning_rate": 0.01, "restore_best": True}
# Of the first two, one hardly learns; the third is alone of its architecture.
SLOW = {"network": {"architecture": "mlp", "units": [6]}, "training": {**TRAINING, "learning_rate": 1e-7}}
OTHER = {"network": {"architecture": "resnet", "blocks": 1, "width": 4}, "training": TRAINING}


def config_of(folds: int = 3, seeds: int = 1, one: bool = True) -> RunConfig:
    ensemble = {"folds": folds, "seeds": seeds, "partners": [SLOW, OTHER], "one_per_architecture": one}
    network = {"architecture": "mlp", "units": [8]}
    return RunConfig.from_dict({"network": network, "training": TRAINING, "ensemble": ensemble})


class EpochLimit(Recorder):
    """Requests a stop after the first epoch of any network."""

    def should_stop(self) -> bool:
        return len(self.epochs) >= 1


def select_variants(
    config: RunConfig, listener: Recorder | None = None, num_folds: int = 3, store: Store | None = None
) -> VariantSelection:
    data = TrainingData(INPUTS, BAD, Split(np.zeros(ROWS, np.int8)), SHAPE)
    maker = MemberMaker(data, FOLDS[:num_folds], config, "cpu")
    return train_variants(maker, listener or Recorder(), 2, store)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def found(recorder: Recorder) -> VariantSelection:
    return select_variants(config_of(), recorder)


def test_only_the_better_variant_is_trained_beyond_the_first_fold(found: VariantSelection) -> None:
    assert [(variant.learner, variant.winner) for variant in found.dropped] == [(1, 0)]
    assert found.dropped[0].winner_loss < found.dropped[0].loss
    assert [member.learner for member in found.members] == [0, 0, 0, 2, 2, 2]
    for learner in (0, 2):
        rows = [member.spec.validation.rows for member in found.members if member.learner == learner]
        assert sorted(np.concatenate(rows)) == list(range(ROWS))
    first = found.members[0].spec.validation
    probability = 1 / (1 + np.exp(-found.fitted.members[0].log_odds.astype(np.float64)))
    assert found.dropped[0].winner_loss == pytest.approx(log_loss(first.bad, probability))
    assert to_log_odds(probability) == pytest.approx(found.fitted.members[0].log_odds, abs=1e-4)


def test_dropped_networks_do_not_count_as_stopped_early(found: VariantSelection) -> None:
    assert len(found.fitted.members) == len(found.members)


def test_the_selected_variant_is_trained_as_without_selection(found: VariantSelection) -> None:
    without = select_variants(config_of(one=False))
    assert without.dropped == () and [member.learner for member in without.members] == [0] * 3 + [1] * 3 + [2] * 3
    expected = {
        (member.learner, member.spec.seed): result.log_odds
        for member, result in zip(without.members, without.fitted.members, strict=True)
    }
    for member, result in zip(found.members, found.fitted.members, strict=True):
        assert np.array_equal(result.log_odds, expected[member.learner, member.spec.seed])


def test_progress_covers_both_stages_and_never_decreases(found: VariantSelection, recorder: Recorder) -> None:
    # Both variants on the first fold, the better one on the other two, the third learner on all: four epochs each.
    networks = {epoch.network for epoch in found.fitted.fit_history.epochs}
    assert networks == {"0-0-0", "1-0-0", "0-1-0", "0-2-0", "2-0-0", "2-1-0", "2-2-0"}
    assert len(found.fitted.fit_history.epochs) == 7 * 4 and recorder.epochs == list(found.fitted.fit_history.epochs)
    assert [line.split(". ")[-1] for line in recorder.log] == [f"{n} of 7 networks trained." for n in range(1, 8)]
    assert {each.num_networks for each in recorder.slices} == {7}
    shares = [each.rows_done / each.rows_total for each in recorder.slices]
    assert (np.diff(shares) > -0.08).all() and shares[-1] == pytest.approx(1.0)  # the dropped one may be larger
    assert found.fitted.fit_history.seconds > 0


def test_variants_are_compared_over_all_seeds() -> None:
    found = select_variants(config_of(seeds=2))
    assert [member.learner for member in found.members] == [0] * 6 + [2] * 6
    assert len({member.spec.seed for member in found.members}) == 12


def test_a_stop_during_selection_keeps_all_started_learners() -> None:
    found = select_variants(config_of(), EpochLimit())
    assert found.fitted.fit_history.stopped and found.dropped == ()
    assert {member.learner for member in found.members} == {0, 1}


def test_without_folds_selection_uses_the_validation_set() -> None:
    found = select_variants(config_of(folds=0), num_folds=1)
    assert [member.learner for member in found.members] == [0, 2] and len(found.dropped) == 1


def test_the_selection_has_a_note() -> None:
    config = RunConfig.from_dict(
        {
            "network": {"architecture": "tabm", "bins": 8},
            "ensemble": {
                "partners": [{"network": {"architecture": "tabm", "numeric_encoding": "none", "bins": 8}}],
                "one_per_architecture": True,
            },
        }
    )
    assert DroppedVariant(1, 0, 0.41239, 0.4).describe(config) == (
        "TabM 1 (numerical encoding piecewise linear) was chosen on the validation customers of the first fold: "
        "log-loss 0.4000, TabM 2 (numerical encoding none) 0.4124. The latter is not part of the model."
    )


def test_layers_that_differ_are_listed() -> None:
    assert DroppedVariant(1, 0, 0.5, 0.4).describe(config_of()) == (
        "Multi-layer perceptron 1 (layers 8) was chosen on the validation customers of the first fold: "
        "log-loss 0.4000, Multi-layer perceptron 2 (layers 6) 0.5000. The latter is not part of the model."
    )


def test_time_and_weights_count_the_selected_learners() -> None:
    speed = MachineSpeed(multiply_adds=1e9, operation_seconds=1e-6)

    def seconds(config: RunConfig) -> float:
        return estimate_seconds(config, SHAPE, 160, 80, speed, 1)

    alone = config_of()
    alone = alone.model_copy(update={"ensemble": alone.ensemble.model_copy(update={"partners": ()})})
    pair = alone.model_copy(
        update={"ensemble": config_of().ensemble.model_copy(update={"partners": config_of().ensemble.partners[:1]})}
    )
    assert seconds(alone) < seconds(pair) < 1.5 * seconds(alone)  # four networks instead of three
    assert count_run_parameters(pair, SHAPE) == count_run_parameters(alone, SHAPE)


def test_a_run_with_variants_is_one_bundle_that_scores(tmp_path: Path) -> None:
    sample = Path(__file__).parents[4] / "sample_data" / "customers.csv"
    run = train(Dataset.from_file(sample, target="defaulted"), config=config_of(), device="cpu")
    assert any(note.startswith("Multi-layer perceptron ") and "was chosen on" in note for note in run.notes)
    frame = run.predictions.to_pandas()
    assert (frame.part == "validation").sum() == pytest.approx(0.8 * len(frame), abs=3)
    assert run.metrics["test"].auc > 0.6


@pytest.mark.usefixtures("equal_slices")
@pytest.mark.parametrize("writes", [3, 14])
def test_an_interrupted_selection_resumes_to_the_same_result(tmp_path: Path, writes: int) -> None:
    """Once during the first fold of all learners, once beyond it."""
    expected = select_variants(config_of())
    with pytest.raises(KeyboardInterrupt):
        select_variants(config_of(), store=Store(tmp_path, writes=writes))
    found = select_variants(config_of(), store=Store(tmp_path))
    assert found.dropped == expected.dropped
    assert [member.name for member in found.members] == ["0-0-0", "0-1-0", "0-2-0", "2-0-0", "2-1-0", "2-2-0"]
    assert_same_log_odds(found.fitted, expected.fitted)
    assert figures(found.fitted.fit_history.epochs) == figures(expected.fitted.fit_history.epochs)


def growing(**ensemble: object) -> RunConfig:
    """A network that is still improving after two epochs, alone or with partners."""
    training = {**TRAINING, "epochs": 2, "enlarge": True}
    network = {"architecture": "mlp", "units": [8], "dropout": 0.0}
    return RunConfig.from_dict({"network": network, "training": training, "ensemble": {"folds": 3, **ensemble}})


def test_a_variant_that_is_still_improving_is_enlarged_on_the_first_fold() -> None:
    recorder = Recorder()
    found = select_variants(growing(partners=[OTHER]), recorder)
    config = found.maker.config
    assert config == recorder.configs[-1] and config.ensemble.one_per_architecture
    # The first enlargement is clearly better, the second is not.
    units = [learner.network.model_dump().get("units") for learner in config.learners]
    assert units == [(8,), None, (16,), (32,)]
    assert [member.learner for member in found.members] == [2, 1, 1, 1, 2, 2]
    assert [(variant.learner, variant.winner) for variant in found.dropped] == [(0, 2), (3, 2)]
    assert found.notes[0].startswith(
        "Still improving at the end of 2 epochs, so a larger network was trained, too (layers 16, 4 epochs). The "
        "larger network was kept"
    )
    assert {epoch.network.split("-")[1] for epoch in recorder.epochs if epoch.network.startswith("0")} == {"0"}
    assert recorder.slices[-1].rows_done == recorder.slices[-1].rows_total
    assert recorder.slices[-1].num_networks == len(found.members) + len(found.dropped)


def test_a_repeated_training_with_the_added_partner_gives_the_same_result() -> None:
    found = select_variants(growing())
    recorder = Recorder()
    again = select_variants(found.maker.config, recorder)
    assert recorder.configs == [] and again.dropped == found.dropped and again.notes == found.notes
    assert_same_log_odds(again.fitted, found.fitted)


@pytest.mark.usefixtures("equal_slices")
def test_an_interrupted_enlargement_resumes_to_the_same_result(tmp_path: Path) -> None:
    expected, recorder = select_variants(growing()), Recorder()
    with pytest.raises(KeyboardInterrupt):
        select_variants(growing(), recorder, store=Store(tmp_path, writes=4))
    found = select_variants(recorder.configs[-1] if recorder.configs else growing(), store=Store(tmp_path))
    assert found.dropped == expected.dropped
    assert_same_log_odds(found.fitted, expected.fitted)
    assert figures(found.fitted.fit_history.epochs) == figures(expected.fitted.fit_history.epochs)


def test_a_stop_while_the_larger_network_is_trained_keeps_the_smaller() -> None:
    class StopsLater(Recorder):
        def should_stop(self) -> bool:
            return bool(self.configs)

    found = select_variants(growing(), StopsLater())
    assert found.fitted.fit_history.stopped and {member.learner for member in found.members} == {0}


def test_a_larger_network_that_fails_leaves_the_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = NetworkFit.run_epoch

    def fail_if_larger(self: NetworkFit) -> bool:
        if self.config.epochs > 2:
            raise MemoryError
        return fit(self)

    monkeypatch.setattr(NetworkFit, "run_epoch", fail_if_larger)
    recorder = Recorder()
    found = select_variants(growing(), recorder)
    assert not found.fitted.fit_history.stopped and [member.learner for member in found.members] == [0, 0, 0]
    assert [(variant.learner, variant.winner) for variant in found.dropped] == [(1, 0)]
    assert found.notes == (
        "Still improving at the end of 2 epochs. A larger network (layers 16, 4 epochs) could not be trained (there "
        "was not enough memory), so the smaller one was kept.",
    )
    assert found.notes[0] in recorder.log


def test_networks_of_an_architecture_that_are_all_blended_are_not_enlarged() -> None:
    other = {"network": {"architecture": "mlp", "units": [6]}, "training": TRAINING}
    found = select_variants(growing(partners=[other]))
    assert len(found.maker.config.learners) == 2 and found.dropped == ()


def test_a_run_with_the_most_partners_is_not_enlarged() -> None:
    linear = {"network": {"architecture": "logistic"}, "training": {**TRAINING, "epochs": 1}}
    found = select_variants(growing(partners=[linear] * 8))
    assert len(found.maker.config.learners) == 9 and found.dropped == ()
    assert RunConfig.from_json(found.maker.config.to_json()) == found.maker.config
