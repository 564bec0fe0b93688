"""Orders of the day: read them from the shop, drop what can't be delivered, load the rest into the warehouse."""

import logging
from datetime import datetime, timedelta

from airflow.sdk import dag, task

log = logging.getLogger("retail.orders")


@dag(
    schedule="@daily",
    start_date=datetime(2026, 11, 1),
    catchup=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    tags=["retail"],
)
def orders_daily():
    @task
    def extract() -> list[dict]:
        log.info("Reading orders from shop database")
        return [{"id": n, "postcode": None if n % 14 == 0 else "4051"} for n in range(1, 43)]

    @task
    def transform(orders: list[dict]) -> list[dict]:
        missing = [order["id"] for order in orders if order["postcode"] is None]
        if missing:
            log.warning("%d of %d orders have no postcode", len(missing), len(orders))
        return [order for order in orders if order["postcode"]]

    @task
    def load(orders: list[dict]) -> None:
        log.info("Loaded %d rows into warehouse.orders", len(orders))

    load(transform(extract()))


orders_daily()
