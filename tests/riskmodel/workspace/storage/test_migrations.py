"""Databases of earlier versions keep their content and are upgraded once and completely."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.migrations import SCHEMA_VERSION, STEPS, add_columns, found_version, migrate
from riskmodel.workspace.storage.tables import metadata
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset
from tests.riskmodel.workspace.version_2 import make_version_2

POSTGRESQL = os.environ.get("RISKMODEL_TEST_POSTGRESQL_URL", "")
"""An empty database to try the same on; its tables are dropped afterwards."""


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, private_workspace: Path) -> Iterator[str]:
    """The URL of a database of version 2."""
    if request.param == "sqlite":
        private_workspace.mkdir()
        url = f"sqlite:///{private_workspace / 'riskmodel.db'}"
        make_version_2(url)
        yield url
        return
    if not POSTGRESQL:
        pytest.skip("RISKMODEL_TEST_POSTGRESQL_URL names no database")
    make_version_2(POSTGRESQL)
    yield POSTGRESQL
    engine = sa.create_engine(POSTGRESQL)
    metadata.drop_all(engine)
    engine.dispose()


def layout(database: Database) -> dict[str, dict[str, tuple[str, bool]]]:
    """Each table's columns: their types and whether they may be null."""
    with database.reading() as connection:
        inspector = sa.inspect(connection)
        return {
            table: {
                column["name"]: (_kind(column["type"]), bool(column["nullable"]))
                for column in inspector.get_columns(table)
            }
            for table in sorted(inspector.get_table_names())
        }


def _kind(column: object) -> str:
    # SQLite takes no notice of a text's length, and cannot change it.
    return str(column).split("_")[0].split(" ")[0].partition("(")[0]


def test_what_is_in_a_database_of_version_2_stays_and_new_columns_have_their_defaults(old_url: str) -> None:
    database = Database(old_url)
    with database.reading() as connection:
        source = connection.execute(sa.select(db.sources)).one()
        dataset = connection.execute(sa.select(db.datasets)).one()
        run = connection.execute(sa.select(db.runs)).one()
        search = connection.execute(sa.select(db.searches)).one()
        epochs = connection.execute(sa.select(db.epochs)).all()
        version = found_version(connection)
    database.dispose()
    assert tuple(source) == ("00000000000000aa", "customers.csv", "customers.csv", 4711, 1700000000.25, None)
    assert tuple(dataset)[:4] == ("00000000000000bb", "customers", "00000000000000aa", 5000)
    assert (dataset.created_at, dataset.version_of, dataset.version) == (1700000001.5, None, 1)
    assert (run.name, run.tags, run.metrics) == ("first", '["old"]', '{"test": {"auc": 0.79}}')
    assert (run.remarks, run.archived, run.deleted_at) == ("", False, None)
    assert (run.queue_key, run.continues, search.queue_key) == (None, None, None)
    assert (search.name, search.stop_requested, len(epochs)) == ("wide", True, 1)
    assert version == SCHEMA_VERSION


def test_an_old_database_is_migrated_to_the_new_tables(old_url: str, tmp_path: Path) -> None:
    old, new = Database(old_url), Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert layout(old) == layout(new)
    with old.reading() as connection:
        keys = sa.inspect(connection).get_foreign_keys("datasets")
    assert {(*key["constrained_columns"], key["referred_table"]) for key in keys} == {
        ("source_id", "sources"),
        ("version_of", "datasets"),
    }
    old.dispose()
    new.dispose()


def test_an_earlier_program_can_still_write(old_url: str) -> None:
    database = Database(old_url)
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO runs (id, name, dataset_id, config, device_requested, state, stop_requested, created_at, "
            "tags, has_model) VALUES ('run-ffffffffff', 'second', '00000000000000bb', '{}', 'auto', 'queued', FALSE, "
            "1.0, '[]', FALSE)"
        )
        run = connection.execute(sa.select(db.runs).where(db.runs.c.id == "run-ffffffffff")).one()
    database.dispose()
    assert (run.remarks, run.archived, run.deleted_at) == ("", False, None)


def test_many_that_open_an_old_database_at_once_take_the_steps_once(old_url: str) -> None:
    failed: list[Exception] = []

    def open_it() -> None:
        try:
            Database(old_url).dispose()
        except (WorkspaceError, sa.exc.SQLAlchemyError) as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database = Database(old_url)
    with database.reading() as connection:
        versions = connection.scalars(sa.select(db.schema_version.c.version).order_by(sa.text("1"))).all()
    database.dispose()
    assert failed == []
    assert versions == [2, SCHEMA_VERSION]


def test_a_step_that_fails_leaves_the_database_as_it_was(old_url: str) -> None:
    def break_off(connection: sa.Connection) -> None:
        STEPS[3](connection)
        raise ZeroDivisionError

    engine = sa.create_engine(old_url)
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        migrate(connection, {3: break_off})
    with engine.connect() as connection:
        assert "remarks" not in {column["name"] for column in sa.inspect(connection).get_columns("runs")}
        assert found_version(connection) == 2
    engine.dispose()
    Database(old_url).dispose()


def test_steps_are_taken_in_order_and_only_those_not_taken_yet(old_url: str) -> None:
    taken: list[int] = []

    def step(number: int) -> None:
        taken.append(number)

    engine = sa.create_engine(old_url)
    with engine.begin() as connection:
        found = migrate(connection, {4: lambda _: step(4), 2: lambda _: step(2), 3: lambda _: step(3)})
    engine.dispose()
    assert (found, taken) == (2, [3, 4])


def test_the_first_version_gets_the_tables_it_lacks(private_workspace: Path) -> None:
    private_workspace.mkdir()
    url = f"sqlite:///{private_workspace / 'riskmodel.db'}"
    make_version_2(url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in ("DROP TABLE trials", "DROP TABLE searches", "UPDATE schema_version SET version = 1"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    database = Database(url)
    with database.reading() as connection:
        assert connection.execute(sa.select(db.trials)).all() == []
        assert connection.scalar(sa.select(db.runs.c.remarks)) == ""
    database.dispose()


def test_incomplete_tables_of_a_killed_program_are_completed(old_url: str) -> None:
    engine = sa.create_engine(old_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM schema_version")
    engine.dispose()
    database = Database(old_url)
    with database.reading() as connection:
        assert connection.execute(sa.select(db.runs.c.name, db.runs.c.remarks)).one() == ("first", "")
    database.dispose()


def test_a_newer_program_s_tables_are_not_touched(old_url: str) -> None:
    engine = sa.create_engine(old_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version = 99")
    with pytest.raises(WorkspaceError, match="has version 99; this program knows versions up to"):
        Database(old_url)
    with engine.connect() as connection:
        assert "remarks" not in {column["name"] for column in sa.inspect(connection).get_columns("runs")}
    engine.dispose()


def test_a_column_that_is_there_is_not_added_again(old_url: str) -> None:
    database = Database(old_url)
    with database.writing() as connection:
        add_columns(connection, db.runs, "remarks", "archived")
    database.dispose()


def test_the_workspace_works_on_an_old_database(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", old_url)
    workspace = Workspace.open()
    added = workspace.datasets.add(sample_dataset())
    assert [(record.name, record.version) for record in workspace.datasets.list()] == [
        (added.name, 1),
        ("customers", 1),
    ]
    workspace.close()
