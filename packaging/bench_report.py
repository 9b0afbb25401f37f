"""Runs the benchmarks behind the figures of tests/bench/figures.json and prints one line for each figure.

tests/bench/README.md describes the table. Called by packaging/bench.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile


def read_figures(path, names):
    with open(path, encoding="utf-8") as file:
        figures = json.load(file)["figures"]
    for name in names:
        if not any(name in figure["name"] for figure in figures):
            known = ", ".join(figure["name"] for figure in figures)
            print(f"bench: no figure is called {name!r}; there are: {known}", file=sys.stderr)
            sys.exit(2)
    if not names:
        return figures
    return [figure for figure in figures if any(name in figure["name"] for name in names)]


def sides(figure):
    """The measurement of a figure and, where it has them, the one it is compared with and the one of the ratio."""
    yield figure["measure"]
    for key in ("comparedWith", "ratio"):
        if key in figure:
            yield figure[key]


def run_benchmarks(folder, figures):
    """Every needed executable once, so that both sides of a ratio come from one run: {(executable, benchmark): result}."""
    wanted = {}
    for figure in figures:
        for side in sides(figure):
            wanted.setdefault(side["executable"], set()).add(side["benchmark"])
    results = {}
    for executable, benchmarks in wanted.items():
        pattern = "|".join(f"^{re.escape(name)}(/|$)" for name in sorted(benchmarks))
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            command = [
                os.path.join(folder, executable),
                f"--benchmark_filter={pattern}",
                f"--benchmark_out={report.name}",
                "--benchmark_out_format=json",
            ]
            finished = subprocess.run(command, stdout=sys.stderr, check=False)
            if finished.returncode != 0:
                print(f"bench: {executable} ended with code {finished.returncode}", file=sys.stderr)
                sys.exit(2)
            for result in json.load(report)["benchmarks"]:
                # Of repeated benchmarks the median counts.
                if result.get("run_type") == "aggregate" and result.get("aggregate_name") != "median":
                    continue
                for name in benchmarks:
                    if result["run_name"] == name or result["run_name"].startswith(name + "/"):
                        results[(executable, name)] = result
    return results


def value_of(side, results):
    result = results.get((side["executable"], side["benchmark"]))
    if result is None or result.get("error_occurred"):
        reason = "did not run" if result is None else result.get("error_message", "failed")
        print(f"bench: {side['benchmark']} of {side['executable']}: {reason}", file=sys.stderr)
        sys.exit(2)
    return result[side["counter"]] * side.get("scale", 1)


def judge(figure, value, ratio):
    """The target as text and whether it was reached."""
    target = figure["target"]
    texts, reached = [], True
    for key, measured in (("ratio", ratio), ("value", value)):
        if key + "Min" in target:
            texts.append(f"{key} >= {target[key + 'Min']}")
            reached = reached and measured >= target[key + "Min"]
        if key + "Max" in target:
            texts.append(f"{key} <= {target[key + 'Max']}")
            reached = reached and measured <= target[key + "Max"]
    return " and ".join(texts), reached


def main():
    parser = argparse.ArgumentParser(prog="packaging/bench")
    parser.add_argument("table")
    parser.add_argument("folder")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_intermixed_args()

    figures = read_figures(options.table, options.names)
    results = run_benchmarks(options.folder, figures)
    rows, all_reached = [], True
    for figure in figures:
        value = value_of(figure["measure"], results)
        compared = value_of(figure["comparedWith"], results) if "comparedWith" in figure else None
        ratio = value / compared if compared else None
        if "ratio" in figure:
            ratio = value_of(figure["ratio"], results)
        target, reached = judge(figure, value, ratio)
        all_reached = all_reached and reached
        rows.append(
            {
                "name": figure["name"],
                "value": value,
                "unit": figure["unit"],
                "comparedWith": figure["comparedWith"]["name"] if compared is not None else None,
                "comparedValue": compared,
                "ratio": ratio,
                "target": target,
                "reached": reached,
            }
        )
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            compared = "-" if row["ratio"] is None else f"{row['comparedWith']} {row['comparedValue']:.4g} {row['unit']}"
            ratio = "-" if row["ratio"] is None else f"{row['ratio']:.3f}"
            verdict = "reached" if row["reached"] else "MISSED"
            print(f"{row['name']}\t{row['value']:.4g}\t{row['unit']}\t{compared}\t{ratio}\t{row['target']}\t{verdict}")
    sys.exit(0 if all_reached else 1)


if __name__ == "__main__":
    main()
