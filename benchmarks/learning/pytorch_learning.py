"""PyTorch's part of compare.py.

The twin critics, and the members, are batched matrix products: one call for all. Gradients are asked for only where they
are used (torch.autograd.grad), Adam is the fused one. torch.compile made the members' predictions in rollouts about 10%
faster on one thread, and updates not at all, so only those are compiled; with TORCH_COMPILE_DISABLE=1 nothing is.
"""

import itertools
import math

import torch
import torch.nn.functional as F

import workload
from workload import ACTION, BATCH, INPUT, MEMBERS, OBSERVATION, OUTPUT

CHUNK = 1_000  # rows of a rollout at a time; of 250 to 5,000, it and 500 were the fastest
LOG_PROBABILITY_CONSTANT = 0.5 * math.log(2 * math.pi) + 2 * math.log(2)


def trained(array) -> torch.Tensor:
    return torch.tensor(array, requires_grad=True)


def adam(groups: list) -> torch.optim.Adam:
    return torch.optim.Adam(groups, fused=True)


def step(optimizer: torch.optim.Adam, parameters: list, gradients: list) -> None:
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient
    optimizer.step()


def actor_outputs(parameters: list, observations: torch.Tensor) -> torch.Tensor:
    w0, b0, w1, b1, w2, b2 = parameters
    hidden = torch.relu(torch.addmm(b0, observations, w0))
    hidden = torch.relu(torch.addmm(b1, hidden, w1))
    return torch.addmm(b2, hidden, w2)


def critic_values(parameters: list, observations_actions: torch.Tensor) -> torch.Tensor:
    """[critic, row]"""
    w0, b0, w1, b1, w2, b2 = parameters
    hidden = torch.relu(torch.baddbmm(b0, observations_actions.expand(2, -1, -1), w0))
    hidden = torch.relu(torch.baddbmm(b1, hidden, w1))
    return torch.baddbmm(b2, hidden, w2).squeeze(-1)


class Sac:
    """Actor: weights and bias, layer by layer. Critics: the same, both critics' stacked."""

    def __init__(self, actor: list, critics: list, targets: list, log_temperature, settings) -> None:
        self.actor = [trained(array) for layer in actor for array in layer]
        self.critics = self.stacked(critics)
        self.targets = [parameter.detach() for parameter in self.stacked(targets)]
        self.log_temperature = trained(log_temperature)
        self.settings = settings
        self.critic_adam = adam([{"params": self.critics, "lr": settings.critic_rate}])
        self.actor_adam = adam(
            [
                {"params": self.actor, "lr": settings.actor_rate},
                {"params": [self.log_temperature], "lr": settings.temperature_rate},
            ]
        )

    @staticmethod
    def stacked(critics: list) -> list:
        first, second = (
            [torch.tensor(array) for weight, bias in critic for array in (weight, bias[None])] for critic in critics
        )
        return [torch.stack(pair).requires_grad_() for pair in zip(first, second)]

    def distribution(self, observations: torch.Tensor) -> tuple:
        """Mean and logarithm of the standard deviation of actions before tanh."""
        mean, log_std = actor_outputs(self.actor, observations).chunk(2, -1)
        return mean, log_std.clamp(self.settings.log_std_min, self.settings.log_std_max)

    def sample(self, observations: torch.Tensor, noise: torch.Tensor) -> tuple:
        """Actions and the logarithms of their probabilities."""
        mean, log_std = self.distribution(observations)
        unsquashed = torch.addcmul(mean, log_std.exp(), noise)
        terms = 2 * (unsquashed + F.softplus(-2 * unsquashed)) - log_std - 0.5 * noise.square()
        return unsquashed.tanh(), terms.sum(-1) - noise.shape[-1] * LOG_PROBABILITY_CONSTANT

    def update(self, rows: torch.Tensor, next_noise: torch.Tensor, noise: torch.Tensor) -> None:
        settings, action = self.settings, noise.shape[-1]
        observation = (rows.shape[1] - action - 2) // 2
        observations, _, rewards, next_observations, terminals = rows.split([observation, action, 1, observation, 1], 1)
        temperature = self.log_temperature.detach().exp()

        with torch.no_grad():
            next_actions, next_log_probability = self.sample(next_observations, next_noise)
            next_values = critic_values(self.targets, torch.cat([next_observations, next_actions], 1)).amin(0)
            next_values -= temperature * next_log_probability
            bellman = torch.addcmul(rewards[:, 0], 1 - terminals[:, 0], next_values, value=settings.discount)
        errors = critic_values(self.critics, rows[:, : observation + action]) - bellman
        step(self.critic_adam, self.critics, torch.autograd.grad(errors.square().mean(1).sum(), self.critics))

        actions, log_probability = self.sample(observations, noise)
        values = critic_values(self.critics, torch.cat([observations, actions], 1)).amin(0)
        gradients = torch.autograd.grad((temperature * log_probability - values).mean(), self.actor)
        temperature_gradient = -(log_probability.detach().mean() + settings.target_entropy)
        step(self.actor_adam, [*self.actor, self.log_temperature], [*gradients, temperature_gradient])
        with torch.no_grad():
            torch._foreach_lerp_(self.targets, self.critics, settings.polyak)


