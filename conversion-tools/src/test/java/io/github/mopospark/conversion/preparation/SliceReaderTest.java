package io.github.mopospark.conversion.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.Fixtures;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import io.github.mopospark.tasks.JumpReward;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SliceReaderTest {
    @TempDir
    private Path folder;

    private PreparedBlock only(Recording recording, Preparation preparation, int timeLimit) throws IOException {
        try (TransitionFile file = recording.open(folder)) {
            List<PreparedBlock> blocks = Recording.blocks(file, preparation, timeLimit, 0);
            assertThat(blocks).hasSize(1);
            return blocks.get(0);
        }
    }

    private PreparedBlock only(Recording recording, String boundary) throws IOException {
        return only(recording, Recording.preparation(boundary), 0);
    }

    private static Preparation droppingNonfinite(String boundary) {
        return new Preparation(Boundary.parse(boundary), null, JumpReward.SpeedCap.MIN, true);
    }

    @Test
    void keepsEveryRowOfV2WithItsRecordedNextObservation() throws IOException {
        PreparedBlock block = only(new Recording(5).terminal(1).timeout(3).jump(1, 3), "flags");
        Transitions rows = block.transitions();
        assertThat(rows.rows()).isEqualTo(5);
        assertThat(rows.hasNextObservation()).containsExactly(true, true, true, true, true);
        assertThat(rows.observations()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4.5f);
        assertThat(rows.nextObservations()).containsExactly(1, 1.5f, 2, -7, 3, 3.5f, 4, -7, 5, 5.5f);
        assertThat(rows.rewards()).containsExactly(0, 1, 2, 3, 4);
        assertThat(rows.terminals()).containsExactly(false, true, false, false, false);
        assertThat(rows.timeouts()).containsExactly(false, false, false, true, false);
        assertThat(rows.episodes()).containsExactly(0, 0, 1, 1, 2);
        assertThat(rows.steps()).containsExactly(0, 1, 0, 1, 0);
        assertThat(block.findings()).isEqualTo(Findings.NONE);
        assertThat(block.dropped().isEmpty()).isTrue();
    }

    @Test
    void recordsNoNextObservationWhereAV0FileHasNone() throws IOException {
        PreparedBlock block = only(new Recording(8).v0().terminal(1, 4).timeout(3, 4), "flags");
        Transitions rows = block.transitions();
        assertThat(rows.rows()).isEqualTo(8);
        assertThat(rows.hasNextObservation()).containsExactly(true, false, true, false, false, true, true, false);
        assertThat(rows.nextObservations()).containsExactly(1, 1.5f, 0, 0, 3, 3.5f, 0, 0, 0, 0, 6, 6.5f, 7, 7.5f, 0, 0);
        // Row 4 has both flags and is terminal.
        assertThat(block.findings().withoutNextAtTerminal()).isEqualTo(2);
        assertThat(block.findings().withoutNextAtTimeout()).isEqualTo(1);
        assertThat(block.findings().withoutNextAtEndOfFile()).isEqualTo(1);
        assertThat(block.findings().withoutNext()).isEqualTo(4);
        assertThat(rows.timeouts()).containsExactly(false, false, false, true, true, false, false, false);
    }

    @Test
    void countsAV0FilesLastRowByItsFlag() throws IOException {
        Findings findings = only(new Recording(3).v0().timeout(2), "flags").findings();
        assertThat(findings.withoutNextAtTimeout()).isEqualTo(1);
        assertThat(findings.withoutNextAtEndOfFile()).isZero();
    }

    @Test
    void marksRowsThatAFixedLengthEnds() throws IOException {
        PreparedBlock block = only(new Recording(7).v0().withoutTimeouts().terminal(1), "fixed:3");
        assertThat(block.transitions().timeouts()).containsExactly(false, false, false, false, true, false, false);
        assertThat(block.transitions().hasNextObservation())
                .containsExactly(true, false, true, true, false, true, false);
        assertThat(block.findings().withoutNextAtTerminal()).isEqualTo(1);
        assertThat(block.findings().withoutNextAtTimeout()).isEqualTo(1);
        assertThat(block.findings().withoutNextAtEndOfFile()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flags", "discontinuity"})
    void countsUnflaggedBoundariesWithTheFirst(String boundary) throws IOException {
        PreparedBlock block = only(new Recording(9).jump(2, 4, 6, 8).timeout(4), boundary);
        assertThat(block.findings().unflagged()).isEqualTo(new Tally(2, 2, "next_observations"));
        boolean ends = boundary.equals("discontinuity");
        assertThat(block.transitions().timeouts())
                .containsExactly(false, false, ends, false, true, false, ends, false, false);
        assertThat(block.transitions().episodes()[3]).isEqualTo(ends ? 1 : 0);
        assertThat(block.transitions().nextObservations()[2 * 2 + 1]).isEqualTo(-7);
    }

    @Test
    void countsMinarisGroupsWithoutAFlag() throws IOException {
        Map<String, Object> datasets = new LinkedHashMap<>();
        for (int k = 0; k < 3; k++) {
            datasets.put("episode_" + k + "/observations", new float[][] {{k}, {k}, {k}});
            datasets.put("episode_" + k + "/actions", new float[2][1]);
            datasets.put("episode_" + k + "/rewards", new float[2]);
            datasets.put("episode_" + k + "/terminations", new byte[2]);
            datasets.put("episode_" + k + "/truncations", new byte[] {0, (byte) (k == 1 ? 1 : 0)});
        }
        Path path = Fixtures.write(folder.resolve("m.hdf5"), datasets);
        try (TransitionFile file = TransitionFile.open(path, "m.hdf5")) {
            PreparedBlock block =
                    Recording.blocks(file, Preparation.defaults(), 0, 0).get(0);
            assertThat(block.findings().unflagged()).isEqualTo(new Tally(2, 1, "truncations"));
            assertThat(block.transitions().hasNextObservation()).containsOnly(true);
            assertThat(block.transitions().episodes()).containsExactly(0, 0, 1, 1, 2, 2);
            assertThat(block.transitions().nextObservations()).containsExactly(0, 0, 1, 1, 2, 2);
        }
    }

    /** What D4RL's qlearning_dataset takes, row by row. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reproducesD4rlsQlearningDataset(boolean hasTimeouts) throws IOException {
        int limit = 6;
        Recording recording = new Recording(60).terminal(1, 2, 14, 30, 41).jump(5, 14, 20);
        if (hasTimeouts) {
            recording.timeout(5, 14, 20, 21, 58);
        } else {
            recording.withoutTimeouts();
        }
        PreparedBlock block = only(recording, Recording.preparation("legacy-d4rl"), limit);
        Transitions rows = block.transitions();
        int kept = 0;
        int step = 0;
        BitSet dropped = new BitSet();
        for (int i = 0; i < 59; i++) {
            boolean last = hasTimeouts ? recording.timeouts[i] == 1 : step == limit - 1;
            if (last) {
                step = 0;
                dropped.set(i);
                continue;
            }
            if (recording.terminals[i] == 1) {
                step = 0;
            }
            step++;
            assertThat(rows.observations()[2 * kept]).isEqualTo(i);
            assertThat(rows.nextObservations()[2 * kept]).isEqualTo(i + 1);
            assertThat(rows.nextObservations()[2 * kept + 1]).isEqualTo(i + 1.5f);
            assertThat(rows.rewards()[kept]).isEqualTo(i);
            assertThat(rows.terminals()[kept]).isEqualTo(recording.terminals[i] == 1);
            assertThat(rows.hasNextObservation()[kept]).isTrue();
            kept++;
        }
        dropped.set(59);
        assertThat(rows.rows()).isEqualTo(kept);
        assertThat(block.dropped()).isEqualTo(dropped);
        assertThat(block.findings().leftOutByLegacy()).isEqualTo(60 - kept);
        assertThat(block.findings().withoutNext()).isZero();
        assertThat(block.findings().unflagged()).isEqualTo(Tally.NONE);
    }

    @Test
    void takesAV0FileByLegacysRuleToo() throws IOException {
        Transitions rows =
                only(new Recording(4).v0().terminal(1), "legacy-d4rl").transitions();
        assertThat(rows.nextObservations()).containsExactly(1, 1.5f, 2, 2.5f, 3, 3.5f);
    }

    @Test
    void countsRowsThatAreNotFiniteWithTheFirst() throws IOException {
        Recording recording = new Recording(8);
        recording.rewards[6] = Float.NEGATIVE_INFINITY;
        recording.actions[4][0] = Float.NaN;
        recording.next[4][0] = Float.NaN;
        recording.next[2][1] = Float.POSITIVE_INFINITY;
        PreparedBlock block = only(recording, "flags");
        assertThat(block.findings().nonfinite()).isEqualTo(new Tally(3, 2, "next_observations"));
        assertThat(block.transitions().rows()).isEqualTo(8);
    }

    @Test
    void dropsWholeTransitionsThatAreNotFinite() throws IOException {
        Recording recording = new Recording(6);
        recording.observations[3][0] = Float.NaN;
        PreparedBlock v2 = only(recording, droppingNonfinite("flags"), 0);
        assertThat(v2.transitions().rewards()).containsExactly(0, 1, 2, 4, 5);
        assertThat(v2.transitions().steps()).containsExactly(0, 1, 2, 4, 5);
        assertThat(v2.dropped()).isEqualTo(BitSet.valueOf(new long[] {8}));
        assertThat(v2.findings().unflagged().count()).isZero();
        // In a v0 file the row before has it as its next observation.
        PreparedBlock v0 = only(recording.v0(), droppingNonfinite("flags"), 0);
        assertThat(v0.transitions().rewards()).containsExactly(0, 1, 4, 5);
        assertThat(v0.findings().nonfinite()).isEqualTo(new Tally(2, 3, "observations"));
    }

    @Test
    void doesNotMindWhatStandsBehindAnEpisodesLastRow() throws IOException {
        Recording recording = new Recording(5).v0().timeout(1);
        recording.observations[2][0] = Float.NaN;
        assertThat(only(recording, "flags").findings().nonfinite()).isEqualTo(new Tally(1, 2, "observations"));
    }

    @Test
    void dropsLegacysRowWhoseNextRowIsNotFinite() throws IOException {
        Recording recording = new Recording(6).timeout(3);
        recording.observations[3][0] = Float.NaN;
        recording.next[1][0] = Float.NaN;
        recording.observations[5][1] = Float.POSITIVE_INFINITY;
        PreparedBlock block = only(recording, droppingNonfinite("legacy-d4rl"), 0);
        // Rows 3 and 5 go by the rule, 2 and 4 have them as next observations; what row 1 records is not taken.
        assertThat(block.transitions().rewards()).containsExactly(0, 1);
        assertThat(block.findings().nonfinite()).isEqualTo(new Tally(2, 3, "observations"));
        assertThat(block.transitions().nextObservations()).containsExactly(1, 1.5f, 2, 2.5f);
    }

    @Test
    void countsActionsOutsideTheirBounds() throws IOException {
        Recording recording = new Recording(6);
        recording.actions[1][0] = 1.0001f;
        recording.actions[2][0] = -1.0002f;
        recording.actions[4][0] = 3;
        recording.actions[5][0] = -1;
        assertThat(only(recording, "flags").findings().actionsOutside()).isEqualTo(new Tally(2, 2, "actions"));
    }

    @Test
    void takesTinyAndNegativeZeroForFinite() throws IOException {
        Recording recording = new Recording(2);
        recording.observations[0][0] = -0f;
        recording.observations[1][0] = Float.MIN_VALUE;
        recording.rewards[0] = Float.MAX_VALUE;
        assertThat(only(recording, "flags").findings().nonfinite().count()).isZero();
    }

    @Test
    void numbersEpisodesAndStepsOfASliceThatBeginsWithinOne() throws IOException {
        Recording recording =
                new Recording(30_005).timeout(4, 9_998, 9_999, 25_000).terminal(20_000);
        try (TransitionFile file = recording.open(folder)) {
            List<PreparedBlock> all = Recording.blocks(file, Preparation.defaults(), 0, 0);
            assertThat(all).hasSize(4);
            assertThat(all.get(3).transitions().rows()).isEqualTo(5);
            List<PreparedBlock> later = Recording.blocks(file, Preparation.defaults(), 0, 20_000);
            assertThat(later).usingRecursiveComparison().isEqualTo(all.subList(2, 4));
            Transitions rows = later.get(0).transitions();
            assertThat(rows.episodes()[0]).isEqualTo(3);
            assertThat(rows.steps()[0]).isEqualTo(10_000);
            assertThat(rows.episodes()[1]).isEqualTo(4);
            assertThat(rows.steps()[1]).isZero();
            assertThat(all.get(1).transitions().steps()[0]).isZero();
            assertThat(all.get(0).transitions().steps()[9_999]).isZero();
        }
    }

    @Test
    void seesTheNextRowAcrossTheBorderOfABlock() throws IOException {
        int border = SliceReader.BLOCK_ROWS;
        Recording recording = new Recording(2 * border + 1).jump(border - 1, 2 * border - 1);
        try (TransitionFile file = recording.open(folder)) {
            List<PreparedBlock> blocks = Recording.blocks(file, Preparation.defaults(), 0, 0);
            assertThat(blocks.get(0).findings().unflagged()).isEqualTo(new Tally(1, border - 1, "next_observations"));
            assertThat(blocks.get(1).findings().unflagged())
                    .isEqualTo(new Tally(1, 2L * border - 1, "next_observations"));
            assertThat(blocks.get(0).findings().plus(blocks.get(1).findings()).unflagged())
                    .isEqualTo(new Tally(2, border - 1, "next_observations"));
        }
    }

    @Test
    void takesTheNextBlocksFirstRowAsNextObservation() throws IOException {
        int border = SliceReader.BLOCK_ROWS;
        for (String boundary : new String[] {"flags", "legacy-d4rl"}) {
            try (TransitionFile file = new Recording(border + 2).v0().open(folder)) {
                Transitions rows = Recording.blocks(file, Recording.preparation(boundary), 0, 0)
                        .get(0)
                        .transitions();
                assertThat(rows.hasNextObservation()[border - 1]).isTrue();
                assertThat(rows.nextObservations()[2 * border - 2]).isEqualTo(border);
            }
        }
    }

    @Test
    void keepsAndCountsOnlySelectedRows() throws IOException {
        Recording recording = new Recording(5).v0().timeout(1);
        recording.actions[0][0] = 2;
        try (TransitionFile file = recording.open(folder)) {
            Episodes episodes = Episodes.of(file, "r", Boundary.parse("flags"), 0);
            BitSet kept = new BitSet();
            kept.set(2, 5);
            PreparedBlock block = new SliceReader(
                            file, Preparation.defaults(), episodes, new RowSelection(0, kept), 0, 5)
                    .next()
                    .orElseThrow();
            assertThat(block.transitions().rewards()).containsExactly(2, 3, 4);
            assertThat(block.transitions().episodes()).containsExactly(1, 1, 1);
            assertThat(block.transitions().steps()).containsExactly(0, 1, 2);
            assertThat(block.findings().actionsOutside().count()).isZero();
            assertThat(block.findings().withoutNextAtTimeout()).isZero();
            assertThat(block.findings().withoutNextAtEndOfFile()).isEqualTo(1);
            assertThat(block.dropped().isEmpty()).isTrue();
        }
    }

    @Test
    void refusesARangeThatIsNoSlice() throws IOException {
        try (TransitionFile file = new Recording(5).open(folder)) {
            Episodes episodes = Episodes.of(file, "r", Boundary.parse("flags"), 0);
            for (long[] range : new long[][] {{-10_000, 5}, {0, 0}, {0, 6}, {3, 5}}) {
                assertThatThrownBy(() -> new SliceReader(
                                file, Preparation.defaults(), episodes, RowSelection.ALL, range[0], range[1]))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void doesNotRelabelByTheNextObservationOfAnotherEpisode() {
        assertThatThrownBy(() -> new Preparation(
                        Boundary.parse("legacy-d4rl"), "halfcheetah-jump", JumpReward.SpeedCap.MIN, false))
                .hasMessageContaining("relabel cannot go with boundary legacy-d4rl");
    }

    @Test
    void relabelsByTheNextObservation() throws IOException {
        Recording recording = new Recording(2);
        recording.actions[0][0] = 0.5f;
        recording.rewards[0] = 5;
        recording.next[0][0] = 0.1f;
        recording.rewards[1] = 1;
        recording.next[1][0] = -0.25f;
        Preparation min = new Preparation(Boundary.parse("flags"), "halfcheetah-jump", JumpReward.SpeedCap.MIN, false);
        // min(5 + 0.025, 3) - 0.025 + 15 * 0.1, and 1 + 15 * -0.25
        assertThat(only(recording, min, 0).transitions().rewards()).containsExactly(4.475f, -2.75f);
        Preparation max = new Preparation(Boundary.parse("flags"), "halfcheetah-jump", JumpReward.SpeedCap.MAX, false);
        assertThat(only(recording, max, 0).transitions().rewards()).containsExactly(6.5f, -0.75f);
    }

    @Test
    void refusesToRelabelForATaskWithoutItsOwnReward() {
        assertThatThrownBy(() -> new Preparation(Boundary.parse("flags"), "hopper", JumpReward.SpeedCap.MIN, false))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("hopper");
        assertThat(Preparation.defaults().relabelledReward()).isEmpty();
    }

    @Test
    void checksThatArraysFitTheRows() {
        Transitions rows = Transitions.allocate(2, 3, 1);
        assertThatThrownBy(() -> new Transitions(
                        3,
                        1,
                        rows.episodes(),
                        rows.steps(),
                        rows.observations(),
                        rows.actions(),
                        rows.rewards(),
                        new float[5],
                        rows.hasNextObservation(),
                        rows.terminals(),
                        rows.timeouts()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nextObservations has 5 numbers, not 2 rows of 3");
        assertThatThrownBy(() -> Transitions.allocate(1L << 31, 11, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read the dataset in ranges of at most 195,225,785 rows");
    }
}
