"""Deterministic large survey for speed comparisons: survey.py N_ROWS OUT.csv (needs numpy, polars)
Columns: id, weight, stratum(47), psu, pref(1-47), sex(1-2), age(1-6), size(1-5),
s01..s30 single answer codes 1-5 (3% blank), m01_1..m10_8 multiple answer 0/1, n1..n3 numeric."""
import sys, numpy as np, polars as pl
n, out = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(20161110)
cols = {"id": np.arange(1, n + 1)}
pref = rng.integers(1, 48, n)
cols["weight"] = np.round(rng.gamma(8.0, 1 / 8.0, n) + 0.05, 4)
cols["stratum"] = pref
cols["psu"] = pref * 1000 + rng.integers(0, 20, n)
cols["pref"] = pref
cols["sex"] = rng.integers(1, 3, n)
cols["age"] = rng.integers(1, 7, n)
cols["size"] = rng.choice(np.arange(1, 6), n, p=[.35, .25, .2, .12, .08])
df = pl.DataFrame(cols)
sa = {}
for q in range(1, 31):
    p = rng.dirichlet(np.ones(5) * 3)
    v = rng.choice(np.arange(1, 6), n, p=p)
    m = rng.random(n) < 0.03
    sa[f"s{q:02d}"] = pl.Series(v).cast(pl.Int8).scatter(np.flatnonzero(m), None) if m.any() else pl.Series(v)
df = df.with_columns(**sa)
ma = {}
for q in range(1, 11):
    for o in range(1, 9):
        ma[f"m{q:02d}_{o}"] = pl.Series((rng.random(n) < rng.uniform(.05, .6)).astype(np.int8))
df = df.with_columns(**ma)
df = df.with_columns(n1=pl.Series(rng.poisson(30, n)), n2=pl.Series(np.round(rng.lognormal(3, 1, n), 1)), n3=pl.Series(rng.integers(0, 101, n)))
df.write_csv(out)
