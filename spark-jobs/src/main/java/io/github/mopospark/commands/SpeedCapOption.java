package io.github.mopospark.commands;

import io.github.mopospark.tasks.JumpReward;
import picocli.CommandLine.Option;

/** By which reading of its reward halfcheetah-jump is played; a saved policy does not tell. */
final class SpeedCapOption {
    @Option(
            names = "--speed-cap",
            defaultValue = "min",
            paramLabel = "NAME",
            description =
                    "How the reward of halfcheetah-jump caps the speed: min or max, as the policy's data were relabelled.")
    private JumpReward.SpeedCap speedCap;

    JumpReward.SpeedCap value() {
        return speedCap;
    }
}
