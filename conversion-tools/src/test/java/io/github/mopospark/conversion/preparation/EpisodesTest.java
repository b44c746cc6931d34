package io.github.mopospark.conversion.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Fixtures;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpisodesTest {
    @TempDir
    private Path folder;

    private Episodes of(Recording recording, String boundary) throws IOException {
        return of(recording, boundary, 0);
    }

    private Episodes of(Recording recording, String boundary, int timeLimit) throws IOException {
        try (TransitionFile file = recording.open(folder)) {
            return Episodes.of(file, "r.hdf5", Boundary.parse(boundary), timeLimit);
        }
    }

    @Test
    void endsAtFlagsAndAtTheEndOfTheFile() throws IOException {
        Episodes episodes = of(new Recording(10).terminal(2).timeout(6), "flags");
        assertThat(episodes.ends()).containsExactly(3, 7, 10);
        assertThat(episodes.reasons()).containsExactly(EpisodeEnd.TERMINAL, EpisodeEnd.TIMEOUT, EpisodeEnd.END_OF_FILE);
        assertThat(episodes.count()).isEqualTo(3);
        assertThat(episodes.start(0)).isZero();
        assertThat(episodes.start(2)).isEqualTo(7);
    }

    @Test
    void isTerminalWhereBothFlagsAreSet() throws IOException {
        Episodes episodes = of(new Recording(4).terminal(1, 3).timeout(1), "flags");
        assertThat(episodes.reasons()).containsExactly(EpisodeEnd.TERMINAL, EpisodeEnd.TERMINAL);
    }

    @Test
    void doesNotEndAtADiscontinuityUnlessAsked() throws IOException {
        assertThat(of(new Recording(10).jump(4).timeout(7), "flags").ends()).containsExactly(8, 10);
        Episodes asked = of(new Recording(10).jump(4, 7, 9).timeout(7), "discontinuity");
        assertThat(asked.ends()).containsExactly(5, 8, 10);
        assertThat(asked.reasons())
                .containsExactly(EpisodeEnd.DISCONTINUITY, EpisodeEnd.TIMEOUT, EpisodeEnd.END_OF_FILE);
    }

    @Test
    void findsDiscontinuitiesWithoutTimeouts() throws IOException {
        assertThat(of(new Recording(6).withoutTimeouts().jump(1).terminal(3), "discontinuity")
                        .ends())
                .containsExactly(2, 4, 6);
    }

    @Test
    void takesMinusZeroForZeroAndNaNForNaN() throws IOException {
        Recording recording = new Recording(6);
        recording.observations[1][0] = -0f;
        recording.next[0][0] = 0f;
        recording.observations[3][1] = Float.NaN;
        recording.next[2][1] = Float.NaN;
        assertThat(of(recording, "discontinuity").ends()).containsExactly(6);
        recording.next[2][1] = 3;
        assertThat(of(recording, "discontinuity").ends()).containsExactly(3, 6);
    }

    @Test
    void endsEveryFixedNumberOfRowsAfterTheLastEnd() throws IOException {
        Episodes episodes = of(new Recording(10).withoutTimeouts().terminal(4), "fixed:3");
        assertThat(episodes.ends()).containsExactly(3, 5, 8, 10);
        assertThat(episodes.reasons())
                .containsExactly(
                        EpisodeEnd.FIXED_LENGTH, EpisodeEnd.TERMINAL, EpisodeEnd.FIXED_LENGTH, EpisodeEnd.END_OF_FILE);
    }

    @Test
    void endsTheFileByTheFixedLengthWhereThatIsFull() throws IOException {
        assertThat(of(new Recording(6).v0().withoutTimeouts(), "fixed:3").reasons())
                .containsExactly(EpisodeEnd.FIXED_LENGTH, EpisodeEnd.FIXED_LENGTH);
    }

    @Test
    void doesNotGuessWithoutTimeouts() {
        assertThatThrownBy(() -> of(new Recording(3).withoutTimeouts(), "flags"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("r.hdf5: /timeouts is missing", "fixed:N", "discontinuity");
        assertThatThrownBy(() -> of(new Recording(3).v0().withoutTimeouts(), "flags"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("fixed:N")
                .hasMessageNotContaining("discontinuity");
    }

    @Test
    void seesNoDiscontinuityWithoutNextObservations() {
        assertThatThrownBy(() -> of(new Recording(3).v0(), "discontinuity"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("/next_observations", "--boundary flags");
        assertThatThrownBy(() -> of(new Recording(3).v0().withoutTimeouts(), "discontinuity"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("/next_observations", "--boundary fixed:N");
    }

    @Test
    void takesLegacysTimeoutsBeforeItsTerminals() throws IOException {
        Episodes episodes = of(new Recording(8).timeout(2, 5).terminal(2, 4), "legacy-d4rl");
        assertThat(episodes.ends()).containsExactly(3, 5, 6, 8);
        assertThat(episodes.reasons())
                .containsExactly(EpisodeEnd.TIMEOUT, EpisodeEnd.TERMINAL, EpisodeEnd.TIMEOUT, EpisodeEnd.END_OF_FILE);
    }

    @Test
    void countsLegacysStepsAsD4rlDoes() throws IOException {
        // Limit 4: rows 0 to 3; then a terminal at row 5, after which the count is 1 already, so that row 8 is the
        // limit's.
        Episodes episodes = of(new Recording(14).withoutTimeouts().terminal(5), "legacy-d4rl", 4);
        assertThat(episodes.ends()).containsExactly(4, 6, 9, 13, 14);
        assertThat(episodes.reasons())
                .containsExactly(
                        EpisodeEnd.TIMEOUT,
                        EpisodeEnd.TERMINAL,
                        EpisodeEnd.TIMEOUT,
                        EpisodeEnd.TIMEOUT,
                        EpisodeEnd.END_OF_FILE);
    }

    @Test
    void needsATimeLimitForLegacyWithoutTimeouts() {
        assertThatThrownBy(() -> of(new Recording(3).withoutTimeouts(), "legacy-d4rl"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("time limit", "--task");
    }

    @Test
    void refusesLegacyForMinari() throws IOException {
        try (TransitionFile file = Fixtures.open("minari.hdf5")) {
            assertThatThrownBy(() -> Episodes.of(file, "minari.hdf5", Boundary.parse("legacy-d4rl"), 1000))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContainingAll("minari.hdf5", "Minari");
        }
    }

    @Test
    void endsWhereMinarisGroupEndsWithoutAFlag() throws IOException {
        try (TransitionFile file = Fixtures.open("minari-latest.hdf5")) {
            Episodes episodes = Episodes.of(file, "m", Boundary.parse("flags"), 0);
            assertThat(episodes.ends()).isEqualTo(file.groupEnds());
            assertThat(episodes.reasons()[0]).isEqualTo(EpisodeEnd.TERMINAL);
            assertThat(episodes.reasons()[1]).isEqualTo(EpisodeEnd.TIMEOUT);
            assertThat(episodes.reasons()[10]).isEqualTo(EpisodeEnd.GROUP);
        }
    }

    @Test
    void cutsMinarisGroupsAtAFixedLengthToo() throws IOException {
        try (TransitionFile file = Fixtures.open("minari.hdf5")) {
            Episodes episodes = Episodes.of(file, "m", Boundary.parse("fixed:15"), 0);
            assertThat(episodes.ends()).containsExactly(15, 30, 40, 41);
        }
    }

    @Test
    void slicesBeginWithinAnEpisode() throws IOException {
        Episodes episodes = of(new Recording(10).terminal(2).timeout(6), "flags");
        Episodes slice = episodes.slice(4, 8);
        assertThat(slice.firstEpisode()).isEqualTo(1);
        assertThat(slice.firstRow()).isEqualTo(3);
        assertThat(slice.ends()).containsExactly(7, 10);
        assertThat(slice.indexOf(6)).isZero();
        assertThat(slice.indexOf(7)).isEqualTo(1);
        assertThat(slice.start(0)).isEqualTo(3);
        assertThatThrownBy(() -> slice.indexOf(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.indexOf(10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(episodes.slice(3, 7).ends()).containsExactly(7);
    }

    @Test
    void seesADiscontinuityAtTheBorderOfABlock() throws IOException {
        Recording recording = new Recording(20_001).jump(9_999, 10_000, 19_999);
        assertThat(of(recording, "discontinuity").ends()).containsExactly(10_000, 10_001, 20_000, 20_001);
    }

    @Test
    void carriesTheFixedLengthAndLegacysCountAcrossBlocks() throws IOException {
        assertThat(of(new Recording(20_010).withoutTimeouts(), "fixed:10005").ends())
                .containsExactly(10_005, 20_010);
        assertThat(of(new Recording(20_011).withoutTimeouts(), "legacy-d4rl", 10_005)
                        .ends())
                .containsExactly(10_005, 20_010, 20_011);
    }
}
