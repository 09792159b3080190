#!/usr/bin/env python3
"""Runs wayfare-bench over a folder of published instances of one family and prints scores, references and bounds.

    Benchmarks/planner_table.py .build/release/wayfare-bench mctopmtw FOLDER --seconds 1 --bound 5 [--best toptw/best.csv]

--best names a file with instance,m,value,…: for mctopmtw the values of the TOPTW instances from whose plans the budgets and
caps were made, so that what each plan scores is known to be about as much. Without it only the planner's own bound is there.
"""
import argparse
import csv
import glob
import json
import os
import re
import subprocess

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("family", choices=["mctopmtw", "ttdp", "tdoptw", "ophs"])
parser.add_argument("folder")
parser.add_argument("--seconds", type=float, default=1.0)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--bound", type=float, help="also look for bounds, for so many seconds each")
parser.add_argument("--every", type=int, default=1, help="take only every so-manieth instance")
parser.add_argument("--best", help="a file of best known values")
arguments = parser.parse_args()

best = {}
if arguments.best:
    with open(arguments.best, newline="") as file:
        best = {(row["instance"], int(row["m"])): int(row["value"]) for row in csv.DictReader(file)}

patterns = {"mctopmtw": "*MCTOPMTW*.txt", "ttdp": "t[0-9]*.txt", "tdoptw": "[0-9]*.[0-9].[0-9].TXT", "ophs": "*.ophs"}
gaps, bound_gaps, closed, total = [], [], 0, 0
for path in sorted(glob.glob(os.path.join(arguments.folder, patterns[arguments.family])))[:: arguments.every]:
    command = [arguments.program, arguments.family, path, "--seconds", str(arguments.seconds)]
    command += ["--seed", str(arguments.seed), "--json"] + (["--bound", str(arguments.bound)] if arguments.bound else [])
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    score, bound = answer["score"], answer.get("upperBound")
    total += score
    line = f"{answer['instance']:28} {answer['tours']:2} tours  score {score:5}"
    known = best.get((re.sub(r"^.*MCTOPMTW-\d-", "", answer["instance"]).lower(), answer["tours"]))
    if known:
        gaps.append(100 * (known - score) / known)
        line += f"  reference {known:5} gap {gaps[-1]:6.2f} %"
    if bound is not None:
        bound_gaps.append(100 * (bound - score) / max(1, score))
        closed += bound == score
        line += f"  bound {bound:5} gap {bound_gaps[-1]:6.2f} %"
    print(line, flush=True)
print(f"sum of scores {total}")
if gaps:
    print(f"against references: mean gap {sum(gaps) / len(gaps):.2f} %, worst {max(gaps):.2f} %, {len(gaps)} instances")
if bound_gaps:
    print(f"against bounds: mean {sum(bound_gaps) / len(bound_gaps):.2f} %, closed {closed} of {len(bound_gaps)}")
