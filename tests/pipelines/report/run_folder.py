"""A small finished run, laid out as a run folder: three sources, two entities, every stage."""

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from dedup.survivorship import survive
from guiyi.spec import EntitySpec

STARTED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SOURCES = ("workbook", "legacy", "mail")
BRANDS = "华远明德恒通金石瑞丰天合海川宏图新纪凯越博雅泰和顺达永信启明东升"
TRADES = "科技贸易机械医药物流建材电子食品"
CITIES = {"上海": "021", "北京": "010", "深圳": "0755", "杭州": "0571"}
GIVEN = "伟芳娜敏静磊洋勇艳杰"
SURNAMES = "王李张刘陈杨黄赵"
WEIGHTS = {"name": (9.5, -4.0), "phone": (8.0, -2.5), "email": (7.0, -1.5), "address": (4.5, -1.0)}
PRIOR = -13.0

ENTITIES = {
    "company": EntitySpec.model_validate(
        {
            "fields": {
                "name": "company_name",
                "uscc": "uscc",
                "phone": "phone",
                "email": "email",
                "address": "address",
                "updated": "date",
            },
            "updated": "updated",
            "survivorship": {"phone": "most_recent", "address": "most_complete"},
        }
    ),
    "person": EntitySpec.model_validate(
        {"fields": {"name": "person_name", "phone": "phone", "email": "email"}}
    ),
}


@dataclass(frozen=True)
class Truth:
    """What one customer really is."""

    name: str
    fields: dict[str, str]


def build_run(folder: Path, seed: int = 7, customers: int = 90) -> Path:
    """Write a whole run folder; the same seed writes the same run."""
    chance = random.Random(seed)
    quarantine: list[dict[str, str | None]] = []
    laws, stages, load = [], [], {}
    for entity in ENTITIES:
        truths = [_customer(chance, entity) for _ in range(customers)]
        clean, owners = _records(chance, entity, truths)
        _write(folder, f"records/{entity}", clean)
        _write(folder, f"clean/{entity}", clean)
        held = _hold(chance, entity, clean, quarantine)
        standing = clean.filter(~pl.Series(held))
        owners = [owner for owner, out in zip(owners, held, strict=True) if not out]
        golden = _match(chance, folder, entity, standing, owners)
        out_of_scope = _extract(chance, folder, entity, clean)
        laws.append(
            {
                "entity": entity,
                "name": "extracted",
                "total": clean.height + out_of_scope,
                "parts": {
                    "out_of_scope": out_of_scope,
                    "quarantined": sum(held),
                    "members": standing.height,
                },
                "holds": True,
            }
        )
        load[_crm(entity)] = _load(chance, folder, entity, golden)
    _write(folder, "quarantine", pl.DataFrame(quarantine).cast(pl.String))
    _write_rest(folder)
    laws += [
        {
            "entity": crm,
            "name": "handed_to_load",
            "total": sum(counts.values()),
            "parts": counts,
            "holds": True,
        }
        for crm, counts in load.items()
    ]
    seconds = (1.4, 0.8, 3.1, 2.2, 0.4, 1.9, 0.3, 0.6, 0.1, 0.7, 2.8, 0.9)
    names = (
        "extract clean check_records match merge check_golden "
        "map diff gate load_test load_full reconcile"
    )
    total = laws[0]["total"] + laws[1]["total"]  # type: ignore[operator]
    for name, took in zip(names.split(), seconds, strict=True):
        row = {"stage": name, "rows_in": total, "rows_out": total, "seconds": took, "note": ""}
        stages.append(row)
    manifest = {
        "run_id": "20261122-080000-7f3a",
        "project": "归一示例",
        "language": None,
        "started": STARTED.isoformat(),
        "finished": (STARTED + timedelta(seconds=sum(seconds))).isoformat(),
        "dry_run": False,
        "only": None,
        "spec_digest": "0" * 64,
        "sources": list(SOURCES),
        "kinds": {entity: dict(spec.kinds) for entity, spec in ENTITIES.items()},
        "privacy": {"mask": ["phone", "email", "id_card"]},
        "mapping": {_crm(entity): entity for entity in ENTITIES},
        "stages": stages,
        "laws": laws,
        "gate": {
            "verdict": "passed",
            "checks": [
                _check("companies: expectations that failed", 0, 0),
                _check("company: share in quarantine", 0.2, 0.031),
                _check("untranslated codes in industry", 0, 0),
            ],
        },
        "load": load,
        "notes": ["workbook.客户: not mapped and not ignored: 备注"],
        "stopped": None,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return folder


def _check(name: str, limit: float, found: float) -> dict[str, object]:
    passed = found <= limit
    outcome = "passed" if passed else "failed"
    return {"name": name, "limit": limit, "found": found, "passed": passed, "outcome": outcome}


def _crm(entity: str) -> str:
    return {"company": "account", "person": "contact"}[entity]


def _customer(chance: random.Random, entity: str) -> Truth:
    mobile = f"+861{chance.choice('3589')}{chance.randrange(10**9):09d}"
    if entity == "person":
        name = (
            chance.choice(SURNAMES)
            + chance.choice(GIVEN)
            + chance.choice(["", chance.choice(GIVEN)])
        )
        return Truth(name, {"phone": mobile, "email": f"u{chance.randrange(10**5)}@example.com"})
    city = chance.choice(list(CITIES))
    brand, trade = _two(chance, BRANDS), _two(chance, TRADES)
    road = chance.choice(["中山", "人民", "解放", "建设"])
    return Truth(
        f"{city}{brand}{trade}有限公司",
        {
            "uscc": f"9131{chance.randrange(10**13):013d}X",
            "phone": mobile,
            "email": f"info@{chance.randrange(10**5)}.example.cn",
            "address": f"{city}市{road}路{chance.randrange(1, 900)}号",
            "updated": f"20{chance.randrange(19, 26)}-0{chance.randrange(1, 9)}-11",
        },
    )


def _two(chance: random.Random, words: str) -> str:
    start = 2 * chance.randrange(len(words) // 2)
    return words[start : start + 2]


def _records(
    chance: random.Random, entity: str, truths: list[Truth]
) -> tuple[pl.DataFrame, list[int]]:
    rows, owners = [], []
    for number, truth in enumerate(truths):
        for _ in range(chance.choice([1, 1, 2, 2, 3])):
            rows.append(_record(chance, entity, truth, len(rows)))
            owners.append(number)
    fields = ENTITIES[entity].fields
    columns = ["source", "record_id", "extracted_at", "place"]
    for field in fields:
        columns += [field, f"{field}.raw", f"{field}.reason", f"{field}.key"]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), strict=False), owners


