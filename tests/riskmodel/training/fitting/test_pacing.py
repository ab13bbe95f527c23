import itertools

from riskmodel.training.fitting.pacing import FIRST_STEPS, TARGET_SECONDS, Pacer


def test_slices_grow_to_half_a_second() -> None:
    pacer, sizes = Pacer(), []
    for _ in range(12):
        steps = pacer.next_steps()
        sizes.append(steps)
        pacer.update(steps, seconds=steps * 1e-4)
    assert sizes[0] == FIRST_STEPS
    assert all(b <= 4 * a for a, b in itertools.pairwise(sizes))
    assert sizes[-1] == int(TARGET_SECONDS / 1e-4)


def test_the_time_of_the_first_slice_is_ignored() -> None:
    pacer = Pacer()
    pacer.update(FIRST_STEPS, seconds=0.4)
    assert pacer.seconds_per_step is None
    pacer.update(pacer.next_steps(), seconds=pacer.next_steps() * 1e-4)
    assert abs(pacer.seconds_per_step - 1e-4) < 1e-12


def test_slow_steps_make_short_but_non_empty_slices() -> None:
    pacer = Pacer()
    pacer.update(FIRST_STEPS, seconds=24.0)
    assert pacer.next_steps() == FIRST_STEPS
    for _ in range(4):
        pacer.update(pacer.next_steps(), seconds=3.0 * pacer.next_steps())
    assert pacer.next_steps() == 1
