"""What the side-by-side measurements share."""

import datetime
import os
import pathlib
import platform
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def enter_virtualenv(script: str, requirements: list) -> None:
    """Runs a script again in a virtualenv beside it that has what it needs."""
    virtualenv = pathlib.Path(script).resolve().parent / ".venv"
    python = virtualenv / "bin" / "python"
    # Written last, so that an installation that was broken off does not count.
    installed = virtualenv / "requirements"
    if not installed.exists() or installed.read_text() != str(requirements):
        subprocess.run([sys.executable, "-m", "venv", "--clear", virtualenv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)
        installed.write_text(str(requirements))
    if pathlib.Path(sys.prefix).resolve() != virtualenv.resolve():
        os.execv(python, [str(python), script, *sys.argv[1:]])


def build() -> None:
    """Builds the project's benchmarks."""
    subprocess.run(
        ["mvn", "--batch-mode", "--quiet", "-DskipTests", "package", "-pl", "benchmarks", "--also-make"],
        cwd=ROOT,
        check=True,
    )


def java(*options: str) -> list:
    """The command that runs a class of the benchmarks, Spark's jars on its classpath."""
    program = pathlib.Path(os.environ["JAVA_HOME"]) / "bin/java" if "JAVA_HOME" in os.environ else "java"
    jars = [
        "benchmarks/target/mopo-benchmarks.jar",
        "spark-jobs/target/mopo-spark.jar",
        "benchmarks/target/lib/*",
        "spark-jobs/target/spark-home/jars/*",
    ]
    classpath = ":".join(f"{ROOT}/{jar}" for jar in jars)
    logging = f"-Dlog4j2.configurationFile={ROOT}/conf/log4j2.properties"
    return [program, f"@{ROOT}/conf/jvm.options", logging, *options, "-cp", classpath]


def machine() -> str:
    """When, of which commit and on what this is measured, and how busy that is."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown CPU")
    return (
        f"{datetime.date.today()}, commit {commit.strip() or 'unknown'}. "
        f"{os.cpu_count()} x {model}, {platform.system()} {platform.machine()}; "
        f"load of the machine before: {os.getloadavg()[0]:.2f}."
    )


def ratio(ours: list, theirs: list) -> tuple:
    """Median, least and greatest ratio within a round."""
    ratios = [a / b for a, b in zip(ours, theirs)]
    return statistics.median(ratios), min(ratios), max(ratios)
