"""Splits the meter readings into three sets; the first column of each is the demand."""

import argparse
from pathlib import Path

import pandas as pd

RAW = Path("/opt/ml/processing/input")
SETS = Path("/opt/ml/processing/output")


def features(readings: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"demand": readings["kwh_next_day"]})
    table["outdoor"] = readings["outdoor_celsius"].fillna(readings["outdoor_celsius"].median())
    table["floor_area"] = readings["square_metres"]
    table["weekend"] = pd.to_datetime(readings["day"]).dt.dayofweek.ge(5).astype(int)
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--holdout-percent", type=int, default=15)
    arguments = parser.parse_args()

    readings = pd.concat(pd.read_csv(file) for file in sorted(RAW.glob("*.csv")))
    table = features(readings).sample(frac=1.0, random_state=11)
    held = len(table) * arguments.holdout_percent // 100
    parts = {"test": table[:held], "validation": table[held : 2 * held], "train": table[2 * held :]}
    for name, part in parts.items():
        folder = SETS / name
        folder.mkdir(parents=True, exist_ok=True)
        part.to_csv(folder / f"{name}.csv", header=False, index=False)


if __name__ == "__main__":
    main()
