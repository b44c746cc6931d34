package io.github.mopospark.environments.rendering;

/**
 * A parallel projection that looks along y when both angles are 0: x to the right, z upwards.
 *
 * @param viewHeight metres that the picture's height covers
 * @param azimuth radians the camera is turned to the left around z
 * @param elevation radians it looks downwards
 */
public record Camera(double viewHeight, double azimuth, double elevation) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException if the height is not positive or the elevation is outside [0, pi/2)
     */
    public Camera {
        if (!(viewHeight > 0)) {
            throw new IllegalArgumentException("camera viewHeight must be positive, but was " + viewHeight);
        }
        if (!(elevation >= 0 && elevation < Math.PI / 2)) {
            throw new IllegalArgumentException("camera elevation must be in [0, pi/2), but was " + elevation);
        }
    }

    /**
     * The view of a body that moves in the x-z plane.
     *
     * @param viewHeight metres that the picture's height covers
     * @return a level camera
     */
    public static Camera fromTheSide(double viewHeight) {
        return new Camera(viewHeight, 0, 0);
    }

    /**
     * The view of a body that moves in space.
     *
     * @param viewHeight metres that the picture's height covers
     * @return a camera that looks down a little
     */
    public static Camera fromAbove(double viewHeight) {
        return new Camera(viewHeight, Math.toRadians(15), Math.toRadians(25));
    }

    /** Metres to the right of the origin. */
    double right(double x, double y) {
        return x * Math.cos(azimuth) + y * Math.sin(azimuth);
    }

    /** Metres upwards in the picture. */
    double up(double x, double y, double z) {
        return z * Math.cos(elevation) + horizontalDepth(x, y) * Math.sin(elevation);
    }

    /** Metres away from the camera. */
    double depth(double x, double y, double z) {
        return horizontalDepth(x, y) * Math.cos(elevation) - z * Math.sin(elevation);
    }

    private double horizontalDepth(double x, double y) {
        return y * Math.cos(azimuth) - x * Math.sin(azimuth);
    }
}
