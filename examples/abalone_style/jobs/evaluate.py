"""Measures how far the model's predictions are from the demand of the test set."""

import json
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost

MODEL = Path("/opt/ml/processing/model")
TEST = Path("/opt/ml/processing/test")
REPORT = Path("/opt/ml/processing/report")


def main() -> None:
    with tarfile.open(MODEL / "model.tar.gz") as archive:
        archive.extractall(MODEL)
    booster = xgboost.Booster(model_file=MODEL / "demand.ubj")

    table = pd.read_csv(TEST / "test.csv", header=None)
    errors = table.iloc[:, 0].to_numpy() - booster.predict(xgboost.DMatrix(table.iloc[:, 1:]))
    report = {
        "regression_metrics": {
            "rmse": {"value": float(np.sqrt(np.mean(errors**2))), "standard_deviation": float(np.std(errors))},
        },
    }
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / "evaluation.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    main()
