package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.Lipschitz;
import io.github.mopospark.networks.KernelChoice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class RowsPlanTest {
    /** What another JVM gets, which one of a local master does not show. */
    private static Object sent(Object value) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    @Test
    void anExecutorIsToldWhatTheDriverSaid() throws Exception {
        EnsembleConfig config = EnsembleConfig.paper().withLipschitz(Lipschitz.bound(2));
        RowsPlan plan = new RowsPlan("run", config, KernelChoice.CPU_PLAIN, "cpu", null);

        assertThat(sent(plan)).isEqualTo(plan);
    }

    @Test
    void anExecutorGetsTheRowsOfTheDriver() throws Exception {
        Transitions rows = Transitions.allocate(2, 3, 1);
        rows.observations()[4] = 5;
        rows.hasNextObservation()[1] = true;

        Transitions got = (Transitions) sent(rows);

        assertThat(got.observations()).containsExactly(rows.observations());
        assertThat(got.hasNextObservation()).containsExactly(false, true);
        assertThat(got.actions()).hasSize(2);
    }

    @Test
    void anExecutorWithOtherKernelsIsRefused() {
        RowsPlan plan =
                new RowsPlan("other kernels", EnsembleConfig.paper(), KernelChoice.CPU_PLAIN, "cpu, Java 11", null);

        assertThatIllegalStateException()
                .isThrownBy(() -> plan.training(null))
                .withMessageContainingAll("than the driver, cpu, Java 11", "set kernels so that all have the same");
    }
}
