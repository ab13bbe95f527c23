"""Run the examples of a module's docstring."""

import doctest
import importlib


def run_examples(name: str) -> int:
    """The number of examples in the module's docstring; each must have the output shown."""
    module = importlib.import_module(name)
    test = doctest.DocTestParser().get_doctest(module.__doc__ or "", {}, name, module.__file__, 0)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert result.failed == 0, "".join(report)
    return result.attempted