class Ensemble:
    """All members, each parameter with the member as its first dimension."""

    def __init__(self, members: dict, rate: float, weight_decay: tuple, bound_coefficient: float) -> None:
        self.trunk = [tuple(map(trained, layer)) for layer in members["trunk"]]
        self.mean = tuple(map(trained, members["mean"]))
        self.log_variance = tuple(map(trained, members["log_variance"]))
        self.min_log_variance = trained(members["min_log_variance"])
        self.max_log_variance = trained(members["max_log_variance"])
        self.bound_coefficient = bound_coefficient
        layers = [*self.trunk, self.mean, self.log_variance]
        # Adam's weight decay is the gradient of half the squared norm, so the loss can do without that term.
        groups = [
            {"params": [weight], "weight_decay": decay}
            for (weight, _), decay in zip(layers, [*weight_decay, weight_decay[-1]])
        ]
        groups.append({"params": [*(bias for _, bias in layers), self.min_log_variance, self.max_log_variance]})
        self.adam = adam([{**group, "lr": rate} for group in groups])
        self.parameters = [parameter for group in groups for parameter in group["params"]]

    def predict(self, inputs: torch.Tensor) -> tuple:
        """Means and variances, [member, row, output]."""
        hidden = inputs
        for weight, bias in self.trunk:
            hidden = F.silu(torch.baddbmm(bias, hidden, weight))
        mean = torch.baddbmm(self.mean[1], hidden, self.mean[0])
        log_variance = torch.baddbmm(self.log_variance[1], hidden, self.log_variance[0])
        # What exp makes of the two soft clamps max - softplus(max - x), min + softplus(x - min), in one step.
        squashed = torch.sigmoid(log_variance - self.max_log_variance)
        return mean, torch.addcmul(self.min_log_variance.exp(), self.max_log_variance.exp(), squashed)

    def update(self, inputs: torch.Tensor, targets: torch.Tensor) -> None:
        mean, variance = self.predict(inputs)
        loss = ((mean - targets).square() / variance + variance.log()).mean((1, 2)).sum()
        loss = loss + self.bound_coefficient * (self.max_log_variance - self.min_log_variance).sum()
        step(self.adam, self.parameters, torch.autograd.grad(loss, self.parameters))


class Buffers:
    def __init__(self) -> None:
        self.real = torch.from_numpy(workload.transitions(workload.REAL_ROWS))
        self.model = torch.from_numpy(workload.transitions(workload.MODEL_ROWS))

    def draw(self) -> torch.Tensor:
        model_batch = BATCH - workload.REAL_BATCH
        real = self.real.index_select(0, torch.randint(workload.REAL_ROWS, (workload.REAL_BATCH,)))
        model = self.model.index_select(0, torch.randint(workload.MODEL_ROWS, (model_batch,)))
        return torch.cat([real, model])


def sac() -> Sac:
    critics = workload.initial_critics()
    return Sac(workload.initial_actor(), critics, critics, 0.0, workload.SacSettings())


def ensemble() -> Ensemble:
    return Ensemble(
        workload.initial_members(), workload.MEMBER_RATE, workload.WEIGHT_DECAY, workload.BOUND_COEFFICIENT
    )


