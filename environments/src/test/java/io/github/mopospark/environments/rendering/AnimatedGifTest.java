package io.github.mopospark.environments.rendering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnimatedGifTest {
    @TempDir
    private Path folder;

    @Test
    void keepsFramesTheirDelaysAndTheLoop() throws IOException {
        Path path = folder.resolve("colours.gif");
        Files.writeString(path, "an older and much longer file of another kind".repeat(1000));
        try (AnimatedGif gif = new AnimatedGif(path)) {
            gif.add(filled(Color.RED), 4);
            gif.add(filled(Color.GREEN), 5);
            gif.add(filled(Color.BLUE), 100);
        }

        try (ImageInputStream stream = ImageIO.createImageInputStream(path.toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(stream);
            assertThat(reader.getNumImages(true)).isEqualTo(3);
            assertThat(reader.read(0).getRGB(3, 3)).isEqualTo(Color.RED.getRGB());
            assertThat(reader.read(1).getRGB(3, 3)).isEqualTo(Color.GREEN.getRGB());
            assertThat(reader.read(2).getRGB(3, 3)).isEqualTo(Color.BLUE.getRGB());
            assertThat(delay(reader, 0)).isEqualTo("4");
            assertThat(delay(reader, 1)).isEqualTo("5");
            assertThat(delay(reader, 2)).isEqualTo("100");
            reader.dispose();
        }
        assertThat(Files.readAllBytes(path)).contains("NETSCAPE2.0".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void saysWhereItCannotWrite() {
        Path path = folder.resolve("missing").resolve("x.gif");
        assertThatThrownBy(() -> {
                    try (AnimatedGif gif = new AnimatedGif(path)) {
                        gif.add(filled(Color.RED), 2);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString());
    }

    private static BufferedImage filled(Color color) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, 8, 8);
        graphics.dispose();
        return image;
    }

    private static String delay(ImageReader reader, int frame) throws IOException {
        IIOMetadataNode root =
                (IIOMetadataNode) reader.getImageMetadata(frame).getAsTree("javax_imageio_gif_image_1.0");
        return ((IIOMetadataNode)
                        root.getElementsByTagName("GraphicControlExtension").item(0))
                .getAttribute("delayTime");
    }
}
