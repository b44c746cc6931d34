#!/usr/bin/env python3
"""Checks PyTorch's and JAX's updates against reference figures: what is wrong has no speed.

    benchmarks/learning/check_reference.py UPDATES.hdf5

Each gradient must be within 1e-4 of the reference, and each change of a parameter within 1e-2 where its gradient is not
under 1e-6. Gradients are read from Adam's first moments, which after one step are a tenth of them.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import side_by_side  # noqa: E402

GRADIENT_TOLERANCE, CHANGE_TOLERANCE, LEAST_GRADIENT = 1e-4, 1e-2, 1e-6
CRITICS, TARGETS = ("critic1", "critic2"), ("target1", "target2")


def check(file) -> list:
    """The names of what is wrong."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    import torch

    import jax_learning
    import pytorch_learning
    import workload

    wrong = []

    def distance(ours, reference) -> float:
        return float(np.linalg.norm(ours - reference) / np.linalg.norm(reference))

    def compare(library: str, group, name: str, after, first_moment=None) -> None:
        """Without a first moment, a parameter that has no gradient."""
        before = group[f"before/{name}"][()]
        change = np.asarray(after).reshape(before.shape) - before
        reference_change = group[f"after/{name}"][()] - before
        distances = {}
        if first_moment is not None:
            gradient = group[f"gradient/{name}"][()]
            distances["gradient"] = distance(10 * np.asarray(first_moment).reshape(before.shape), gradient)
            moved = np.abs(gradient) >= LEAST_GRADIENT
            change, reference_change = change[moved], reference_change[moved]
        distances["change"] = distance(change, reference_change)
        right = distances.get("gradient", 0) < GRADIENT_TOLERANCE and distances["change"] < CHANGE_TOLERANCE
        shown = ", ".join(f"{key} {value:.1e}" for key, value in distances.items())
        print(f"{library} {group.name}/{name}: {shown}{'' if right else ', WRONG'}")
        if not right:
            wrong.append(f"{library} {group.name}/{name}")

    def layer(group, index: int) -> tuple:
        return group[f"W{index}"][()], group[f"b{index}"][()]

    def network(group) -> list:
        return [layer(group, index) for index in range(len(group) // 2)]

    group = file["sac"]
    constants = group.attrs
    settings = workload.SacSettings(
        constants["gamma"], constants["tau"], constants["lr_actor"], constants["lr_critic"], constants["lr_alpha"],
        constants["target_entropy"], constants["log_std_min"], constants["log_std_max"],
    )  # fmt: skip
    before, batch = group["before"], group["batch"]
    start = (
        network(before["actor"]),
        [network(before[name]) for name in CRITICS],
        [network(before[name]) for name in TARGETS],
        before["log_alpha"][()],
    )
    columns = ("observations", "actions", "rewards", "next_observations", "terminals")
    rows = np.concatenate([batch[name][()].reshape(len(batch["rewards"]), -1) for name in columns], 1)
    noise = batch["next_noise"][()], batch["noise"][()]
    names = [f"{letter}{index}" for index in range(3) for letter in "Wb"]

    learner = pytorch_learning.Sac(*start, settings)
    learner.update(torch.from_numpy(rows), *map(torch.from_numpy, noise))
    for name, parameter in zip(names, learner.actor):
        moment = learner.actor_adam.state[parameter]["exp_avg"]
        compare("PyTorch", group, f"actor/{name}", parameter.detach().numpy(), moment.numpy())
    for name, critics, targets in zip(names, learner.critics, learner.targets):
        moments = learner.critic_adam.state[critics]["exp_avg"]
        for index in range(2):
            after = critics[index].detach().numpy()
            compare("PyTorch", group, f"{CRITICS[index]}/{name}", after, moments[index].numpy())
            compare("PyTorch", group, f"{TARGETS[index]}/{name}", targets[index].numpy())
    moment = learner.actor_adam.state[learner.log_temperature]["exp_avg"]
    compare("PyTorch", group, "log_alpha", learner.log_temperature.detach().numpy(), moment.numpy())

    update = jax.jit(jax_learning.sac_update, static_argnums=4)
    state = update(jax_learning.sac_start(*start), rows, *noise, settings)
    moments = {name: first for name, (first, _) in state["moments"].items()}

    def flat(network) -> list:
        return [array for layer in network for array in layer]

    for name, after, moment in zip(names, flat(state["actor"]), flat(moments["actor"])):
        compare("JAX", group, f"actor/{name}", after, moment)
    for index in range(2):
        for name, after, moment in zip(names, flat(state["critics"][index]), flat(moments["critics"][index])):
            compare("JAX", group, f"{CRITICS[index]}/{name}", after, moment)
        for name, after in zip(names, flat(state["targets"][index])):
            compare("JAX", group, f"{TARGETS[index]}/{name}", after)
    compare("JAX", group, "log_alpha", state["log_temperature"], moments["log_temperature"])

    group = file["dynamics"]
    before = group["before"]

    def as_member(layer: tuple) -> tuple:
        weight, bias = layer
        return weight[None], bias[None, None]

    members = {
        "trunk": [as_member(layer(before["trunk"], index)) for index in range(4)],
        "mean": as_member(layer(before["mean"], 0)),
        "log_variance": as_member(layer(before["log_variance"], 0)),
        "min_log_variance": before["min_log_variance"][()][None, None],
        "max_log_variance": before["max_log_variance"][()][None, None],
    }
    constants = float(group.attrs["lr"]), tuple(group.attrs["weight_decay"].tolist()), float(
        group.attrs["log_variance_bound_coefficient"]
    )
    batch = group["batch/input"][()][None], group["batch/target"][()][None]

    def named(members: dict) -> dict:
        found = {f"trunk/{letter}{i}": array for i, pair in enumerate(members["trunk"]) for letter, array in zip("Wb", pair)}
        for head in ("mean", "log_variance"):
            found[f"{head}/W0"], found[f"{head}/b0"] = members[head]
        return {**found, **{bound: members[bound] for bound in ("min_log_variance", "max_log_variance")}}

    ensemble = pytorch_learning.Ensemble(members, *constants)
    ensemble.update(*map(torch.from_numpy, batch))
    for name, parameter in named(vars(ensemble)).items():
        moment = ensemble.adam.state[parameter]["exp_avg"]
        compare("PyTorch", group, name, parameter.detach().numpy(), moment.numpy())

    state = jax.jit(jax_learning.ensemble_update, static_argnums=(3, 4, 5))(
        jax_learning.ensemble_start(members), *map(jnp.asarray, batch), *constants
    )
    moments = named(state["moments"][0])
    for name, parameter in named(state["parameters"]).items():
        compare("JAX", group, name, parameter, moments[name])
    return wrong


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    side_by_side.enter_virtualenv(__file__, (HERE / "requirements.txt").read_text().split())
    import h5py

    with h5py.File(sys.argv[1]) as file:
        wrong = check(file)
    if wrong:
        raise SystemExit(f"{len(wrong)} differ")
    print("all agree")


if __name__ == "__main__":
    main()
