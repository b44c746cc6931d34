package io.github.mopospark.environments.mujoco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MuJoCoModelTest {

    @Test
    void readsSizesNumbersAndNames() {
        try (MuJoCoModel model = MuJoCoModel.fromXml(Models.BALL_AND_SLIDER)) {
            assertThat(model.positionSize()).isEqualTo(8);
            assertThat(model.velocitySize()).isEqualTo(7);
            assertThat(model.controlSize()).isEqualTo(1);
            assertThat(model.bodyCount()).isEqualTo(3);
            assertThat(model.geomCount()).isEqualTo(3);
            assertThat(model.timestep()).isEqualTo(0.002);
            assertThat(model.numbers("opt_gravity")).containsExactly(0, 0, -9.81);
            assertThat(model.numbers("body_pos")).containsExactly(0, 0, 0, 0, 0, 1, 2, 0, 1);
            assertThat(model.numbers("sensor_type")).isEmpty();
            assertThat(model.names(ObjectKind.BODY)).containsExactly("world", "ball", "slider");
            assertThat(model.names(ObjectKind.JOINT)).containsExactly("free", "slide");
            assertThat(model.names(ObjectKind.GEOM)).containsExactly("floor", "sphere", "");
            assertThat(model.names(ObjectKind.ACTUATOR)).containsExactly("push");
        }
    }

    @Test
    void tellsWhatIsWrongWithAModelThatDoesNotCompile() {
        assertThatThrownBy(() -> MuJoCoModel.fromXml("<mujoco>\n<worldbdy/></mujoco>"))
                .isInstanceOf(MuJoCoException.class)
                .hasMessageStartingWith("the model does not compile: ")
                .hasMessageContaining("worldbdy")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> MuJoCoModel.fromXml("")).isInstanceOf(MuJoCoException.class);
        assertThatThrownBy(() -> MuJoCoModel.fromXml("<mujoco><asset><mesh file='gone.obj'/></asset></mujoco>"))
                .isInstanceOf(MuJoCoException.class)
                .hasMessageContaining("gone.obj");
    }

    @Test
    void rejectsNullAndUnknownFields() {
        assertThatNullPointerException()
                .isThrownBy(() -> MuJoCoModel.fromXml(null))
                .withMessage("mjcf");
        try (MuJoCoModel model = MuJoCoModel.fromXml(Models.BALL_AND_SLIDER)) {
            assertThatThrownBy(() -> model.numbers("body_mas"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("mjModel has no numeric field 'body_mas'");
            assertThatNullPointerException().isThrownBy(() -> model.numbers(null));
            assertThatNullPointerException().isThrownBy(() -> model.names(null));
        }
    }

    @Test
    void throwsAfterClose() {
        MuJoCoModel model = MuJoCoModel.fromXml(Models.BALL_AND_SLIDER);
        model.close();
        model.close();

        assertThatThrownBy(() -> model.numbers("nq"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this MuJoCo model is closed");
        assertThatThrownBy(() -> model.names(ObjectKind.BODY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new MuJoCoSimulation(model)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void livesOnUntilItsLastSimulationIsClosed() {
        MuJoCoModel model = MuJoCoModel.fromXml(Models.BALL_AND_SLIDER);
        MuJoCoSimulation first = new MuJoCoSimulation(model);
        MuJoCoSimulation second = new MuJoCoSimulation(model);
        model.close();
        first.step(new float[1], 1, false);
        first.close();

        second.step(new float[1], 500, false);

        assertThat(second.bodyPosition(1, 2)).isLessThan(0.2);
        second.close();
    }

    @Test
    void refusesALibraryOfAnotherVersionThanItsHeader() {
        assertThatThrownBy(() -> MuJoCo.requireSameVersion(337, 338))
                .isInstanceOf(MuJoCoException.class)
                .hasMessageContaining("version 338")
                .hasMessageContaining("built for 337");
        MuJoCo.requireSameVersion(337, 337);
    }
}