def _record(chance: random.Random, entity: str, truth: Truth, number: int) -> dict[str, str | None]:
    source = chance.choice(SOURCES)
    table = {"workbook": "客户", "legacy": "T_CUST", "mail": "contacts"}[source]
    row: dict[str, str | None] = {
        "source": source,
        "record_id": f"{table}/{_key(source, number)}",
        "extracted_at": STARTED.isoformat(),
        "place": f"{source} row {number}",
    }
    for field, value in {"name": truth.name, **truth.fields}.items():
        seen = _as_typed(chance, field, value)
        row[f"{field}.raw"] = seen
        row[field] = _as_cleaned(field, seen)
        row[f"{field}.key"] = row[field]
        if seen is not None and row[field] is None:
            row[f"{field}.reason"] = "invalid: digits"
        elif seen != row[field]:
            row[f"{field}.reason"] = "width folded"
    return row


def _key(source: str, number: int) -> str:
    """A source's own key; that of a mail contact is the address."""
    return f"wang.{1000 + number}@example.com" if source == "mail" else str(1000 + number)


def _as_typed(chance: random.Random, field: str, value: str) -> str | None:
    """A value as people keep it: missing, shortened, mistyped."""
    draw = chance.random()
    if draw < 0.1 and field != "name":
        return None
    if field == "name" and draw < 0.15:
        return value.replace("有限公司", "(有限公司")
    if field == "phone" and draw < 0.2:
        return value[:-1] + chance.choice("0123456789")
    if field == "phone" and draw < 0.24:
        return "12"
    if field == "address" and draw < 0.4:
        return value.replace("市", "").replace("号", "")
    return value


def _as_cleaned(field: str, seen: str | None) -> str | None:
    if seen is None or (field == "phone" and len(seen) < 5):
        return None
    return seen.replace("(", "")


def _hold(
    chance: random.Random, entity: str, clean: pl.DataFrame, quarantine: list[dict[str, str | None]]
) -> list[bool]:
    held = [chance.random() < 0.03 for _ in range(clean.height)]
    for row, out in zip(clean.iter_rows(named=True), held, strict=True):
        if out:
            quarantine.append(
                {
                    "entity": entity,
                    "stage": "records",
                    "source": row["source"],
                    "record_id": row["record_id"],
                    "golden_id": None,
                    "suite": "companies" if entity == "company" else "people",
                    "expectation": chance.choice(["not_null", "reachable"]),
                    "column": chance.choice(["phone", "email"]),
                    "reason": "a customer must be reachable",
                }
            )
    return held


def _match(
    chance: random.Random, folder: Path, entity: str, records: pl.DataFrame, owners: list[int]
) -> pl.DataFrame:
    fields = [field for field in ENTITIES[entity].fields if field in WEIGHTS]
    pairs = _pairs(chance, records, owners, fields)
    first = {owner: owners.index(owner) for owner in set(owners)}
    clusters = pl.DataFrame(
        {
            "row": range(len(owners)),
            "cluster_id": [first[owner] for owner in owners],
            "cohesion": [round(chance.uniform(0.82, 1), 3) for _ in owners],
        }
    )
    merged = survive(records, clusters, ENTITIES[entity], SOURCES)
    named = pl.concat_str(pl.lit("G-"), "cluster_id").alias("golden_id")
    identity = records.select("source", "record_id")
    _write(folder, f"pairs/{entity}", pairs)
    _write(
        folder,
        f"clusters/{entity}",
        pl.concat([identity, clusters.drop("row")], how="horizontal").with_columns(named),
    )
    golden = merged.golden.with_columns(named).drop("cluster_id")
    _write(folder, f"golden/{entity}", golden)
    _write(folder, f"provenance/{entity}", merged.provenance.with_columns(named).drop("cluster_id"))
    model = {"prior": 2**PRIOR, "thresholds": {"match_at": 0.9, "review_at": 0.5}}
    (folder / "models").mkdir(exist_ok=True)
    (folder / "models" / f"{entity}.json").write_text(json.dumps(model), encoding="utf-8")
    return golden


