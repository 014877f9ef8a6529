"""Packs the first customers as a sample request."""

import argparse
import tarfile
from pathlib import Path

CUSTOMERS = Path("/opt/ml/processing/input/scoring_data")
PAYLOAD = Path("/opt/ml/processing/output/payload_sample")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20)
    args = parser.parse_args()

    lines = (CUSTOMERS / "customers.csv").read_text().splitlines()[: args.rows]
    sample = Path("payload.csv")
    sample.write_text("\n".join(lines) + "\n")
    with tarfile.open(PAYLOAD / "payload.tar.gz", "w:gz") as archive:
        archive.add(sample, arcname=sample.name)


if __name__ == "__main__":
    main()
