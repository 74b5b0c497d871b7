"""Starts a program and writes what it used, as JSON: `launch.py USAGE COMMAND…`.

A process's largest memory starts from that of the process that forked it, so the program is
started from here, where nothing is loaded, and not from the benchmarks themselves.
"""

import json
import os
import sys

if __name__ == "__main__":
    usage, *command = sys.argv[1:]
    child = os.spawnv(os.P_NOWAIT, command[0], command)
    _, status, used = os.wait4(child, 0)
    with open(usage, "w", encoding="utf-8") as file:
        json.dump({"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 2**20}, file)
    sys.exit(abs(os.waitstatus_to_exitcode(status)))
