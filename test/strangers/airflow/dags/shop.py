"""What a shop's project has: task groups, mapped tasks, a retry, a failure, a sensor and a deferrable task."""

import datetime as dt
import logging
import os

try:  # Airflow 3
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.providers.standard.sensors.date_time import DateTimeSensorAsync
    from airflow.providers.standard.sensors.python import PythonSensor
    from airflow.sdk import DAG, get_current_context, task, task_group
except ImportError:
    from airflow import DAG
    from airflow.decorators import task, task_group
    from airflow.operators.bash import BashOperator
    from airflow.operators.python import get_current_context
    from airflow.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.sensors.date_time import DateTimeSensorAsync
    from airflow.sensors.python import PythonSensor

log = logging.getLogger("shop")
past = dt.datetime(2026, 11, 1, tzinfo=dt.timezone.utc)

# Runs by itself, once, with the run id of a schedule.
with DAG("shop.orders-v2", start_date=past, schedule="@once", default_args={"retry_delay": dt.timedelta(seconds=1)}):

    @task_group
    def intake():
        @task_group
        def raw():
            BashOperator(task_id="copy_files", bash_command="echo 'copied 3 files: größe, 日本'; echo slow disk >&2")

        raw()

    @task(retries=1)
    def price(region: str):
        attempt = get_current_context()["ti"].try_number
        log.info("pricing %s, attempt %d", region, attempt)
        if region == "south" and attempt == 1:
            raise TimeoutError("region south did not answer")
        return region

    class InvoiceRejected(Exception):
        pass

    @task
    def book():
        try:
            try:
                int("12,50")
            except ValueError as error:
                raise KeyError("invoice 7741 has no amount") from error
        except KeyError:
            raise InvoiceRejected("invoice 7741 rejected:\n  - amount: not a number")

    @task
    def report():
        log.info("never reached")

    TriggerDagRunOperator(task_id="kick", trigger_dag_id="shop_waits", trigger_run_id="release-4.2~rc1+build:7")
    intake() >> price.expand(region=["north", "south"])
    book() >> report()

with DAG("shop_waits", start_date=past, schedule=None):
    # A busy Airflow has to have noted the end of one part of a task before the next begins, else it fails the task:
    # https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html
    def landed():
        looks = os.path.join(os.environ["SHOP_STATE"], "looks")
        with open(looks, "a") as file:
            file.write(".")
        log.info("look number %d", os.path.getsize(looks))
        return os.path.getsize(looks) >= 2

    PythonSensor(task_id="feed", python_callable=landed, mode="reschedule", poke_interval=20, timeout=300)
    DateTimeSensorAsync(
        task_id="until", target_time="{{ (macros.datetime.utcnow() + macros.timedelta(seconds=20)).isoformat() }}"
    )

with DAG("shop_ping", start_date=past, schedule=None):

    @task
    def ping():
        log.info("pong")

    ping()
