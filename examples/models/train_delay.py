"""Train `delay.onnx`: the probability that a flight arrives more than 15 minutes late.

    pip install numpy pyarrow onnx onnxruntime
    python examples/models/train_delay.py            # --data, --out, --seed, --epochs

The table is `flights-3m.parquet` of the npm package vega-datasets: date, delay, distance, origin, destination of
3 000 000 flights in the United States, January to June 2001. The split is by time: the network learns from the flights
before 2001-06-01 and is scored on those from that day on, which nothing here ever looks at before the last step.

Each column is an input of its own, and everything a column needs (numbering the airports, scaling the distance, the
sigmoid) is inside the graph:

    origin, destination  string   LabelEncoder -> Gather (embedding); an airport never seen has a row of its own
    hour, weekday        float    clip, Cast   -> Gather (embedding)
    distance             float    log, standardised
                                  all of it -> Concat -> 64 -> 32 -> 1 -> Sigmoid -> risk

Numpy alone does the training; it takes about a minute on two cores.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pyarrow.compute as pc
import pyarrow.parquet as pq
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "node_modules/vega-datasets/data/flights-3m.parquet"
HELD_OUT_FROM = np.datetime64("2001-06-01")
LATE = 15  # minutes
WIDTHS = {"origin": 16, "destination": 16, "hour": 8, "weekday": 4}  # of the embeddings
HIDDEN = (64, 32)
BATCH, RATE, UNSEEN_SHARE = 4096, 3e-3, 0.005
DESCRIPTION = "probability that a flight arrives more than 15 minutes late"


def read(path):
    """The model's five inputs as flat arrays, the label, and which rows are held out."""
    table = pq.read_table(path)
    date = table["date"].to_numpy()
    columns = {
        "origin": table["origin"].to_numpy(),
        "destination": table["destination"].to_numpy(),
        "distance": table["distance"].to_numpy().astype(np.float32),
        "hour": pc.hour(table["date"]).to_numpy().astype(np.float32),
        "weekday": pc.day_of_week(table["date"], week_start=7).to_numpy().astype(np.float32),  # 0 = Sunday
    }
    return columns, (table["delay"].to_numpy() > LATE).astype(np.float32), date >= HELD_OUT_FROM


