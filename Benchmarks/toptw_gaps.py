#!/usr/bin/env python3
"""Runs wayfare-bench toptw over published instances and prints the gaps to the best known values.

    Benchmarks/toptw_gaps.py .build/release/wayfare-bench FOLDER --seconds 1 --seeds 3 [--every 8] [--bound 10]

FOLDER holds the instances and best.csv (instance,m,value,…). A value above the best known is printed: the program has
checked the plan. One process runs at a time, and the limit is processor time.
"""
import argparse
import csv
import json
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("folder")
parser.add_argument("--seconds", type=float, default=1.0)
parser.add_argument("--seeds", type=int, default=1)
parser.add_argument("--first-seed", type=int, default=1, help="the first of the seeds")
parser.add_argument("--every", type=int, default=1, help="take only every so-manieth case")
parser.add_argument("--only", default="", help="only instances whose names begin so, such as c10,r10,r11,rc10")
parser.add_argument("--bound", type=float, help="also look for bounds, for so many seconds each")
arguments = parser.parse_args()

with open(f"{arguments.folder}/best.csv", newline="") as file:
    cases = [(row["instance"], int(row["m"]), int(row["value"])) for row in csv.DictReader(file)]
names = tuple(name for name in arguments.only.split(",") if name)
cases = [case for case in cases if not names or case[0].startswith(names)][:: arguments.every]

gaps, bound_gaps, closed = {}, [], 0
for instance, tours, best in cases:
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        command = [arguments.program, "toptw", f"{arguments.folder}/{instance}.txt", "--tours", str(tours)]
        command += ["--seconds", str(arguments.seconds), "--seed", str(seed), "--json"]
        if arguments.bound:
            command += ["--bound", str(arguments.bound)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        gap = 100 * (best - answer["score"]) / best
        gaps.setdefault(tours, []).append((gap, instance, seed))
        if gap < 0:
            print(f"above the best known {best}: {instance}, {tours} tours, {answer['score']}: {answer['routes']}")
        if "upperBound" in answer:
            if answer["upperBound"] < best:
                sys.exit(f"{instance}, {tours} tours: the bound {answer['upperBound']} lies below {best}")
            bound_gaps.append(100 * (answer["upperBound"] - answer["score"]) / answer["score"])
            closed += answer["upperBound"] == answer["score"]

every = [entry for entries in gaps.values() for entry in entries]
for tours, entries in sorted(gaps.items()):
    values = [entry[0] for entry in entries]
    print(f"m = {tours}: mean {sum(values) / len(values):.2f} %, worst {max(values):.2f} %, {len(values)} runs")
mean = sum(entry[0] for entry in every) / len(every)
print(f"all: mean {mean:.3f} %, worst {max(every)[0]:.2f} % ({max(every)[1]}, seed {max(every)[2]}), {len(every)} runs")
if bound_gaps:
    print(f"bounds: mean gap {sum(bound_gaps) / len(bound_gaps):.3f} %, closed {closed} of {len(bound_gaps)}")
