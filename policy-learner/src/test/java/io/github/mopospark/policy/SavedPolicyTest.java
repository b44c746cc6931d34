package io.github.mopospark.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.networks.kernels.cpu.CpuKernels;
import io.github.mopospark.tasks.Tasks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SavedPolicyTest {
    private final SavedPolicy policy = SavedPolicies.random("hopper", List.of(24, 16), 5);

    @Test
    void actsAsThePolicyThatItWasTakenOf() {
        GaussianPolicy original = policy.policy(CpuKernels.fastest());
        SavedPolicy taken = SavedPolicy.of(policy.task(), original, "abc", 5, 30);
        assertThat(taken).usingRecursiveComparison().isEqualTo(policy);
        float[] observations = SavedPolicies.observations(policy, 7);
        assertThat(SavedPolicies.actions(taken, observations, 7))
                .isEqualTo(SavedPolicies.actions(policy, observations, 7))
                .doesNotHaveDuplicates();
        original.network().parameters().set(new float[policy.actor().length]);
        assertThat(taken.actor()).as("a copy").isEqualTo(policy.actor());
    }

    @Test
    void comesBackFromItsBytesAsItWas() {
        byte[] bytes = policy.toBytes();
        assertThat(SavedPolicy.ofBytes(bytes)).usingRecursiveComparison().isEqualTo(policy);
        assertThat(bytes.length - Float.BYTES * policy.actor().length)
                .as("bytes beside the parameters")
                .isBetween(1, 100);
        SavedPolicy linear = SavedPolicies.random("halfcheetah", List.of(), -1);
        assertThat(SavedPolicy.ofBytes(linear.toBytes()))
                .usingRecursiveComparison()
                .isEqualTo(linear);
    }

    @Test
    void bytesOfSomethingElseAreRefused() {
        byte[] bytes = policy.toBytes();
        for (int length : new int[] {0, 5, 20, bytes.length - Float.BYTES}) {
            assertThatThrownBy(() -> SavedPolicy.ofBytes(Arrays.copyOf(bytes, length)))
                    .as(length + " bytes")
                    .isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + Float.BYTES);
        assertThatThrownBy(() -> SavedPolicy.ofBytes(longer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(-5, 2, new float[5], 0, "790 parameters, but has 5");
        refused(2, 2, policy.actor(), 0, "2.0 and 2.0");
        refused(Double.NaN, 2, policy.actor(), 0, "NaN and 2.0");
        refused(-5, Double.POSITIVE_INFINITY, policy.actor(), 0, "Infinity");
        refused(-5, 2, policy.actor(), -1, "epoch must be at least 0, but was -1");
        float[] broken = policy.actor().clone();
        broken[17] = Float.NaN;
        refused(-5, 2, broken, 0, "number 17 is NaN");
        assertThatThrownBy(
                        () -> SavedPolicy.of(Tasks.named("walker2d"), policy.policy(CpuKernels.fastest()), "abc", 0, 0))
                .hasMessage("a policy for walker2d must have observations of 17 and actions of 6, but has 11 and 3");
    }

    private void refused(double leastLogStd, double greatestLogStd, float[] actor, int epoch, String message) {
        assertThatThrownBy(() -> new SavedPolicy(
                        policy.task(), List.of(24, 16), leastLogStd, greatestLogStd, actor, "abc", 0, epoch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
