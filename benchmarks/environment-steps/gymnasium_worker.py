"""One contestant of compare.py: Gymnasium's unwrapped env.step.

Usage: gymnasium_worker.py ENVIRONMENT EPISODES CONTACT_FORCES
For each line "N" read, runs the recorded episodes N times and prints the seconds spent in steps and the sum of the last
qpos.
"""

import sys
import time
import warnings

import gymnasium
import mujoco
import numpy

warnings.filterwarnings("ignore", category=DeprecationWarning)


def main(name: str, path: str, contact_forces: str) -> None:
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    options = {"use_contact_forces": True} if contact_forces == "1" else {}
    environment = gymnasium.make(name, **options).unwrapped
    model, data = environment.model, environment.data
    with open(path, "rb") as file:
        steps, starts = numpy.fromfile(file, "<i4", 2)
        start_index = list(numpy.fromfile(file, "<i4", starts)) + [steps]
        start_qpos = numpy.fromfile(file, "<f8", starts * model.nq).reshape(starts, model.nq)
        start_qvel = numpy.fromfile(file, "<f8", starts * model.nv).reshape(starts, model.nv)
        actions = numpy.fromfile(file, "<f8", steps * model.nu).reshape(steps, model.nu).astype(numpy.float32)

    for line in sys.stdin:
        seconds = 0.0
        for _ in range(int(line)):
            for episode in range(starts):
                mujoco.mj_resetData(model, data)
                environment.set_state(start_qpos[episode], start_qvel[episode])
                before = time.perf_counter()
                for step in range(start_index[episode], start_index[episode + 1]):
                    environment.step(actions[step])
                seconds += time.perf_counter() - before
        print(f"{seconds:.9f} {data.qpos.sum():.17g}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
