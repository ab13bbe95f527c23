"""A workspace with content for every page: synthetic customers, runs, a search, scores."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from riskmodel.config.presets import MISSION
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig, SearchRange
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import write_sample
from riskmodel.workspace.workspace import Workspace
from tests.training_here import train_waiting

SECOND_FILE = "customer_id,branch,opened_online\n"


@dataclass(frozen=True)
class Furnished:
    """Ids of the content of the workspace.

    Attributes:
        home: Its folder.
        source_id: The file of the older version.
        dataset_id: The newer of two versions.
        older_id: The older one.
        run_ids: Finished runs of the older version, the first one first.
        search_id: A search that has ended.
        customers_id: A file to be scored.
        scoring_id: That file, scored.
        second_file: A file with one row per customer, to be joined.
    """

    home: Path
    source_id: str
    dataset_id: str
    older_id: str
    run_ids: tuple[str, ...]
    search_id: str
    customers_id: str
    scoring_id: str
    second_file: Path


def variants(epochs: int) -> dict[str, RunConfig]:
    """The Mission configuration and variants of it, by name."""
    short = MISSION.training.model_copy(update={"epochs": epochs})
    wider = MISSION.network.model_copy(update={"units": (256, 128), "dropout": 0.3})
    slower = short.model_copy(update={"learning_rate": 0.0004, "batch_size": 64})
    patient = short.model_copy(update={"learning_rate": 0.0001})
    return {
        "mission": MISSION.model_copy(update={"training": short}),
        "wider": MISSION.model_copy(update={"training": short, "network": wider}),
        "slower": MISSION.model_copy(update={"training": slower}),
        "patient": MISSION.model_copy(update={"training": patient}),
    }


def furnish(home: Path, num_rows: int, *, epochs: int, num_runs: int = 3, trials: int = 4) -> Furnished:
    """Fill a new workspace; trains for some seconds."""
    customers, newer, to_score, second = (
        home.parent / name for name in ("customers.csv", "customers_may.csv", "new_customers.csv", "branches.csv")
    )
    write_sample(customers, num_rows)
    write_sample(newer, num_rows * 6 // 5, seed=9)
    write_sample(to_score, num_rows // 5, seed=8)
    write_second_file(customers, second)
    with closing(Workspace.open(home)) as workspace:
        source = workspace.sources.add(customers.name, customers)
        dataset = workspace.datasets.add(as_dataset(customers), source.id)
        chosen = list(variants(epochs).items())[:num_runs]
        runs = [workspace.runs.submit(dataset.id, config, name=name, device="cpu") for name, config in chosen]
        fields = (SearchRange(field="network.dropout"), SearchRange(field="training.learning_rate"))
        search = workspace.searches.submit(
            dataset.id, chosen[0][1], SearchConfig(fields=fields, trials=trials, seed=6), name="first", device="cpu"
        )
        second_version = workspace.datasets.add(
            as_dataset(newer), workspace.sources.add(newer.name, newer).id, version_of=dataset.id
        )
        train_waiting(workspace)
        finished = tuple(workspace.runs.get(run.id) for run in runs)
        states = {each.state: each.error for each in (*finished, workspace.searches.get(search.id))}
        assert states == {"finished": None}
        new = workspace.sources.add(to_score.name, to_score)
        model = RiskModel.load(finished[0].model_folder)
        scoring = workspace.scorings.score(model, finished[0].id, new)
    return Furnished(
        home=home,
        source_id=source.id,
        dataset_id=second_version.id,
        older_id=dataset.id,
        run_ids=tuple(run.id for run in finished),
        search_id=search.id,
        customers_id=new.id,
        scoring_id=scoring.id,
        second_file=second,
    )


def as_dataset(path: Path) -> Dataset:
    return Dataset.from_file(path, target="defaulted", bad="1", identifiers=["customer_id"])


def write_second_file(customers: Path, path: Path) -> None:
    """Made-up branches for most of the customers, one of them twice."""
    names = [line.partition(",")[0] for line in customers.read_text(encoding="utf-8").splitlines()[1:]]
    rows = [f"{name},branch {number % 7 + 1},{'yes' if number % 3 else 'no'}\n" for number, name in enumerate(names)]
    path.write_text(SECOND_FILE + "".join(rows[: len(rows) * 9 // 10]) + rows[0], encoding="utf-8")
