# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Review a run's matching · 匹配复核
#
# Opens a finished run, shows how sure the matching was, what ended up together and why, and what a
# different threshold would do. Nothing is written.
#
# 打开一次已完成的运行：看匹配的把握、合并的依据，以及调整阈值的影响。不写入任何数据。
#
# Start it from the project's folder, or say where the project is:
#
#     make notebooks     # in Guiyi's folder, once: Jupyter and matplotlib · 在归一目录中，仅一次
#     GUIYI_PROJECT=path/to/project jupyter lab notebooks/dedup_review.ipynb

# %% tags=["parameters"]
import os
from pathlib import Path

PROJECT = Path(os.environ.get("GUIYI_PROJECT", "."))
RUN = None  # a folder under .guiyi/runs; None for the latest
ENTITY = None  # None for the first that was matched
ROLE = os.environ.get("GUIYI_ROLE")  # steward, manager, …; None: what anybody may see
WHY = None  # why you read it; the audit chain keeps role and reason

# %%
import json
from contextlib import ExitStack

try:
    import matplotlib.pyplot as plt
except ImportError as missing:
    raise ImportError("matplotlib is missing. In Guiyi's folder, run: make notebooks") from missing
import numpy as np
import polars as pl

from dedup.evaluation import clerical_sample, estimate_quality
from dedup.explanation import explain_cluster, explain_pair
from governance import Door, Masking, Reader
from guiyi.kinds import Kind
from pipelines.stewarding.opening import opened

plt.rcParams["font.sans-serif"] = [
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "DejaVu Sans",
]
plt.rcParams["axes.unicode_minus"] = False
plt.rcParams["figure.figsize"] = (9, 3.6)
plt.rcParams["axes.spines.top"] = plt.rcParams["axes.spines.right"] = False
pl.Config.set_tbl_rows(30)
pl.Config.set_fmt_str_lengths(60)

COLOURS = {"non-match": "#8b95a1", "review": "#a86a08", "match": "#1e7a63"}
SEAL = "#b3362b"

# %% [markdown]
# ## The run · 本次运行

# %%
finished = sorted((PROJECT / ".guiyi" / "runs").glob("*/manifest.json"))
if RUN is None and not finished:
    raise FileNotFoundError(
        f"no finished run under {PROJECT / '.guiyi' / 'runs'}: run `guiyi run` first"
    )
run = Path(RUN) if RUN is not None else finished[-1].parent
manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
entity = ENTITY or sorted((run / "pairs").glob("*.parquet"))[0].stem
kinds = {field: Kind(kind) for field, kind in manifest["kinds"][entity].items()}
print(f"{manifest['project']} · {manifest['run_id']} · {entity}")

# %%
pl.DataFrame(manifest["stages"]).select("stage", "rows_in", "rows_out", "seconds", "note")

# %%
for law in manifest["laws"]:
    parts = " + ".join(f"{count:,} {name}" for name, count in law["parts"].items())
    print(
        "✓" if law["holds"] else "✗", f"{law['entity']}: {law['total']:,} {law['name']} = {parts}"
    )


# %%
if ROLE is None:
    door, masking = None, Masking.of_run(manifest)
else:
    door = Door(*ExitStack().enter_context(opened(PROJECT)), Reader(ROLE, why=WHY))
    door.write_down(manifest["run_id"], {"notebook": "dedup_review"})
    masking = door.masking


def shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as you may see them: values, record keys and texts masked."""
    return masking.table(rows, kinds) if door is None else door.table(entity, rows)


def table(name: str) -> pl.DataFrame:
    """A table of the run as it is; what is displayed goes through `shown`."""
    return pl.read_parquet(run / f"{name}.parquet")


key = pl.concat_str("source", "record_id", separator=":").alias("record")
pairs = table(f"pairs/{entity}")
clusters = table(f"clusters/{entity}").with_columns(key)
records = table(f"clean/{entity}").with_columns(key)
golden = table(f"golden/{entity}")
model = json.loads((run / "models" / f"{entity}.json").read_text(encoding="utf-8"))
for sentence in model.get("explanation", []):
    print("·", masking.text(sentence))

# %% [markdown]
# ## Match weights and thresholds · 匹配权重与阈值
#
# A weight is the log2 odds that a pair is one entity. A clear valley means few doubtful pairs.

# %%
edges = np.linspace(pairs["match_weight"].min() - 0.5, pairs["match_weight"].max() + 0.5, 50)
for verdict, colour in COLOURS.items():
    weights = pairs.filter(pl.col("verdict").cast(pl.String) == verdict)["match_weight"]
    plt.hist(weights, edges, color=colour, label=f"{verdict} ({len(weights):,})")
for name, share in model.get("thresholds", {}).items():
    at = np.log2(share / (1 - share))
    plt.axvline(at, color="black", linestyle="--", linewidth=1)
    plt.annotate(f" {name} {share:.0%}", (at, 1), xycoords=("data", "axes fraction"), rotation=35)
plt.yscale("symlog", linthresh=1)
plt.xlabel("match weight (bits)")
plt.ylabel("pairs")
plt.legend(frameon=False, bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# What each comparison contributes: the spread of its weights over matches and non-matches.

# %%
fields = [
    column.removeprefix("weight.") for column in pairs.columns if column.startswith("weight.")
]
matched = pl.col("verdict").cast(pl.String) == "match"
mean = pairs.group_by(matched.alias("match")).agg(pl.col("^weight\\..*$").mean()).sort("match")
_, axis = plt.subplots(figsize=(9, 0.45 * len(fields) + 1))
for row in mean.iter_rows(named=True):
    told = [row[f"weight.{field}"] for field in fields]
    offset = 0.2 if row["match"] else -0.2
    colour = COLOURS["match" if row["match"] else "non-match"]
    axis.barh(np.arange(len(fields)) + offset, told, 0.38, color=colour)
axis.set_yticks(range(len(fields)), fields)
axis.axvline(0, color="black", linewidth=0.8)
axis.set_xlabel("mean weight (bits): matches green, others grey")
plt.show()

# %% [markdown]
# ## What another threshold would do · 若阈值不同
#
# Precision and recall here are the model's own estimate; a labelled sample is the honest check.

# %%
rows = []
for threshold in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999):
    score = estimate_quality(pairs, threshold)
    found = pairs.filter(pl.col("match_probability") >= threshold).height
    rows.append((threshold, found, score.precision.value, score.recall.value, score.f1.value))
names = ["threshold", "pairs", "precision", "recall", "f1"]
curve = pl.DataFrame(rows, schema=names, orient="row")
curve

# %%
for name, colour in (("precision", "#2b6c8f"), ("recall", SEAL), ("f1", "#22262b")):
    plt.plot(curve["threshold"], curve[name], marker="o", color=colour, label=name)
plt.xlabel("threshold")
plt.legend(frameon=False)
plt.show()

# %% [markdown]
# A sample for a person to judge: few pairs where the model is sure, many where it is not.

# %%
sample = clerical_sample(pairs, 20)
shown(sample.select("left", "right", "match_probability", "verdict", "stratum", "stands_for"))

# %% [markdown]
# ## Clusters · 簇

# %%
sizes = clusters.group_by("golden_id").agg(
    records=pl.len(), sources=pl.col("source").n_unique(), cohesion=pl.col("cohesion").min()
)
_, (left, right) = plt.subplots(1, 2)
counted = sizes.group_by("records").len().sort("records")
bars = left.bar(counted["records"].cast(pl.String), counted["len"], color="#2b6c8f")
left.bar_label(bars, fmt="{:,.0f}")
left.set(xlabel="records in a cluster", ylabel="clusters")
right.hist(sizes.filter(pl.col("records") > 1)["cohesion"], 20, color="#1e7a63")
right.set(xlabel="cohesion", ylabel="clusters of two or more")
plt.tight_layout()
plt.show()

# %% [markdown]
# The loosest clusters: the first to doubt.

# %%
loosest = sizes.filter(pl.col("records") > 1).sort("cohesion", "golden_id").head(10)
shown(loosest.join(golden.select("golden_id", *kinds), on="golden_id", maintain_order="left"))


# %%
def show_cluster(golden_id: str) -> pl.DataFrame:
    """The members of one golden record, and in words why they are together."""
    members = clusters.filter(pl.col("golden_id") == golden_id)["record"].to_list()
    cohesion = sizes.filter(pl.col("golden_id") == golden_id)["cohesion"].item()
    for sentence in explain_cluster(pairs, members, cohesion=cohesion).sentences:
        print("·", masking.text(sentence))
    return shown(records.filter(pl.col("record").is_in(members)).select("record", *kinds))


chosen = loosest["golden_id"].first()
show_cluster(chosen) if chosen is not None else "no record has a duplicate"

# %% [markdown]
# Where its golden values came from.

# %%
provenance = table(f"provenance/{entity}").filter(pl.col("golden_id") == chosen)
alternates = pl.col("alternates").list.len()
shown(provenance.select("field", "source", "record_id", "rule", alternates))


# %% [markdown]
# ## One pair, step by step · 逐步解释一对记录


# %%
def show_pair(one: str, other: str) -> pl.DataFrame:
    """The two records, the waterfall of evidence, and what it says in words."""
    explained = explain_pair(pairs, one, other, model=model)
    for sentence in explained.sentences:
        print("·", masking.text(sentence))
    steps = explained.steps
    if steps.height:
        starts = [0.0, *steps["running"].head(steps.height - 2), 0.0]
        tones = [SEAL if weight < 0 else COLOURS["match"] for weight in steps["weight"]]
        tones[0], tones[-1] = COLOURS["non-match"], "#22262b"
        labels = [
            f"{step} ({level})" if level else step
            for step, level in steps.select("step", "level").iter_rows()
        ]
        _, axis = plt.subplots(figsize=(9, 0.4 * steps.height + 0.8))
        axis.barh(labels, steps["weight"], left=starts, color=tones)
        axis.axvline(0, color="black", linewidth=0.8)
        axis.invert_yaxis()
        axis.margins(x=0.04)
        axis.set_xlabel("log2 odds of one entity")
        plt.show()
    both = records.filter(pl.col("record").is_in([one, other]))
    return shown(both.select("record", *kinds))


doubtful = pairs.sort((pl.col("match_probability") - 0.5).abs(), "left", "right").head(5)
show_pair(doubtful["left"].first(), doubtful["right"].first()) if doubtful.height else "no pairs"

# %% [markdown]
# Look-alikes that were kept apart: the likeliest pairs that did not end in one golden record.

# %%
owner = clusters.select("record", "golden_id")
apart = (
    pairs.join(owner, left_on="left", right_on="record")
    .join(owner, left_on="right", right_on="record", suffix="_right")
    .filter(pl.col("golden_id") != pl.col("golden_id_right"))
    .sort("match_weight", "left", "right", descending=[True, False, False])
)
shown(apart.select("left", "right", "match_weight", "match_probability", "verdict").head(10))
