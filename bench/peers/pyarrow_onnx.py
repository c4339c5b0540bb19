"""What a careful engineer writes by hand: pyarrow reads, onnxruntime scores, pyarrow writes. A peer to measure against.

    python pyarrow_onnx.py --input FILE.parquet --model M.onnx --out DIR --features f0,f1,... --keep id --threads 2

Two shapes of it:

    --processes 2   that many processes, each with its share of the threads, its own session and its own part file, over
                    alternating row groups. Nothing is shared, so nothing waits. The default: against the other shape,
                    on two cores, the 20-64-32-1 network went about twice as fast and the 20-512-512-512-1 network the
                    same while nothing else ran, now faster and now slower while something did.
                    (Two threads of one process instead of two processes: some 15 % slower on both.)
    --processes 1   one process, one part file, and an ONNX Runtime session that has all the threads.

Batches of 8 192 rows suit the small network; the large one gained some 20 % with `--batch 4096`.

What is timed is the job: open the file, read, score, write and close the parts. Python, the processes and the sessions
are up before the clock starts. Parts hold the rows of alternating row groups, so `--keep` has to name what tells rows
apart.
"""

import argparse
import json
import multiprocessing as mp
import shutil
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 122_880  # rows of an output row group, and of what is held before it is written


def open_session(model, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def score_part(session, args, threads, worker=0, workers=1):
    """Score every `workers`-th row group, beginning with number `worker`, into a file of its own; gives its rows."""
    feed, output = session.get_inputs()[0].name, session.get_outputs()[0].name
    source = pq.ParquetFile(args.input)
    schema = pa.schema([*(source.schema_arrow.field(name) for name in args.keep), pa.field("score", pa.float32())])
    buffer = np.empty((args.batch, len(args.features)), np.float32)  # made once, filled again for every batch
    done, held, waiting = 0, 0, []
    with pq.ParquetWriter(Path(args.out) / f"part-{worker}.parquet", schema) as writer:
        for batch in source.iter_batches(
            args.batch,
            row_groups=range(worker, source.num_row_groups, workers),
            columns=args.keep + args.features,
            use_threads=threads > 1,
        ):
            rows = buffer[: batch.num_rows]
            for i, name in enumerate(args.features):
                rows[:, i] = batch.column(name).to_numpy()  # a view of Arrow's memory; a column with nulls is refused
            (scores,) = session.run([output], {feed: rows})
            kept = [batch.column(name) for name in args.keep]
            waiting.append(pa.record_batch([*kept, pa.array(scores.reshape(-1))], schema=schema))
            held += batch.num_rows
            if held >= GROUP:  # write_batch after every batch would make a row group of each
                writer.write_table(pa.Table.from_batches(waiting))
                done, held, waiting = done + held, 0, []
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
    return done + held


def worker_process(args, threads, worker, start, results):
    session = open_session(args.model, threads)
    for _ in range(args.repeat):
        start.wait()
        results.put(score_part(session, args, threads, worker, args.processes))


def main():
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = lambda text: text.split(",")
    cli.add_argument("--input", required=True)
    cli.add_argument("--model", required=True)
    cli.add_argument("--out", required=True, help="a folder; what is in it is removed")
    cli.add_argument("--features", type=names, required=True)
    cli.add_argument("--keep", type=names, default=[])
    cli.add_argument("--threads", type=int, default=2, help="in all")
    cli.add_argument("--processes", type=int, default=2)
    cli.add_argument("--batch", type=int, default=8192)
    cli.add_argument("--repeat", type=int, default=1, help="jobs, one line of JSON each")
    args = cli.parse_args()

    shutil.rmtree(args.out, ignore_errors=True)
    Path(args.out).mkdir(parents=True)
    threads = max(1, args.threads // args.processes)
    if args.processes == 1:
        session = open_session(args.model, threads)
        for _ in range(args.repeat):
            began = time.perf_counter()
            report(score_part(session, args, threads), time.perf_counter() - began)
        return

    spawn = mp.get_context("spawn")  # a forked copy of a process with threads is not safe
    start, results = spawn.Barrier(args.processes + 1), spawn.Queue()
    job = lambda i: spawn.Process(target=worker_process, args=(args, threads, i, start, results))
    each = [job(i) for i in range(args.processes)]
    for process in each:
        process.start()
    for _ in range(args.repeat):
        start.wait()
        began = time.perf_counter()
        rows = sum(results.get() for _ in each)
        report(rows, time.perf_counter() - began)
    for process in each:
        process.join()


def report(rows, seconds):
    line = {"rows": rows, "seconds": round(seconds, 3), "rows_per_second": round(rows / seconds)}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
