#!/usr/bin/env python3
"""Runs wayfare-bench toptw and PyVRP over published instances at equal time and prints both gaps to the best known values.

    python -m venv venv && venv/bin/pip install pyvrp
    venv/bin/python Benchmarks/toptw_pyvrp.py .build/release/wayfare-bench FOLDER --seconds 1 [--cases c104:1,pr04:2]

FOLDER holds the instances and best.csv. For PyVRP the instance is a prize-collecting vehicle routing problem with time
windows: M vehicles, prizes far above all distances, times in tenths or hundredths. Both get processor time: PyVRP runs in
one thread, and is stopped by its own. The prizes are so large that PyVRP's plan scores what its prizes say.
"""
import argparse
import csv
import json
import math
import os
import subprocess
import time

import pyvrp

CASES = "c104:1,c204:2,r104:4,r112:2,r204:1,r209:2,rc104:3,rc108:1,rc204:1,rc208:2,pr04:1,pr10:2,pr15:3,pr18:4"

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("folder")
parser.add_argument("--seconds", type=float, default=1.0)
parser.add_argument("--seeds", type=int, default=1)
parser.add_argument("--cases", default=CASES, help="instance:tours, separated by commas; those without a file are left out")
arguments = parser.parse_args()


class ProcessorTime:
    """Stops after so much processor time of this process."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.start = time.process_time()

    def __call__(self, best_cost):
        return time.process_time() - self.start >= self.seconds

    def fraction_remaining(self):
        return max(0.0, 1 - (time.process_time() - self.start) / self.seconds)


def rows(path):
    with open(path) as file:
        lines = [line.split() for line in file]
    points = [line for line in lines[2:] if len(line) > 6]
    # Index, x, y, duration, score, …, opens, closes.
    return [(float(p[1]), float(p[2]), float(p[3]), int(float(p[4])), float(p[-2]), float(p[-1])) for p in points]


def pyvrp_score(path, tours, seconds, seed):
    points = rows(path)
    scale = 100 if os.path.basename(path).startswith("pr") else 10
    depot = points[0]
    start = time.process_time()
    model = pyvrp.Model()
    # A prize must be worth more than any way, so that what counts is the score.
    worth = 1_000
    places = [model.add_location(round(p[0] * 100), round(p[1] * 100)) for p in points]
    home = model.add_depot(places[0])
    model.add_vehicle_type(
        num_available=tours, start_depot=home, end_depot=home, tw_early=int(depot[4] * scale), tw_late=int(depot[5] * scale)
    )
    for place, p in zip(places[1:], points[1:]):
        model.add_client(
            place, service_duration=int(p[2] * scale), tw_early=math.ceil(p[4] * scale), tw_late=int(p[5] * scale),
            prize=p[3] * worth, required=False,
        )
    for i, a in enumerate(points):
        for j, b in enumerate(points):
            if i != j:
                distance = math.floor(math.hypot(a[0] - b[0], a[1] - b[1]) * scale + 1e-9)
                model.add_edge(places[i], places[j], distance=distance, duration=distance)
    stop = ProcessorTime(seconds - (time.process_time() - start))
    result = model.solve(stop=stop, seed=seed, display=False)
    return round(result.best.prizes() / worth) if result.is_feasible() else 0


with open(f"{arguments.folder}/best.csv", newline="") as file:
    best = {(row["instance"], int(row["m"])): int(row["value"]) for row in csv.DictReader(file)}

won = drawn = count = 0
ours_sum = theirs_sum = 0.0
print("case       best  wayfare   gap %   PyVRP   gap %")
for case in arguments.cases.split(","):
    name, tours = case.split(":")
    path = f"{arguments.folder}/{name}.txt"
    if not os.path.exists(path):
        continue
    known = best[(name, int(tours))]
    for seed in range(1, arguments.seeds + 1):
        command = [arguments.program, "toptw", path, "--tours", tours, "--seconds", str(arguments.seconds)]
        command += ["--seed", str(seed), "--json"]
        ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["score"]
        theirs = pyvrp_score(path, int(tours), arguments.seconds, seed)
        gaps = [100 * (known - score) / known for score in (ours, theirs)]
        print(f"{case:9} {known:5} {ours:8} {gaps[0]:7.2f} {theirs:7} {gaps[1]:7.2f}", flush=True)
        count += 1
        won += ours > theirs
        drawn += ours == theirs
        ours_sum += gaps[0]
        theirs_sum += gaps[1]
print(f"wayfare better in {won}, equal in {drawn} of {count}; mean gap {ours_sum / count:.2f} % against {theirs_sum / count:.2f} %")
