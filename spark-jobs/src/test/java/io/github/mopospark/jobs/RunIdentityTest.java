package io.github.mopospark.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.configuration.Determinism;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

class RunIdentityTest {
    private static final Path FOLDER = new Path("runs/a");
    private static final RunIdentity BEGUN = new RunIdentity("configured", "rows", "cpu, Java 17");

    @Test
    void goesOnWithTheSame() {
        assertThatCode(() -> BEGUN.requireSame(BEGUN.text(), Determinism.STRICT, FOLDER))
                .doesNotThrowAnyException();
    }

    @Test
    void otherRowsAreRefused() {
        RunIdentity now = new RunIdentity("configured", "other rows", "cpu, Java 17");
        for (Determinism determinism : Determinism.values()) {
            assertThatThrownBy(() -> now.requireSame(BEGUN.text(), determinism, FOLDER))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("data: has other rows than the run in runs/a was begun with");
        }
    }

    @Test
    void settingsThatAnotherVersionHadAreRefused() {
        RunIdentity now = new RunIdentity("configured otherwise", "rows", "cpu, Java 17");
        assertThatThrownBy(() -> now.requireSame(BEGUN.text(), Determinism.RELAXED, FOLDER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the run in runs/a was begun by another version of mopo-spark");
    }

    @Test
    void otherKernelsAreRefusedUnlessTheyMayDiffer() {
        RunIdentity now = new RunIdentity("configured", "rows", "cpu, Java 21");
        assertThatThrownBy(() -> now.requireSame(BEGUN.text(), Determinism.STRICT, FOLDER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begun with the kernels cpu, Java 17, but here are cpu, Java 21")
                .hasMessageContaining("determinism = relaxed");
        assertThatCode(() -> now.requireSame(BEGUN.text(), Determinism.RELAXED, FOLDER))
                .doesNotThrowAnyException();
    }

    @Test
    void anExecutorWithOtherKernelsDoesNoTask() {
        RunPlan plan = new RunPlan(
                "an executor with other kernels",
                TinyRun.config(TinyRun.SAMPLE).render(),
                "",
                new SerializableConfiguration(new org.apache.hadoop.conf.Configuration()),
                "nd4j, Java 17");
        assertThatThrownBy(plan::kernels)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("computes with other kernels, cpu, Java")
                .hasMessageContaining("than the driver, nd4j, Java 17");
    }
}
