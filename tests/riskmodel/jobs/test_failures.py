"""Messages for failed trainings, with the values of the run."""

import pytest

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.jobs.failures import explain_fault, explain_no_memory, reduce_words

WIDE = RunConfig.from_dict(
    {
        "network": {"architecture": "tabm", "units": [512, 512], "members": 32},
        "training": {"batch_size": 4096},
        "preprocessing": {"pairs": 16},
        "ensemble": {"folds": 5, "seeds": 2},
    }
)


def named(kind: str, words: str) -> Exception:
    return type(kind, (Exception,), {})(words)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        named("ResourceExhaustedError", "OOM when allocating tensor with shape[4096,512]"),
        named("JaxRuntimeError", "RESOURCE_EXHAUSTED: Out of memory while trying to allocate 68719476736 bytes."),
        named("InternalError", "RESOURCE_EXHAUSTED: failed to allocate"),
        named("RuntimeError", "std::bad_alloc"),
    ],
)
def test_out_of_memory_is_recognized_from_both_backends(error: BaseException) -> None:
    words = explain_fault(error, WIDE, "gpu")
    assert words == (
        "Not enough memory on the GPU to train this network. Reduce one of these: batch size (now 4,096); "
        "units (now 512, 512); members (now 32); bins (now 16); ratios and differences (now 16); networks trained "
        "in parallel: folds (now 5), seeds (now 2); or use fewer customers or columns, or train on the CPU."
    )


def test_other_faults_are_not_taken_for_it() -> None:
    error = ValueError("shapes (3,) and (4,) do not fit\nmore lines")
    assert explain_fault(error, WIDE) == (
        "Internal error: ValueError: shapes (3,) and (4,) do not fit. Its traceback is in the run's log."
    )


def test_long_messages_of_an_internal_error_are_cut() -> None:
    words = explain_fault(ValueError("x" * 5000))
    assert len(words) < 400 and "x …" in words


def test_every_preset_has_advice_on_memory() -> None:
    for name in ("fast", "best", "monotone", "explainable", "mission"):
        words = reduce_words(preset(name))
        assert words.startswith("Reduce one of these: batch size (") and "None" not in words
    assert "batch size (automatic; try 256)" in reduce_words(preset("fast"))


def test_without_a_configuration_the_advice_is_general() -> None:
    assert explain_no_memory(None, "cpu") == (
        "Not enough memory to train this network. Use a smaller batch or network or fewer rows, "
        "or close other programs."
    )
