"""Aggregates events to one row a customer and divides the customers by a hash of their id."""

import argparse
import json
import zlib
from pathlib import Path

import pandas as pd

EVENTS = Path("/opt/ml/processing/input/raw_events")
SCHEMA = Path("/opt/ml/processing/input/event_schema/schema.json")
OUTPUTS = {
    "training": "/opt/ml/processing/output/training_data",
    "validation": "/opt/ml/processing/output/validation_data",
    "holdout": "/opt/ml/processing/output/holdout_data",
    "scoring": "/opt/ml/processing/output/scoring_data",
}
SHARES = {"training": 60, "validation": 75, "holdout": 90, "scoring": 100}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--label", required=True)
    parser.add_argument("--splits", nargs="+", choices=list(OUTPUTS), required=True)
    args = parser.parse_args()

    kinds = json.loads(SCHEMA.read_text()) if SCHEMA.exists() else {}
    dates = [name for name, kind in kinds.items() if kind.startswith("datetime")]
    others = {name: kind for name, kind in kinds.items() if name not in dates}
    events = pd.read_csv(EVENTS / "events.csv", dtype=others or None, parse_dates=dates)
    customers = events.groupby("customer_id").agg({args.label: "max", "amount": "sum", "calls": "sum", "complaints": "sum"})

    buckets = [zlib.crc32(str(customer).encode()) % 100 for customer in customers.index]
    lower = 0
    for split, upper in SHARES.items():
        rows = customers[[lower <= bucket < upper for bucket in buckets]]
        lower = upper
        if split in args.splits:
            table = rows.drop(columns=[args.label]) if split == "scoring" else rows
            table.to_csv(Path(OUTPUTS[split]) / "customers.csv", index=False, header=split == "holdout")


if __name__ == "__main__":
    main()