class Rollouts:
    def __init__(self, learner: Sac, members: Ensemble, buffers: Buffers, chunk: int) -> None:
        self.learner = learner
        self.predict = torch.compile(members.predict)
        self.buffers = buffers
        self.chunk = chunk
        self.round = 0
        self.elites = torch.tensor(workload.ELITES)
        inputs = buffers.real[:, :INPUT]
        self.input_mean, self.input_std = inputs.mean(0), inputs.std(0)

    @torch.no_grad()
    def run(self) -> None:
        """Writes a round's transitions over the oldest of the model's buffer."""
        segment = self.buffers.model.view(workload.MODEL_ROUNDS, workload.STEPS, workload.STARTS, -1)[self.round]
        self.round = (self.round + 1) % workload.MODEL_ROUNDS
        starts = torch.randint(workload.REAL_ROWS, (workload.STARTS,))
        for first in range(0, workload.STARTS, self.chunk):
            observations = self.buffers.real[starts[first : first + self.chunk], :OBSERVATION]
            for rows in segment[:, first : first + self.chunk]:
                observations = self.advance(observations, rows)

    def advance(self, observations: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """Writes one step's transitions to rows; returns the next observations."""
        count = len(observations)
        mean, log_std = self.learner.distribution(observations)
        actions = torch.addcmul(mean, log_std.exp_(), torch.randn(count, ACTION)).tanh_()
        inputs = (torch.cat([observations, actions], 1) - self.input_mean) / self.input_std
        mean, variance = self.predict(inputs.expand(MEMBERS, -1, -1))
        penalty = variance.sum(-1).amax(0).sqrt_()
        drawn = self.elites[torch.randint(len(self.elites), (count,))] * count + torch.arange(count)
        mean = mean.view(-1, OUTPUT).index_select(0, drawn)
        variance = variance.view(-1, OUTPUT).index_select(0, drawn)
        sample = mean.addcmul_(variance.sqrt_(), torch.randn(count, OUTPUT))
        rewards = (sample[:, 0] - workload.PENALTY * penalty)[:, None]
        next_observations = observations + sample[:, 1:]
        # HalfCheetah never ends.
        torch.cat([observations, actions, rewards, next_observations, torch.zeros(count, 1)], 1, out=rows)
        return next_observations


class EnsembleTraining:
    def __init__(self) -> None:
        self.members = ensemble()
        self.rows = torch.from_numpy(workload.member_rows())
        self.batches = itertools.cycle(torch.from_numpy(workload.bootstrap_batches()))

    def update(self) -> None:
        drawn = self.rows.index_select(0, next(self.batches).view(-1)).view(MEMBERS, BATCH, -1)
        self.members.update(drawn[..., :INPUT], drawn[..., INPUT:])


def matrix_products() -> None:
    left, right, result = torch.ones(3, workload.GEMM_SIZE, workload.GEMM_SIZE)
    for _ in range(workload.GEMMS):
        torch.mm(left, right, out=result)


def piece_of(work: str, chunk: int) -> tuple:
    """A function, and how many pieces of the work one call of it does."""
    if work == "gemm":
        return matrix_products, workload.GEMMS
    if work == "ensemble-update":
        return EnsembleTraining().update, 1
    learner, buffers = sac(), Buffers()
    rollouts = Rollouts(learner, ensemble(), buffers, chunk)

    def updates(count: int) -> None:
        for _ in range(count):
            next_noise, noise = torch.randn(2, BATCH, ACTION)
            learner.update(buffers.draw(), next_noise, noise)

    def epoch() -> None:
        updates(workload.UPDATES_AN_EPOCH)
        rollouts.run()

    return {
        "sac-update": (lambda: updates(workload.UPDATES_A_CALL), workload.UPDATES_A_CALL),
        "rollouts": (rollouts.run, 1),
        "epoch": (epoch, 1),
    }[work]


def main() -> None:
    asked = workload.arguments(default_chunk=CHUNK)
    torch.set_num_threads(asked.threads)
    # Moments that fade away would otherwise become denormal numbers, which are slow.
    torch.set_flush_denormal(True)
    workload.measure(asked, *piece_of(asked.work, asked.chunk))


if __name__ == "__main__":
    main()
