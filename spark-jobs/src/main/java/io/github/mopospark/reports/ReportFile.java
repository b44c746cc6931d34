package io.github.mopospark.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Where a report goes. It is there as a whole or not at all. */
public final class ReportFile {
    private final Path path;
    private final boolean overwrite;

    /**
     * Checks that the report can go there, before the work of making it.
     *
     * @param path the file
     * @param overwrite whether a file that exists is replaced
     * @throws IllegalArgumentException if it exists and is not to be replaced, or its folder does not exist or cannot be
     *     written to
     */
    public ReportFile(Path path, boolean overwrite) {
        this.path = path.toAbsolutePath();
        this.overwrite = overwrite;
        Path folder = this.path.getParent();
        if (folder == null || Files.isDirectory(this.path)) {
            throw new IllegalArgumentException("--output: " + this.path + " is a folder; name a file");
        }
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("--output: the folder " + folder + " does not exist");
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("--output: the folder " + folder + " cannot be written to");
        }
        if (!overwrite && Files.exists(this.path)) {
            throw new IllegalArgumentException(
                    this.path + " exists; give --overwrite to replace it, or another --output");
        }
    }

    /**
     * Writes the report.
     *
     * @param html the document
     * @return the file, in full
     * @throws IOException if it cannot be written, or a file has come into being there that must not be replaced
     */
    public Path write(String html) throws IOException {
        Path aside = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
        try {
            Files.writeString(aside, html, StandardOpenOption.CREATE_NEW);
            if (overwrite) {
                Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(aside, path);
            }
        } finally {
            Files.deleteIfExists(aside);
        }
        return path;
    }
}
