"""Number of steps of the next slice."""

FIRST_STEPS = 8
TARGET_SECONDS = 0.5
_MAX_GROWTH = 4


class Pacer:
    """Cuts an epoch into slices of about half a second, so that a stop takes effect within two.

    The first slice is short, since the speed is unknown and the analyst should see progress soon; its time
    is mostly TensorFlow's tracing and is not used. Each further slice is at most four times as long, so that one
    atypical timing cannot make it long.

    Attributes:
        seconds_per_step: None before the first timed slice.

    Example:
        >>> pacer = Pacer()
        >>> pacer.update(steps=8, seconds=0.3), pacer.next_steps()
        (None, 32)
    """

    def __init__(self) -> None:
        self._steps = FIRST_STEPS
        self._is_first = True
        self.seconds_per_step: float | None = None

    def next_steps(self) -> int:
        """Steps of the next slice, at least 1."""
        return self._steps

    def update(self, steps: int, seconds: float) -> None:
        """Update with a finished slice."""
        longest = self._steps * _MAX_GROWTH
        if self._is_first:
            # The next, short slice distinguishes a slow step from tracing.
            self._is_first = False
            self._steps = longest if seconds < 4 * TARGET_SECONDS else self._steps
            return
        latest = max(seconds, 1e-9) / steps
        # Mean of old and new: adapts to a slower machine in two slices, yet one outlier does not halve a slice.
        self.seconds_per_step = latest if self.seconds_per_step is None else (self.seconds_per_step + latest) / 2
        self._steps = max(1, min(int(TARGET_SECONDS / self.seconds_per_step), longest))
