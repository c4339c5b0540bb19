"""Photographs to a Parquet file of their best five classes, as one would write it by hand.

Pillow decodes and resizes, onnxruntime runs SqueezeNet picture by picture (its batch is fixed at 1), pyarrow writes. Files are
divided among processes. Prints {"rows_per_second": ...}; starting the processes and opening the network is not counted.
"""

import argparse
import json
import multiprocessing
import os
import time

import numpy
import onnxruntime
import pyarrow
import pyarrow.parquet
from PIL import Image

session = None


def start(model):
    global session
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    session.run(None, {"data_0": numpy.zeros((1, 3, 224, 224), numpy.float32)})


def warm(_):
    time.sleep(0.5)
    return session is not None


def score(files):
    rows = []
    for path in files:
        picture = Image.open(path).convert("RGB").resize((224, 224), Image.BILINEAR)
        pixels = numpy.asarray(picture)[:, :, ::-1].transpose(2, 0, 1)[None].astype(numpy.float32)
        probabilities = session.run(None, {"data_0": pixels})[0].reshape(-1)
        best = numpy.argsort(-probabilities)[:5]
        rows.append((path, best.tolist(), probabilities[best].tolist()))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder")
    parser.add_argument("--model")
    parser.add_argument("--out")
    parser.add_argument("--processes", type=int)
    args = parser.parse_args()
    files = sorted(os.path.join(args.folder, name) for name in os.listdir(args.folder))
    chunks = [files[at : at + 16] for at in range(0, len(files), 16)]
    with multiprocessing.Pool(args.processes, start, (args.model,)) as pool:
        pool.map(warm, range(args.processes), 1)
        started = time.perf_counter()
        rows = [row for part in pool.imap(score, chunks) for row in part]
        table = pyarrow.table({"path": [r[0] for r in rows], "classes": [r[1] for r in rows], "scores": [r[2] for r in rows]})
        pyarrow.parquet.write_table(table, args.out)
        seconds = time.perf_counter() - started
    print(json.dumps({"rows_per_second": len(files) / seconds}))


if __name__ == "__main__":
    main()
