"""How many steps the next slice takes."""

FIRST_STEPS = 8
TARGET_SECONDS = 0.5
_MOST_GROWTH = 4


class Pacer:
    """Cuts an epoch into slices of about half a second, so that a Stop is heard well within two.

    The first slice is short, since nothing is known of the speed yet and the analyst waits for a sign of life; its time
    is mostly TensorFlow's tracing and counts for nothing. Each next slice is at most four times as long, so that one
    lucky timing cannot make it last.

    Attributes:
        seconds_per_step: None until a slice has been timed.

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
        """Take note of a finished slice."""
        longest = self._steps * _MOST_GROWTH
        if self._is_first:
            # A step slow enough to fill the slice by itself is told apart from tracing by the next, short slice.
            self._is_first = False
            self._steps = longest if seconds < 4 * TARGET_SECONDS else self._steps
            return
        latest = max(seconds, 1e-9) / steps
        # Half old, half new: follows a machine that slows down in two slices, yet one hiccup does not halve a slice.
        self.seconds_per_step = latest if self.seconds_per_step is None else (self.seconds_per_step + latest) / 2
        self._steps = max(1, min(int(TARGET_SECONDS / self.seconds_per_step), longest))
