"""JAX's part of compare.py: whole loops inside one jitted lax.scan, data and random numbers included.

The number of threads is the number of cores that the process may run on: XLA counts those when it starts.
"""

import functools
import itertools
import math
import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import workload  # noqa: E402
from workload import ACTION, BATCH, INPUT, MEMBERS, OBSERVATION  # noqa: E402

CHUNK = 1_000  # rows of a rollout at a time; 250 to 2,000 are as fast, more are slower
LOG_PROBABILITY_CONSTANT = 0.5 * math.log(2 * math.pi) + 2 * math.log(2)


def on_device(tree):
    return jax.tree.map(lambda array: jnp.array(array, jnp.float32), tree)


def key(seed: int):
    # Cheaper than the default, Threefry.
    return jax.random.key(seed, impl="rbg")


def adam_start(parameters) -> tuple:
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    return zeros, jax.tree.map(jnp.zeros_like, parameters)


def adam(parameters, moments: tuple, gradients, steps, rate: float) -> tuple:
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], gradients)
    first_scale, second_scale = 1 / (1 - 0.9**steps), 1 / (1 - 0.999**steps)

    def stepped(parameter, m, v):
        return parameter - rate * first_scale * m / (jnp.sqrt(second_scale * v) + 1e-8)

    return jax.tree.map(stepped, parameters, first, second), (first, second)


def network(layers: list, inputs):
    for weight, bias in layers[:-1]:
        inputs = jax.nn.relu(inputs @ weight + bias)
    weight, bias = layers[-1]
    return inputs @ weight + bias


def critic_values(critics: list, observations, actions):
    """The lesser of both critics' values."""
    inputs = jnp.concatenate([observations, actions], 1)
    return jnp.minimum(*(network(critic, inputs)[:, 0] for critic in critics))


def distribution(actor: list, observations, settings) -> tuple:
    """Mean and logarithm of the standard deviation of actions before tanh."""
    mean, log_std = jnp.split(network(actor, observations), 2, 1)
    return mean, jnp.clip(log_std, settings.log_std_min, settings.log_std_max)


def sample(actor: list, observations, noise, settings) -> tuple:
    """Actions and the logarithms of their probabilities."""
    mean, log_std = distribution(actor, observations, settings)
    unsquashed = mean + jnp.exp(log_std) * noise
    terms = 2 * (unsquashed + jax.nn.softplus(-2 * unsquashed)) - log_std - 0.5 * jnp.square(noise)
    return jnp.tanh(unsquashed), terms.sum(1) - noise.shape[1] * LOG_PROBABILITY_CONSTANT


def sac_start(actor: list, critics: list, targets: list, log_temperature) -> dict:
    trained = on_device({"actor": actor, "critics": critics, "log_temperature": log_temperature})
    moments = {name: adam_start(parameters) for name, parameters in trained.items()}
    return {**trained, "targets": on_device(targets), "moments": moments, "steps": jnp.float32(0)}


def sac_update(state: dict, rows, next_noise, noise, settings) -> dict:
    action = noise.shape[1]
    observation = (rows.shape[1] - action - 2) // 2
    columns = np.cumsum([observation, action, 1, observation])
    observations, recorded_actions, rewards, next_observations, terminals = jnp.split(rows, columns, 1)
    steps = state["steps"] + 1
    moments = state["moments"]
    temperature = jnp.exp(state["log_temperature"])

    next_actions, next_log_probability = sample(state["actor"], next_observations, next_noise, settings)
    next_values = critic_values(state["targets"], next_observations, next_actions) - temperature * next_log_probability
    bellman = rewards[:, 0] + settings.discount * (1 - terminals[:, 0]) * next_values

    def critic_loss(critics):
        inputs = jnp.concatenate([observations, recorded_actions], 1)
        return sum(jnp.square(network(critic, inputs)[:, 0] - bellman).mean() for critic in critics)

    critics, critic_moments = adam(
        state["critics"], moments["critics"], jax.grad(critic_loss)(state["critics"]), steps, settings.critic_rate
    )

    def actor_loss(actor):
        actions, log_probability = sample(actor, observations, noise, settings)
        values = critic_values(critics, observations, actions)
        return (temperature * log_probability - values).mean(), log_probability.mean()

    gradient, log_probability = jax.grad(actor_loss, has_aux=True)(state["actor"])
    actor, actor_moments = adam(state["actor"], moments["actor"], gradient, steps, settings.actor_rate)
    log_temperature, temperature_moments = adam(
        state["log_temperature"],
        moments["log_temperature"],
        -(log_probability + settings.target_entropy),
        steps,
        settings.temperature_rate,
    )
    return {
        "actor": actor,
        "critics": critics,
        "log_temperature": log_temperature,
        "targets": jax.tree.map(lambda t, c: t + settings.polyak * (c - t), state["targets"], critics),
        "moments": {"actor": actor_moments, "critics": critic_moments, "log_temperature": temperature_moments},
        "steps": steps,
    }


