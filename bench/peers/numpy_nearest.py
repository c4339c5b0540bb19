"""Brute force by hand: pyarrow reads, numpy multiplies in blocks of 256 queries, argpartition takes the best.

    python numpy_nearest.py --items FILE.parquet --queries FILE.parquet --k 5

The last line says how many seconds it took, reading included, how many of all cores together, and a sum of the best scores to compare.
"""

import argparse
import json
import time

import numpy as np
import pyarrow.parquet as pq


def load(path):
    column = pq.read_table(path, columns=["v"])["v"].combine_chunks()
    vectors = np.asarray(column.flatten()).reshape(len(column), -1)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--k", type=int, default=5)
    args = parser.parse_args()
    started, busy = time.perf_counter(), time.process_time()
    items, queries = load(args.items), load(args.queries)
    read = time.perf_counter()
    best = []
    for at in range(0, len(queries), 256):
        scores = queries[at : at + 256] @ items.T
        places = np.argpartition(-scores, args.k, axis=1)[:, : args.k]
        values = np.take_along_axis(scores, places, 1)
        order = np.argsort(-values, axis=1, kind="stable")
        best.append(np.take_along_axis(values, order, 1))
    ended = time.perf_counter()
    total = float(np.concatenate(best)[:, 0].astype(np.float64).sum())
    print(json.dumps({"seconds": ended - started, "cpu": time.process_time() - busy, "compute": ended - read, "sum": total}))


main()
