"""The same job with Ray Data: read_parquet -> map_batches with one actor a core -> write_parquet. A peer to measure.

    python ray_data.py --input FILE.parquet --model M.onnx --out DIR --features f0,f1,... --keep id --threads 2

Each of the `--threads` actors holds an ONNX Runtime session with one thread.
An actor reserves a quarter of a core in Ray's books (`--actor-cpus`), so that cores are left for reading and
writing: on two cores 0.25 went faster than 0.5 (one trial each), and with 0.9 the job had not ended after some 200 s.
Asking for more blocks (`override_num_blocks`) showed no gain, on a machine that was busy at the time.

What is timed is a whole dataset execution, as Ray offers no other: Ray itself is up before the clock starts, and a tiny
job has gone through so that its worker processes and their imports are warm, but every execution starts its own actors,
and with them the sessions.
"""

import argparse
import json
import logging
import os
import shutil
import time
from pathlib import Path

os.environ.setdefault("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import numpy as np
import onnxruntime as ort
import pyarrow.parquet as pq
import ray


class Scorer:
    def __init__(self, model, features, keep):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.feed, self.output = self.session.get_inputs()[0].name, self.session.get_outputs()[0].name
        self.features, self.keep = features, keep

    def __call__(self, batch):
        rows = np.stack([batch[name] for name in self.features], axis=1)
        (scores,) = self.session.run([self.output], {self.feed: rows})
        return {**{name: batch[name] for name in self.keep}, "score": scores.reshape(-1)}


def score(args, limit=None):
    table = ray.data.read_parquet(args.input)
    table = table.select_columns(args.keep + args.features)
    if limit:
        table = table.limit(limit)
    table.map_batches(
        Scorer,
        fn_constructor_args=(args.model, args.features, args.keep),
        compute=ray.data.ActorPoolStrategy(size=args.threads),
        batch_size=args.batch,
        num_cpus=args.actor_cpus,
    ).write_parquet(args.out)


def main():
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = lambda text: text.split(",")
    cli.add_argument("--input", required=True)
    cli.add_argument("--model", required=True)
    cli.add_argument("--out", required=True, help="a folder; what is in it is removed")
    cli.add_argument("--features", type=names, required=True)
    cli.add_argument("--keep", type=names, default=[])
    cli.add_argument("--threads", type=int, default=2, help="cores for Ray, and actors")
    cli.add_argument("--actor-cpus", type=float, default=0.25, help="what an actor reserves; the rest is for reading")
    cli.add_argument("--batch", type=int, default=8192)
    cli.add_argument("--repeat", type=int, default=1, help="jobs, one line of JSON each")
    args = cli.parse_args()
    args.input, args.model, args.out = map(os.path.abspath, (args.input, args.model, args.out))

    ray.init(num_cpus=args.threads, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    score(args, limit=1000)
    for _ in range(args.repeat):
        shutil.rmtree(args.out, ignore_errors=True)
        began = time.perf_counter()
        score(args)
        seconds = time.perf_counter() - began
        rows = sum(pq.read_metadata(path).num_rows for path in Path(args.out).glob("*.parquet"))
        report = {"rows": rows, "seconds": round(seconds, 3), "rows_per_second": round(rows / seconds)}
        print(json.dumps(report), flush=True)
    ray.shutdown()


if __name__ == "__main__":
    main()
