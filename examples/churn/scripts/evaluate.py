"""Scores the holdout customers with the trained trees."""

import argparse
import json
import tarfile
from pathlib import Path

import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score

MODEL = Path("/opt/ml/processing/input/model_artifacts")
HOLDOUT = Path("/opt/ml/processing/input/holdout_data")
REPORT = Path("/opt/ml/processing/output/evaluation_report")
SCORES = Path("/opt/ml/processing/output/scored_holdout")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--label", required=True)
    parser.add_argument("--keep-scores", action="store_true")
    args = parser.parse_args()

    with tarfile.open(MODEL / "model.tar.gz") as archive:
        archive.extractall(MODEL)
    booster = xgb.Booster()
    booster.load_model(str(MODEL / "xgboost-model"))

    customers = pd.read_csv(HOLDOUT / "customers.csv")
    labels = customers.pop(args.label)
    scores = booster.predict(xgb.DMatrix(customers.values))
    report = {"binary_classification_metrics": {"auc": {"value": float(roc_auc_score(labels, scores))}}}
    (REPORT / "evaluation.json").write_text(json.dumps(report))
    if args.keep_scores:
        pd.DataFrame({"label": labels, "score": scores}).to_csv(SCORES / "scores.csv", index=False)


if __name__ == "__main__":
    main()