@functools.partial(jax.jit, static_argnums=4, donate_argnums=0)
def sac_updates(state: dict, random, real, model, count: int) -> dict:
    def update(state, random):
        for_real, for_model, for_noise = jax.random.split(random, 3)
        model_batch = BATCH - workload.REAL_BATCH
        real_rows = real[jax.random.randint(for_real, (workload.REAL_BATCH,), 0, len(real))]
        model_rows = model[jax.random.randint(for_model, (model_batch,), 0, len(model))]
        next_noise, noise = jax.random.normal(for_noise, (2, BATCH, ACTION))
        rows = jnp.concatenate([real_rows, model_rows])
        return sac_update(state, rows, next_noise, noise, workload.SacSettings()), None

    return jax.lax.scan(update, state, jax.random.split(random, count))[0]


def ensemble_start(members: dict) -> dict:
    parameters = on_device(members)
    return {"parameters": parameters, "moments": adam_start(parameters), "steps": jnp.float32(0)}


def predict(member: dict, hidden) -> tuple:
    """One member's means and variances."""
    for weight, bias in member["trunk"]:
        hidden = jax.nn.silu(hidden @ weight + bias)
    mean = hidden @ member["mean"][0] + member["mean"][1]
    log_variance = hidden @ member["log_variance"][0] + member["log_variance"][1]
    # What exp makes of the two soft clamps max - softplus(max - x), min + softplus(x - min), in one step.
    squashed = jax.nn.sigmoid(log_variance - member["max_log_variance"])
    return mean, jnp.exp(member["min_log_variance"]) + jnp.exp(member["max_log_variance"]) * squashed


def ensemble_update(state: dict, inputs, targets, rate: float, weight_decay: tuple, bound_coefficient: float) -> dict:
    def member_loss(member, inputs, targets):
        mean, variance = predict(member, inputs)
        likelihood = (jnp.square(mean - targets) / variance + jnp.log(variance)).mean()
        bounds = (member["max_log_variance"] - member["min_log_variance"]).sum()
        layers = [*member["trunk"], member["mean"], member["log_variance"]]
        decays = [*weight_decay, weight_decay[-1]]
        decay = sum(0.5 * d * jnp.square(weight).sum() for d, (weight, _) in zip(decays, layers))
        return likelihood + bound_coefficient * bounds + decay

    gradients = jax.vmap(jax.grad(member_loss))(state["parameters"], inputs, targets)
    steps = state["steps"] + 1
    parameters, moments = adam(state["parameters"], state["moments"], gradients, steps, rate)
    return {"parameters": parameters, "moments": moments, "steps": steps}


@functools.partial(jax.jit, donate_argnums=0)
def ensemble_updates(state: dict, rows, batches) -> dict:
    def update(state, batch):
        drawn = rows[batch]
        rate, decay, bounds = workload.MEMBER_RATE, workload.WEIGHT_DECAY, workload.BOUND_COEFFICIENT
        return ensemble_update(state, drawn[..., :INPUT], drawn[..., INPUT:], rate, decay, bounds), None

    return jax.lax.scan(update, state, batches)[0]


