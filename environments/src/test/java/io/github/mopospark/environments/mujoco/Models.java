package io.github.mopospark.environments.mujoco;

/** Small models for the tests. */
final class Models {
    /** A ball that falls on a plane, and a slider that a motor pushes. */
    static final String BALL_AND_SLIDER =
            """
            <mujoco>
              <worldbody>
                <geom name="floor" type="plane" size="5 5 0.1"/>
                <body name="ball" pos="0 0 1"><freejoint name="free"/><geom name="sphere" size="0.1"/></body>
                <body name="slider" pos="2 0 1">
                  <joint name="slide" type="slide" axis="1 0 0"/><geom size="0.1"/>
                </body>
              </worldbody>
              <actuator><motor name="push" joint="slide" gear="10"/></actuator>
            </mujoco>
            """;

    /** The joints of {@link #TOO_LITTLE_MEMORY}. */
    static final int SLIDERS = 20;

    /**
     * Twenty sliders with limits at 1 m. There is memory for a step while none is at its limit; once all are, MuJoCo raises
     * mju_error.
     */
    static final String TOO_LITTLE_MEMORY = "<mujoco><size memory='9000'/><worldbody>"
            + "<body><joint type='slide' range='-1 1' limited='true'/><geom size='0.1'/></body>".repeat(SLIDERS)
            + "</worldbody></mujoco>";

    private Models() {}
}
