"""GoldenMatch 3, with no configuration, as its README begins: `gm.dedupe(file)`.

goldenmatch_peer.py FILE OUT PLAN
"""

import csv
import sys

import goldenmatch as gm


def main(file: str, out: str) -> None:
    clusters = gm.dedupe(file).clusters
    with open(out, "w", newline="", encoding="utf-8") as place:
        writer = csv.writer(place)
        writer.writerow(("row", "cluster_id"))
        for number, cluster in clusters.items():
            writer.writerows((row, number) for row in cluster["members"])


if __name__ == "__main__":
    main(*sys.argv[1:3])