@functools.partial(jax.jit, static_argnums=6, donate_argnums=0)
def rollouts(model, round_, random, actor: list, members: dict, real, chunk: int):
    """Writes a round's transitions over the oldest of the model's buffer."""
    inputs = real[:, :INPUT]
    input_mean, input_std = inputs.mean(0), inputs.std(0)
    elites = jnp.array(workload.ELITES)
    for_starts, for_chunks = jax.random.split(random)

    def advance(observations, random):
        for_action, for_elite, for_sample = jax.random.split(random, 3)
        mean, log_std = distribution(actor, observations, workload.SacSettings())
        actions = jnp.tanh(mean + jnp.exp(log_std) * jax.random.normal(for_action, mean.shape))
        inputs = (jnp.concatenate([observations, actions], 1) - input_mean) / input_std
        mean, variance = jax.vmap(predict, (0, None))(members, inputs)
        penalty = jnp.sqrt(variance.sum(-1).max(0))
        drawn = elites[jax.random.randint(for_elite, (chunk,), 0, len(elites))], jnp.arange(chunk)
        mean, variance = mean[drawn], variance[drawn]
        outputs = mean + jnp.sqrt(variance) * jax.random.normal(for_sample, mean.shape)
        rewards = outputs[:, :1] - workload.PENALTY * penalty[:, None]
        next_observations = observations + outputs[:, 1:]
        # HalfCheetah never ends.
        terminals = jnp.zeros((chunk, 1))
        rows = jnp.concatenate([observations, actions, rewards, next_observations, terminals], 1)
        return next_observations, rows

    def roll(start_random):
        starts, random = start_random
        return jax.lax.scan(advance, real[starts, :OBSERVATION], jax.random.split(random, workload.STEPS))[1]

    chunks = workload.STARTS // chunk
    starts = jax.random.randint(for_starts, (chunks, chunk), 0, len(real))
    rows = jax.lax.map(roll, (starts, jax.random.split(for_chunks, chunks)))
    rows = rows.reshape(workload.ROLLOUT_ROWS, -1)
    return jax.lax.dynamic_update_slice(model, rows, (round_ * workload.ROLLOUT_ROWS, 0))


class Learning:
    """The state between two calls."""

    def __init__(self, chunk: int) -> None:
        self.keys = (key(seed) for seed in itertools.count())
        self.rounds = itertools.cycle(range(workload.MODEL_ROUNDS))
        self.chunk = chunk
        critics = workload.initial_critics()
        self.sac = sac_start(workload.initial_actor(), critics, critics, 0.0)
        self.members = on_device(workload.initial_members())
        self.real = jnp.asarray(workload.transitions(workload.REAL_ROWS))
        self.model = jnp.asarray(workload.transitions(workload.MODEL_ROWS))

    def update(self, count: int) -> None:
        self.sac = jax.block_until_ready(sac_updates(self.sac, next(self.keys), self.real, self.model, count))

    def roll(self) -> None:
        self.model = jax.block_until_ready(
            rollouts(
                self.model, next(self.rounds), next(self.keys), self.sac["actor"], self.members, self.real, self.chunk
            )
        )

    def epoch(self) -> None:
        self.update(workload.UPDATES_AN_EPOCH)
        self.roll()


class EnsembleTraining:
    def __init__(self) -> None:
        self.state = ensemble_start(workload.initial_members())
        self.rows = jnp.asarray(workload.member_rows())
        batches = workload.bootstrap_batches()
        self.calls = len(batches) // workload.UPDATES_A_CALL
        whole = batches[: self.calls * workload.UPDATES_A_CALL]
        self.batches = itertools.cycle(jnp.asarray(part) for part in np.split(whole, self.calls))

    def update(self) -> None:
        self.state = jax.block_until_ready(ensemble_updates(self.state, self.rows, next(self.batches)))


def piece_of(work: str, chunk: int) -> tuple:
    """A function, and how many pieces of the work one call of it does."""
    if work == "ensemble-update":
        return EnsembleTraining().update, workload.UPDATES_A_CALL
    learning = Learning(chunk)
    return {
        "sac-update": (lambda: learning.update(workload.UPDATES_A_CALL), workload.UPDATES_A_CALL),
        "rollouts": (learning.roll, 1),
        "epoch": (learning.epoch, 1),
    }[work]


def main() -> None:
    asked = workload.arguments(default_chunk=CHUNK)
    workload.measure(asked, *piece_of(asked.work, asked.chunk))


if __name__ == "__main__":
    main()