def _pairs(
    chance: random.Random, records: pl.DataFrame, owners: list[int], fields: list[str]
) -> pl.DataFrame:
    rows = []
    listed = records.to_dicts()
    for left in range(len(listed)):
        for right in range(left + 1, len(listed)):
            same = owners[left] == owners[right]
            if same or chance.random() < 0.02:
                rows.append(_pair(chance, listed, left, right, fields))
    return pl.DataFrame(rows).with_columns(pl.col("^row_.$").cast(pl.UInt32))


def _pair(
    chance: random.Random, listed: list[dict[str, str]], left: int, right: int, fields: list[str]
) -> dict[str, object]:
    one, other = listed[left], listed[right]
    row: dict[str, object] = {
        "row_l": left,
        "row_r": right,
        "left": f"{one['source']}:{one['record_id']}",
        "right": f"{other['source']}:{other['record_id']}",
    }
    total = PRIOR
    for field in fields:
        agrees, differs = WEIGHTS[field]
        if one[field] is None or other[field] is None:
            weight, level = 0.0, "missing"
        elif one[field] == other[field]:
            weight, level = agrees, "equal"
        elif one[field][:4] == other[field][:4]:
            weight, level = agrees * chance.uniform(0.3, 0.6), "close"
        else:
            weight, level = differs, "different"
        row[f"weight.{field}"], row[f"level.{field}"] = weight, level
        total += weight
    row["match_weight"] = total
    row["match_probability"] = probability = 2**total / (1 + 2**total)
    row["verdict"] = (
        "match" if probability >= 0.9 else "review" if probability >= 0.5 else "non-match"
    )
    return row


def _extract(chance: random.Random, folder: Path, entity: str, clean: pl.DataFrame) -> int:
    """Write the scope of every source row; returns how many were out of it."""
    scope = clean.select("source", "record_id", "place", scope=pl.lit("in"))
    out = scope.sample(12, seed=chance.randrange(99)).with_columns(
        record_id=pl.col("record_id") + "x", scope=pl.lit("before 2023-11-22")
    )
    _write(folder, f"scope/{entity}", pl.concat([scope, out]))
    return out.height


def _load(chance: random.Random, folder: Path, entity: str, golden: pl.DataFrame) -> dict[str, int]:
    crm = _crm(entity)
    table = golden.select(external_id="golden_id", name="name", phone="phone", email="email")
    _write(folder, f"crm/{crm}", table)
    rejected = 1 if entity == "person" else 0
    updated, unchanged = 6, 20
    created = table.height - updated - unchanged - rejected
    counts = {
        "created": created, "updated": updated, "unchanged": unchanged, "rejected": rejected,
    }  # fmt: skip
    changes = table.head(created + updated).select(
        "external_id",
        action=pl.Series(["created"] * created + ["updated"] * updated),
        column=pl.lit("phone"),
        old=pl.lit(None, pl.String),
        new="phone",
    )
    _write(folder, f"diff/{crm}", changes)
    test = {"batch_id": f"{crm}-0", "crm_entity": crm, "phase": "test", "rows": 20, "created": 20}
    full = {"batch_id": f"{crm}-1", "crm_entity": crm, "phase": "full", "rows": table.height - 20}
    batches = pl.DataFrame(
        [
            {**test, "updated": 0, "unchanged": 0, "rejected": 0},
            {**full, **counts, "created": created - 20},
        ]
    )
    checked = table.head(20).unpivot(index="external_id", variable_name="column", value_name="sent")
    checked = checked.with_columns(crm_entity=pl.lit(crm), found=pl.col("sent"), equal=pl.lit(True))
    for name, rows in (("batches", batches), ("verification", checked)):
        path = folder / "load" / f"{name}.parquet"
        _write(
            folder,
            f"load/{name}",
            pl.concat([pl.read_parquet(path), rows]) if path.exists() else rows,
        )
    return counts


def _write_rest(folder: Path) -> None:
    damage = {
        "source": "workbook", "record_id": "客户/1007", "place": "客户.xlsx!客户 row 12",
        "column": "电话", "problem": "number too long", "detail": "digits were lost to rounding",
    }  # fmt: skip
    _write(folder, "damage", pl.DataFrame([damage]))
    gap = {"crm_entity": "account", "field": "industry", "code_list": "industry", "code": "Z9"}
    _write(folder, "unmapped_codes", pl.DataFrame([{**gap, "rows": 3}]))
    (folder / "data_docs").mkdir()
    (folder / "data_docs" / "index.html").write_text("<html></html>", encoding="utf-8")


def _write(folder: Path, name: str, table: pl.DataFrame) -> None:
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.write_parquet(path)
