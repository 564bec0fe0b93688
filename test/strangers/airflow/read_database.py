"""Prints, as JSON, what Airflow's database says of runs, of every attempt of every task, and of triggerers."""

import json
import sqlite3
import sys

database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=60)
database.row_factory = sqlite3.Row


def rows(query):
    return [dict(row) for row in database.execute(query)]


ATTEMPT = "dag_id AS dagId, run_id AS runId, task_id AS taskId, map_index AS mapIndex, try_number AS attempt, state"

print(
    json.dumps(
        {
            "dags": [row["dag_id"] for row in database.execute("SELECT dag_id FROM serialized_dag")],
            "runs": rows("SELECT dag_id AS dagId, run_id AS runId, state FROM dag_run"),
            # Earlier attempts are moved to the history.
            "attempts": rows(f"SELECT {ATTEMPT} FROM task_instance_history UNION SELECT {ATTEMPT} FROM task_instance"),
            "triggererJobs": [row["id"] for row in database.execute("SELECT id FROM job WHERE job_type = 'TriggererJob'")],
        }
    )
)
