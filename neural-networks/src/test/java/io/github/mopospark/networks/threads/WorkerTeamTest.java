package io.github.mopospark.networks.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerTeamTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void doesEveryPartOfEveryPhaseOnceAndWaitsForIt(int threads) {
        try (WorkerTeam team = new WorkerTeam(threads)) {
            assertThat(team.parts()).isEqualTo(threads);
            AtomicIntegerArray done = new AtomicIntegerArray(threads);
            for (int phase = 1; phase <= 2_000; phase++) {
                team.run(done::incrementAndGet);
                for (int part = 0; part < threads; part++) {
                    assertThat(done.get(part)).as("part %d", part).isEqualTo(phase);
                }
            }
        }
    }

    @Test
    void doesItsPartsOnThreadsOfTheirOwn() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (WorkerTeam team = new WorkerTeam(2)) {
            team.run(part -> threads.add(Thread.currentThread()));
        }
        assertThat(threads).hasSize(2).contains(Thread.currentThread());
    }

    @Test
    void wakesThreadsThatFellAsleep() throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(2)) {
            AtomicIntegerArray done = new AtomicIntegerArray(2);
            team.run(done::incrementAndGet);
            Thread.sleep(50);
            team.run(part -> {
                if (part == 1) {
                    sleep();
                }
                done.incrementAndGet(part);
            });
            assertThat(done.get(1)).isEqualTo(2);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void throwsWhatAPartThrowsAndGoesOn(int failing) {
        try (WorkerTeam team = new WorkerTeam(2)) {
            assertThatThrownBy(() -> team.run(part -> {
                        if (part == failing) {
                            throw new IllegalArgumentException("part " + part);
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("part " + failing);
            AtomicIntegerArray done = new AtomicIntegerArray(2);
            team.run(done::incrementAndGet);
            assertThat(done.get(0) + done.get(1)).isEqualTo(2);
        }
    }

    @Test
    void keepsTheOtherFailureWhereBothPartsFail() {
        try (WorkerTeam team = new WorkerTeam(2)) {
            assertThatThrownBy(() -> team.run(part -> {
                        throw new IllegalArgumentException("part " + part);
                    }))
                    .hasMessage("part 0")
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .singleElement()
                            .satisfies(other -> assertThat(other).hasMessage("part 1")));
        }
    }

    @Test
    void refusesNoThreadsAndWorkAfterItsEnd() {
        assertThatThrownBy(() -> new WorkerTeam(0)).hasMessage("threads must be at least 1, but was 0");
        WorkerTeam team = new WorkerTeam(2);
        team.close();
        assertThatThrownBy(() -> team.run(part -> {})).isInstanceOf(IllegalStateException.class);
    }
}
