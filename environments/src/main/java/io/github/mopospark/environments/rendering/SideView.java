package io.github.mopospark.environments.rendering;

import io.github.mopospark.environments.mujoco.MuJoCoModel;
import io.github.mopospark.environments.mujoco.MuJoCoSimulation;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Draws a model's capsules and spheres above a chequered floor; the camera follows the first body's geom, the torso. */
public final class SideView {
    /** MuJoCo's mjtGeom. */
    private static final int SPHERE = 2;

    private static final int CAPSULE = 3;

    private static final double TILE_METRES = 1;
    /** How far above the picture's lower edge the floor under the torso lies, as a share of the picture's height. */
    private static final double LEVEL_FLOOR = 0.18;

    private static final double SLANTED_FLOOR = 0.4;
    /** From this share of the height on the camera follows the torso upwards. */
    private static final double FOLLOW_ABOVE = 0.75;

    private static final double OUTLINE_METRES = 0.012;
    private static final Color SKY = new Color(0xE8EEF4);
    private static final Color TILE = new Color(0xB9C3C9);
    private static final Color OTHER_TILE = new Color(0xA5B1B8);
    private static final Color EDGE = new Color(0x6B7880);
    private static final Color OUTLINE = new Color(0x3A2A20);

    /** A sphere is a capsule of length 0. */
    private record Solid(int geom, double radius, double halfLength, Color color) {}

    private record Placed(Solid solid, Line2D axis, double depth) {}

    private final Camera camera;
    private final List<Solid> solids;
    private final int geomCount;

    private SideView(Camera camera, List<Solid> solids, int geomCount) {
        this.camera = camera;
        this.solids = solids;
        this.geomCount = geomCount;
    }

    /**
     * A view of a model's simulations.
     *
     * @param model an open model with at least one sphere or capsule; other geoms but the floor are not drawn
     * @param camera where to look from
     * @return the view
     * @throws IllegalArgumentException if there is nothing to draw
     */
    public static SideView of(MuJoCoModel model, Camera camera) {
        double[] types = model.numbers("geom_type");
        double[] sizes = model.numbers("geom_size");
        double[] colors = model.numbers("geom_rgba");
        List<Solid> solids = new ArrayList<>();
        for (int geom = 0; geom < types.length; geom++) {
            if (types[geom] == SPHERE || types[geom] == CAPSULE) {
                double halfLength = types[geom] == CAPSULE ? sizes[3 * geom + 1] : 0;
                Color color =
                        new Color((float) colors[4 * geom], (float) colors[4 * geom + 1], (float) colors[4 * geom + 2]);
                solids.add(new Solid(geom, sizes[3 * geom], halfLength, color));
            }
        }
        if (solids.isEmpty()) {
            throw new IllegalArgumentException("the model has no sphere and no capsule to draw");
        }
        return new SideView(camera, List.copyOf(solids), types.length);
    }