def train(ids, distance, y, sizes, epochs, seed):
    """Adam over a two-layer network on four embeddings and a number. `ids`: {name: int array}; gives the weights."""
    rng = np.random.default_rng(seed)
    normal = lambda *shape, scale: (rng.standard_normal(shape) * scale).astype(np.float32)
    p = {name: normal(sizes[name], width, scale=0.1) for name, width in WIDTHS.items()}
    dims = (sum(WIDTHS.values()) + 1, *HIDDEN, 1)
    for i, (a, b) in enumerate(zip(dims, dims[1:])):
        p[f"w{i}"], p[f"b{i}"] = normal(a, b, scale=np.sqrt(2 / a)), np.zeros(b, np.float32)
    p["b2"][:] = np.log(y.mean() / (1 - y.mean()))  # begin at the base rate
    first, second = ({k: np.zeros_like(v) for k, v in p.items()} for _ in range(2))  # Adam's moments

    steps, step = epochs * (len(y) // BATCH), 0
    for epoch in range(epochs):
        order, loss = rng.permutation(len(y)), 0.0
        for start in range(0, len(y) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            take = {name: ids[name][rows] for name in WIDTHS}
            for name in ("origin", "destination"):  # a few airports are hidden, so that row 0 learns "some airport"
                take[name] = np.where(rng.random(BATCH) < UNSEEN_SHARE, 0, take[name])

            x = np.concatenate([p[name][take[name]] for name in WIDTHS] + [distance[rows, None]], axis=1)
            a = np.maximum(x @ p["w0"] + p["b0"], 0)
            b = np.maximum(a @ p["w1"] + p["b1"], 0)
            risk = 1 / (1 + np.exp(-(b @ p["w2"] + p["b2"])[:, 0]))
            loss -= np.mean(np.log(np.where(y[rows] > 0, risk, 1 - risk)))

            g, dout = {}, ((risk - y[rows]) / BATCH)[:, None]
            db = (dout @ p["w2"].T) * (b > 0)
            da = (db @ p["w1"].T) * (a > 0)
            dx = da @ p["w0"].T
            for i, (into, back) in enumerate(((x, da), (a, db), (b, dout))):
                g[f"w{i}"], g[f"b{i}"] = into.T @ back, back.sum(0)
            at = 0
            for name, width in WIDTHS.items():  # scatter-add, one bincount a table
                cell = take[name][:, None] * width + np.arange(width)
                part = np.bincount(cell.ravel(), dx[:, at : at + width].ravel(), sizes[name] * width)
                g[name], at = part.reshape(-1, width).astype(np.float32), at + width

            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            rate *= np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            for k, grad in g.items():
                first[k] += 0.1 * (grad - first[k])
                second[k] += 0.001 * (grad * grad - second[k])
                p[k] -= np.float32(rate) * first[k] / (np.sqrt(second[k]) + 1e-8)
        print(f"epoch {epoch + 1}: log loss {loss / (len(y) // BATCH):.5f}", flush=True)
    return p


def graph(p, airports, mean, std):
    """The weights as one ONNX file. Every input and the output is [N, 1], as converters write one input a column."""
    f32, i64 = (lambda v: np.asarray(v, np.float32)), (lambda v: np.asarray(v, np.int64))
    consts = {"axis": i64([1]), "zero": f32(0), "izero": i64(0), "one": f32(1), "mean": f32(mean), "std": f32(std)}
    consts |= {"hour_top": f32(23), "weekday_top": f32(6), "hour_itop": i64(23), "weekday_itop": i64(6)}
    consts |= {"nothing": np.zeros((3, 1), np.float32)}
    consts |= {f"{k}_rows" if k in WIDTHS else k: v for k, v in p.items()}

    nodes = []
    add = lambda op, inputs, output, **attrs: nodes.append(h.make_node(op, inputs, [output], name=output, **attrs))
    for name in ("origin", "destination"):
        add("LabelEncoder", [name], f"{name}_id", domain="ai.onnx.ml", keys_strings=airports,
            values_int64s=list(range(1, len(airports) + 1)), default_int64=0)  # fmt: skip
    for name in ("hour", "weekday"):  # clipped twice: what a cast makes of NaN differs from machine to machine
        add("Clip", [name, "zero", f"{name}_top"], f"{name}_clipped")
        add("Cast", [f"{name}_clipped"], f"{name}_int", to=T.INT64)
        add("Clip", [f"{name}_int", "izero", f"{name}_itop"], f"{name}_id")
    for name in WIDTHS:
        add("Squeeze", [f"{name}_id", "axis"], f"{name}_row")  # [N, 1] -> [N]
        add("Gather", [f"{name}_rows", f"{name}_row"], f"{name}_vector")
    add("Max", ["distance", "one"], "miles")
    add("Log", ["miles"], "log_miles")
    add("Sub", ["log_miles", "mean"], "log_miles_centred")
    add("Div", ["log_miles_centred", "std"], "distance_scaled")
    add("Concat", [f"{name}_vector" for name in WIDTHS] + ["distance_scaled"], "x", axis=1)
    add("Gemm", ["x", "w0", "b0"], "h0")
    add("Relu", ["h0"], "r0")
    add("Gemm", ["r0", "w1", "b1"], "h1")
    add("Relu", ["h1"], "r1")
    add("Gemm", ["r1", "w2", "b2"], "logit")
    add("Sigmoid", ["logit"], "probability")
    # Clip, Max and Relu may swallow a NaN. Nothing times a number is nothing, but nothing times NaN is NaN: a missing
    # number in gives a missing risk out, never an invented one.
    add("Concat", ["distance", "hour", "weekday"], "numbers", axis=1)
    add("MatMul", ["numbers", "nothing"], "missing")
    add("Add", ["probability", "missing"], "risk")

    about = {"origin": "airport, IATA code", "destination": "airport, IATA code", "distance": "miles",
             "hour": "hour of departure, 0 to 23", "weekday": "0 = Sunday ... 6 = Saturday"}  # fmt: skip
    kind = lambda name: T.STRING if name in ("origin", "destination") else T.FLOAT
    inputs = [h.make_tensor_value_info(name, kind(name), ["N", 1], doc_string=doc) for name, doc in about.items()]
    output = h.make_tensor_value_info("risk", T.FLOAT, ["N", 1], doc_string=DESCRIPTION)
    weights = [nh.from_array(v, k) for k, v in consts.items()]
    opsets = [h.make_opsetid("", 17), h.make_opsetid("ai.onnx.ml", 3)]
    model = h.make_model(h.make_graph(nodes, "delay", inputs, [output], weights), opset_imports=opsets, ir_version=8)
    model.producer_name = "train_delay.py"
    h.set_model_props(model, {"inframe.description": DESCRIPTION})
    onnx.checker.check_model(model, full_check=True)
    return model


def auc(y, score):
    """Area under the ROC curve; ties count half."""
    _, rank, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[rank]
    n = y.sum(dtype=np.float64)
    return (ranks[y > 0].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def evaluate(path, columns, y, rows):
    """Scores of the written file itself, run as anybody would run it."""
    session, risk = ort.InferenceSession(str(path)), []
    for part in np.array_split(np.flatnonzero(rows), max(1, rows.sum() // 65536)):
        risk.append(session.run(["risk"], {k: v[part, None] for k, v in columns.items()})[0][:, 0])
    risk, y = np.concatenate(risk).astype(np.float64), y[rows]
    log_loss, base = -np.mean(np.log(np.where(y > 0, risk, 1 - risk))), y.mean(dtype=np.float64)
    brier, constant = np.mean((risk - y) ** 2), -(base * np.log(base) + (1 - base) * np.log(1 - base))
    return (f"rows {len(y)}  base rate {base:.4f}  mean risk {risk.mean():.4f}  AUC {auc(y, risk):.4f}  "
            f"log loss {log_loss:.4f} (base rate alone {constant:.4f})  "
            f"Brier {brier:.4f} (base rate alone {base * (1 - base):.4f})")  # fmt: skip


def main():
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    cli.add_argument("--data", type=Path, default=DATA)
    cli.add_argument("--out", type=Path, default=HERE / "delay.onnx")
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--epochs", type=int, default=20)
    args = cli.parse_args()

    columns, y, held_out = read(args.data)
    learn = ~held_out
    airports = sorted(set(columns["origin"][learn]) | set(columns["destination"][learn]))
    number = {code: i + 1 for i, code in enumerate(airports)}  # 0: any other airport
    ids = {name: np.array([number[v] for v in columns[name][learn]]) for name in ("origin", "destination")}
    ids |= {name: columns[name][learn].astype(np.int64) for name in ("hour", "weekday")}
    log_miles = np.log(np.maximum(columns["distance"][learn], 1))
    mean, std = log_miles.mean(dtype=np.float64), log_miles.std(dtype=np.float64)
    sizes = {"origin": len(airports) + 1, "destination": len(airports) + 1, "hour": 24, "weekday": 7}

    weights = train(ids, ((log_miles - mean) / std).astype(np.float32), y[learn], sizes, args.epochs, args.seed)
    onnx.save(graph(weights, airports, mean, std), args.out)
    print(f"{args.out.name}: {args.out.stat().st_size} bytes, {len(airports)} airports")
    print("learned from:", evaluate(args.out, columns, y, learn))
    print("held out:    ", evaluate(args.out, columns, y, held_out))


if __name__ == "__main__":
    main()
