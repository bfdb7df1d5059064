"""A program as a model writes it: parse a log, group, compute, format a table."""

import re
from collections import Counter, defaultdict
from datetime import datetime
from statistics import mean, median

LOG = """\
2024-01-05 10:00:01 [INFO] api: GET /users 200 35ms
2024-01-05 10:00:03 [ERROR] api: GET /orders 500 1203ms
2024-01-05 10:01:10 [INFO] web: GET / 200 5ms
not a log line
2024-01-05 11:30:00 [WARN] api: POST /orders 201 310ms
2024-01-06 00:00:00 [INFO] web: GET /about 404 7ms
"""
PATTERN = re.compile(
    r"^(?P<when>\S+ \S+) \[(?P<level>\w+)\] (?P<service>\w+): (?P<method>\w+) (?P<path>\S+) (?P<status>\d+) (?P<ms>\d+)ms$"
)


def parse(text):
    for number, line in enumerate(text.splitlines(), start=1):
        if m := PATTERN.match(line):
            entry = m.groupdict()
            entry["when"] = datetime.strptime(entry["when"], "%Y-%m-%d %H:%M:%S")
            yield {**entry, "status": int(entry["status"]), "ms": int(entry["ms"])}
        else:
            print(f"line {number}: cannot parse {line!r}")


entries = list(parse(LOG))
by_service = defaultdict(list)
for e in entries:
    by_service[e["service"]].append(e["ms"])
print(f"{'service':<10}|{'n':>3}|{'mean':>8}|{'median':>8}")
print("-" * 32)
for service, times in sorted(by_service.items()):
    print(f"{service:<10}|{len(times):>3}|{mean(times):>8.1f}|{median(times):>8}")
print(Counter(e["level"] for e in entries).most_common(), Counter(e["status"] // 100 for e in entries))
span = entries[-1]["when"] - entries[0]["when"]
print(span, span.total_seconds(), {e["when"].date().isoformat() for e in entries} == {"2024-01-05", "2024-01-06"})
print(max(entries, key=lambda e: e["ms"])["path"], [e["path"] for e in entries if not 200 <= e["status"] < 300])