    /**
     * Draws a state.
     *
     * @param simulation an open simulation of the model
     * @param width pixels
     * @param height pixels
     * @return the picture
     * @throws IllegalArgumentException if width or height is below 16
     */
    public BufferedImage draw(MuJoCoSimulation simulation, int width, int height) {
        if (width < 16 || height < 16) {
            throw new IllegalArgumentException(
                    "a picture must be at least 16 x 16 pixels, but was to be " + width + " x " + height);
        }
        double[] positions = new double[3 * geomCount];
        double[] rotations = new double[9 * geomCount];
        simulation.geomPositions(positions);
        simulation.geomRotations(rotations);

        int torso = 3 * solids.get(0).geom();
        double torsoX = positions[torso];
        double torsoY = positions[torso + 1];
        double viewWidth = camera.viewHeight() * width / height;
        double left = camera.right(torsoX, torsoY) - viewWidth / 2;
        double torsoUp = camera.up(torsoX, torsoY, positions[torso + 2]);
        double floorUp = camera.up(torsoX, torsoY, 0);
        double floorShare = camera.elevation() == 0 ? LEVEL_FLOOR : SLANTED_FLOOR;
        double bottom =
                Math.max(floorUp - floorShare * camera.viewHeight(), torsoUp - FOLLOW_ABOVE * camera.viewHeight());

        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(SKY);
            graphics.fillRect(0, 0, width, height);
            // From here on in metres of the picture's plane, upwards.
            double scale = height / camera.viewHeight();
            graphics.scale(scale, -scale);
            graphics.translate(-left, -bottom - camera.viewHeight());
            drawFloor(graphics, torsoX, torsoY, viewWidth);
            drawSolids(graphics, positions, rotations);
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private void drawFloor(Graphics2D graphics, double torsoX, double torsoY, double viewWidth) {
        long firstX = Math.round((torsoX - viewWidth) / TILE_METRES);
        long lastX = Math.round((torsoX + viewWidth) / TILE_METRES);
        if (camera.elevation() == 0) {
            for (long x = firstX; x <= lastX; x++) {
                graphics.setColor(x % 2 == 0 ? TILE : OTHER_TILE);
                double depth = camera.viewHeight();
                graphics.fill(new Rectangle2D.Double(x * TILE_METRES, -depth, TILE_METRES, depth));
            }
            graphics.setColor(EDGE);
            graphics.setStroke(new BasicStroke((float) OUTLINE_METRES));
            graphics.draw(new Line2D.Double(firstX * TILE_METRES, 0, (lastX + 1) * TILE_METRES, 0));
            return;
        }
        // Seen from above the floor fills the picture; tiles as far off as its slanted edges.
        double reach = Math.hypot(viewWidth, camera.viewHeight() / Math.sin(camera.elevation()));
        for (long x = Math.round((torsoX - reach) / TILE_METRES); x * TILE_METRES < torsoX + reach; x++) {
            for (long y = Math.round((torsoY - reach) / TILE_METRES); y * TILE_METRES < torsoY + reach; y++) {
                graphics.setColor((x + y) % 2 == 0 ? TILE : OTHER_TILE);
                graphics.fill(tile(x * TILE_METRES, y * TILE_METRES));
            }
        }
    }

    private Path2D tile(double x, double y) {
        Path2D path = new Path2D.Double();
        moveOrLine(path, x, y);
        moveOrLine(path, x + TILE_METRES, y);
        moveOrLine(path, x + TILE_METRES, y + TILE_METRES);
        moveOrLine(path, x, y + TILE_METRES);
        path.closePath();
        return path;
    }

    private void moveOrLine(Path2D path, double x, double y) {
        if (path.getCurrentPoint() == null) {
            path.moveTo(camera.right(x, y), camera.up(x, y, 0));
        } else {
            path.lineTo(camera.right(x, y), camera.up(x, y, 0));
        }
    }

    private void drawSolids(Graphics2D graphics, double[] positions, double[] rotations) {
        List<Placed> placed = new ArrayList<>();
        for (Solid solid : solids) {
            placed.add(place(solid, positions, rotations));
        }
        placed.sort(Comparator.comparingDouble(Placed::depth).reversed());
        for (Placed each : placed) {
            double diameter = 2 * each.solid().radius();
            drawCapsule(graphics, each.axis(), diameter, OUTLINE);
            drawCapsule(
                    graphics,
                    each.axis(),
                    diameter - 2 * OUTLINE_METRES,
                    each.solid().color());
        }
    }

    private Placed place(Solid solid, double[] positions, double[] rotations) {
        int position = 3 * solid.geom();
        double x = positions[position];
        double y = positions[position + 1];
        double z = positions[position + 2];
        // The third column of the rotation is the capsule's own axis.
        int rotation = 9 * solid.geom();
        double alongX = solid.halfLength() * rotations[rotation + 2];
        double alongY = solid.halfLength() * rotations[rotation + 5];
        double alongZ = solid.halfLength() * rotations[rotation + 8];
        Line2D axis = new Line2D.Double(
                camera.right(x - alongX, y - alongY),
                camera.up(x - alongX, y - alongY, z - alongZ),
                camera.right(x + alongX, y + alongY),
                camera.up(x + alongX, y + alongY, z + alongZ));
        return new Placed(solid, axis, camera.depth(x, y, z));
    }

    private static void drawCapsule(Graphics2D graphics, Line2D axis, double diameter, Color color) {
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke((float) diameter, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(axis);
    }
}
