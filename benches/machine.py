"""What the measuring scripts share: the machine, and what work costs on it."""

import math
import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


def machine():
    """Says which machine this is."""
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": name,
        "processors": os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
    }


def described(host, load):
    """Returns a machine and its load meanwhile as a sentence."""
    return (
        f"{host['system']}, {host['processor']}, {host['processors']} processors, {host['memory'] / 1e9:.0f} GB; "
        f"load {min(load):.1f} to {max(load):.1f} meanwhile, the run's own included."
    )


def run(*command, **options):
    """Runs a command and returns what it prints."""
    parts = [str(part) for part in command]
    done = subprocess.run(parts, capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{parts[0]} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def folder_bytes(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


@dataclass
class Cost:
    """What work took: seconds, seconds of processor, peak bytes resident."""

    seconds: float
    cpu: float
    peak: int


def cost(work):
    """Does the work in a process of its own and returns what it took with all that it started."""
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:  # The parent must hear of everything.
            print(f"{type(error).__name__}: {error}", flush=True)
        finally:
            os._exit(status)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    if status:
        raise RuntimeError("the measured work failed")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def quantile(values, share):
    """Returns the least value that so many of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
