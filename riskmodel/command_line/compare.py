"""``python -m riskmodel compare``: two runs on the same test customers."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.shared.console import result_console, write_json
from riskmodel.command_line.shared.options import AsJson, Home
from riskmodel.errors import ConfigError

if TYPE_CHECKING:
    from riskmodel.config.differences import SettingDifference
    from riskmodel.evaluation.comparison import Comparison
    from riskmodel.evaluation.impact import Group, RetrainImpact
    from riskmodel.workspace.runs.run_record import RunRecord
    from riskmodel.workspace.shared_test_set import CommonTest


def compare(
    champion: Annotated[str, typer.Argument(metavar="CHAMPION", help="The champion: id or name of a run.")],
    challenger: Annotated[str, typer.Argument(metavar="CHALLENGER", help="The challenger: id or name of a run.")],
    approval: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Share of customers to approve, lowest risk first; above 0 and below 1."),
    ] = 0.7,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compare two runs on their common test customers.

    Reports metrics, differences of the configurations and the swap set at an approval rate.
    """
    if not 0.0 < approval < 1.0:
        raise ConfigError(f"--approval must be above 0 and below 1, such as 0.7 for 70%; received {approval:g}.")
    from riskmodel.command_line.shared.find_run import find_trained_run
    from riskmodel.config.differences import describe_differences
    from riskmodel.evaluation.comparison import compare_models
    from riskmodel.evaluation.impact import compute_impact
    from riskmodel.workspace.shared_test_set import find_common_test
    from riskmodel.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    runs = [find_trained_run(workspace, wanted) for wanted in (champion, challenger)]
    if runs[0].id == runs[1].id:
        raise ConfigError(f"{runs[0].id} was given twice; a comparison needs two runs.")
    test = find_common_test(workspace, runs)
    first, second = test.probabilities
    figures = compare_models(test.bad, first, second)
    impact = compute_impact(test.bad, first, second, approval)
    settings = describe_differences([run.config for run in runs])
    if as_json:
        write_json(_as_json(runs, test, figures, impact, settings))
    else:
        _print(runs, test, figures, impact, settings)


def _print(
    runs: list[RunRecord],
    test: CommonTest,
    figures: Comparison,
    impact: RetrainImpact,
    settings: tuple[SettingDifference, ...],
) -> None:
    from rich.table import Table
    from rich.text import Text

    console = result_console()
    names = _names(runs)
    console.print(Text(test.describe()), soft_wrap=True)
    console.print(Text(figures.describe(*names)), soft_wrap=True)
    console.print(_figures_table(names, figures))
    if settings:
        table = Table("Hyperparameter")
        for name in names:
            table.add_column(Text(name))
        for difference in settings:
            table.add_row(*(Text(cell) for cell in (f"{difference.section}: {difference.label}", *difference.values)))
        console.print(table)
    else:
        console.print("Both runs have the same configuration.")
    console.print(Text(impact.describe()), soft_wrap=True)
    table = Table("Customers", "Number", "Bad", "Bad rate")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, group in _groups(impact).items():
        rate = group.bad_rate
        words = f"{rate.value:.2%} ({rate.low:.2%}–{rate.high:.2%})" if rate else ""
        table.add_row(name, f"{group.count:,}", f"{group.bads:,}", words)
    console.print(table)


def _figures_table(names: tuple[str, str], figures: Comparison) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table("")
    for name in (*names, "Difference (95% interval)"):
        table.add_column(Text(name), justify="right")
    rows = (
        ("AUC", "auc", figures.auc.difference, figures.auc.low, figures.auc.high),
        *(
            (label, name, found.value, found.low, found.high)
            for label, name, found in (
                ("KS", "ks", figures.ks),
                ("Log-loss", "log_loss", figures.log_loss),
                ("Brier", "brier", figures.brier),
            )
        ),
    )
    for label, name, value, low, high in rows:
        cells = (f"{getattr(model, name):.4f}" for model in (figures.champion, figures.challenger))
        table.add_row(label, *cells, f"{value:+.4f} ({low:+.4f} to {high:+.4f})".replace("-", "−"))
    return table


def _names(runs: list[RunRecord]) -> tuple[str, str]:
    first, second = (run.name for run in runs)
    return (first, second) if first != second else (runs[0].id, runs[1].id)


def _groups(impact: RetrainImpact) -> dict[str, Group]:
    return {
        "approved by the champion": impact.champion,
        "approved by the challenger": impact.challenger,
        "approved by both": impact.both,
        "swapped in": impact.swap_in,
        "swapped out": impact.swap_out,
        "declined by both": impact.neither,
    }


def _as_json(
    runs: list[RunRecord],
    test: CommonTest,
    figures: Comparison,
    impact: RetrainImpact,
    settings: tuple[SettingDifference, ...],
) -> dict[str, Any]:
    parts = ("champion", "challenger", "both", "swap_in", "swap_out", "neither")
    estimates = ("bad_rate_change", "approval_at_equal_bad_rate", "approval_change")
    return {
        "champion": {"run_id": runs[0].id, "name": runs[0].name},
        "challenger": {"run_id": runs[1].id, "name": runs[1].name},
        "num_customers": len(test.rows),
        "same_test": test.is_whole,
        "figures": dataclasses.asdict(figures),
        "choices": [dataclasses.asdict(setting) for setting in settings],
        "impact": {
            "approval_rate": impact.approval_rate,
            "num_approved": impact.num_approved,
            **{name: dataclasses.asdict(getattr(impact, name)) for name in (*parts, *estimates)},
            "champion_cutoff": impact.champion_cutoff,
            "challenger_cutoff": impact.challenger_cutoff,
            "champion_tied": impact.champion_tied,
            "challenger_tied": impact.challenger_tied,
            "num_resamples": impact.num_resamples,
        },
    }
