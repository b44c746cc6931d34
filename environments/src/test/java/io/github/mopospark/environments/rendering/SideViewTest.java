package io.github.mopospark.environments.rendering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.mopospark.environments.mujoco.MuJoCoModel;
import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class SideViewTest {
    private static final int RED = 0xFFFF0000;
    private static final int GREEN = 0xFF00FF00;
    private static final String TORSO_AND_LEG =
            """
            <mujoco>
              <worldbody>
                <geom type="plane" size="9 9 1"/>
                <body>
                  <joint type="slide" axis="1 0 0"/>
                  <joint type="slide" axis="0 0 1"/>
                  <joint type="hinge" axis="0 1 0"/>
                  <geom type="sphere" size="0.25" rgba="1 0 0 1"/>
                  <geom type="capsule" size="0.1" fromto="0 0 0 1 0 0" rgba="0 1 0 1"/>
                </body>
              </worldbody>
            </mujoco>
            """;
    /** 100 pixels a metre. */
    private static final int SIZE = 400;

    private static final Camera CAMERA = Camera.fromTheSide(4);

    private static BufferedImage draw(double x, double z, double pitch) {
        try (MuJoCoModel model = MuJoCoModel.fromXml(TORSO_AND_LEG);
                MuJoCoSimulation simulation = new MuJoCoSimulation(model)) {
            simulation.reset(new double[] {x, z, pitch}, new double[3]);
            return SideView.of(model, CAMERA).draw(simulation, SIZE, SIZE);
        }
    }

    @Test
    void drawsGeomsWhereTheyAre() {
        // The floor lies 0.18 x 400 = 72 pixels above the lower edge, the torso 1 m above it in the middle.
        BufferedImage level = draw(0, 1, 0);
        int torsoRow = SIZE - 72 - 100;
        assertThat(level.getRGB(200, torsoRow - 18)).isEqualTo(RED);
        assertThat(level.getRGB(180, torsoRow)).isEqualTo(RED);
        assertThat(level.getRGB(295, torsoRow)).isEqualTo(GREEN);
        assertThat(level.getRGB(200, torsoRow + 95)).isNotEqualTo(GREEN);

        // A pitch of 90 degrees about y points the leg downwards.
        BufferedImage pitched = draw(0, 1, Math.PI / 2);
        assertThat(pitched.getRGB(200, torsoRow + 95)).isEqualTo(GREEN);
        assertThat(pitched.getRGB(295, torsoRow)).isNotEqualTo(GREEN);
    }

    @Test
    void followsTheTorsoWhileTheFloorPassesBy() {
        BufferedImage here = draw(0, 1, 0);
        BufferedImage there = draw(7, 1, 0);
        int torsoRow = SIZE - 172;
        assertThat(there.getRGB(180, torsoRow)).isEqualTo(RED);
        // 7 m are an odd number of tiles.
        int floorRow = SIZE - 30;
        assertThat(there.getRGB(250, floorRow)).isNotEqualTo(here.getRGB(250, floorRow));
        assertThat(there.getRGB(250, floorRow)).isEqualTo(here.getRGB(150, floorRow));
    }

    @Test
    void keepsALeapingTorsoInThePicture() {
        BufferedImage leap = draw(0, 30, 0);
        int red = 0;
        for (int row = 0; row < SIZE; row++) {
            red += leap.getRGB(180, row) == RED ? 1 : 0;
        }
        assertThat(red).isGreaterThan(10);
    }

    @Test
    void looksDownWhenRaised() {
        Camera camera = new Camera(4, 0, Math.PI / 6);
        assertThat(camera.up(0, 0, 1)).isCloseTo(Math.cos(Math.PI / 6), within(1e-12));
        assertThat(camera.up(0, 1, 0)).isCloseTo(0.5, within(1e-12));
        assertThat(camera.depth(0, 1, 0)).isGreaterThan(camera.depth(0, 0, 0));
        assertThat(camera.depth(0, 0, 1)).isLessThan(camera.depth(0, 0, 0));
        assertThat(camera.right(2, 5)).isEqualTo(2);
    }

    @Test
    void rejectsImpossibleViews() {
        assertThatThrownBy(() -> Camera.fromTheSide(0)).hasMessage("camera viewHeight must be positive, but was 0.0");
        assertThatThrownBy(() -> new Camera(1, 0, 2)).hasMessageContaining("elevation must be in [0, pi/2)");
        try (MuJoCoModel empty = MuJoCoModel.fromXml("<mujoco/>")) {
            assertThatThrownBy(() -> SideView.of(empty, CAMERA))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the model has no sphere and no capsule to draw");
        }
    }
}
