"""A database with tables of version 2 and a customer file, a dataset, a run and a search."""

import sqlalchemy as sa

JOB = """
    name TEXT NOT NULL,
    dataset_id VARCHAR(16) NOT NULL,
    config TEXT NOT NULL,
    device_requested VARCHAR(8) NOT NULL,
    device_used VARCHAR(8),
    device_note TEXT DEFAULT '' NOT NULL,
    state VARCHAR(8) NOT NULL,
    stop_requested BOOLEAN NOT NULL,
    phase TEXT DEFAULT '' NOT NULL,
    progress TEXT,
    error TEXT,
    notes TEXT DEFAULT '[]' NOT NULL,
    supervisor TEXT,
    created_at DOUBLE NOT NULL,
    started_at DOUBLE,
    finished_at DOUBLE,
    heartbeat_at DOUBLE,
"""

STATEMENTS = (
    "CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version))",
    """CREATE TABLE sources (
    id VARCHAR(16) NOT NULL, name TEXT NOT NULL, file_name TEXT NOT NULL, num_bytes BIGINT NOT NULL,
    created_at DOUBLE NOT NULL, PRIMARY KEY (id))""",
    """CREATE TABLE datasets (
    id VARCHAR(16) NOT NULL, name TEXT NOT NULL, source_id VARCHAR(16), num_rows BIGINT NOT NULL,
    num_columns INTEGER NOT NULL, num_bads BIGINT NOT NULL, target TEXT NOT NULL, created_at DOUBLE NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(source_id) REFERENCES sources (id))""",
    f"""CREATE TABLE runs (
    id VARCHAR(14) NOT NULL, {JOB} tags TEXT NOT NULL, metrics TEXT, best_epoch INTEGER, has_model BOOLEAN NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(dataset_id) REFERENCES datasets (id))""",
    "CREATE INDEX runs_by_state ON runs (state, created_at)",
    """CREATE TABLE epochs (
    run_id VARCHAR(14) NOT NULL, epoch INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY (run_id, epoch),
    FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE)""",
    f"""CREATE TABLE searches (
    id VARCHAR(17) NOT NULL, {JOB} search TEXT NOT NULL, queued_at DOUBLE NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(dataset_id) REFERENCES datasets (id))""",
    "CREATE INDEX searches_by_state ON searches (state, queued_at)",
    """CREATE TABLE trials (
    search_id VARCHAR(17) NOT NULL, number INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY (search_id, number),
    FOREIGN KEY(search_id) REFERENCES searches (id) ON DELETE CASCADE)""",
    """CREATE TABLE scorings (
    id VARCHAR(18) NOT NULL, run_id VARCHAR(14), input_name TEXT NOT NULL, report TEXT NOT NULL,
    created_at DOUBLE NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE SET NULL)""",
    "INSERT INTO schema_version (version) VALUES (2)",
    "INSERT INTO sources VALUES ('00000000000000aa', 'customers.csv', 'customers.csv', 4711, 1700000000.25)",
    """INSERT INTO datasets VALUES (
    '00000000000000bb', 'customers', '00000000000000aa', 5000, 28, 1030, 'defaulted', 1700000001.5)""",
    """INSERT INTO runs (id, name, dataset_id, config, device_requested, state, stop_requested, created_at, tags,
    metrics, has_model) VALUES ('run-0123456789', 'first', '00000000000000bb', '{}', 'auto', 'finished', FALSE,
    1700000002.0, '["old"]', '{"test": {"auc": 0.79}}', FALSE)""",
    "INSERT INTO epochs VALUES ('run-0123456789', 1, '{}')",
    """INSERT INTO searches (id, name, dataset_id, config, device_requested, state, stop_requested, created_at, search,
    queued_at) VALUES ('search-0123456789', 'wide', '00000000000000bb', '{}', 'auto', 'stopped', TRUE, 1700000003.0,
    '{}', 1700000003.0)""",
)


def make_version_2(url: str) -> None:
    """Create it in an empty database."""
    engine = sa.create_engine(url)
    double = "DOUBLE" if engine.dialect.name == "sqlite" else "DOUBLE PRECISION"
    with engine.begin() as connection:
        for statement in STATEMENTS:
            connection.exec_driver_sql(statement.replace("DOUBLE", double))
    engine.dispose()
