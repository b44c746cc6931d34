package io.github.mopospark.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TasksTest {

    @ParameterizedTest
    @CsvSource({
        "hopper, hopper, 11, 3",
        "hopper-medium-v2, hopper, 11, 3",
        "hopper-medium-replay-v0, hopper, 11, 3",
        "Hopper-v4, hopper, 11, 3",
        "halfcheetah-random-v2, halfcheetah, 17, 6",
        "HalfCheetah-v2, halfcheetah, 17, 6",
        "walker2d-medium-expert-v1, walker2d, 17, 6",
        "Walker2d-v3, walker2d, 17, 6",
        "ant, ant, 27, 8",
        "Ant-v4, ant, 27, 8",
        "Ant-v3, ant-contact, 111, 8",
        "ant-medium-v2, ant-contact, 111, 8",
        "ant-angle, ant-angle, 27, 8",
        "halfcheetah-jump, halfcheetah-jump, 17, 6",
    })
    void findsATaskByEachOfItsNames(String name, String task, int observationSize, int actionSize) {
        Task found = Tasks.named(name);

        assertThat(found.name()).isEqualTo(task);
        assertThat(found.observationSize()).isEqualTo(observationSize);
        assertThat(found.actionSize()).isEqualTo(actionSize);
        assertThat(found.timeLimit()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({"hoper", "Hopper-v5", "hopper-medium", "hopper-medium-v3", "ant-angle-v2", "''"})
    void listsTheKnownNamesWhenANameIsUnknown(String name) {
        assertThatThrownBy(() -> Tasks.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown task '" + name + "'")
                .hasMessageContaining("hopper, halfcheetah, walker2d, ant, ant-contact, halfcheetah-jump, ant-angle")
                .hasMessageContaining("medium-replay")
                .hasMessageContaining("v2,v3,v4");
    }

    @ParameterizedTest
    @CsvSource({
        "hopper, -20.272305, 3234.3",
        "halfcheetah, -280.178953, 12135.0",
        "walker2d, 1.629008, 4592.3",
        "ant, -325.6, 3879.7",
        "ant-contact, -325.6, 3879.7",
    })
    void scoresARandomReturnAsZeroAndAnExpertReturnAsAHundred(String name, double random, double expert) {
        ReferenceReturns returns = Tasks.named(name).referenceReturns().orElseThrow();

        assertThat(returns).isEqualTo(new ReferenceReturns(random, expert));
        assertThat(returns.score(random)).isZero();
        assertThat(returns.score(expert)).isEqualTo(100);
        assertThat(returns.score((random + expert) / 2)).isCloseTo(50, within(1e-12));
    }

    @Test
    void dividesADeviationByTheRangeWithoutShiftingIt() {
        ReferenceReturns returns = new ReferenceReturns(-100, 300);

        assertThat(returns.scoreDeviation(40)).isEqualTo(10);
        assertThat(returns.scoreDeviation(0)).isZero();
    }

    @Test
    void hasNoReferenceReturnsForTheRelabelledTasks() {
        assertThat(Tasks.all())
                .filteredOn(task -> task.relabelledReward().isPresent())
                .extracting(Task::name)
                .containsExactly("halfcheetah-jump", "ant-angle");
        assertThat(Tasks.all())
                .allSatisfy(task -> assertThat(task.referenceReturns().isPresent())
                        .isEqualTo(task.relabelledReward().isEmpty()));
    }

    @Test
    void namesATaskOnlyWithItsSizes() {
        assertThat(Tasks.named("Hopper-v4", 11, 3)).isSameAs(Tasks.named("hopper"));
        assertThatThrownBy(() -> Tasks.named("hopper", 12, 3))
                .hasMessage("observation_size and action_size must be hopper's, 11 and 3, but are 12 and 3");
        assertThatThrownBy(() -> Tasks.named("hopper", 11, 4)).hasMessageEndingWith("but are 11 and 4");
    }

    @Test
    void aTaskThatItsNameDoesNotGiveBackIsNotKnown() {
        Task hopper = Tasks.named("hopper");
        TerminationRule rule = hopper.terminationRule();
        Tasks.requireKnown(new Task("hopper", 11, 3, 5, Optional.empty(), rule, Optional.empty()));
        for (Task other : List.of(
                new Task("juggler", 11, 3, 1000, Optional.empty(), rule, Optional.empty()),
                new Task("hopper", 12, 3, 1000, Optional.empty(), rule, Optional.empty()),
                new Task("hopper", 11, 2, 1000, Optional.empty(), rule, Optional.empty()),
                new Task("hopper", 11, 3, 1000, Optional.empty(), TerminationRule.NEVER, Optional.empty()))) {
            assertThatThrownBy(() -> Tasks.requireKnown(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("what is saved must be of a known task: ")
                    .hasMessageContaining(other.name());
        }
    }

    @Test
    void rejectsImpossibleFacts() {
        assertThatThrownBy(() -> new Task("x", 0, 1, 1, Optional.empty(), TerminationRule.NEVER, Optional.empty()))
                .hasMessage("task observationSize must be at least 1, but was 0");
        assertThatThrownBy(() -> new Task(" ", 1, 1, 1, Optional.empty(), TerminationRule.NEVER, Optional.empty()))
                .hasMessage("task name must not be blank");
        assertThatThrownBy(() -> new ReferenceReturns(5, 5)).hasMessageContaining("random 5.0 and expert 5.0");
    }
}
