"""recordlinkage 0.16: blocks, Jaro–Winkler at .85 and its unsupervised classifier (ECM).

    recordlinkage_peer.py FILE OUT PLAN

Comparators as in its guide to deduplication; blocks on several columns, as one block loses too
much. Pairs become clusters as connected components. No truth is seen here.
"""

import sys

import numpy as np
import pandas as pd
import recordlinkage as rl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

FUZZY = "string"
EXACT = "exact"
PLANS = {
    "fake": (
        ["surname", "first_name", "dob", "email"],
        {"first_name": FUZZY, "surname": FUZZY, "dob": EXACT, "city": EXACT, "email": FUZZY},
    ),
    "febrl": (
        ["given_name", "surname", "date_of_birth", "soc_sec_id"],
        {
            "given_name": FUZZY,
            "surname": FUZZY,
            "date_of_birth": EXACT,
            "suburb": EXACT,
            "state": EXACT,
            "address_1": FUZZY,
            "soc_sec_id": EXACT,
        },
    ),
    "persons": (
        [["first_name", "last_name"], ["last_name", "birth_date"], "phone", "email"],
        {
            "first_name": FUZZY,
            "last_name": FUZZY,
            "birth_date": EXACT,
            "address": FUZZY,
            "city": EXACT,
            "postcode": EXACT,
            "phone": EXACT,
            "email": FUZZY,
        },
    ),
    "chicago": (
        ["Site name", "Address", "Phone"],
        {"Site name": FUZZY, "Address": FUZZY, "Zip": EXACT, "Phone": EXACT},
    ),
    "fodors_zagats": (
        ["name", "addr", "phone", "city"],
        {"name": FUZZY, "addr": FUZZY, "city": EXACT, "phone": EXACT},
    ),
    "szse": (
        ["公司全称", "英文名称", "注册地址", "A股简称", "公司网址"],
        {
            "公司全称": FUZZY,
            "英文名称": FUZZY,
            "注册地址": FUZZY,
            "A股简称": FUZZY,
            "公司网址": EXACT,
        },
    ),
    "companies": (
        ["公司名称", "统一社会信用代码", "电话", "地址"],
        {
            "公司名称": FUZZY,
            "统一社会信用代码": EXACT,
            "电话": EXACT,
            "地址": FUZZY,
            "联系人": EXACT,
        },
    ),
}


def main(file: str, out: str, plan: str) -> None:
    frame = pd.read_csv(file, dtype=str)
    blocks, comparisons = PLANS[plan]
    index = rl.Index()
    for block in blocks:
        index.block(block)
    pairs = index.index(frame)
    compare = rl.Compare()
    for column, how in comparisons.items():
        if how == EXACT:
            compare.exact(column, column, label=column)
        else:
            compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    features = compare.compute(pairs, frame)
    matches = rl.ECMClassifier(binarize=0.8).fit_predict(features)
    a, b = (matches.get_level_values(n).to_numpy() for n in (0, 1))
    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(len(frame), len(frame)))
    clusters = connected_components(graph, directed=False)[1]
    pd.DataFrame({"row": np.arange(len(frame)), "cluster_id": clusters}).to_csv(out, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:4])
