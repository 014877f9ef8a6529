"""Trains boosted trees on the demand, which is the first column."""

import argparse
import os
from pathlib import Path

import pandas as pd
import xgboost


def matrix(folder: str) -> xgboost.DMatrix:
    table = pd.concat(pd.read_csv(file, header=None) for file in sorted(Path(folder).glob("*.csv")))
    return xgboost.DMatrix(table.iloc[:, 1:], label=table.iloc[:, 0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--max-depth", type=int, default=5)
    parser.add_argument("--eta", type=float, default=0.2)
    parser.add_argument("--num-round", type=int, default=80)
    arguments = parser.parse_args()

    train = matrix(os.environ["SM_CHANNEL_TRAIN"])
    validation = matrix(os.environ["SM_CHANNEL_VALIDATION"])
    booster = xgboost.train(
        {"max_depth": arguments.max_depth, "eta": arguments.eta, "objective": "reg:squarederror"},
        train,
        num_boost_round=arguments.num_round,
        evals=[(validation, "validation")],
    )
    booster.save_model(Path(os.environ["SM_MODEL_DIR"]) / "demand.ubj")


if __name__ == "__main__":
    main()
