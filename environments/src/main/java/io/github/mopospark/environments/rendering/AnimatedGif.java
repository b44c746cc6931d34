package io.github.mopospark.environments.rendering;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Writes frames one by one to an animated GIF that repeats for ever. Close it to finish the file. */
public final class AnimatedGif implements Closeable {
    /** The name ImageIO gives the metadata of a GIF's frame. */
    private static final String FRAME_FORMAT = "javax_imageio_gif_image_1.0";

    private static final byte[] REPEAT_FOR_EVER = {1, 0, 0};

    private final ImageWriter writer;
    private final ImageOutputStream stream;

    /**
     * Starts a file.
     *
     * @param path where; an existing file is replaced
     * @throws IOException if it cannot be written
     */
    public AnimatedGif(Path path) throws IOException {
        // ImageIO reports a file it cannot open as a null stream.
        Files.deleteIfExists(path);
        Files.createFile(path);
        writer = ImageIO.getImageWritersByFormatName("gif").next();
        stream = ImageIO.createImageOutputStream(path.toFile());
        writer.setOutput(stream);
        writer.prepareWriteSequence(null);
    }

    /**
     * Adds a frame.
     *
     * @param image the frame; all frames have the same size
     * @param centiseconds how long it is shown, in hundredths of a second; browsers slow down what is below 2
     * @throws IOException if it cannot be written
     */
    public void add(BufferedImage image, int centiseconds) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        writer.writeToSequence(new IIOImage(image, null, timed(metadata, centiseconds)), null);
    }

    private static IIOMetadata timed(IIOMetadata metadata, int centiseconds) throws IIOInvalidTreeException {
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FRAME_FORMAT);
        IIOMetadataNode control = (IIOMetadataNode)
                root.getElementsByTagName("GraphicControlExtension").item(0);
        control.setAttribute("delayTime", Integer.toString(centiseconds));
        IIOMetadataNode repeat = new IIOMetadataNode("ApplicationExtension");
        repeat.setAttribute("applicationID", "NETSCAPE");
        repeat.setAttribute("authenticationCode", "2.0");
        repeat.setUserObject(REPEAT_FOR_EVER);
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(repeat);
        root.appendChild(extensions);
        metadata.setFromTree(FRAME_FORMAT, root);
        return metadata;
    }

    /**
     * Finishes the file.
     *
     * @throws IOException if it cannot be written
     */
    @Override
    public void close() throws IOException {
        try (stream) {
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
    }
}
