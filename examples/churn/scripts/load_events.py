"""Copies the events of the last months and describes their columns."""

import argparse
import json
from pathlib import Path

import pandas as pd

EXPORT = Path("/opt/ml/processing/input/export")
EVENTS = Path("/opt/ml/processing/output/raw_events")
SCHEMA = Path("/opt/ml/processing/output/event_schema")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--months", type=int, default=12)
    args = parser.parse_args()

    events = pd.concat(pd.read_csv(path, parse_dates=["at"]) for path in sorted(EXPORT.glob("*.csv")))
    events = events[events["at"] >= events["at"].max() - pd.DateOffset(months=args.months)]
    events.to_csv(EVENTS / "events.csv", index=False)
    (SCHEMA / "schema.json").write_text(json.dumps({name: str(kind) for name, kind in events.dtypes.items()}))


if __name__ == "__main__":
    main()
